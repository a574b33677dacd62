/** From points to the traces of a chart, in the axes' own numbers. Pure. */

import type { PointColumns, PointSeries } from "@/lib/wire/points/points.ts";
import { seriesKey } from "@/lib/wire/points/series-name.ts";
import type { RunLook } from "../../parts/run-color.ts";
import { smooth, smoothGaussian } from "./smoothing.ts";

/** The axes that need no metric; any other is `metric:NAME`, whose values stand in place of the steps. */
export const plainAxes = ["step", "relative", "wall"] as const;
export type XAxis = (typeof plainAxes)[number] | `metric:${string}`;

/** The name of the metric that x is; null for an axis of another kind. */
export const axisMetric = (x: XAxis): string | null => (x.startsWith("metric:") ? x.slice("metric:".length) : null);

/** How a curve is smoothed. */
export type SmoothingMethod = "ema" | "gaussian";

export type ChartView = {
  /** Weight of the moving average, or width of the Gaussian: 0 to 0.99; 0 draws the raw line alone. */
  smoothing: number;
  method: SmoothingMethod;
  x: XAxis;
  /** Whether values beyond what 98 % of them lie within are cut off. */
  clip: boolean;
};
/** `stroke`: a place in the order of strokes, which then say something else than the split. */
export type CurveLook = RunLook & { stroke?: number };
export type PlotRun = { id: string; name: string; startedAt: string | null; look: CurveLook };
/** A series with the look of its run. */
export type CurveSeries = PointSeries & {
  look: CurveLook;
  /** Stands beside a reading: the run's name where there are several. */
  label?: string;
  /** Where its relative time begins, in milliseconds since 1970. */
  origin: number;
  /** The points of the metric that x is, in this run. */
  axis?: PointColumns;
};

/** NaN and infinities are gaps. */
export type Line = { x: Float64Array; y: ArrayLike<number> };
/** Lengths of dashes and the gaps after them, in pixels; none: the line is solid. */
export type Dash = readonly number[];
/** Where a mean lies with 95 % confidence, at each of its points; NaN where it is of one run. */
export type Band = {
  low: Float64Array;
  high: Float64Array;
  n: Uint32Array;
  /** At how many of its points a run counts with what lies on the line between two of its own. */
  between: number;
};
/** What is drawn of a series. */
export type Trace = {
  /** Names the series; no other trace of the chart has the same. */
  key: string;
  /** The run that it is of, or the key of the group. */
  owner: string;
  /** The run's name where the chart has several runs; null where it has one. */
  label: string | null;
  split: PointSeries["split"];
  /** Label and split in words. */
  name: string;
  color: string;
  dash: Dash;
  /** In pixels. */
  width: number;
  opacity: number;
  steps: Float64Array;
  /** Every point. */
  raw: Line;
  /** Drawn with the raw line faint behind it, over means where the points are an envelope; null: nothing is smoothed. */
  smoothed: Line | null;
  /** Of a mean over a group of runs; null for a run. */
  band: Band | null;
};

/**
 * Train is solid, validation dashed, what has no split dotted where it stands beside them. Where the colours came round
 * again, as many dots stand between the dashes, which are long in train.
 */
export function dashOf(split: PointSeries["split"], alone = false, round = 0): Dash {
  const dots = Array.from({ length: round }, () => [1.5, 2.5]).flat();
  if (split === "validation") return [5, 3, ...dots];
  if (split === null && !alone) return [...dots, 1.5, round === 0 ? 2.5 : 7];
  return round === 0 ? [] : [14, 2.5, ...dots];
}

const strokes: Dash[] = [[], [7, 4], [1.5, 3], [11, 3, 2, 3], [4, 2, 4, 7], [18, 4]];

/** Told apart by their lengths; of more than six by as many dots between long dashes. */
export const strokeDash = (place: number): Dash =>
  strokes[place] ?? [18, 3, ...Array.from({ length: place - strokes.length + 1 }, () => [1.5, 2.5]).flat()];

/** How a curve of the split is drawn. Where strokes say something else, train is thin and faint beside validation. */
export function lineLook(look: CurveLook, split: PointSeries["split"], { isOneSplit, isDense }: LineOf): LineLook {
  const { color, round, stroke } = look;
  // a restless line wider than a pixel takes a browser without a GPU thirty times as long (measured);
  // dashes of a like colour need some weight to be seen on one
  const width = isDense ? 1 : split === "validation" ? 2 : 1.5;
  if (stroke === undefined) return { color, dash: dashOf(split, isOneSplit, round), width, opacity: 1 };
  const isBehind = split === "train" && !isOneSplit;
  return { color, dash: strokeDash(stroke), width: isBehind ? 1 : width, opacity: isBehind ? BEHIND_OPACITY : 1 };
}

type LineOf = { isOneSplit: boolean; isDense: boolean };
type LineLook = Pick<Trace, "color" | "dash" | "width" | "opacity">;
const BEHIND_OPACITY = 0.5;

type PointPlaces = Pick<PointColumns, "steps" | "times">;

/**
 * Where points lie on the x-axis: steps, seconds since `origin`, milliseconds since 1970 (both UTC, in and out), or the
 * value that the metric `axis` has at their steps, on the line between its points; NaN before its first and after its
 * last. A clock that was set back makes x fall: the line then goes back too.
 */
export function xValues({ steps, times }: PointPlaces, x: XAxis, origin: number, axis?: PointColumns): Float64Array {
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

/** Where values are cut off: 98 % of them lie within, with some room, and `beyond` says how many of those shown don't. */
export type Clip = { low: number; high: number; beyond: number };

/** Null where nothing is beyond. */
export function clipOf(series: PointSeries[]): Clip | null {
  const all = series.flatMap(({ values }) => Array.from(values).filter(Number.isFinite)).sort((a, b) => a - b);
  if (all.length === 0) return null;
  const at = (share: number) => all[Math.round(share * (all.length - 1))]!;
  const margin = (at(0.99) - at(0.01)) * 0.05;
  const [low, high] = [at(0.01) - margin, at(0.99) + margin];
  const beyond = all.filter((value) => value < low || value > high).length;
  return beyond > 0 ? { low, high, beyond } : null;
}

/** One trace a series. What is smoothed of an envelope is the mean of each pixel. */
export function chartTraces(series: CurveSeries[], view: ChartView): Trace[] {
  const isOneRun = new Set(series.map(({ run }) => run)).size <= 1;
  const isOneSplit = new Set(series.map(({ split }) => split)).size <= 1;
  const smoother = view.method === "gaussian" ? smoothGaussian : smooth;
  return series.map((one) => {
    const { split, steps, values, means } = one;
    const x = xValues(one, view.x, one.origin, one.axis);
    const base = means ?? one;
    const smoothed =
      view.smoothing > 0
        ? {
            x: means ? xValues(means, view.x, one.origin, one.axis) : x,
            y: smoother(base.steps, base.values, view.smoothing),
          }
        : null;
    const isDense = values.length >= DENSE && !smoothed;
    const isBehind = split === "train" && series.length > 1 && isOneRun && isDense;
    const line = lineLook(one.look, split, { isOneSplit, isDense });
    return {
      key: `${one.run} ${seriesKey(one)}`,
      owner: one.run,
      label: one.label ?? null,
      split,
      name: [one.label, split].filter(Boolean).join(" ") || "value",
      ...line,
      opacity: isBehind ? DENSE_OPACITY : line.opacity,
      steps,
      raw: { x, y: values },
      smoothed,
      band: null,
    };
  });
}

/** A restless line of so many points looks like a band, and would hide another line of its colour. */
export const DENSE = 150;
/** A band that lies behind another line lets it shine through. */
const DENSE_OPACITY = 0.6;

/**
 * The steps to ask for so that lines reach both edges when `from`–`to` of the x-axis is shown: the range itself and
 * one point beyond on each side. Null where nothing is drawn.
 */
export function stepRange(
  series: PointSeries[],
  view: ChartView,
  originOf: (run: string) => number,
  [from, to]: [number, number],
): { from: number; to: number } | null {
  const lows: number[] = [];
  const highs: number[] = [];
  // the values of a metric rise and fall: a part of them is no range of steps
  if (axisMetric(view.x) !== null) return null;
  for (const one of series) {
    const x = xValues(one, view.x, originOf(one.run));
    if (x.length === 0) continue;
    const before = x.findLastIndex((value) => value <= from);
    const after = x.findIndex((value) => value >= to);
    lows.push(one.steps[before] ?? one.steps[0]!);
    highs.push(one.steps[after] ?? one.steps.at(-1)!);
  }
  return lows.length === 0 ? null : { from: Math.min(...lows), to: Math.max(...highs) };
}
