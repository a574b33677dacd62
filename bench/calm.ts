/** Whether charts stay as quick, and the app as small, while points come in and are put in order for minutes. */
import { readFileSync } from "node:fs";
import { setTimeout as delay } from "node:timers/promises";
import { asOwner } from "./app.ts";
import { askChild } from "./child.ts";
import { type Context, quantile, type Row, rowOf } from "./harness.ts";
import { load, type Writer } from "./load.ts";
import { newWriters, verifyPoints } from "./runs.ts";
import { seedRun } from "./seed.ts";
import { PlantedCurve } from "./series.ts";

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
const LOOK_MS = 5_000;

type Seen = { heapBytes: number; lagSeconds: number };

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
  const seen: Seen[] = [];
  const over = new AbortController();
  const looking = look(context, over.signal, seen);
  const [loaded, done] = await Promise.all([zoom(seconds), ingest(context, writers, seconds)]).finally(async () => {
    over.abort();
    await looking;
  });
  const verified = await verifyPoints(context, writers, { metrics: METRICS, steps: STEPS });
  context.say(`${verified} points came in, at ${Math.round(done.points / done.seconds)} a second; read back and equal`);
  return rowsOf(idle, loaded, seen, seconds);
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

function rowsOf(idle: ZoomDone, loaded: ZoomDone, seen: Seen[], seconds: number): Row[] {
  const p99 = quantile(loaded.latenciesMs, 0.99);
  const idleP99 = quantile(idle.latenciesMs, 0.99);
  const against = `${CLIENTS} clients zooming once a second, ${POINTS_A_SECOND.toLocaleString("en")} points/s, ${seconds} s; idle p99 ${idleP99.toFixed(1)} ms`;
  const half = Math.ceil(seen.length / 2);
  // the least of each half: what is left after a collection
  const least = (part: Seen[]) => Math.min(...part.map(({ heapBytes }) => heapBytes));
  const growth = (least(seen.slice(half)) / least(seen.slice(seen.length > 4 ? 2 : 0, half)) - 1) * 100;
  return [
    rowOf({
      id: "13a",
      name: "zoom p99 under load ÷ idle",
      unit: "×",
      bar: { atMost: 2 },
      against,
      samples: [p99 / idleP99],
    }),
    rowOf({ id: "13b", name: "zoom p99 under load", unit: "ms", bar: { atMost: 50 }, against, samples: [p99] }),
    rowOf({
      id: "13c",
      name: "memory of the app, its least in the second half beyond the first's",
      unit: "%",
      bar: { atMost: 5 },
      against: `resident anonymous memory, read every ${LOOK_MS / 1000} s`,
      samples: [growth],
    }),
    rowOf({
      id: "13d",
      name: "oldest batch that waits to be put in order, at most",
      unit: "s",
      bar: { atMost: 5 },
      against: "received_at of batches behind each writer's done_sequence",
      samples: [Math.max(...seen.map(({ lagSeconds }) => lagSeconds))],
    }),
  ];
}

async function look(context: Context, over: AbortSignal, seen: Seen[]): Promise<void> {
  await asOwner(context.app.ownerUrl, async (sql) => {
    while (!over.aborted) {
      await delay(LOOK_MS, undefined, { signal: over }).catch(() => {});
      const [lag] = await sql<{ seconds: number }[]>`
        select coalesce(extract(epoch from max(now() - b.received_at)), 0)::float8 as seconds
        from batches b join writers w on w.run_id = b.run_id and w.number = b.writer and b.sequence > w.done_sequence`;
      seen.push({ heapBytes: anonymousBytes(context.app.pid), lagSeconds: lag!.seconds });
    }
  });
}

/** Resident memory of the process that no file stands behind: heaps, buffers, stacks. */
function anonymousBytes(pid: number): number {
  const line = /^RssAnon:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"));
  return Number(line?.[1] ?? Number.NaN) * 1024;
}
