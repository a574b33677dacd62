/** The way out for points: a run's series with their summaries, and points for charts. */
import { createHash } from "node:crypto";
import { eq } from "drizzle-orm";
import { connections } from "../../db/connection.ts";
import { metrics } from "../../db/schema/projects.ts";
import type { Actor } from "../access/actor.ts";
import { noteWatched } from "../live/watched.ts";
import { ProblemError } from "../problem.ts";
import { locateRun, locateRuns, type RunPlace } from "../runs/runs.ts";
import { toWireFloat } from "../wire/base/words.ts";
import type { PointSeries, PointsQuery } from "../wire/points.ts";
import type { SeriesList } from "../wire/series.ts";
import { parseSeriesKey, type SeriesName, seriesKey } from "../wire/series-name.ts";
import { type ChartQuery, type ChartRun, type ChartSeries, countStored, queryChart } from "./chart-query.ts";
import { drawSeries, isLate, type Range } from "./chart-series.ts";
import { compactWhole } from "./compact.ts";
import { type Resolved, resolveBatches } from "./hot.ts";
import { type LiveSummary, readLiveSummaries } from "./live-summaries.ts";
import { quarantineOf } from "./series-rows.ts";
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
    split,
    metric,
    live,
    reason: quarantineOf(seriesKey({ split, metric }), run.absentSplits),
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

async function recount(runId: string, { split, metric }: SeriesName): Promise<Summary> {
  const query = { runs: [runId], series: [{ split, metric }], ...everything, entries: null };
  const run = (await queryChart(query)).get(runId);
  const key = seriesKey({ split, metric });
  const added = run && resolveBatches(run.hot, new Set([key])).get(key);
  const { overwrittenCount, ...points } = drawSeries(run?.series[0] ?? null, added, query, everything.to);
  return { ...extendSummary(emptySummary, points), overwrittenCount };
}

/** Points of which runs. */
export type PointsRequest = PointsQuery & {
  runs: string[];
  /** The project that the runs must be of. */
  project?: string | undefined;
};

/** A level of so many entries a pixel is read, at most: with 16 below each, none of even steps is wider than two pixels. */
const ENTRIES_A_PIXEL = 8;

/** Points that were found: what names them, and what draws them; null where the asker has them. */
export type OpenPoints = { tag: string; draw: (() => Promise<PointSeries[]>) | null };

/**
 * Finds points of each wanted series of each wanted run that has it, to be drawn raw or as an envelope, each said to be
 * so. `known` is the tag of what the asker has: where nothing was stored since, nothing else is read. Throws `not-found`
 * for a run that the actor may not read, `forbidden` for a test series, which is in no chart; series of a split that the
 * run's manifest lacks aren't there.
 */
export async function openPoints(actor: Actor, wanted: PointsRequest, known?: string): Promise<OpenPoints> {
  const test = wanted.series.find((key) => quarantineOf(key, []) === "test");
  if (test) throw new ProblemError("forbidden", `${test} is a test number: it is quarantined, and shown in no chart`);
  // side by side: whether the actor may read this takes as long to ask as the points themselves
  const readable = placesOf(actor, wanted).then((places) => {
    noteWatched(wanted.runs);
    return places;
  });
  if (known !== undefined) {
    const [stored] = await Promise.all([countStored(wanted.runs), readable]);
    if (tagOf(wanted, stored) === known) return { tag: known, draw: null };
  }
  const query: ChartQuery = {
    runs: wanted.runs,
    series: wanted.series.map(parseSeriesKey),
    from: wanted.from || everything.from,
    to: wanted.to ?? everything.to,
    entries: wanted.px * ENTRIES_A_PIXEL,
  };
  const [found, places] = await Promise.all([queryChart(query), readable]);
  const draw = async () => {
    const settled = await Promise.all(wanted.runs.map((run) => settle(found.get(run)!, run, wanted.series, query)));
    return wanted.runs.flatMap((run, index) => {
      const isShown = (key: string) => quarantineOf(key, places.get(run)!.absentSplits) === null;
      return drawRun(run, settled[index]!, wanted.series.filter(isShown), query, wanted.px);
    });
  };
  return { tag: tagOf(wanted, new Map([...found].map(([run, { stored }]) => [run, stored]))), draw };
}

/** The points that `openPoints` finds. */
export const readPoints = async (actor: Actor, wanted: PointsRequest): Promise<PointSeries[]> =>
  (await openPoints(actor, wanted)).draw!();

async function placesOf(actor: Actor, { runs, project }: PointsRequest): Promise<Map<string, RunPlace>> {
  const places = await locateRuns(actor, runs, "runs.read");
  const stranger = runs.find((run) => project && places.get(run)!.projectId !== project);
  if (stranger) throw new ProblemError("not-found", `there is no run ${stranger} in this project`);
  return places;
}

/** Names the question and the state of its answer. */
function tagOf(wanted: PointsRequest, stored: Map<string, number>): string {
  const state = wanted.runs.map((run) => stored.get(run));
  return createHash("sha256")
    .update(JSON.stringify([wanted, state]))
    .digest("base64url")
    .slice(0, 22);
}

/** What of a run is in chunks, and what its new batches add. */
type Settled = { series: ChartSeries[]; added: Map<string, Resolved> };

/** Has late points put in order, and reads the run again; where a missing batch prevents that, all its points. */
async function settle(stored: ChartRun, run: string, keys: string[], query: ChartQuery): Promise<Settled> {
  const found = withAdded(stored, keys);
  if (!hasLate(found)) return found;
  await compactWhole(run);
  const again = async (of: Partial<ChartQuery>) =>
    withAdded((await queryChart({ ...query, ...of, runs: [run] })).get(run)!, keys);
  const ordered = await again({});
  return hasLate(ordered) ? again({ ...everything, entries: null }) : ordered;
}

const withAdded = ({ series, hot }: ChartRun, keys: string[]): Settled => ({
  series,
  added: resolveBatches(hot, new Set(keys)),
});
const hasLate = ({ series, added }: Settled): boolean => series.some((one) => isLate(one, added.get(one.key)));

function drawRun(run: string, { series, added }: Settled, keys: string[], range: Range, px: number): PointSeries[] {
  return keys.flatMap((key) => {
    const stored = series.find((one) => one.key === key) ?? null;
    if (!stored && !added.has(key)) return [];
    return [{ run, ...parseSeriesKey(key), ...drawSeries(stored, added.get(key), range, px) }];
  });
}
