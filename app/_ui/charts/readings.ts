import type { Direction } from "@/lib/wire/base/words.ts";
import { decimalWords, numberWords, valueWords } from "@/lib/words/numbers.ts";
import { type Plane, placeY } from "./plot/plane.ts";
import { axisMetric, type plainAxes, type Trace, type XAxis } from "./plot/traces.ts";

export type CurveReading = {
  trace: Trace;
  /** The x of the nearest point. */
  x: number;
  step: number;
  value: number;
  /** The smoothed line's, at its own nearest point: over an envelope it goes through means. Null: nothing is smoothed. */
  smoothed: number | null;
  /** Whether the curve begins after what was asked for, or ends before it: the point is then its end. */
  isBeyond: boolean;
};

/** The reading of each trace that has a place on the axis. */
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

/** Best first, then NaN and infinities, then curves that have nothing there. Without a direction the highest is first. */
export function bestFirst(readings: CurveReading[], direction: Direction | null): CurveReading[] {
  const rank = ({ value, isBeyond }: CurveReading) => (isBeyond ? 2 : Number.isFinite(value) ? 0 : 1);
  const sign = direction === "min" ? 1 : -1;
  return readings.toSorted((a, b) => rank(a) - rank(b) || (rank(a) === 0 ? sign * (a.value - b.value) : 0));
}

export type NearReadings = {
  /** In the order of the curves, from the top. */
  shown: CurveReading[];
  /** The one that is nearest of all; null where none has a place. */
  nearest: CurveReading | null;
  /** How many others there are. */
  more: number;
};

/** Those of the readings whose curves lie nearest to `down`, in pixels from the top of the picture; at most so many. */
export function nearestTo(readings: CurveReading[], plane: Plane, down: number, most: number): NearReadings {
  const place = placeY(plane.y, plane.box);
  const placed = readings.map((reading) => {
    const at = place(reading.smoothed ?? reading.value);
    return { reading, at: Number.isFinite(at) ? at : NOWHERE };
  });
  const near = placed.toSorted((a, b) => Math.abs(a.at - down) - Math.abs(b.at - down)).slice(0, most);
  return {
    shown: near.toSorted((a, b) => a.at - b.at).map(({ reading }) => reading),
    nearest: near[0] && near[0].at !== NOWHERE ? near[0].reading : null,
    more: readings.length - near.length,
  };
}

/** Below everything: NaN, and what an axis has no place for. A number, so that two of them are equal. */
const NOWHERE = Number.MAX_VALUE;

/** The index of the nearest x; -1 where none is a number. It looks at each one, as time and metrics may go back. */
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
