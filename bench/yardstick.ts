/**
 * What this machine does at the moment, so that an absolute bar can be judged on any of them: a fixed loop, a bare
 * query, and an empty handler, each beside what it took on the two quiet cores that the bars were set on.
 */
import { asOwner } from "./app.ts";
import { type Context, median, type Yardstick } from "./harness.ts";

/** Milliseconds on two quiet cores of an AMD EPYC at 2.6 GHz: the medians of nine rounds beside an app at rest. */
const QUIET_MS = { loop: 54.6, query: 0.094, handler: 1.29 };
const LOOPS = 9;
const LOOP_STEPS = 50_000_000;
const QUERIES = 500;
const REQUESTS = 200;

export type Measured = Record<keyof typeof QUIET_MS, Yardstick>;

/** All three, in about two seconds; the app must have nothing else to do. */
export async function measureYardsticks(context: Context): Promise<Measured> {
  const query = await asOwner(context.app.ownerUrl, (sql) => medianMs(QUERIES, () => sql`select 1`));
  const url = new URL("/api/v1/nothing", context.app.url);
  const headers = { authorization: `Bearer ${context.tokens.read}` };
  const handler = await medianMs(REQUESTS, async () => (await fetch(url, { headers })).arrayBuffer());
  const loop = await medianMs(LOOPS, async () => fixedLoop());
  return {
    loop: { name: "a fixed loop", unit: "ms", measured: loop, quiet: QUIET_MS.loop },
    query: { name: "a bare query", unit: "ms", measured: query, quiet: QUIET_MS.query },
    handler: { name: "an empty handler", unit: "ms", measured: handler, quiet: QUIET_MS.handler },
  };
}

/** Of those before a group and after it the slower ones: a machine that got busy between is not a quiet one. */
export function slowerOf(before: Measured, after: Measured): Measured {
  const kinds = Object.keys(before) as (keyof Measured)[];
  return Object.fromEntries(
    kinds.map((kind) => [kind, after[kind].measured > before[kind].measured ? after[kind] : before[kind]]),
  ) as Measured;
}

async function medianMs(count: number, work: () => Promise<unknown>): Promise<number> {
  const times: number[] = [];
  // the first tenth is for the just-in-time compiler
  for (let turn = -Math.ceil(count / 10); turn < count; turn++) {
    const begunAt = performance.now();
    await work();
    if (turn >= 0) times.push(performance.now() - begunAt);
  }
  return median(times);
}

/** Multiplications, each of which waits for the one before: nothing of it can be left out or done side by side. */
function fixedLoop(): number {
  let state = 1;
  for (let step = 0; step < LOOP_STEPS; step++) state = (Math.imul(state, 1_664_525) + 1_013_904_223) | 0;
  return state;
}
