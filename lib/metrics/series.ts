/** The way out for points: a run's series with their summaries, and points for a chart. */
import { createHash } from "node:crypto";
import { and, asc, eq, inArray, sql } from "drizzle-orm";
import { connections } from "../../db/connection.ts";
import { batches, metrics, series } from "../../db/schema.ts";
import type { Actor } from "../access/actor.ts";
import { ProblemError } from "../problem.ts";
import { locateRun, locateRuns } from "../runs/runs.ts";
import { isTestSeries, type SeriesList, type SeriesPoints, toWireFloat } from "../wire.ts";
import { parseSeriesKey, readParts } from "./batches.ts";
import { envelope, meansOf } from "./envelope.ts";
import type { PointColumns, PointSeries } from "./points-codec.ts";
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
  /** Runs of one project. */
  runs: string[];
  /** `split/metric`, with `-` for no split. */
  series: string[];
  /** First and last step, both included. */
  from?: number | undefined;
  to?: number | undefined;
  /** Width of the chart; at most five points a pixel are returned. */
  px: number;
};

/**
 * Points of each wanted series of each wanted run that has it, raw or as an envelope, each said to be so. Throws
 * `not-found` for a run that the actor may not read, `forbidden` for a test series, which is in no chart.
 */
export async function readPoints(actor: Actor, wanted: PointsWanted): Promise<PointSeries[]> {
  await locateRuns(actor, wanted.runs, "runs.read");
  const names = wanted.series.map(parseSeriesKey);
  const test = names.find(({ split, metric }) => isTestSeries(split, metric));
  if (test)
    throw new ProblemError("forbidden", `${test.metric} is a test number: it is quarantined, and shown in no chart`);
  const found: PointSeries[] = [];
  for (const run of wanted.runs) {
    const parts = await readParts(connections().db, run, new Set(wanted.series));
    for (const [index, key] of wanted.series.entries()) {
      if (!parts.has(key)) continue;
      const { overwrittenCount, ...all } = resolve(parts.get(key)!);
      const within = inRange(all, wanted.from ?? 0, wanted.to ?? Number.MAX_SAFE_INTEGER);
      const shown = envelope(within, wanted.px);
      const isRaw = shown.steps.length === within.steps.length;
      found.push({
        run,
        ...names[index]!,
        kind: isRaw ? "raw" : "envelope",
        count: within.steps.length,
        nonFiniteCount: within.values.filter((value) => !Number.isFinite(value)).length,
        overwrittenCount,
        ...shown,
        means: isRaw ? null : meansOf(within, wanted.px),
      });
    }
  }
  return found;
}

/** The same in the form of JSON. */
export function toWirePoints(series: PointSeries[]): SeriesPoints {
  const columns = ({ steps, times, values }: PointColumns) => ({
    steps: [...steps],
    times: [...times],
    values: Array.from(values, toWireFloat),
  });
  return { series: series.map((one) => ({ ...one, ...columns(one), means: one.means && columns(one.means) })) };
}

function inRange({ steps, times, values }: Columns, from: number, to: number): Columns {
  const found = steps.findIndex((step) => step >= from);
  const start = found < 0 ? steps.length : found;
  const beyond = steps.findIndex((step) => step > to);
  const end = beyond < 0 ? steps.length : beyond;
  return { steps: steps.subarray(start, end), times: times.subarray(start, end), values: values.subarray(start, end) };
}

/** Names the state of the runs' points and the question asked, so that an unchanged answer isn't sent twice. */
export async function pointsTag(actor: Actor, wanted: PointsWanted): Promise<string> {
  await locateRuns(actor, wanted.runs, "runs.read");
  const [state] = await connections()
    .db.select({
      batches: sql<number>`count(*)::int`,
      points: sql<number>`coalesce(sum(${batches.points}), 0)::float8`,
    })
    .from(batches)
    .where(inArray(batches.runId, wanted.runs));
  return createHash("sha256")
    .update(JSON.stringify([state, wanted]))
    .digest("base64url")
    .slice(0, 22);
}
