/** What a chart says beside its curves. Pure. */
import type { Direction } from "@/lib/wire/base/words.ts";
import type { PointSeries } from "@/lib/wire/points/points.ts";
import { seriesKey, seriesWords } from "@/lib/wire/points/series-name.ts";
import { countWords, numberWords, valueWords } from "@/lib/words/numbers.ts";
import { bestKnown, bestOf, type CardSeries } from "./cards.ts";
import type { ChartPoints } from "./data.ts";
import type { Clip, PlotRun, Trace } from "./plot/traces.ts";
import type { ChartSummaryRow } from "./summary.tsx";

export function summaryRows(series: CardSeries[], points: PointSeries[] | null): ChartSummaryRow[] {
  return series.map((known) => {
    const key = seriesKey(known);
    const named = { key, words: seriesWords(known) };
    const loaded = points?.find((one) => seriesKey(one) === key);
    if (!loaded) return { ...named, count: known.count ?? 0, last: known.last ?? null, best: bestKnown(known) };
    return { ...named, count: loaded.count, last: loaded.values.at(-1) ?? null, best: bestOf(loaded, known.direction) };
  });
}

export function runRows(runs: PlotRun[], points: PointSeries[] | null, direction: Direction | null): ChartSummaryRow[] {
  const name = new Map(runs.map((run) => [run.id, run.name]));
  return (points ?? []).map((one) => ({
    key: `${name.get(one.run)} ${seriesKey(one)}`,
    words: `${name.get(one.run)} ${seriesWords(one)}`,
    count: one.count,
    last: one.values.at(-1) ?? null,
    best: bestOf(one, direction),
  }));
}

/** Of the means over groups. */
export const traceRows = (traces: Trace[]): ChartSummaryRow[] =>
  traces.map(({ label, split, raw }) => ({
    key: `${label} ${split ?? "-"}`,
    words: [label, split].filter(Boolean).join(" "),
    count: raw.x.length,
    last: raw.y[raw.x.length - 1] ?? null,
    best: null,
  }));

/** Stands before what is said of the runs' own points: of what the mean is, and how runs of other steps are aligned. */
export function meanWords(points: PointSeries[], traces: Trace[]): string {
  const of = points.some(({ kind }) => kind === "envelope") ? "each pixel's means" : "the runs";
  const places = traces.reduce((sum, { raw }) => sum + raw.x.length, 0);
  const between = traces.reduce((sum, { band }) => sum + (band?.between ?? 0), 0);
  const aligned =
    between > 0 ? `, steps differ: at ${numberWords(between)} of ${numberWords(places)} read between points` : "";
  return `mean of ${of}, 95 % band${aligned} · `;
}

/** The same of an expression's curves. */
export function expressionWords(points: ChartPoints[], runCount: number): string {
  const sum = (of: (one: ChartPoints) => number) => points.reduce((total, one) => total + of(one), 0);
  const [steps, between, gaps] = [
    sum(({ count }) => count),
    sum((one) => one.between ?? 0),
    sum((one) => one.nonFiniteCount),
  ];
  const words = [points.some(({ kind }) => kind === "envelope") ? "of each pixel's means" : "raw"];
  if (between > 0) words.push(`steps differ: at ${numberWords(between)} of ${numberWords(steps)} read between points`);
  if (gaps > 0) words.push(`${numberWords(gaps)} undefined, marked at the edge`);
  const lacking = runCount - new Set(points.map(({ run }) => run)).size;
  if (lacking > 0) words.push(`${countWords(lacking, "run has", "runs have")} no value`);
  return words.join(" · ");
}

/** Says in words what is drawn, and what isn't. */
export function describe(points: PointSeries[], runCount: number, log: boolean, clip: Clip | null): string {
  const envelope = points.filter(({ kind }) => kind === "envelope").map(({ count }) => count);
  const words = [envelope.length > 0 ? `envelope of ${numberWords(Math.max(...envelope))} points` : "raw"];
  const lacking = runCount - new Set(points.filter(({ steps }) => steps.length > 0).map(({ run }) => run)).size;
  if (lacking > 0) words.push(`${countWords(lacking, "run has", "runs have")} no point`);
  const gaps = points.reduce((sum, { nonFiniteCount }) => sum + nonFiniteCount, 0);
  if (gaps > 0) words.push(`${numberWords(gaps)} not finite, marked at the edge`);
  if (clip) words.push(`${numberWords(clip.beyond)} beyond ${valueWords(clip.low)} … ${valueWords(clip.high)} cut off`);
  const overwritten = points.reduce((sum, { overwrittenCount }) => sum + overwrittenCount, 0);
  if (overwritten > 0) words.push(`${numberWords(overwritten)} overwritten by a later point of their step`);
  const low = log
    ? points.reduce((sum, { values }) => sum + values.filter((value) => value <= 0 && value > -Infinity).length, 0)
    : 0;
  if (low > 0) words.push(`${numberWords(low)} at or below 0 have no place on this axis`);
  return words.join(" · ");
}
