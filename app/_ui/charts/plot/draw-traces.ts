/** Draws traces with a pen: on a canvas a hundred of them take a few milliseconds, where as many elements take hundreds. */
import type { Pen } from "./pen.ts";
import { type Box, type Plane, placeX, placeY } from "./plane.ts";
import type { Band, Dash, Line, Trace } from "./traces.ts";

export const FAINT_OPACITY = 0.25;
/** In pixels: a point between two gaps has no line, so it is drawn as a dot. */
const LONE_SIZE = 5;
/** In pixels: each point of a short line is a dot too. */
const FEW_SIZE = 4;
/** A line of at most so many points is short. */
const FEW = 24;
const MARK_SIZE = 6;
/** How much of its opacity a dense line keeps where a dash has a gap. */
const GAP_SHARE = 0.3;

export function drawTraces(pen: Pen, traces: Trace[], plane: Plane): void {
  pen.lineJoin = "bevel";
  pen.save();
  pen.beginPath();
  pen.rect(plane.box.left, plane.box.top, plane.box.width, plane.box.height);
  pen.clip();
  for (const { band, raw, color } of traces) if (band) fillBand(pen, raw.x, band, plane, color);
  for (const { raw, smoothed, ...look } of traces) {
    if (smoothed) drawLine(pen, raw, plane, { ...look, dash: [], width: 1, opacity: FAINT_OPACITY });
    drawLine(pen, smoothed ?? raw, plane, look);
  }
  pen.restore();
  // dots and marks at the edge of the plot are drawn whole
  for (const trace of traces) {
    drawDots(pen, trace.smoothed ?? trace.raw, plane, trace);
    drawMarks(pen, trace, plane);
  }
}

/** Of its colour. */
export const BAND_OPACITY = 0.16;

/** Fills what lies between the ends of the band; it is broken where it has none. */
function fillBand(pen: Pen, x: Float64Array, { low, high }: Band, plane: Plane, color: string): void {
  const [across, down] = [placeX(plane.x, plane.box), placeY(plane.y, plane.box)];
  pen.globalAlpha = BAND_OPACITY;
  pen.fillStyle = color;
  const isThere = (index: number) => index < x.length && Number.isFinite(down(low[index]!) + down(high[index]!));
  for (let from = 0; from < x.length; from++) {
    if (!isThere(from)) continue;
    let to = from;
    while (isThere(to + 1)) to++;
    pen.beginPath();
    for (let index = from; index <= to; index++) pen.lineTo(across(x[index]!), down(high[index]!));
    for (let index = to; index >= from; index--) pen.lineTo(across(x[index]!), down(low[index]!));
    pen.fill();
    from = to;
  }
}

type Look = Pick<Trace, "color" | "dash" | "width" | "opacity">;

function drawLine(pen: Pen, line: Line, plane: Plane, look: Look): void {
  pen.strokeStyle = look.color;
  pen.lineWidth = look.width;
  // the browser dashes along the line, which takes long and says little of one that goes up and down in each pixel
  const isDense = line.x.length > plane.box.width;
  if (look.dash.length > 0 && isDense) {
    const isInDash = dashAlong(look.dash);
    pen.setLineDash([]);
    strokeLine(pen, line, plane, look.opacity, isInDash);
    // a gap is faint, and not empty: it could hide a spike
    strokeLine(pen, line, plane, look.opacity * GAP_SHARE, (at) => !isInDash(at));
    return;
  }
  pen.setLineDash([...look.dash]);
  strokeLine(pen, line, plane, look.opacity);
}

/** Says of a pixel of x whether it is in a dash. */
function dashAlong(dash: Dash): (at: number) => boolean {
  const whole = dash.reduce((sum, length) => sum + length, 0);
  const ends = dash.map((_, part) => dash.slice(0, part + 1).reduce((sum, length) => sum + length, 0));
  return (at) => ends.findIndex((end) => at % whole < end) % 2 === 0;
}

/** `isDrawn` says of the pixels of x which part of the line is. */
function strokeLine(
  pen: Pen,
  { x, y }: Line,
  plane: Plane,
  opacity: number,
  isDrawn: ((at: number) => boolean) | null = null,
): void {
  const [across, down] = [placeX(plane.x, plane.box), placeY(plane.y, plane.box)];
  const { left, width } = plane.box;
  pen.beginPath();
  // a loop over all points of all curves, mostly run before it was compiled: no array is made in it
  let lastAt = Number.NaN;
  let lastDown = Number.NaN;
  let lastSide = 0;
  let isOpen = false;
  for (let index = 0; index < x.length; index++) {
    const at = across(x[index]!);
    const below = down(y[index]!);
    const isGap = !Number.isFinite(at) || !Number.isFinite(below);
    const side = at < left ? -1 : at > left + width ? 1 : 0;
    // a line beside the plot would take as long to draw as one that is seen
    const isBeside = side !== 0 && side === lastSide;
    if (isGap || Number.isNaN(lastAt) || isBeside || (isDrawn && !isDrawn(at - left))) isOpen = false;
    else {
      if (!isOpen) pen.moveTo(lastAt, lastDown);
      pen.lineTo(at, below);
      isOpen = true;
    }
    lastAt = isGap ? Number.NaN : at;
    lastDown = below;
    lastSide = side;
  }
  pen.globalAlpha = opacity;
  pen.stroke();
}

function drawDots(pen: Pen, { x, y }: Line, plane: Plane, { color, opacity }: Look): void {
  const [across, down] = [placeX(plane.x, plane.box), placeY(plane.y, plane.box)];
  pen.globalAlpha = opacity;
  pen.fillStyle = color;
  for (let index = 0; index < x.length; index++) {
    const size = dotSize(y, index);
    if (size === 0) continue;
    const [at, below] = [across(x[index]!), down(y[index]!)];
    if (!isInside(at, below, plane.box)) continue;
    pen.beginPath();
    pen.arc(at, below, size / 2, 0, 2 * Math.PI);
    pen.fill();
  }
}

const isInside = (x: number, y: number, { left, top, width, height }: Box): boolean =>
  x >= left && x <= left + width && y >= top && y <= top + height;

/** The dot's diameter in pixels; 0 for a point that a line goes through. */
export function dotSize(y: ArrayLike<number>, index: number): number {
  if (!Number.isFinite(y[index]!)) return 0;
  const isLone = !Number.isFinite(y[index - 1]) && !Number.isFinite(y[index + 1]);
  return isLone ? LONE_SIZE : y.length <= FEW ? FEW_SIZE : 0;
}

/** A cross for NaN and a triangle down for −∞ at the foot of the chart, a triangle up for ∞ at its head. */
function drawMarks(pen: Pen, { raw, color }: Trace, { x, box }: Plane): void {
  const across = placeX(x, box);
  pen.globalAlpha = 1;
  pen.strokeStyle = pen.fillStyle = color;
  pen.lineWidth = 1.5;
  pen.setLineDash([]);
  for (let index = 0; index < raw.x.length; index++) {
    const value = raw.y[index]!;
    if (Number.isFinite(value)) continue;
    const at = across(raw.x[index]!);
    if (!(at >= box.left && at <= box.left + box.width)) continue;
    const isUp = value > 0;
    const middle = isUp ? box.top : box.top + box.height;
    const half = MARK_SIZE / 2;
    pen.beginPath();
    if (Number.isNaN(value)) {
      pen.moveTo(at - half, middle - half);
      pen.lineTo(at + half, middle + half);
      pen.moveTo(at - half, middle + half);
      pen.lineTo(at + half, middle - half);
      pen.stroke();
    } else {
      const tip = isUp ? -half : half;
      pen.moveTo(at, middle + tip);
      pen.lineTo(at - half, middle - tip);
      pen.lineTo(at + half, middle - tip);
      pen.fill();
    }
  }
}
