/** Exact summaries: those of the points in chunks, extended by the batches that came since. */
import { eq, sql } from "drizzle-orm";
import type { Executor } from "../../db/connection.ts";
import { inPieces } from "../../db/pieces.ts";
import { series } from "../../db/schema/series.ts";
import { parseSeriesKey, type SeriesName, seriesKey } from "../wire/points/series-name.ts";
import { emptySummary, extendSummary, type Summary } from "./points/extend-summary.ts";
import { nameOfRow } from "./stored-split.ts";
import { type HotBatch, type ResolvedPoints, readHotBatches, resolveBatches } from "./uncompacted-batches.ts";

/** A summary with its series; `late` where points came that lie among those in chunks. */
export type LiveSummary = SeriesName & {
  number: number;
  quarantined: boolean;
  live: Summary | "late";
  /** The last step that the series' row knows; −1: none. */
  shown: number;
};

const order = [
  "count",
  "nonFiniteCount",
  "overwrittenCount",
  "stepLast",
  "last",
  "min",
  "minStep",
  "max",
  "maxStep",
  "sum",
] as const satisfies (keyof Summary)[];
/** Their null is NaN in the bytes. */
const nullable = new Set<keyof Summary>(["min", "minStep", "max", "maxStep"]);

/** The bytes of a summary for `series.compacted`: float64s in this order. */
export const packSummary = (summary: Summary): Buffer =>
  Buffer.from(Float64Array.from(order, (name) => summary[name] ?? Number.NaN).buffer);

export function unpackSummary(pack: Uint8Array | null): Summary {
  if (!pack) return emptySummary;
  const values = new Float64Array(new Uint8Array(pack).buffer); // a copy: a Buffer's bytes need not be aligned
  const entries = order.map((name, index) => {
    const value = values[index]!;
    return [name, nullable.has(name) && Number.isNaN(value) ? null : value];
  });
  return Object.fromEntries(entries) as Summary;
}

/** `before` and then `added`; null where `added` doesn't all come after it. */
export function withPoints(before: Summary, { points, overwritten }: ResolvedPoints): Summary | null {
  if (points.steps.length > 0 && points.steps[0]! <= before.stepLast) return null;
  const after = extendSummary(before, points);
  return { ...after, overwrittenCount: after.overwrittenCount + overwritten.count };
}

/**
 * The state of every series of a run that has a row, and of those whose first batch came just now (number 0). `batches`:
 * those that are in no chunk, where they are read already.
 */
export async function readLiveSummaries(
  tx: Executor,
  runId: string,
  batches?: HotBatch[],
): Promise<Map<string, LiveSummary>> {
  const hot = resolveBatches(batches ?? (await readHotBatches(tx, runId)));
  const rows = await tx
    .select({
      number: series.number,
      split: series.split,
      metric: series.metric,
      quarantined: series.quarantined,
      compacted: series.compacted,
      shown: series.stepLast,
    })
    .from(series)
    .where(eq(series.runId, runId));
  const known = rows.map(({ compacted, ...row }): [string, LiveSummary] => {
    const before = unpackSummary(compacted);
    const name = nameOfRow(row);
    const key = seriesKey(name);
    const added = hot.get(key);
    return [key, { ...row, ...name, live: added ? (withPoints(before, added) ?? "late") : before }];
  });
  const summaries = new Map(known);
  for (const [key, added] of hot) {
    if (summaries.has(key)) continue;
    const live = withPoints(emptySummary, added)!;
    summaries.set(key, { ...parseSeriesKey(key), number: 0, quarantined: false, shown: -1, live });
  }
  return summaries;
}

/** Writes summaries into the rows of their series, those that differ. */
export async function storeSummaries(
  tx: Executor,
  runId: string,
  summaries: (Summary & { number: number })[],
): Promise<void> {
  if (summaries.length === 0) return;
  const column = (pick: (summary: Summary) => number | null) => sql.param(summaries.map(pick));
  await tx.execute(sql`
    update series s set count = u.count, non_finite_count = u.non_finite_count,
      overwritten_count = u.overwritten_count, step_last = u.step_last, last = u.last,
      min = u.min, min_step = u.min_step, max = u.max, max_step = u.max_step, sum = u.sum
    from unnest(
      ${sql.param(summaries.map(({ number }) => number))}::int[],
      ${column((s) => s.count)}::bigint[], ${column((s) => s.nonFiniteCount)}::bigint[],
      ${column((s) => s.overwrittenCount)}::bigint[], ${column((s) => s.stepLast)}::bigint[],
      ${column((s) => s.last)}::float8[], ${column((s) => s.min)}::float8[], ${column((s) => s.minStep)}::bigint[],
      ${column((s) => s.max)}::float8[], ${column((s) => s.maxStep)}::bigint[], ${column((s) => s.sum)}::float8[]
    ) as u (number, count, non_finite_count, overwritten_count, step_last, last, min, min_step, max, max_step, sum)
    where s.run_id = ${runId} and s.number = u.number
      and (s.count, s.non_finite_count, s.overwritten_count, s.step_last, s.last, s.sum) is distinct from
        (u.count, u.non_finite_count, u.overwritten_count, u.step_last, u.last, u.sum)`);
}

/** Writes the summaries of what is in chunks, from which later ones are extended. */
export async function storeCompacted(tx: Executor, runId: string, summaries: Map<number, Summary>): Promise<void> {
  const rows = [...summaries].map(([number, summary]) => sql`(${number}::int, ${packSummary(summary)}::bytea)`);
  for (const some of inPieces(rows))
    await tx.execute(sql`
      update series s set compacted = v.compacted from (values ${sql.join(some, sql`, `)}) v (number, compacted)
      where s.run_id = ${runId} and s.number = v.number`);
}
