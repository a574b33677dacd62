/** Turns a run's batches into chunks, in one transaction: a crash leaves all of it or none. */
import { and, asc, eq, lte, sql } from "drizzle-orm";
import { connections, type Executor } from "../../db/connection.ts";
import { runs, writers } from "../../db/schema/runs.ts";
import { batches, series } from "../../db/schema/series.ts";
import { addSeries } from "./add-series.ts";
import {
  type ChunkWrites,
  readChunksFor,
  readChunksWithin,
  readLastChunks,
  type StoredChunk,
  writeChunks,
} from "./chunk-rows.ts";
import { noteHashes } from "./compacted-hashes.ts";
import { readLiveSummaries, storeCompacted, storeSummaries, unpackSummary, withPoints } from "./live-summaries.ts";
import type { Summary } from "./points/extend-summary.ts";
import { extremesOf } from "./points/pyramid.ts";
import { SeriesEdit } from "./series-edit.ts";
import { keyOfRow } from "./stored-split.ts";
import { type HotBatch, type ResolvedPoints, readHotBatches, resolveBatches } from "./uncompacted-batches.ts";
import { storeBest } from "./values-at-best.ts";

/** What one pass takes, and one batch beyond: more waits for the next, so that memory is bounded. */
const POINTS_A_PASS = 500_000;

/**
 * One pass over a run's batches, oldest first, as far as no sequence of their writer is missing. Returns how many it
 * took: 0 where there is nothing, or where another process is at this run (unless `wait`: then after it). May be
 * repeated. Writers are not held up: they insert rows, and a pass takes rows away.
 */
export async function compactRun(runId: string, { wait = false } = {}): Promise<number> {
  return connections().db.transaction(async (tx) => {
    if (!(await lockRun(tx, runId, wait))) return 0;
    const taken = unbroken(await readHotBatches(tx, runId, POINTS_A_PASS), await doneOf(tx, runId));
    if (taken.length === 0) return 0;
    const added = resolveBatches(taken);
    const isLate = await putIntoChunks(tx, runId, added);
    await noteHashes(tx, runId, taken);
    await forgetBatches(tx, runId, taken);
    await storeLive(tx, runId, isLate);
    return taken.length;
  });
}

/** Compacts until nothing is left that can be, for who needs the points in order now. */
export async function compactWhole(runId: string): Promise<void> {
  while ((await compactRun(runId, { wait: true })) > 0);
}

/**
 * Brings the rows of a run's series up to its batches. `busy`: another process is at this run. `late`: points came that
 * lie among those in chunks; only a compaction can place them.
 */
export async function refreshSummaries(runId: string): Promise<"done" | "busy" | "late"> {
  return connections().db.transaction(async (tx) => {
    if (!(await lockRun(tx, runId, false))) return "busy";
    return (await storeLive(tx, runId)) ? "done" : "late";
  });
}

/** More points than these are left to the upkeep: until they are summed up nothing else is answered. */
const POINTS_AT_ONCE = 200_000;
/** A process that is at the run for longer sums up its points by itself. */
const WAIT_MS = 1_000;

/** As `refreshSummaries`, for who can wait for a moment: leaves many points to the upkeep. Throws where that moment is over. */
export async function catchUp(runId: string): Promise<void> {
  await connections().db.transaction(async (tx) => {
    const [waiting] = await tx.execute<{ points: number }>(sql`
      select coalesce(sum(points), 0)::float8 as points from batches where run_id = ${runId}`);
    if (waiting!.points === 0 || waiting!.points > POINTS_AT_ONCE) return;
    await tx.execute(sql`select set_config('lock_timeout', ${String(WAIT_MS)}, true)`);
    if (await lockRun(tx, runId, true)) await storeLive(tx, runId);
  });
}

/** One process at a time for each run; holds the run's row, too, so that it isn't purged meanwhile. */
async function lockRun(tx: Executor, runId: string, wait: boolean): Promise<boolean> {
  const key = sql`hashtextextended(${`compact ${runId}`}, 0)`;
  if (wait) await tx.execute(sql`select pg_advisory_xact_lock(${key})`);
  else {
    const [lock] = await tx.execute<{ taken: boolean }>(sql`select pg_try_advisory_xact_lock(${key}) as taken`);
    if (!lock?.taken) return false;
  }
  const [run] = await tx.select({ id: runs.id }).from(runs).where(eq(runs.id, runId)).for("key share");
  return run !== undefined;
}

async function doneOf(tx: Executor, runId: string): Promise<Map<number, number>> {
  const rows = await tx
    .select({ number: writers.number, done: writers.doneSequence })
    .from(writers)
    .where(eq(writers.runId, runId));
  return new Map(rows.map(({ number, done }) => [number, done]));
}

/** The batches that follow on each writer's last without a gap. */
function unbroken(hot: HotBatch[], done: Map<number, number>): HotBatch[] {
  const reached = new Map(done);
  return hot.filter(({ writer, sequence }) => {
    if (sequence !== reached.get(writer)! + 1) return false;
    reached.set(writer, sequence);
    return true;
  });
}

/** Returns whether any point lay among those that were in chunks. */
async function putIntoChunks(tx: Executor, runId: string, added: Map<string, ResolvedPoints>): Promise<boolean> {
  const [run] = await tx.select({ projectId: runs.projectId }).from(runs).where(eq(runs.id, runId));
  await addSeries(tx, runId, run!.projectId, [...added.keys()]);
  const rows = await tx
    .select({ number: series.number, split: series.split, metric: series.metric, compacted: series.compacted })
    .from(series)
    .where(eq(series.runId, runId))
    .orderBy(asc(series.number));
  const touched = rows.filter((row) => added.has(keyOfRow(row)));
  const numbers = touched.map(({ number }) => number);
  const last = new Map(numbers.map((number) => [number, new Map<number, StoredChunk>()]));
  for (const row of await readLastChunks(tx, runId, numbers)) last.get(row.series)!.set(row.chunk.level, row);
  const writes: ChunkWrites = { put: [], dropped: [] };
  const summaries = new Map<number, Summary>();
  let isLate = false;
  for (const row of touched) {
    const edit = new SeriesEdit({
      last: last.get(row.number)!,
      within: (level, from, to) => readChunksWithin(tx, runId, { series: row.number, level, from, to }),
      holding: (steps) => readChunksFor(tx, runId, row.number, steps),
    });
    const resolved = added.get(keyOfRow(row))!;
    await edit.add(resolved.points);
    writes.put.push(...edit.put.map((chunk) => ({ series: row.number, chunk })));
    writes.dropped.push(...edit.dropped);
    const before = unpackSummary(row.compacted);
    isLate ||= resolved.points.steps[0]! <= before.stepLast;
    summaries.set(row.number, summaryAfter(before, resolved, edit));
  }
  await writeChunks(tx, runId, writes);
  await sumAnew(tx, runId, summaries);
  await storeCompacted(tx, runId, summaries);
  return isLate;
}

/** The sum is NaN where it has to be taken anew: a value that was counted before has been replaced. */
function summaryAfter(before: Summary, added: ResolvedPoints, edit: SeriesEdit): Summary {
  const appended = withPoints(before, added);
  if (appended) return appended;
  const { points, overwritten } = added;
  const { values, steps } = points;
  const top = extremesOf(edit.top());
  const replaced = edit.overwritten.count > 0;
  const isLast = steps.at(-1)! >= before.stepLast;
  let sum = replaced ? Number.NaN : before.sum;
  for (const value of values) if (Number.isFinite(value)) sum += value;
  return {
    ...top,
    overwrittenCount: before.overwrittenCount + overwritten.count + edit.overwritten.count,
    stepLast: Math.max(before.stepLast, steps.at(-1)!),
    last: isLast ? edit.lastValue() : before.last,
    sum,
  };
}

/** Adds up the sums of chunks for those summaries that lack theirs. */
async function sumAnew(tx: Executor, runId: string, summaries: Map<number, Summary>): Promise<void> {
  const lacking = [...summaries].filter(([, { sum }]) => Number.isNaN(sum)).map(([number]) => number);
  if (lacking.length === 0) return;
  const sums = await tx.execute<{ series: number; sum: number }>(sql`
    select series, sum(sum) as sum from chunks
    where run_id = ${runId} and level = 0 and series = any(${sql.param(lacking)}::int[]) group by series`);
  for (const { series: number, sum } of sums) summaries.set(number, { ...summaries.get(number)!, sum });
}

async function forgetBatches(tx: Executor, runId: string, taken: HotBatch[]): Promise<void> {
  const reached = new Map(taken.map(({ writer, sequence }) => [writer, sequence]));
  for (const [writer, sequence] of reached) {
    await tx
      .update(writers)
      .set({ doneSequence: sequence })
      .where(and(eq(writers.runId, runId), eq(writers.number, writer)));
    await tx
      .delete(batches)
      .where(and(eq(batches.runId, runId), eq(batches.writer, writer), lte(batches.sequence, sequence)));
  }
}

/** Writes what every series amounts to now. False where some points wait for a compaction. */
async function storeLive(tx: Executor, runId: string, isLate = false): Promise<boolean> {
  const hot = await readHotBatches(tx, runId);
  const live = await readLiveSummaries(tx, runId, hot);
  const fresh = [...live].filter(([, { number }]) => number === 0).map(([key]) => key);
  if (fresh.length > 0) {
    const [run] = await tx.select({ projectId: runs.projectId }).from(runs).where(eq(runs.id, runId));
    await addSeries(tx, runId, run!.projectId, fresh);
    const metrics = fresh.map((key) => live.get(key)!.metric);
    const rows = await tx
      .select({
        number: series.number,
        split: series.split,
        metric: series.metric,
        quarantined: series.quarantined,
      })
      .from(series)
      .where(and(eq(series.runId, runId), sql`${series.metric} = any(${sql.param(metrics)}::text[])`));
    for (const row of rows) {
      const summary = live.get(keyOfRow(row));
      if (summary) Object.assign(summary, { number: row.number, quarantined: row.quarantined });
    }
  }
  const settled = [...live.values()].flatMap((one) => (one.live === "late" ? [] : [{ ...one, live: one.live }]));
  await storeSummaries(
    tx,
    runId,
    settled.map(({ number, live }) => ({ number, ...live })),
  );
  await storeBest(tx, runId, settled, isLate);
  const isWhole = settled.length === live.size;
  if (isWhole) await noteSummed(tx, runId, unbroken(hot, await doneOf(tx, runId)));
  return isWhole;
}

/** Whether batch `b` of writer `w` counts in no summary yet: a condition of SQL, for statements of either client. */
export const isUnsummedBatch = "b.sequence > greatest(w.done_sequence, w.summed_sequence)";

/** Writes down up to where each writer's batches count in the summaries. */
async function noteSummed(tx: Executor, runId: string, summed: HotBatch[]): Promise<void> {
  const reached = new Map(summed.map(({ writer, sequence }) => [writer, sequence]));
  if (reached.size === 0) return;
  await tx.execute(sql`
    update writers w set summed_sequence = u.sequence
    from unnest(${sql.param([...reached.keys()])}::int[], ${sql.param([...reached.values()])}::int8[]) u (number, sequence)
    where w.run_id = ${runId} and w.number = u.number and w.summed_sequence < u.sequence`);
}
