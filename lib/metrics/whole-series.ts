/** Every point of series, a part at a time: a run of any length needs the memory of one part. */
import { connections } from "../../db/connection.ts";
import type { PointSeries } from "../wire/points/points.ts";
import { type SeriesName, seriesKey } from "../wire/points/series-name.ts";
import type { Range } from "./draw-series.ts";
import { everyStep } from "./query-chart.ts";
import { readEveryPoint } from "./read-points.ts";
import { storedSplit } from "./stored-split.ts";

/** About so many points are read at once. */
const PART_POINTS = 60_000;
/** Rows of points of a long series that make a part: each holds 2,720 at most. */
const PART_CHUNKS = 20;

/**
 * Parts of these series of a run, in the order of the series and of their steps; short ones are read together. Quarantined
 * ones too: the caller has asked who may see them. `count`: how many points each has.
 */
export async function* readWholeSeries(
  run: string,
  series: readonly (SeriesName & { count: number })[],
): AsyncGenerator<PointSeries> {
  let together: string[] = [];
  let points = 0;
  for (const one of series) {
    if (together.length > 0 && points + one.count > PART_POINTS) {
      yield* await readEveryPoint(run, together, everyStep);
      together = [];
      points = 0;
    }
    if (one.count > PART_POINTS)
      for (const range of await rangesOf(run, one)) yield* await readEveryPoint(run, [seriesKey(one)], range);
    else {
      together.push(seriesKey(one));
      points += one.count;
    }
  }
  if (together.length > 0) yield* await readEveryPoint(run, together, everyStep);
}

/** Ranges of steps that hold some rows of points each, and together all of them. */
async function rangesOf(run: string, { split, metric }: SeriesName): Promise<Range[]> {
  const rows = await connections().sql<{ step: string }[]>`
    select c.step_first as step from chunks c join series s on s.run_id = c.run_id and s.number = c.series
    where c.run_id = ${run} and s.run_id = ${run} and s.split = ${storedSplit(split)} and s.metric = ${metric} and c.level = 0
    order by c.step_first`;
  const starts = rows.filter((_, at) => at > 0 && at % PART_CHUNKS === 0).map(({ step }) => Number(step));
  return [everyStep.from, ...starts].map((from, at) => ({ from, to: (starts[at] ?? everyStep.to + 1) - 1 }));
}
