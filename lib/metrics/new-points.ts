/** Points of runs that come whole: their batches with their series, summed up at once, in a few statements for all runs. */
import { sql } from "drizzle-orm";
import type { Executor } from "../../db/connection.ts";
import type { Split } from "../wire/base/words.ts";
import type { Batch } from "../wire/points/batch.ts";
import { parseSeriesKey, type SeriesName } from "../wire/points/series-name.ts";
import { quarantineOf } from "./add-series.ts";
import { packBatch, pointsIn } from "./append.ts";
import { withPoints } from "./live-summaries.ts";
import { emptySummary, type Summary } from "./points/extend-summary.ts";
import { storedSplit } from "./stored-split.ts";
import { resolvePoints } from "./uncompacted-batches.ts";
import { bestStepOf, type PrimaryMetric, valueAt } from "./values-at-best.ts";

type NewSeries = SeriesName & {
  key: string;
  quarantined: boolean;
  isTest: boolean;
  live: Summary;
  atBest: number | null;
};

/** All points of a run that has one writer, as they are stored and summed up. */
export type NewPoints = {
  batches: { sequence: number; points: number; hash: Buffer; data: Uint8Array }[];
  series: NewSeries[];
  bestStep: number | null;
};

/** Sums up the batches of a new run, which are numbered from 1. `absent`: splits that its manifest has no samples of. */
export function sumUp(batches: Batch[], primary: PrimaryMetric, absent: Split[]): NewPoints {
  const resolved = [...resolvePoints(batches.map((batch) => ({ writer: 1, batch })))];
  const series = resolved.map(([key, added]) => {
    const reason = quarantineOf(key, absent);
    const isOut = { quarantined: reason !== null, isTest: reason === "test" };
    return { key, ...parseSeriesKey(key), ...isOut, live: withPoints(emptySummary, added)!, points: added.points };
  });
  const bestStep = bestStepOf(primary, series);
  return {
    batches: batches.map((batch) => ({ sequence: batch.sequence, points: pointsIn(batch), ...packBatch(batch) })),
    series: series.map(({ points, ...one }) => ({
      ...one,
      atBest: bestStep === null ? null : valueAt(points, bestStep),
    })),
    bestStep,
  };
}

/** Writes the points of runs that were made in the caller's transaction, with writer 1, whose `summedSequence` says so. */
export async function insertNewPoints(
  tx: Executor,
  projectId: string,
  runs: { id: string; points: NewPoints }[],
): Promise<void> {
  await insertBatches(tx, runs);
  const rows = runs.flatMap(({ id, points }) => points.series.map((one, at) => ({ ...one, run: id, number: at + 1 })));
  for (let at = 0; at < rows.length; at += SERIES_A_STATEMENT)
    await insertSeries(tx, projectId, rows.slice(at, at + SERIES_A_STATEMENT));
}

const SERIES_A_STATEMENT = 5_000;
const BATCHES_A_STATEMENT = 200;

async function insertBatches(tx: Executor, runs: { id: string; points: NewPoints }[]): Promise<void> {
  const rows = runs.flatMap(({ id, points }) =>
    points.batches.map(({ sequence, points: count, hash, data }) => {
      const bytes = Buffer.from(data.buffer, data.byteOffset, data.byteLength);
      return sql`(${id}::uuid, 1, ${sequence}::int8, ${count}::int, ${hash}::bytea, ${bytes}::bytea)`;
    }),
  );
  for (let at = 0; at < rows.length; at += BATCHES_A_STATEMENT)
    await tx.execute(sql`insert into batches (run_id, writer, sequence, points, hash, data)
      values ${sql.join(rows.slice(at, at + BATCHES_A_STATEMENT), sql`, `)}`);
}

type Row = NewSeries & { run: string; number: number };

async function insertSeries(tx: Executor, projectId: string, rows: Row[]): Promise<void> {
  const column = (pick: (row: Row) => string | number | null) => sql.param(rows.map(pick));
  await tx.execute(sql`
    insert into series (run_id, number, project_id, split, metric, quarantined, count, non_finite_count,
      overwritten_count, step_last, last, min, min_step, max, max_step, sum, at_best)
    select run_id, number, ${projectId}::uuid, split, metric, quarantined = 1, count, non_finite_count,
      overwritten_count, step_last, last, min, min_step, max, max_step, sum, at_best
    from unnest(
      ${column(({ run }) => run)}::uuid[], ${column(({ number }) => number)}::int[],
      ${column(({ split }) => storedSplit(split))}::text[], ${column(({ metric }) => metric)}::text[],
      ${column(({ quarantined }) => (quarantined ? 1 : 0))}::int[],
      ${column(({ live }) => live.count)}::bigint[], ${column(({ live }) => live.nonFiniteCount)}::bigint[],
      ${column(({ live }) => live.overwrittenCount)}::bigint[], ${column(({ live }) => live.stepLast)}::bigint[],
      ${column(({ live }) => live.last)}::float8[], ${column(({ live }) => live.min)}::float8[],
      ${column(({ live }) => live.minStep)}::bigint[], ${column(({ live }) => live.max)}::float8[],
      ${column(({ live }) => live.maxStep)}::bigint[], ${column(({ live }) => live.sum)}::float8[],
      ${column(({ atBest }) => atBest)}::float8[]
    ) as u (run_id, number, split, metric, quarantined, count, non_finite_count, overwritten_count, step_last, last,
      min, min_step, max, max_step, sum, at_best)`);
}
