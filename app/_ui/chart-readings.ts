/** What the curves of a chart are at one x. Pure. */
import { smooth, smoothGaussian } from "@/lib/metrics/smoothing.ts";
import type { Direction } from "@/lib/wire.ts";
import { type ChartView, type DrawnSeries, xValues } from "./chart-traces.ts";

/** A curve with its points' places on the x-axis. */
export type ReadableCurve = Pick<DrawnSeries, "run" | "split" | "steps" | "values"> & {
  x: Float64Array;
  /** Null where nothing is smoothed; of an envelope its means are. */
  smoothed: { x: Float64Array; values: ArrayLike<number> } | null;
};

export type Reading = Pick<DrawnSeries, "run" | "split"> & {
  /** The step of the point that is nearest to the x that was asked for. */
  step: number;
  /** Null where the curve begins after that x, or ends before it: `step` is then its end. */
  value: number | null;
  smoothed: number | null;
};

/** Null for a curve without a point. */
export function readableCurve(series: DrawnSeries, view: ChartView, origin: number): ReadableCurve | null {
  const { run, split, steps, values, axis } = series;
  if (steps.length === 0) return null;
  const base = series.means ?? series;
  const smoother = view.method === "gaussian" ? smoothGaussian : smooth;
  const smoothed =
    view.smoothing > 0
      ? { x: xValues(base, view.x, origin, axis), values: smoother(base.steps, base.values, view.smoothing) }
      : null;
  return { run, split, steps, values, x: xValues(series, view.x, origin, axis), smoothed };
}

/** Best first, NaN and infinities after what is finite, curves that have nothing there last. */
export function readingsAt(curves: ReadableCurve[], x: number, direction: Direction | null): Reading[] {
  const rank = ({ value }: Reading) => (value === null ? 2 : Number.isFinite(value) ? 0 : 1);
  const sign = direction === "min" ? 1 : -1;
  return curves
    .map((curve) => readingAt(curve, x))
    .sort((a, b) => rank(a) - rank(b) || (rank(a) === 0 ? sign * (a.value! - b.value!) : 0));
}

function readingAt({ run, split, steps, values, x: places, smoothed }: ReadableCurve, x: number): Reading {
  const at = nearest(places, x);
  const isBeyond = places.every((place) => !(place <= x)) || places.every((place) => !(place >= x));
  return {
    run,
    split,
    step: steps[at]!,
    value: isBeyond ? null : values[at]!,
    smoothed: isBeyond || !smoothed ? null : smoothed.values[nearest(smoothed.x, x)]!,
  };
}

/** The index of the place nearest to x, the first of several; places may rise and fall, and be NaN. */
function nearest(places: Float64Array, x: number): number {
  let best = 0;
  for (let index = 1; index < places.length; index++)
    if (!(Math.abs(places[best]! - x) <= Math.abs(places[index]! - x)) && !Number.isNaN(places[index])) best = index;
  return best;
}

/** Every x that one of the curves has a point at, in order: where a cursor may stand. */
export function placesOf(curves: ReadableCurve[]): number[] {
  const places = new Set(curves.flatMap(({ x }) => Array.from(x)).filter((place) => !Number.isNaN(place)));
  return [...places].sort((a, b) => a - b);
}
