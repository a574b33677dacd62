/** The axes of a chart: what stands at them, and how they are drawn. */
import type { ThemeColors } from "./dom.ts";
import type { Pen } from "./pen.ts";
import { type Plane, placeX, placeY } from "./plane.ts";
import { numberTicks, type Ticks } from "./ticks.ts";
import { durationTicks, timeTicks } from "./time-ticks.ts";
import { axisMetric, type XAxis } from "./traces.ts";

export type Axes = {
  x: Ticks;
  y: Ticks;
  /** Stands below the x-axis. */
  title: string;
};

/** In pixels: numbers closer than this to each other are hard to read. */
const APART = { x: 70, y: 28 };
const TICKS_MAX = 8;
const TICK_LENGTH = 4;
/** Between an axis and its numbers. */
const GAP = { x: 7, y: 8 };
const FONT_SIZE = 11;
/** From the lower edge of the picture to the middle of the title. */
const TITLE_RISE = 9;

export function axesOf(x: XAxis, { box, x: across, y: down }: Plane): Axes {
  const most = (length: number, apart: number) => Math.min(TICKS_MAX, Math.max(2, Math.floor(length / apart)));
  const [mostX, mostY] = [most(box.width, APART.x), most(box.height, APART.y)];
  const y = numberTicks(down, false, mostY);
  if (x === "wall") {
    const ticks = timeTicks(across, mostX);
    return { x: ticks, y, title: ticks.base ? `time (UTC), from ${ticks.base}` : "time (UTC)" };
  }
  if (x === "relative") {
    const { ticks, unit } = durationTicks(across, mostX);
    return { x: ticks, y, title: unit.includes(":") ? `time since start (${unit})` : `${unit} since start` };
  }
  const ticks = numberTicks(across, x === "step", mostX);
  const title = axisMetric(x) ?? "step";
  return { x: ticks, y, title: ticks.base ? `${title} − ${ticks.base}` : title };
}

/** The picture that the plane is in, in CSS pixels. */
type Picture = { plane: Plane; width: number; height: number };

/** Hairlines at the numbers of y, a line with ticks along x. */
export function drawAxes(pen: Pen, axes: Axes, { plane, width, height }: Picture, colors: ThemeColors): void {
  const { box } = plane;
  const [right, bottom] = [box.left + box.width, box.top + box.height];
  const [across, down] = [placeX(plane.x, box), placeY(plane.y, box)];
  pen.globalAlpha = 1;
  pen.lineWidth = 1;
  pen.setLineDash([]);
  pen.strokeStyle = colors.line;
  pen.beginPath();
  for (const value of axes.y.values) drawHairline(pen, box.left, down(value), right, down(value));
  pen.stroke();
  pen.strokeStyle = colors["line-strong"];
  pen.beginPath();
  drawHairline(pen, box.left, bottom, right, bottom);
  for (const value of axes.x.values) drawHairline(pen, across(value), bottom, across(value), bottom + TICK_LENGTH);
  pen.stroke();

  pen.font = `${FONT_SIZE}px ${colors.font}`;
  pen.fillStyle = colors.muted;
  pen.textBaseline = "middle";
  pen.textAlign = "right";
  for (const [index, value] of axes.y.values.entries())
    pen.fillText(axes.y.texts[index]!, box.left - GAP.y, down(value));
  pen.textAlign = "center";
  const line = bottom + GAP.x + FONT_SIZE / 2;
  for (const [index, value] of axes.x.values.entries()) {
    const text = axes.x.texts[index]!;
    const half = pen.measureText(text).width / 2;
    pen.fillText(text, Math.min(across(value), width - half), line);
  }
  pen.fillText(axes.title, box.left + box.width / 2, height - TITLE_RISE);
  if (axes.y.base !== null) drawBase(pen, `${axes.y.base} +`, plane, colors);
}

/** Along the middle of a pixel, where it is one pixel wide and no wider. */
function drawHairline(pen: Pen, fromX: number, fromY: number, toX: number, toY: number): void {
  const middle = (at: number) => Math.floor(at) + 0.5;
  const isLevel = fromY === toY;
  pen.moveTo(isLevel ? fromX : middle(fromX), isLevel ? middle(fromY) : fromY);
  pen.lineTo(isLevel ? toX : middle(toX), isLevel ? middle(toY) : toY);
}

/** At the top of the y-axis: what its numbers are to be added to. */
function drawBase(pen: Pen, text: string, { box }: Plane, colors: ThemeColors): void {
  pen.textAlign = "left";
  pen.fillStyle = colors.bg;
  const { width } = pen.measureText(text);
  pen.beginPath();
  pen.rect(box.left, box.top, width + 4, FONT_SIZE + 4);
  pen.fill();
  pen.fillStyle = colors.muted;
  pen.fillText(text, box.left + 2, box.top + FONT_SIZE / 2 + 2);
}
