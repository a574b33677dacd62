/** Whether charts stay as quick, and the app as small, while points come in and are put in order for minutes. */
import { setTimeout as delay } from "node:timers/promises";
import { asOwner } from "../app.ts";
import { askChild } from "../child.ts";
import { type Context, quantile, type Row, rowOf, shown } from "../harness.ts";
import { load, type Writer } from "../load.ts";
import { newWriters, verifyPoints } from "../runs.ts";
import { seedRun } from "../seed.ts";
import { PlantedCurve } from "../series.ts";

export type ZoomJob = {
  url: string;
  token: string;
  run: string;
  length: number;
  clients: number;
  seconds: number;
  seed: number;
};
export type ZoomDone = { latenciesMs: number[] };

const CLIENTS = 20;
const POINTS = 10_000_000;
const METRICS = 10;
const STEPS = 100;
const WRITERS = 10;
const POINTS_A_SECOND = 100_000;
/** Of zooms on two quiet cores, without load. */
const IDLE_P99_QUIET_MS = 22;
const LOOK_MS = 5_000;
/** What the app loads and keeps at its first batches isn't growth. */
const WARM_S = 10;

export async function run(context: Context): Promise<Row[]> {
  const seconds = context.mode === "full" ? 600 : context.mode === "usual" ? 180 : 30;
  const length = context.mode === "quick" ? POINTS / 10 : POINTS;
  const { run: watched } = await seedRun(context, "calm", new PlantedCurve(context.seed + 600, length));
  const zoom = (forSeconds: number) =>
    askChild<ZoomDone>("zoom-process.ts", {
      url: context.app.url,
      token: context.tokens.read,
      run: watched,
      length,
      clients: CLIENTS,
      seconds: forSeconds,
      seed: context.seed,
    } satisfies ZoomJob);
  await zoom(5);
  const idle = await zoom(Math.min(60, seconds));
  const writers = await newWriters(context, WRITERS, "calm");
  await ingest(context, writers, WARM_S);
  const before = await context.app.heapBytes();
  const { result, lags } = await whileLooking(context, () =>
    Promise.all([zoom(seconds), ingest(context, writers, seconds)]),
  );
  const heapGrowth = (await context.app.heapBytes()) / before - 1;
  const [loaded, done] = result;
  const verified = await verifyPoints(context, writers, { metrics: METRICS, steps: STEPS });
  context.say(`${verified} points came in, at ${Math.round(done.points / done.seconds)} a second; read back and equal`);
  return rowsOf(idle, loaded, seconds, { heapGrowth, heapBefore: before, lagSeconds: Math.max(...lags) });
}

async function ingest(context: Context, writers: Writer[], seconds: number) {
  const pointsASecond = POINTS_A_SECOND;
  const job = {
    url: context.app.url,
    token: context.tokens.ingest,
    seed: context.seed,
    metrics: METRICS,
    steps: STEPS,
  };
  const done = await load({ kind: "binary", ...job, writers, seconds, pointsASecond });
  for (const [index, sent] of done.sent.entries()) writers[index]!.sent += sent;
  return done;
}

type Seen = { heapBefore: number; heapGrowth: number; lagSeconds: number };

function rowsOf(idle: ZoomDone, loaded: ZoomDone, seconds: number, seen: Seen): Row[] {
  const p99 = quantile(loaded.latenciesMs, 0.99);
  const idleP99 = quantile(idle.latenciesMs, 0.99);
  const idle99 = { name: "idle p99", unit: "ms", measured: idleP99, quiet: IDLE_P99_QUIET_MS };
  const against = `${CLIENTS} clients zooming once a second, ${shown(POINTS_A_SECOND)} points/s, ${seconds} s; idle p99 ${idleP99.toFixed(1)} ms`;
  return [
    rowOf({
      id: "13a",
      name: "zoom p99 under load ÷ idle",
      unit: "×",
      bar: { atMost: 2 },
      against,
      samples: [p99 / idleP99],
    }),
    rowOf({
      id: "13b",
      name: "zoom p99 under load",
      unit: "ms",
      bar: { atMost: 50, by: idle99 },
      against,
      samples: [p99],
    }),
    rowOf({
      id: "13c",
      name: "heap of the app after a collection, after the load beyond before",
      unit: "%",
      bar: { atMost: 5 },
      against: `${(seen.heapBefore / 2 ** 20).toFixed(0)} MiB after the first ${WARM_S} s of such a load, buffers outside the heap included`,
      samples: [seen.heapGrowth * 100],
    }),
    rowOf({
      id: "13d",
      name: "oldest batch that waits to be put in order, at most",
      unit: "s",
      bar: { atMost: 5, by: "loop" },
      against: "received_at of batches behind each writer's done_sequence",
      samples: [seen.lagSeconds],
    }),
  ];
}

/** Looks at the app every few seconds until `act` is done. */
async function whileLooking<Result>(context: Context, act: () => Promise<Result>) {
  const lags: number[] = [];
  const over = new AbortController();
  const looking = look(context, over.signal, lags);
  try {
    return { result: await act(), lags };
  } finally {
    over.abort();
    await looking;
  }
}

async function look(context: Context, over: AbortSignal, lags: number[]): Promise<void> {
  await asOwner(context.app.ownerUrl, async (sql) => {
    while (!over.aborted) {
      await delay(LOOK_MS, undefined, { signal: over }).catch(() => {});
      const [lag] = await sql<{ seconds: number }[]>`
        select coalesce(extract(epoch from max(now() - b.received_at)), 0)::float8 as seconds
        from batches b join writers w on w.run_id = b.run_id and w.number = b.writer and b.sequence > w.done_sequence`;
      lags.push(lag!.seconds);
    }
  });
}
