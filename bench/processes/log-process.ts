/** The training side of row 9, in a process of its own: calls of log() timed one by one, each beside an empty function. */
import { rm } from "node:fs/promises";
import { setImmediate as turn } from "node:timers/promises";
import { createRun, type LogEntry, type RunHandle } from "../../trainer/src/client/client.ts";
import { answer } from "../child.ts";
import { quantile } from "../harness.ts";
import type { LogCalls, LogTimes } from "../rows/log.ts";
import { entryOf } from "./log-entry.ts";

/** A training waits for its own results now and then; without that no timer would ever fire. */
const CALLS_A_TURN = 100;
const WARM_UP_CALLS = 50_000;
const STALL_MS = 1;

answer<LogCalls>(async ({ calls, spoolDir, ...options }): Promise<LogTimes> => {
  const run = await createRun({ ...options, spoolDir, config: {}, code: false, name: "log()" });
  await timeCalls(run, 0, WARM_UP_CALLS);
  const heapBefore = process.memoryUsage().heapUsed;
  const { logged, empty } = await timeCalls(run, WARM_UP_CALLS, calls);
  const heapGrown = process.memoryUsage().heapUsed - heapBefore;
  const { lost } = run.status();
  // what couldn't be delivered meanwhile isn't waited for
  await run.kill("SIGTERM", { timeoutMs: 1 });
  await rm(spoolDir, { recursive: true, force: true });
  const clock = clockMs();
  return {
    p50: (quantile(logged, 0.5) - clock) * 1000,
    p999: (quantile(logged, 0.999) - clock) * 1000,
    longest: Math.max(...top(logged)),
    stalls: logged.filter((ms) => ms > STALL_MS).length,
    stallsEmpty: empty.filter((ms) => ms > STALL_MS).length,
    heapGrown,
    lost,
  };
});

/**
 * Milliseconds of each call of log() with ten metrics, and of an empty function that is called after it for as long as
 * it took (at most half of what counts as a stall): what the scheduler takes from one it takes from the other.
 */
async function timeCalls(run: RunHandle, from: number, count: number) {
  const logged = new Float64Array(count);
  const empty = new Float64Array(count);
  for (let call = 0; call < count; call++) {
    const entry = entryOf(from + call);
    const before = performance.now();
    run.log(entry);
    const between = performance.now();
    const until = between + Math.min(between - before, STALL_MS / 2);
    do doNothing(entry);
    while (performance.now() < until);
    empty[call] = performance.now() - between;
    logged[call] = between - before;
    if (call % CALLS_A_TURN === 0) await turn();
  }
  return { logged, empty };
}

const last = { step: 0 };
function doNothing(entry: LogEntry): void {
  last.step = entry.step;
}

/** Milliseconds that reading the clock adds to what lies between two readings. */
function clockMs(): number {
  const readings = Float64Array.from({ length: 100_000 }, () => performance.now());
  return quantile(
    readings.subarray(1).map((at, index) => at - readings[index]!),
    0.5,
  );
}

/** The longest hundred, so that no call has a million arguments. */
const top = (values: Float64Array) => values.toSorted().slice(-100);
