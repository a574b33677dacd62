/** Points on their way in: how many a second, what a small batch costs, and what a repeated one does. */
import { asOwner } from "../app.ts";
import { type Context, median, type Row, rowOf, shown, WrongPoints } from "../harness.ts";
import { type LoadDone, load, retryAll, type Writer } from "../load.ts";
import { createRowTable, dropRowTable } from "../mlflow-layout.ts";
import { newWriters, verifyPoints } from "../runs.ts";
import { seedRun } from "../seed.ts";
import { PlantedCurve } from "../series.ts";

const METRICS = 10;
const WRITERS = 8;
const SMALL_WRITERS = 64;
const PAIRS = 5;
const ROUND_BATCHES = 50;
/**
 * The handler of routes that don't exist: it is behind the same proxy, knows the caller by the same token, reads no
 * body and asks no database.
 */
const EMPTY = { path: "/api/v1/nothing", status: 404 };

/** Points a second at two sizes of batch in two forms, against one row a point in the same server. */
export async function throughput(context: Context): Promise<Row[]> {
  const seconds = context.mode === "quick" ? 1 : 5;
  const kinds = [
    { key: "binary10000", kind: "binary", steps: 1000 },
    { key: "binary1000", kind: "binary", steps: 100 },
    { key: "json10000", kind: "json", steps: 1000 },
    { key: "json1000", kind: "json", steps: 100 },
  ] as const;
  const rates: Record<string, number[]> = { rows: [] };
  const cpu: number[] = [];
  await asOwner(context.app.ownerUrl, createRowTable);
  let verified = 0;
  for (let pair = -1; pair < PAIRS; pair++) {
    for (const { key, kind, steps } of kinds) {
      const writers = await newWriters(context, WRITERS, `ingest ${key}`);
      const done = await post(context, { kind, steps, writers, seconds: pair < 0 ? 1 : seconds });
      verified += await verifyPoints(context, writers, { metrics: METRICS, steps });
      // the first is for the just-in-time compiler
      if (pair >= 0) rates[key] = [...(rates[key] ?? []), done.points / done.seconds];
      if (pair >= 0 && key === "binary10000") cpu.push(done.cpuSeconds / done.seconds);
    }
    if (pair >= 0) rates.rows!.push(await rowsASecond(context, seconds));
  }
  await asOwner(context.app.ownerUrl, dropRowTable);
  context.say(`${verified} points sent, read back and equal; the generator took ${median(cpu).toFixed(2)} of 2 cores`);
  return throughputRows(rates);
}

function throughputRows(rates: Record<string, number[]>): Row[] {
  const rate = (id: string, key: string, name: string, bar: number | null) =>
    rowOf({
      id,
      name,
      unit: "points/s",
      bar: bar === null ? null : { atLeast: bar, by: "handler" },
      against: `${WRITERS} writers over HTTP; stored, then read back and compared, every point`,
      samples: rates[key]!,
    });
  const ratio = (id: string, key: string, name: string, bar: number | null) =>
    rowOf({
      id,
      name,
      unit: "×",
      bar: bar === null ? null : { atLeast: bar },
      against: `stand-in of MLflow's table, 1,000 rows a statement, 4 connections, no HTTP: ${Math.round(median(rates.rows!))} points/s`,
      samples: rates[key]!.map((value, pair) => value / rates.rows![pair]!),
    });
  return [
    rate("1a", "binary10000", "ingest, binary, 10,000 points a request", 1_000_000),
    rate("1b", "binary1000", "ingest, binary, 1,000 points a request", 500_000),
    rate("1c", "json10000", "ingest, JSON, 10,000 points a request", null),
    rate("1d", "json1000", "ingest, JSON, 1,000 points a request", null),
    ratio("1e", "binary10000", "ingest at 10,000 ÷ one row a point", 10),
    ratio("1f", "binary1000", "ingest at 1,000 ÷ one row a point", null),
  ];
}

async function rowsASecond(context: Context, seconds: number): Promise<number> {
  await asOwner(context.app.ownerUrl, createRowTable);
  const done = await load({
    kind: "rows",
    databaseUrl: context.app.ownerUrl,
    seed: context.seed,
    seconds,
    connections: 4,
    sentBefore: 0,
  });
  return done.points / done.seconds;
}

/** Batches of 10 points from many writers, against a handler that does nothing. */
export async function smallBatches(context: Context): Promise<Row[]> {
  const seconds = context.mode === "quick" ? 1 : 5;
  const writers = await newWriters(context, SMALL_WRITERS, "small batches");
  const ratios: number[] = [];
  const empty: number[] = [];
  for (let pair = -1; pair < PAIRS; pair++) {
    const one = await post(context, { kind: "binary", steps: 1, writers, seconds: pair < 0 ? 1 : seconds });
    const nothing = await post(context, { kind: "empty", steps: 1, writers, seconds: pair < 0 ? 1 : seconds });
    if (pair < 0) continue;
    ratios.push(rate(one) / rate(nothing));
    empty.push(rate(nothing));
  }
  await verifyPoints(context, writers, { metrics: METRICS, steps: 1 });
  return [
    rowOf({
      id: "2",
      name: "batches of 10 points from 64 writers ÷ an empty handler",
      unit: "×",
      bar: { atLeast: 0.7 },
      against: `POST ${EMPTY.path}, a route that isn't there (404), with the same token and body: ${Math.round(median(empty))} requests/s`,
      samples: ratios,
    }),
  ];
}

/** A batch that is stored already, sent again to a run with a long history, against a fresh one. */
export async function retries(context: Context): Promise<Row[]> {
  const history = context.mode === "quick" ? 1_000_000 : 10_000_000;
  const writer = await seedRun(context, "retries", new PlantedCurve(context.seed + 500, history));
  const url = new URL(`/api/v1/runs/${writer.run}/metrics`, context.app.url);
  const ratios: number[] = [];
  const fresh: number[] = [];
  const repeated = ROUND_BATCHES;
  for (let round = -1; round < PAIRS; round++) {
    const job = { url: url.href, token: context.tokens.ingest, writer: writer.writer, points: 1000, count: repeated };
    const done = await retryAll({ ...job, sequence: writer.sent + 1, fromStep: history + writer.sent * 1000 });
    writer.sent += repeated;
    if (done.stored !== repeated || done.duplicates !== repeated)
      throw new WrongPoints(
        `of ${repeated} batches sent twice ${done.stored} were stored and ${done.duplicates} known`,
      );
    if (round < 0) continue;
    ratios.push(median(done.againMs) / median(done.freshMs));
    fresh.push(median(done.freshMs));
  }
  return [
    rowOf({
      id: "6",
      name: `a batch sent again ÷ a fresh one, after ${shown(history)} points`,
      unit: "×",
      bar: { atMost: 1 },
      against: `batches of 1,000 points, each sent fresh and then again, one by one; fresh ${median(fresh).toFixed(1)} ms`,
      samples: ratios,
    }),
  ];
}

const rate = ({ sent, seconds }: LoadDone) => sent.reduce((sum, one) => sum + one, 0) / seconds;

type Post = { kind: "binary" | "json" | "empty"; steps: number; writers: Writer[]; seconds: number };

/** Posts for so long; the writers' counts go up by what was stored. */
async function post(context: Context, { kind, ...rest }: Post): Promise<LoadDone> {
  const job = { ...rest, url: context.app.url, token: context.tokens.ingest, seed: context.seed, metrics: METRICS };
  const done = await load(kind === "empty" ? { kind, ...EMPTY, ...job } : { kind, ...job });
  if (kind !== "empty") for (const [index, sent] of done.sent.entries()) rest.writers[index]!.sent += sent;
  return done;
}
