/** A chart as a picture that stands for itself: with its title and a legend. */
import { axesOf, drawAxes } from "./axes.ts";
import { drawTraces } from "./draw-traces.ts";
import type { Drawing } from "./drawing.ts";
import type { Pen } from "./pen.ts";
import { MARGIN, type Plane } from "./plane.ts";
import type { Trace } from "./traces.ts";

const WIDTH = 800;
/** Of axes and curves. */
const PLOT_HEIGHT = 400;
const EDGE = 16;
const LINE = 18;
/** Of a piece of a curve in the legend, and between it and its name. */
const MARK = 24;
const GAP = 6;
/** Between two names. */
const APART = 16;

type Place = { trace: Trace; left: number; line: number };
/** What a picture has, and how high that makes it. */
export type Picture = { drawing: Drawing; title: string; legend: Place[]; head: number; width: number; height: number };

/** `measure` knows how wide words are. */
export function pictureOf(drawing: Drawing, title: string, measure: Pen): Picture {
  measure.font = `12px ${drawing.colors.font}`;
  const legend: Place[] = [];
  let [left, line] = [EDGE, 0];
  for (const trace of drawing.traces) {
    const width = MARK + GAP + measure.measureText(trace.name).width;
    if (left > EDGE && left + width > WIDTH - EDGE) [left, line] = [EDGE, line + 1];
    legend.push({ trace, left, line });
    left += width + APART;
  }
  const lines = (legend.at(-1)?.line ?? -1) + 1;
  const head = EDGE + LINE + 4 + lines * LINE;
  return { drawing, title, legend, head, width: WIDTH, height: head + PLOT_HEIGHT };
}

export function drawPicture(pen: Pen, { drawing, title, legend, head, width, height }: Picture): void {
  const { colors, traces, x } = drawing;
  pen.globalAlpha = 1;
  pen.fillStyle = colors.bg;
  pen.beginPath();
  pen.rect(0, 0, width, height);
  pen.fill();
  pen.textAlign = "left";
  pen.textBaseline = "middle";
  pen.fillStyle = colors.text;
  pen.font = `600 14px ${colors.font}`;
  pen.fillText(title, EDGE, EDGE + LINE / 2);
  pen.font = `12px ${colors.font}`;
  for (const { trace, left, line } of legend) {
    const middle = EDGE + LINE + 4 + (line + 0.5) * LINE;
    pen.strokeStyle = trace.color;
    pen.lineWidth = 2;
    pen.setLineDash([...trace.dash]);
    pen.beginPath();
    pen.moveTo(left, middle);
    pen.lineTo(left + MARK, middle);
    pen.stroke();
    pen.fillStyle = colors.text;
    pen.fillText(trace.name, left + MARK + GAP, middle);
  }
  const box = {
    left: MARGIN.l,
    top: head + MARGIN.t,
    width: width - MARGIN.l - MARGIN.r,
    height: PLOT_HEIGHT - MARGIN.t - MARGIN.b,
  };
  const plane: Plane = { ...drawing.plane, box };
  drawAxes(pen, axesOf(x, plane), { plane, width, height }, colors);
  drawTraces(pen, traces, plane);
}
