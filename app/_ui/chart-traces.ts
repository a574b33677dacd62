/** From points to what plotly.js draws. Pure. */
import type { Data } from "plotly.js";
import type { PointColumns, PointSeries } from "@/lib/metrics/points-codec.ts";
import { smooth, smoothGaussian } from "@/lib/metrics/smoothing.ts";

/** What x is by itself; every other axis is a metric, `metric:NAME`, whose values stand where the steps were. */
export const plainAxes = ["step", "relative", "wall"] as const;
export type XAxis = (typeof plainAxes)[number] | `metric:${string}`;

/** The name of the metric that x is; null for an axis of another kind. */
export const axisMetric = (x: XAxis): string | null => (x.startsWith("metric:") ? x.slice("metric:".length) : null);

/** How the eye is helped. */
export type SmoothingMethod = "ema" | "gaussian";
export type Points = PointSeries;

export type ChartView = {
  /** Weight of the moving average, or width of the Gaussian: 0 to 0.99; 0 draws the raw line alone. */
  smoothing: number;
  method: SmoothingMethod;
  x: XAxis;
  /** Whether values beyond what 98 % of them lie within are cut off. */
  clip: boolean;
};
/** A series with its run's colour; `label` stands beside a reading: the run's name where there are several. */
export type DrawnSeries = Points & {
  color: string;
  label?: string /** The points of the metric that x is, in this run. */;
  axis?: PointColumns;
};

/** `train/loss`, `-/learningRate` where there is no split: the name of a series in URLs. */
export const seriesKey = ({ split, metric }: Pick<Points, "split" | "metric">) => `${split ?? "-"}/${metric}`;

/** Train is solid, validation dashed, what has no split dotted where it stands beside them. */
export const dashOf = (split: Points["split"], alone = false): "solid" | "dash" | "dot" =>
  split === "validation" ? "dash" : split === null && !alone ? "dot" : "solid";

type Placed = Pick<PointColumns, "steps" | "times">;

/**
 * Where points lie on the x-axis: steps, seconds since `origin`, milliseconds since 1970 (both UTC, in and out), or the
 * value that the metric `axis` has at their steps, on the line between its points; NaN before its first and after its
 * last. A clock that was set back makes x fall: the line then goes back too.
 */
export function xValues({ steps, times }: Placed, x: XAxis, origin: number, axis?: PointColumns): Float64Array {
  if (x === "step") return steps;
  if (x === "wall") return times;
  if (x === "relative") return times.map((time) => (time - origin) / 1000);
  return axis ? valuesAt(axis, steps) : new Float64Array(steps.length).fill(Number.NaN);
}

function valuesAt({ steps: known, values }: PointColumns, steps: Float64Array): Float64Array {
  let right = 0;
  return steps.map((step) => {
    while (right < known.length && known[right]! < step) right++;
    if (right === known.length) return Number.NaN;
    if (known[right] === step || right === 0) return known[right] === step ? values[right]! : Number.NaN;
    const share = (step - known[right - 1]!) / (known[right]! - known[right - 1]!);
    return values[right - 1]! + share * (values[right]! - values[right - 1]!);
  });
}

/** What is cut off: the values that 98 % lie within, a little more, and how many of those shown lie beyond. */
export type Clip = { low: number; high: number; beyond: number };

/** Null where nothing is beyond. */
export function clipOf(series: Points[]): Clip | null {
  const all = series.flatMap(({ values }) => Array.from(values).filter(Number.isFinite)).sort((a, b) => a - b);
  if (all.length === 0) return null;
  const at = (share: number) => all[Math.round(share * (all.length - 1))]!;
  const margin = (at(0.99) - at(0.01)) * 0.05;
  const [low, high] = [at(0.01) - margin, at(0.99) + margin];
  const beyond = all.filter((value) => value < low || value > high).length;
  return beyond > 0 ? { low, high, beyond } : null;
}

/** The lowest and the highest of all finite values, over all series; null where there is none. */
export function extentOf(series: Points[]): [low: number, high: number] | null {
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (const { values } of series)
    for (const value of values)
      if (Number.isFinite(value)) {
        low = Math.min(low, value);
        high = Math.max(high, value);
      }
  return low <= high ? [low, high] : null;
}

/**
 * All traces of a chart. NaN and infinities are gaps in the line, and marks at the foot or the head of the chart. What is
 * smoothed of an envelope is the mean of each pixel, with the envelope faint behind.
 */
export function chartTraces(series: DrawnSeries[], view: ChartView, origin: number): Data[] {
  const isOneRun = new Set(series.map(({ run }) => run)).size <= 1;
  const isOneSplit = new Set(series.map(({ split }) => split)).size <= 1;
  return series.flatMap((one) => {
    const x = xValues(one, view.x, origin, one.axis);
    const line = { color: one.color, dash: dashOf(one.split, isOneSplit) };
    const name = [one.label, one.split].filter(Boolean).join(" ") || "value";
    const raw = gapped(one.values);
    const base = one.means ?? one;
    const smoother = view.method === "gaussian" ? smoothGaussian : smooth;
    const smoothed = view.smoothing > 0 ? smoother(base.steps, base.values, view.smoothing) : null;
    const y = smoothed ? gapped(smoothed) : raw;
    const main: Data = {
      type: "scatter",
      mode: "lines+markers",
      name,
      x: smoothed ? xValues(base, view.x, origin, one.axis) : x,
      y,
      // dashes of a like colour need some weight to be seen on a restless line
      line: { ...line, width: one.split === "validation" ? 2 : 1.5 },
      marker: { color: one.color, size: markerSizes(y), line: { width: 0 } },
      opacity:
        one.split === "train" && series.length > 1 && isOneRun && raw.length >= DENSE && !smoothed ? DENSE_OPACITY : 1,
      hoverinfo: "skip",
      connectgaps: false,
    };
    const faint: Data = {
      type: "scatter",
      mode: "lines",
      x,
      y: raw,
      line: { ...line, dash: "solid", width: 1 },
      opacity: 0.25,
      hoverinfo: "skip",
      connectgaps: false,
      showlegend: false,
    };
    // beyond the chart's head: unseen, it answers the mouse at every point, NaN too, where a gap has no answer
    const readings: Data = {
      type: "scatter",
      mode: "lines",
      name,
      x,
      y: Array.from(x, () => 2),
      yaxis: "y2",
      line: { ...line, width: 1.5 },
      customdata: Array.from(
        one.values,
        (value, index) => `${formatValue(value)}${smoothed && !one.means ? ` → ${formatValue(smoothed[index]!)}` : ""}`,
      ),
      hovertemplate: `%{customdata}<extra>${escapeText(name)}</extra>`,
      showlegend: false,
    };
    return [...(smoothed ? [faint] : []), main, ...nonFiniteMarks(one, x), readings];
  });
}

const gapped = (values: ArrayLike<number>): (number | null)[] =>
  Array.from(values, (value) => (Number.isFinite(value) ? value : null));

/** From so many points on, a restless line is a band that would hide another of its colour. */
const DENSE = 150;
const DENSE_OPACITY = 0.6;
const LONE_SIZE = 5;
const FEW_SIZE = 4;
const FEW = 24;

/** A point between two gaps has no line: it is a dot. So is each of a few. */
function markerSizes(y: (number | null)[]): number[] {
  const few = y.length <= FEW ? FEW_SIZE : 0;
  const gap = (index: number) => (y[index] ?? null) === null;
  return y.map((_, index) => (gap(index - 1) && gap(index + 1) ? LONE_SIZE : few));
}

const signs = [
  { is: Number.isNaN, symbol: "x-thin-open", at: 0 },
  { is: (value: number) => value === Number.POSITIVE_INFINITY, symbol: "triangle-up", at: 1 },
  { is: (value: number) => value === Number.NEGATIVE_INFINITY, symbol: "triangle-down", at: 0 },
] as const;

function nonFiniteMarks({ color, values }: DrawnSeries, x: Float64Array): Data[] {
  return signs.flatMap(({ is, symbol, at }) => {
    const found = Array.from(values.keys()).filter((index) => is(values[index]!));
    if (found.length === 0) return [];
    return {
      type: "scatter",
      mode: "markers",
      x: found.map((index) => x[index]!),
      y: found.map(() => at),
      // an axis of its own from 0 to 1, laid over the chart's
      yaxis: "y2",
      cliponaxis: false,
      marker: { symbol, color, size: 6, line: { color, width: 1.5 } },
      hoverinfo: "skip",
      showlegend: false,
    } satisfies Data;
  });
}

/** Six significant digits; NaN, ∞ and −∞ as such. */
export function formatValue(value: number): string {
  if (Number.isNaN(value)) return "NaN";
  if (!Number.isFinite(value)) return value > 0 ? "∞" : "−∞";
  return String(Number(value.toPrecision(6))).replace("-", "−");
}

/** plotly.js reads a few tags in its texts, and `%{…}` in templates. */
export const escapeText = (text: string) =>
  text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll("%{", "%\u200b{");

/**
 * The steps to ask for so that lines reach both edges when `from`–`to` of the x-axis is shown: the range itself and
 * one point beyond on each side. Null where nothing is drawn.
 */
export function stepRange(
  series: Points[],
  view: ChartView,
  origin: number,
  [from, to]: [number, number],
): { from: number; to: number } | null {
  const lows: number[] = [];
  const highs: number[] = [];
  // the values of a metric rise and fall: a part of them is no range of steps
  if (axisMetric(view.x) !== null) return null;
  for (const one of series) {
    const x = xValues(one, view.x, origin);
    if (x.length === 0) continue;
    const before = x.findLastIndex((value) => value <= from);
    const after = x.findIndex((value) => value >= to);
    lows.push(one.steps[before] ?? one.steps[0]!);
    highs.push(one.steps[after] ?? one.steps.at(-1)!);
  }
  return lows.length === 0 ? null : { from: Math.min(...lows), to: Math.max(...highs) };
}
