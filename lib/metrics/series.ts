/** The way out for points: a run's series with their summaries, and points for a chart. */
import { createHash } from "node:crypto";
import { and, asc, eq, sql } from "drizzle-orm";
import { connections } from "../../db/connection.ts";
import { batches, metrics, series } from "../../db/schema.ts";
import type { Actor } from "../access/actor.ts";
import { ProblemError } from "../problem.ts";
import { locateRun } from "../runs/runs.ts";
import { isTestSeries, type SeriesList, type SeriesPoints, toWireFloat } from "../wire.ts";
import { parseSeriesKey, readParts } from "./batches.ts";
import { envelope } from "./envelope.ts";
import { type Columns, resolve } from "./summary.ts";

/** Every series of a run. Test series are named and counted, without values. */
export async function listSeries(actor: Actor, runId: string): Promise<SeriesList> {
  const run = await locateRun(actor, runId, "runs.read");
  const rows = await connections()
    .db.select({ series, direction: metrics.direction, unit: metrics.unit })
    .from(series)
    .leftJoin(metrics, and(eq(metrics.projectId, run.projectId), eq(metrics.name, series.metric)))
    .where(eq(series.runId, runId))
    .orderBy(asc(series.metric), asc(series.split));
  const named = rows.map(({ series: row, direction, unit }) => ({
    row,
    split: row.split === "none" ? null : row.split,
    metric: row.metric,
    direction,
    unit: unit ?? "",
  }));
  return {
    series: named
      .filter(({ row }) => !row.quarantined)
      .map(({ row, ...name }) => {
        const finite = row.count - row.nonFiniteCount;
        const { count, nonFiniteCount, overwrittenCount, stepLast, min, minStep, max, maxStep } = row;
        const facts = { count, nonFiniteCount, overwrittenCount, stepLast, min, minStep, max, maxStep };
        return { ...name, ...facts, last: toWireFloat(row.last), mean: finite > 0 ? row.sum / finite : null };
      }),
    quarantined: named
      .filter(({ row }) => row.quarantined)
      .map(({ row, split, metric }) => ({ split, metric, count: row.count })),
  };
}

export type PointsWanted = {
  /** `split/metric`, with `-` for no split. */
  series: string[];
  /** First and last step, both included. */
  from?: number;
  to?: number;
  /** Width of the chart; at most four points a pixel are returned. */
  px: number;
};

/**
 * Points of series, raw or as an envelope, each said to be so. Unknown series come back empty. Throws `forbidden` for
 * a test series, which is in no chart.
 */
export async function readPoints(actor: Actor, runId: string, wanted: PointsWanted): Promise<SeriesPoints> {
  await locateRun(actor, runId, "runs.read");
  const names = wanted.series.map(parseSeriesKey);
  const test = names.find(({ split, metric }) => isTestSeries(split, metric));
  if (test)
    throw new ProblemError("forbidden", `${test.metric} is a test number: it is quarantined, and shown in no chart`);
  const parts = await readParts(connections().db, runId, new Set(wanted.series));
  return {
    series: wanted.series.map((key, index) => {
      const { overwrittenCount, ...all } = resolve(parts.get(key) ?? []);
      const within = inRange(all, wanted.from ?? 0, wanted.to ?? Number.MAX_SAFE_INTEGER);
      const shown = envelope(within, wanted.px);
      return {
        ...names[index]!,
        kind: shown.steps.length === within.steps.length ? ("raw" as const) : ("envelope" as const),
        count: within.steps.length,
        overwrittenCount,
        steps: [...shown.steps],
        times: [...shown.times],
        values: Array.from(shown.values, toWireFloat),
      };
    }),
  };
}

function inRange({ steps, times, values }: Columns, from: number, to: number): Columns {
  const found = steps.findIndex((step) => step >= from);
  const start = found < 0 ? steps.length : found;
  const beyond = steps.findIndex((step) => step > to);
  const end = beyond < 0 ? steps.length : beyond;
  return { steps: steps.subarray(start, end), times: times.subarray(start, end), values: values.subarray(start, end) };
}

/** Names the state of a run's points and the question asked, so that an unchanged answer isn't sent twice. */
export async function pointsTag(actor: Actor, runId: string, wanted: PointsWanted): Promise<string> {
  await locateRun(actor, runId, "runs.read");
  const [state] = await connections()
    .db.select({
      batches: sql<number>`count(*)::int`,
      points: sql<number>`coalesce(sum(${batches.points}), 0)::float8`,
    })
    .from(batches)
    .where(eq(batches.runId, runId));
  return createHash("sha256")
    .update(JSON.stringify([state, wanted]))
    .digest("base64url")
    .slice(0, 22);
}
