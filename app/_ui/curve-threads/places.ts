/** Where threads hang on the curves of a chart, and where new ones may. Pure. */
import type { CurveThreads } from "@/lib/reviews/curve-threads.ts";
import { type Anchor, anchorText, parseAnchor } from "@/lib/wire/reviews/anchors.ts";
import { anchorWords } from "@/lib/words/reviews/review-words.ts";
import type { Drawing } from "../charts/plot/drawing.ts";
import { placeX, type Scale } from "../charts/plot/plane.ts";
import type { Trace } from "../charts/plot/traces.ts";
import { nearestTo, readingsAt } from "../charts/readings.ts";
import type { Zoom } from "../charts/view-address.ts";

/** A place of a run's curve. `words` has the run's name where the chart has several. */
export type CurvePlace = { subject: string; anchor: string; words: string };

/** What is drawn of a metric. */
export type DrawnCurves = { metric: string; drawing: Pick<Drawing, "traces" | "plane" | "x"> };

function placeOn({ owner, label }: Trace, anchor: Anchor): CurvePlace {
  const text = anchorText(anchor);
  const words = anchorWords(text);
  return { subject: `run:${owner}`, anchor: text, words: label === null ? words : `${label}: ${words}` };
}

export type PointPlace = CurvePlace & { step: number };

/**
 * The point of each curve, of those that are shown, that is nearest to `at`, a number of the x-axis. The one that is meant is first: the nearest to
 * `down`, in pixels from the top of the picture, or of validation where that is null.
 */
export function pointPlaces({ metric, drawing }: DrawnCurves, at: number, down: number | null): PointPlace[] {
  const readings = readingsAt(
    drawing.traces.map((trace) => shownOf(trace, drawing.plane.x)),
    at,
  );
  const nearest = down === null ? null : nearestTo(readings, drawing.plane, down, readings.length).nearest;
  const meant = nearest ?? readings.find(({ trace }) => trace.split === "validation") ?? readings[0];
  return readings
    .toSorted((a, b) => Number(b === meant) - Number(a === meant))
    .map(({ trace, step }) => ({
      ...placeOn(trace, { kind: "point", series: { split: trace.split, metric }, step }),
      step,
    }));
}

/** The curve by its points that are shown, where any is: of a zoom there are points beside it. */
function shownOf(trace: Trace, { from, to }: Scale): Trace {
  const { steps, raw } = trace;
  const shown = [...steps.keys()].filter((index) => isWithin(raw.x[index]!, from, to));
  if (shown.length === 0) return trace;
  const of = (values: ArrayLike<number>) => Float64Array.from(shown, (index) => values[index]!);
  return { ...trace, steps: of(steps), raw: { x: of(raw.x), y: of(raw.y) } };
}

export type RangePlace = CurvePlace & { from: number; to: number };

/** The steps of each curve that lie within a part of x, validation's first; curves without any are left out. */
export function rangePlaces({ metric, drawing }: DrawnCurves, [from, to]: Zoom): RangePlace[] {
  const rank = ({ split }: Trace) => Number(split !== "validation");
  return drawing.traces
    .toSorted((a, b) => rank(a) - rank(b))
    .flatMap((trace) => {
      const steps = Array.from(trace.steps).filter((_, index) => isWithin(trace.raw.x[index]!, from, to));
      if (steps.length === 0) return [];
      // the values of a metric rise and fall, and its steps with them
      const ends = { from: Math.min(...steps), to: Math.max(...steps) };
      return { ...placeOn(trace, { kind: "range", series: { split: trace.split, metric }, ...ends }), ...ends };
    });
}

const isWithin = (x: number, from: number, to: number): boolean => x >= from && x <= to;

/** In pixels of the picture. */
export type CurveMark = {
  left: number;
  /** How many threads are open there. */
  count: number;
  /** At least one, from the left. */
  places: CurvePlace[];
  /** What each place covers; a point is of no width. */
  spans: { left: number; width: number }[];
};

/** Marks closer than this, from middle to middle, are one. */
export const APART_PX = 26;

/** The marks of those threads that hang on what is drawn, from the left. */
export function curveMarks(threads: CurveThreads[], { metric, drawing }: DrawnCurves): CurveMark[] {
  const marks: CurveMark[] = [];
  for (const mark of threads.flatMap((one) => markOf(one, metric, drawing)).sort((a, b) => a.left - b.left)) {
    const last = marks.at(-1);
    if (!last || mark.left - last.left >= APART_PX) marks.push(mark);
    else {
      last.count += mark.count;
      last.places.push(...mark.places);
      last.spans.push(...mark.spans);
    }
  }
  return marks;
}

/** Empty where it hangs on another curve, or beside the part that is shown. */
function markOf(
  { run, anchor: text, count }: CurveThreads,
  metric: string,
  drawing: DrawnCurves["drawing"],
): CurveMark[] {
  const anchor = parseAnchor(text);
  if (anchor?.kind !== "point" && anchor?.kind !== "range") return [];
  const { split } = anchor.series;
  const trace = drawing.traces.find((one) => one.owner === run && one.split === split);
  if (!trace || anchor.series.metric !== metric) return [];
  const { x, box } = drawing.plane;
  const across = placeX(x, box);
  const [from, to] = anchor.kind === "point" ? [anchor.step, anchor.step] : [anchor.from, anchor.to];
  const ends = [from, to].map((step) => across(drawing.x === "step" ? step : xAt(trace, step)));
  const [low, high] = [Math.min(...ends), Math.max(...ends)];
  // of a logarithmic axis step 0 lies infinitely far to the left; what has no place at all is NaN
  if (!(low <= box.left + box.width && high >= box.left)) return [];
  const left = Math.max(low, box.left);
  const width = Math.min(high, box.left + box.width) - left;
  return [{ left: left + width / 2, count, places: [placeOn(trace, anchor)], spans: [{ left, width }] }];
}

/** Where the point of a curve lies that is nearest to a step; NaN where it has none. */
function xAt({ steps, raw }: Trace, step: number): number {
  let found = -1;
  for (let index = 0; index < steps.length; index++)
    if (found < 0 || Math.abs(steps[index]! - step) < Math.abs(steps[found]! - step)) found = index;
  return raw.x[found] ?? Number.NaN;
}
