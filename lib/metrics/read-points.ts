/** The way out for points: those of a chart, raw or as an envelope. */
import { createHash } from "node:crypto";
import type { Actor } from "../access/actor.ts";
import { noteWatched } from "../live/watched.ts";
import { ProblemError } from "../problem.ts";
import { locateRuns, type RunPlace } from "../runs/runs.ts";
import type { PointSeries, PointsQuery } from "../wire/points/points.ts";
import { parseSeriesKey } from "../wire/points/series-name.ts";
import { quarantineOf } from "./add-series.ts";
import { compactWhole } from "./compact.ts";
import { drawSeries, isLate, type Range } from "./draw-series.ts";
import {
  type ChartQuery,
  countStored,
  everyStep,
  queryChart,
  type StoredRun,
  type StoredSeries,
} from "./query-chart.ts";
import { type ResolvedPoints, resolveBatches } from "./uncompacted-batches.ts";

/** Points of which runs. */
export type PointsRequest = PointsQuery & {
  runs: string[];
  /** The project that the runs must be of. */
  project?: string | undefined;
  /** Nobody looks at them: the trainers of these runs needn't send sooner. */
  isUnwatched?: boolean;
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
    if (!wanted.isUnwatched) noteWatched(wanted.runs);
    return places;
  });
  if (known !== undefined) {
    const [stored] = await Promise.all([countStored(wanted.runs), readable]);
    if (tagOf(wanted, stored) === known) return { tag: known, draw: null };
  }
  const query: ChartQuery = {
    runs: wanted.runs,
    series: wanted.series.map(parseSeriesKey),
    from: wanted.from || everyStep.from,
    to: wanted.to ?? everyStep.to,
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

/** So wide that every point is raw. */
const EVERY_POINT_PX = 2 ** 40;

/** Every point of these series of a run in a range of steps. Quarantined ones too: the caller has asked who may see them. */
export async function readEveryPoint(run: string, keys: string[], range: Range): Promise<PointSeries[]> {
  const query: ChartQuery = { runs: [run], series: keys.map(parseSeriesKey), ...range, entries: null };
  const stored = (await queryChart(query)).get(run)!;
  return drawRun(run, await settle(stored, run, keys, query), keys, query, EVERY_POINT_PX);
}

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
type RunPoints = { series: StoredSeries[]; added: Map<string, ResolvedPoints> };

/** Has late points put in order, and reads the run again; where a missing batch prevents that, all its points. */
async function settle(stored: StoredRun, run: string, keys: string[], query: ChartQuery): Promise<RunPoints> {
  const found = withAdded(stored, keys);
  if (!hasLate(found)) return found;
  await compactWhole(run);
  const again = async (of: Partial<ChartQuery>) =>
    withAdded((await queryChart({ ...query, ...of, runs: [run] })).get(run)!, keys);
  const ordered = await again({});
  return hasLate(ordered) ? again({ ...everyStep, entries: null }) : ordered;
}

const withAdded = ({ series, hot }: StoredRun, keys: string[]): RunPoints => ({
  series,
  added: resolveBatches(hot, new Set(keys)),
});
const hasLate = ({ series, added }: RunPoints): boolean => series.some((one) => isLate(one, added.get(one.key)));

function drawRun(run: string, { series, added }: RunPoints, keys: string[], range: Range, px: number): PointSeries[] {
  return keys.flatMap((key) => {
    const stored = series.find((one) => one.key === key) ?? null;
    if (!stored && !added.has(key)) return [];
    return [{ run, ...parseSeriesKey(key), ...drawSeries(stored, added.get(key), range, px) }];
  });
}
