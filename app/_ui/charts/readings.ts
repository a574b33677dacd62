import type { Direction } from "@/lib/wire/base/words.ts";
import { decimalWords, numberWords, valueWords } from "@/lib/words/numbers.ts";
import { axisMetric, type plainAxes, type Trace, type XAxis } from "./plot/traces.ts";

export type CurveReading = {
  trace: Trace;
  /** Of the nearest point. */
  x: number;
  step: number;
  value: number;
  /** The smoothed line's, at its own nearest point: over an envelope it goes through means. Null: nothing is smoothed. */
  smoothed: number | null;
  /** Whether the curve begins after what was asked for, or ends before it: the point is then its end. */
  isBeyond: boolean;
};

/** Of each trace that has a place on the axis. */
export function readingsAt(traces: Trace[], at: number): CurveReading[] {
  return traces.flatMap((trace) => {
    const { steps, raw, smoothed } = trace;
    const index = nearest(raw.x, at);
    if (index < 0) return [];
    return {
      trace,
      x: raw.x[index]!,
      step: steps[index]!,
      value: raw.y[index]!,
      smoothed: smoothed && smoothed.y[nearest(smoothed.x, at)]!,
      isBeyond: raw.x.every((place) => !(place <= at)) || raw.x.every((place) => !(place >= at)),
    };
  });
}

/** NaN and infinities after what is finite, curves that have nothing there last. Without a direction, from the top down. */
export function bestFirst(readings: CurveReading[], direction: Direction | null): CurveReading[] {
  const rank = ({ value, isBeyond }: CurveReading) => (isBeyond ? 2 : Number.isFinite(value) ? 0 : 1);
  const sign = direction === "min" ? 1 : -1;
  return readings.toSorted((a, b) => rank(a) - rank(b) || (rank(a) === 0 ? sign * (a.value - b.value) : 0));
}

/** Its index; -1 where no x is a number. Not a search by halves: time may go back, and a metric may. */
function nearest(all: Float64Array, x: number): number {
  let found = -1;
  let least = Number.POSITIVE_INFINITY;
  for (let index = 0; index < all.length; index++) {
    const distance = Math.abs(all[index]! - x);
    if (distance < least) [found, least] = [index, distance];
  }
  return found;
}

/** Every x that one of the traces has a point at, in order: where a cursor may stand. */
export function placesOf(traces: Trace[]): number[] {
  const places = new Set(traces.flatMap(({ raw }) => Array.from(raw.x)).filter((place) => !Number.isNaN(place)));
  return [...places].sort((a, b) => a - b);
}

/** `step 1,200`, `12.5 s`, a time in UTC, or the value of the metric that x is. */
export function placeWords(x: XAxis, at: number): string {
  const metric = axisMetric(x);
  if (metric !== null) return `${metric} ${valueWords(at)}`;
  const words: Record<(typeof plainAxes)[number], () => string> = {
    step: () => `step ${numberWords(at)}`,
    relative: () => `${decimalWords(at, 1)} s`,
    wall: () =>
      `${new Date(at)
        .toISOString()
        .replace(/\.\d+Z$/, "")
        .replace("T", " ")} UTC`,
  };
  return words[x as (typeof plainAxes)[number]]();
}
