/** The numbers of a run as lines of an export: of each series its declaration and summary, then its points. */

import type { Actor } from "../access/actor.ts";
import { type JudgedSeries, summariseSeries } from "../metrics/list-series.ts";
import { readWholeSeries } from "../metrics/whole-series.ts";
import { toWireFloat } from "../wire/base/words.ts";
import type { ExportLineOf } from "../wire/exports.ts";
import type { PointSeries } from "../wire/points/points.ts";
import { seriesKey } from "../wire/points/series-name.ts";

/** Points of a line: a reader holds one. */
const POINTS_A_LINE = 5_000;

/** What is written so far, for the last line. */
export type Counts = Omit<ExportLineOf<"end">, "kind">;

/**
 * A run's series, those that are quarantined with their numbers where `isSeen`, else by name and count. `names`: by
 * `seriesKey`, as its client calls them.
 */
export async function* seriesLines(
  actor: Actor,
  run: string,
  names: Map<string, string> | undefined,
  isSeen: boolean,
  counts: Counts,
): AsyncGenerator<string> {
  const all = await summariseSeries(actor, run);
  const shown = all.filter(({ reason }) => reason === null || isSeen);
  for (const one of all) {
    const isShown = shown.includes(one);
    yield line(seriesLine(run, one, names?.get(seriesKey(one)) ?? null, isShown));
    counts.series++;
    if (isShown) continue;
    counts.leftOut.series++;
    counts.leftOut.points += one.count;
  }
  for await (const points of readWholeSeries(run, shown)) {
    counts.points += points.steps.length;
    for (let start = 0; start < points.steps.length; start += POINTS_A_LINE) yield pointsLine(points, start);
  }
}

function seriesLine(run: string, series: JudgedSeries, name: string | null, isShown: boolean): ExportLineOf<"series"> {
  const { split, metric, count, reason: quarantine, ...summary } = series;
  return { kind: "series", run, split, metric, name, quarantine, count, summary: isShown ? summary : null };
}

export const line = (value: object): string => `${JSON.stringify(value)}\n`;

/** `JSON.stringify` writes −0 as 0; here it stays −0. */
function pointsLine({ run, split, metric, steps, times, values }: PointSeries, start: number): string {
  const end = start + POINTS_A_LINE;
  const numbers = Array.from(values.subarray(start, end), (value) =>
    Object.is(value, -0) ? "-0" : JSON.stringify(toWireFloat(value)),
  );
  const head = JSON.stringify({ kind: "points", run, split, metric }).slice(0, -1);
  const columns = `"steps":[${steps.subarray(start, end).join()}],"times":[${times.subarray(start, end).join()}]`;
  return `${head},${columns},"values":[${numbers.join()}]}\n`;
}
