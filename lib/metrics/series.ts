/** The way out for points: a run's series with their summaries, and points for charts. */
import { createHash } from "node:crypto";
import { eq } from "drizzle-orm";
import { connections } from "../../db/connection.ts";
import { metrics } from "../../db/schema.ts";
import type { Actor } from "../access/actor.ts";
import { ProblemError } from "../problem.ts";
import { locateRun, locateRuns } from "../runs/runs.ts";
import { type SeriesList, type SeriesPoints, type Split, toWireFloat } from "../wire.ts";
import { parseSeriesKey } from "./batches.ts";
import { type ChartQuery, type ChartRun, queryChart } from "./chart-query.ts";
import { drawSeries, isLate } from "./chart-series.ts";
import { compactWhole } from "./compact.ts";
import { resolveBatches } from "./hot.ts";
import { type LiveSummary, readLiveSummaries } from "./live-summaries.ts";
import type { PointColumns, PointSeries } from "./points-codec.ts";
import { keyOf, quarantineOf } from "./series-rows.ts";
import { emptySummary, extendSummary, type Summary } from "./summary.ts";

/** A range that no entry lies across, so that nothing is read to refine its ends. */
const everything = { from: -1, to: Number.MAX_SAFE_INTEGER };

/** Every series of a run, as of the last batch. Quarantined ones are named and counted, without values. */
export async function listSeries(actor: Actor, runId: string): Promise<SeriesList> {
  const run = await locateRun(actor, runId, "runs.read");
  const { db } = connections();
  const declared = await db.select().from(metrics).where(eq(metrics.projectId, run.projectId));
  const declarationOf = new Map(declared.map((metric) => [metric.name, metric]));
  const series = await summariesOf(runId);
  const named = series.map(({ split, metric, live }) => ({
    split: split === "none" ? null : (split as Split),
    metric,
    live,
    reason: quarantineOf(keyOf({ split, metric }), run.absentSplits),
  }));
  named.sort((a, b) =>
    a.metric < b.metric ? -1 : a.metric > b.metric ? 1 : (a.split ?? "") < (b.split ?? "") ? -1 : 1,
  );
  return {
    series: named
      .filter(({ reason }) => reason === null)
      .map(({ split, metric, live }) => {
        const { count, nonFiniteCount, overwrittenCount, stepLast, last, sum, min, minStep, max, maxStep } = live;
        const { direction = null, unit = "" } = declarationOf.get(metric) ?? {};
        const facts = { count, nonFiniteCount, overwrittenCount, stepLast, min, minStep, max, maxStep };
        const mean = count > nonFiniteCount ? sum / (count - nonFiniteCount) : null;
        return { split, metric, direction, unit, ...facts, last: toWireFloat(last), mean };
      }),
    quarantined: named.flatMap(({ split, metric, live, reason }) =>
      reason ? [{ split, metric, count: live.count, reason }] : [],
    ),
  };
}

type Known = Omit<LiveSummary, "live"> & { live: Summary };

async function summariesOf(runId: string): Promise<Known[]> {
  const { db } = connections();
  const isKnown = (one: LiveSummary): one is Known => one.live !== "late";
  const first = [...(await readLiveSummaries(db, runId)).values()];
  if (first.every(isKnown)) return first;
  await compactWhole(runId);
  const second = [...(await readLiveSummaries(db, runId)).values()];
  // what is late still waits for a batch that is missing between others: counted from all points
  return Promise.all(second.map(async (one) => (isKnown(one) ? one : { ...one, live: await recount(runId, one) })));
}

async function recount(runId: string, { split, metric }: { split: string; metric: string }): Promise<Summary> {
  const query = { runs: [runId], series: [{ split, metric }], ...everything, entries: null };
  const run = (await queryChart(query)).get(runId);
  const key = keyOf({ split, metric });
  const added = run && resolveBatches(run.hot, new Set([key])).get(key);
  const { overwrittenCount, ...points } = drawSeries(run?.series[0] ?? null, added, query, everything.to);
  return { ...extendSummary(emptySummary, points), overwrittenCount };
}

export type PointsWanted = {
  runs: string[];
  /** The project that the runs must be of. */
  project?: string | undefined;
  /** `split/metric`, with `-` for no split. */
  series: string[];
  /** First and last step, both included. */
  from?: number | undefined;
  to?: number | undefined;
  /** Width of the chart; at most five points a pixel are returned. */
  px: number;
};

/** A level of at most this many entries a pixel is read: with 16 entries below each, between a half and this. */
const ENTRIES_A_PIXEL = 8;

/** Points that may be read: what names their present state and the question, so that no answer is sent twice. */
export type OpenPoints = { tag: string; read: () => Promise<PointSeries[]> };

/**
 * Finds points of each wanted series of each wanted run that has it, to be read raw or as an envelope, each said to be
 * so. Throws `not-found` for a run that the actor may not read, `forbidden` for a test series, which is in no chart; series of a split that the
 * run's manifest lacks aren't there.
 */
export async function openPoints(actor: Actor, wanted: PointsWanted): Promise<OpenPoints> {
  const places = await locateRuns(actor, wanted.runs, "runs.read");
  const stranger = wanted.runs.find((run) => wanted.project && places.get(run)!.projectId !== wanted.project);
  if (stranger) throw new ProblemError("not-found", `there is no run ${stranger} in this project`);
  const test = wanted.series.find((key) => quarantineOf(key, []) === "test");
  if (test) throw new ProblemError("forbidden", `${test} is a test number: it is quarantined, and shown in no chart`);
  const names = wanted.series.map(parseSeriesKey);
  const query: ChartQuery = {
    runs: wanted.runs,
    series: names.map(({ split, metric }) => ({ split: split ?? "none", metric })),
    from: wanted.from || everything.from,
    to: wanted.to ?? everything.to,
    entries: wanted.px * ENTRIES_A_PIXEL,
  };
  const read = async () => {
    const found = await queryChart(query);
    await settleLate(found, wanted, query);
    return wanted.runs.flatMap((run) => {
      const isShown = (key: string) => quarantineOf(key, places.get(run)!.absentSplits) === null;
      return pointsOf(run, found.get(run), { ...wanted, series: wanted.series.filter(isShown) }, query);
    });
  };
  return { tag: await tagOf(wanted), read };
}

/** The points that `openPoints` finds. */
export const readPoints = async (actor: Actor, wanted: PointsWanted): Promise<PointSeries[]> =>
  (await openPoints(actor, wanted)).read();

function pointsOf(run: string, stored: ChartRun | undefined, wanted: PointsWanted, query: ChartQuery): PointSeries[] {
  if (!stored) return [];
  const added = resolveBatches(stored.hot, new Set(wanted.series));
  return wanted.series.flatMap((key) => {
    const series = stored.series.find((one) => one.key === key) ?? null;
    if (!series && !added.has(key)) return [];
    return [{ run, ...parseSeriesKey(key), ...drawSeries(series, added.get(key), query, wanted.px) }];
  });
}

/** Has late points put in order, and reads those runs again; where a missing batch prevents that, all their points. */
async function settleLate(found: Map<string, ChartRun>, wanted: PointsWanted, query: ChartQuery): Promise<void> {
  for (const [run, stored] of found) {
    if (!hasLate(stored, wanted)) continue;
    await compactWhole(run);
    const again = (await queryChart({ ...query, runs: [run] })).get(run);
    if (again && hasLate(again, wanted))
      found.set(run, (await queryChart({ ...query, runs: [run], ...everything, entries: null })).get(run)!);
    else if (again) found.set(run, again);
  }
}

function hasLate({ series, hot }: ChartRun, wanted: PointsWanted): boolean {
  if (hot.length === 0) return false;
  const added = resolveBatches(hot, new Set(wanted.series));
  return series.some((one) => isLate(one, added.get(one.key)));
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

async function tagOf(wanted: PointsWanted): Promise<string> {
  // batches stored so far: of each writer those in chunks, and those that aren't yet
  const state = await connections().sql<{ run: string; batches: string }[]>`
    select w.run_id as run, sum(w.done_sequence + (select count(*) from batches b
      where b.run_id = w.run_id and b.writer = w.number and b.sequence > w.done_sequence)) as batches
    from writers w where w.run_id = any(${wanted.runs}::uuid[]) group by w.run_id order by w.run_id`;
  return createHash("sha256")
    .update(JSON.stringify([state, wanted]))
    .digest("base64url")
    .slice(0, 22);
}
