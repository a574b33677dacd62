/** Draws runs as lines over parallel axes. Pure but for the pen. */
import type { ThemeColors } from "@/app/_ui/charts/plot/dom.ts";
import type { Pen } from "@/app/_ui/charts/plot/pen.ts";
import { type AxisScale, axisTicks, shareOf } from "../state/axis-scale.ts";
import type { Standing } from "../state/columns.ts";
import type { RunColors } from "../state/run-colors.ts";

/** In CSS pixels from the top left corner of the picture. */
export type ParallelBox = { width: number; top: number; height: number; xs: number[] };

/** Of the picture, in CSS pixels. */
export const PARALLEL_HEIGHT = 320;
/** Above and below the axes; below stands where the lines of runs without a value go. */
export const ROOM = { top: 10, bottom: 30 } as const;
const NONE_DROP = 18;

/** Where a run crosses each axis, `[axes][runs]`; what has no value goes below. */
export function crossings(axes: readonly AxisScale[], { top, height }: ParallelBox): Float32Array[] {
  return axes.map(({ scale, at }) =>
    Float32Array.from(at, (value) => {
      const share = shareOf(scale, value);
      return Number.isFinite(share) ? top + height * (1 - share) : top + height + NONE_DROP;
    }),
  );
}

type Lines = {
  /** Places of runs, those that others may hide first. */
  runs: readonly number[];
  ys: readonly Float32Array[];
  xs: readonly number[];
  colors: RunColors;
  standings: readonly Standing[];
  infeasible: string;
};

/** A run a line, faint where there are many. */
export function drawLines(pen: Pen, { runs, ys, xs, colors, standings, infeasible }: Lines, opacity: number): void {
  pen.lineWidth = 1;
  pen.lineJoin = "bevel";
  pen.globalAlpha = opacity;
  let color = "";
  let isDashed = false;
  for (const run of runs) {
    const isInfeasible = standings[run] === "infeasible";
    const own = isInfeasible ? infeasible : (colors.palette[colors.of[run]!] ?? colors.none);
    if (own !== color) pen.strokeStyle = color = own;
    if (isInfeasible !== isDashed) {
      isDashed = isInfeasible;
      pen.setLineDash(isDashed ? [4, 3] : []);
    }
    pen.beginPath();
    pen.moveTo(xs[0]!, ys[0]![run]!);
    for (let axis = 1; axis < xs.length; axis++) pen.lineTo(xs[axis]!, ys[axis]![run]!);
    pen.stroke();
  }
  pen.setLineDash([]);
  pen.globalAlpha = 1;
}

/** One run, over all others. */
export function drawLine(pen: Pen, { ys, xs }: Pick<Lines, "ys" | "xs">, run: number, color: string): void {
  pen.lineWidth = 3;
  pen.strokeStyle = color;
  pen.beginPath();
  pen.moveTo(xs[0]!, ys[0]![run]!);
  for (let axis = 1; axis < xs.length; axis++) pen.lineTo(xs[axis]!, ys[axis]![run]!);
  pen.stroke();
}

export const opacityFor = (runs: number): number => Math.min(0.9, Math.max(0.12, 30 / Math.sqrt(runs * 25)));

const TICK = 4;
const APART = 36;

/** The axes with their numbers, over the lines. */
export function drawParallelAxes(pen: Pen, axes: readonly AxisScale[], box: ParallelBox, colors: ThemeColors): void {
  const { xs, top, height } = box;
  pen.font = `11px ${colors.font}`;
  pen.textBaseline = "middle";
  pen.lineWidth = 1;
  for (const [at, axis] of axes.entries()) {
    const x = Math.floor(xs[at]!) + 0.5;
    const isLast = at === axes.length - 1;
    pen.strokeStyle = colors.muted;
    pen.beginPath();
    pen.moveTo(x, top);
    pen.lineTo(x, top + height);
    const { values, texts, base } = axisTicks(axis, axis.scale, Math.floor(height / APART));
    const place = (value: number) => top + height * (1 - shareOf(axis.scale, value));
    for (const value of values) {
      pen.moveTo(x, Math.floor(place(value)) + 0.5);
      pen.lineTo(x + (isLast ? -TICK : TICK), Math.floor(place(value)) + 0.5);
    }
    pen.stroke();
    pen.textAlign = isLast ? "right" : "left";
    const beside = isLast ? x - TICK - 3 : x + TICK + 3;
    for (const [index, value] of values.entries()) drawText(pen, texts[index]!, beside, place(value), colors);
    if (base !== null) drawText(pen, `${base} +`, beside, top - 4, colors);
    if (axis.at.some(Number.isNaN)) drawText(pen, "none", beside, top + height + NONE_DROP, colors);
  }
}

/** On its own ground, so that lines behind it don't hide it. */
function drawText(pen: Pen, text: string, x: number, y: number, colors: ThemeColors): void {
  const { width } = pen.measureText(text);
  pen.fillStyle = colors.bg;
  pen.globalAlpha = 0.8;
  pen.beginPath();
  pen.rect(pen.textAlign === "right" ? x - width - 2 : x - 2, y - 7, width + 4, 14);
  pen.fill();
  pen.globalAlpha = 1;
  pen.fillStyle = colors.text;
  pen.fillText(text, x, y);
}

/** In pixels: a line farther from the pointer isn't meant. */
const REACH = 12;

/** The run of `runs` whose line passes nearest to a place; null where none is near. */
export function nearestLine(
  runs: readonly number[],
  { ys, xs }: Pick<Lines, "ys" | "xs">,
  { x, y }: { x: number; y: number },
): number | null {
  const next = xs.findIndex((axis) => axis >= x);
  const right = Math.max(1, next < 0 ? xs.length - 1 : next);
  if (xs.length < 2) return null;
  const share = Math.min(1, Math.max(0, (x - xs[right - 1]!) / (xs[right]! - xs[right - 1]! || 1)));
  const [left, after] = [ys[right - 1]!, ys[right]!];
  let [nearest, least]: [number | null, number] = [null, REACH];
  for (const run of runs) {
    const distance = Math.abs(left[run]! + share * (after[run]! - left[run]!) - y);
    if (distance < least) [nearest, least] = [run, distance];
  }
  return nearest;
}
