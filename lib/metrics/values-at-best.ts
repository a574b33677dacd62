/** What every series was worth where the run was best: at the best step of the project's primary metric. */

import { and, eq, sql } from "drizzle-orm";
import type { Executor } from "../../db/connection.ts";
import { projects } from "../../db/schema/projects.ts";
import { runs } from "../../db/schema/runs.ts";
import { axes, chunks } from "../../db/schema/series.ts";
import type { Direction, Split } from "../wire/base/words.ts";
import { type SeriesName, seriesKey } from "../wire/points/series-name.ts";
import { isPoints, unpackChunk } from "./chunk-rows.ts";
import type { Summary } from "./points/extend-summary.ts";
import { lowerBound, type Points } from "./points/pyramid.ts";
import { readHotBatches, resolveBatches } from "./uncompacted-batches.ts";

/** A series as it is now; `shown` is the last step that its row knew before. */
type Row = SeriesName & { number: number; quarantined: boolean; live: Summary; shown: number };

/**
 * Writes `runs.best_step` and each series' `at_best`: its value at that step, or at the last one before it. `rows` are
 * all series of the run. `isLate`: points came between others, so that any value may have changed.
 */
export async function storeBest(tx: Executor, runId: string, rows: Row[], isLate: boolean): Promise<void> {
  const [run] = await tx
    .select({
      metric: projects.primaryMetric,
      split: projects.primarySplit,
      direction: projects.primaryDirection,
      known: runs.bestStep,
      stale: runs.bestStale,
    })
    .from(runs)
    .innerJoin(projects, eq(projects.id, runs.projectId))
    .where(eq(runs.id, runId));
  if (!run) return;
  const step = bestStepOf(run, rows);
  const isNew = step !== run.known || run.stale;
  if (isNew) await tx.update(runs).set({ bestStep: step, bestStale: false }).where(eq(runs.id, runId));
  // beyond the best step nothing changes but what has just come to it
  const open = isNew || isLate ? rows : rows.filter(({ shown }) => step !== null && shown < step);
  if (open.length > 0)
    await storeValues(tx, runId, open, step === null ? new Map() : await valuesAt(tx, runId, open, step));
}

/** A project's primary metric. */
export type PrimaryMetric = { metric: string | null; split: Split | null; direction: Direction };

/** The step at which the primary metric is best; null where there is none. */
export function bestStepOf(
  { metric, split, direction }: PrimaryMetric,
  rows: (SeriesName & { quarantined: boolean; live: Summary })[],
): number | null {
  const primary = rows.find((row) => row.split === split && row.metric === metric && !row.quarantined)?.live;
  return (direction === "min" ? primary?.minStep : primary?.maxStep) ?? null;
}

/** The value at a step, or the last before it; null where there is none yet. */
export function valueAt({ steps, values }: Points, step: number): number | null {
  const at = lowerBound(steps, step + 1) - 1;
  return at < 0 ? null : values[at]!;
}

/** By the series' number; a series that begins later has none. */
async function valuesAt(tx: Executor, runId: string, rows: Row[], step: number): Promise<Map<number, number>> {
  const values = new Map<number, number>();
  const ended = rows.filter(({ live }) => live.stepLast <= step);
  for (const { number, live } of ended) values.set(number, live.last);
  const others = rows.filter(({ live }) => live.stepLast > step);
  if (others.length === 0) return values;
  for (const { number, points } of await chunksAt(tx, runId, others, step)) values.set(number, valueAt(points, step)!);
  const hot = resolveBatches(await readHotBatches(tx, runId), new Set(others.map(seriesKey)));
  for (const row of others) {
    const points = hot.get(seriesKey(row))?.points;
    const value = points ? valueAt(points, step) : null;
    if (value !== null) values.set(row.number, value);
  }
  return values;
}

async function chunksAt(tx: Executor, runId: string, rows: Row[], step: number) {
  const found = await tx
    .selectDistinctOn([chunks.series], { series: chunks.series, data: chunks.data, axisData: axes.data })
    .from(chunks)
    .innerJoin(axes, and(eq(axes.runId, chunks.runId), eq(axes.id, chunks.axis)))
    .where(
      and(
        eq(chunks.runId, runId),
        eq(chunks.level, 0),
        sql`(${chunks.series}, ${chunks.stepFirst}) in (select n, (select max(c.step_first) from chunks c
          where c.run_id = ${runId} and c.series = n and c.level = 0 and c.step_first <= ${step})
          from unnest(${sql.param(rows.map(({ number }) => number))}::int[]) n)`,
      ),
    );
  return found.flatMap(({ series: number, data, axisData }): { number: number; points: Points }[] => {
    const chunk = unpackChunk(0, axisData, data);
    return isPoints(chunk) ? [{ number, points: chunk.points }] : [];
  });
}

async function storeValues(tx: Executor, runId: string, rows: Row[], values: Map<number, number>): Promise<void> {
  const numbers = rows.map(({ number }) => number);
  await tx.execute(sql`
    update series s set at_best = u.value
    from unnest(${sql.param(numbers)}::int[],
      ${sql.param(numbers.map((number) => values.get(number) ?? null))}::float8[]) u (number, value)
    where s.run_id = ${runId} and s.number = u.number and s.at_best is distinct from u.value`);
}

/** Marks the runs of a project, whose primary metric became another, for the upkeep. */
export async function forgetBest(tx: Executor, projectId: string): Promise<void> {
  await tx.update(runs).set({ bestStale: true }).where(eq(runs.projectId, projectId));
}

/** Some runs whose best step is to be found anew. */
export async function listStale(tx: Executor, limit: number): Promise<string[]> {
  const rows = await tx.select({ id: runs.id }).from(runs).where(sql`${runs.bestStale}`).limit(limit);
  return rows.map(({ id }) => id);
}
