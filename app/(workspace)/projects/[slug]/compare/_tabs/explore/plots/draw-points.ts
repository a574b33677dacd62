/** Draws runs as marks over two axes. Pure but for the pen. */
import { type Axes, drawAxes } from "@/app/_ui/charts/plot/axes.ts";
import type { ThemeColors } from "@/app/_ui/charts/plot/dom.ts";
import type { Pen } from "@/app/_ui/charts/plot/pen.ts";
import { type Plane, placeX, placeY } from "@/app/_ui/charts/plot/plane.ts";
import { type AxisScale, axisTicks } from "../state/axis-scale.ts";
import type { Standing } from "../state/columns.ts";
import type { RunColors } from "../state/run-colors.ts";

export type PointPlace = { x: Float32Array; y: Float32Array };

/** So far above the lower edge are the crosses of runs that have no value upwards. */
const EDGE_RISE = 5;

/** Where each run stands in the picture; a run without a value across has no place, and its place is NaN. */
export function pointPlaces(x: AxisScale, y: AxisScale, plane: Plane, standings: readonly Standing[]): PointPlace {
  const [across, up] = [placeX(plane.x, plane.box), placeY(plane.y, plane.box)];
  const bottom = plane.box.top + plane.box.height - EDGE_RISE;
  const n = x.at.length;
  const places = { x: new Float32Array(n), y: new Float32Array(n) };
  for (let run = 0; run < n; run++) {
    const [left, top] = [across(x.at[run]! + jitter(x, run)), up(y.at[run]! + jitter(y, run))];
    const isThere = Number.isFinite(left) && (Number.isFinite(top) || standings[run] === "infeasible");
    places.x[run] = isThere ? left : Number.NaN;
    places.y[run] = isThere ? (Number.isFinite(top) ? top : bottom) : Number.NaN;
  }
  return places;
}

/** Runs of a category stand beside each other, each always at its own place. */
const jitter = ({ names }: AxisScale, run: number): number => (names ? (((run * 0.618034) % 1) - 0.5) * 0.5 : 0);

type Points = {
  /** Places of runs, those that others may hide first. */
  runs: readonly number[];
  places: PointPlace;
  colors: RunColors;
  standings: readonly Standing[];
  infeasible: string;
  /** Of each run, in pixels. */
  radius: (run: number) => number;
  opacity: number;
};

/** Of each mark, where so many stand in one picture. */
export const pointOpacity = (runs: number): number => (runs > 400 ? 0.75 : 0.9);

/** The strongest colour over the others. */
export const strongestLast = (runs: readonly number[], { of }: RunColors): number[] =>
  [...runs].sort((a, b) => of[a]! - of[b]! || a - b);

/** Dots; crosses for what is infeasible, rings for what hasn't finished. */
export function drawPoints(pen: Pen, { runs, places, colors, standings, infeasible, radius, opacity }: Points): void {
  pen.lineWidth = 1.25;
  pen.setLineDash([]);
  pen.globalAlpha = opacity;
  for (const [color, group] of byColor(runs, colors, standings, "counted")) {
    pen.fillStyle = color;
    pen.beginPath();
    for (const run of group) addDot(pen, places, run, radius(run));
    pen.fill();
  }
  for (const [color, group] of byColor(runs, colors, standings, "unfinished")) {
    pen.strokeStyle = color;
    pen.beginPath();
    for (const run of group) addRing(pen, places, run, Math.max(2, radius(run)));
    pen.stroke();
  }
  pen.strokeStyle = infeasible;
  pen.beginPath();
  for (const run of runs) if (standings[run] === "infeasible") addCross(pen, places, run);
  pen.stroke();
  pen.globalAlpha = 1;
}

/** The runs of each colour, in the order in which the colours come. */
function byColor(
  runs: readonly number[],
  { of, palette, none }: RunColors,
  standings: readonly Standing[],
  standing: Standing,
): Map<string, number[]> {
  const groups = new Map<string, number[]>();
  for (const run of runs) {
    if (standings[run] !== standing) continue;
    const color = palette[of[run]!] ?? none;
    const group = groups.get(color);
    if (group) group.push(run);
    else groups.set(color, [run]);
  }
  return groups;
}

const isPlaced = ({ x }: PointPlace, run: number): boolean => !Number.isNaN(x[run]!);

/** A small one as a square, which is drawn many times faster. */
function addDot(pen: Pen, places: PointPlace, run: number, radius: number): void {
  if (!isPlaced(places, run)) return;
  const [x, y] = [places.x[run]!, places.y[run]!];
  if (radius < 2) pen.rect(x - radius, y - radius, 2 * radius, 2 * radius);
  else {
    pen.moveTo(x + radius, y);
    pen.arc(x, y, radius, 0, 2 * Math.PI);
  }
}

function addRing(pen: Pen, places: PointPlace, run: number, radius: number): void {
  if (!isPlaced(places, run)) return;
  pen.moveTo(places.x[run]! + radius, places.y[run]!);
  pen.arc(places.x[run]!, places.y[run]!, radius, 0, 2 * Math.PI);
}

function addCross(pen: Pen, places: PointPlace, run: number, arm = 3): void {
  if (!isPlaced(places, run)) return;
  const [x, y] = [places.x[run]!, places.y[run]!];
  pen.moveTo(x - arm, y - arm);
  pen.lineTo(x + arm, y + arm);
  pen.moveTo(x + arm, y - arm);
  pen.lineTo(x - arm, y + arm);
}

/** A ring round each run of the front, and a line from each to the next across. */
export function drawFront(pen: Pen, front: readonly number[], places: PointPlace, color: string): void {
  const there = front.filter((run) => isPlaced(places, run)).sort((a, b) => places.x[a]! - places.x[b]!);
  pen.strokeStyle = color;
  pen.lineWidth = 1.5;
  pen.beginPath();
  for (const [at, run] of there.entries()) {
    if (at === 0) pen.moveTo(places.x[run]!, places.y[run]!);
    else pen.lineTo(places.x[run]!, places.y[run]!);
  }
  pen.stroke();
  pen.beginPath();
  for (const run of there) addRing(pen, places, run, 6);
  pen.stroke();
}

const APART = { x: 74, y: 30 };

export function drawPlane(
  pen: Pen,
  { x, y, title }: { x: AxisScale; y: AxisScale; title: string },
  picture: { plane: Plane; width: number; height: number },
  colors: ThemeColors,
): void {
  const { box } = picture.plane;
  const most = (length: number, apart: number) => Math.max(2, Math.floor(length / apart));
  const axes: Axes = {
    x: axisTicks(x, picture.plane.x, most(box.width, APART.x)),
    y: axisTicks(y, picture.plane.y, most(box.height, APART.y)),
    title,
  };
  drawAxes(pen, axes, picture, colors);
}

/** In pixels. */
const REACH = 10;

/** The run of `runs` that stands nearest; null where none is near. */
export function nearestPoint(
  runs: readonly number[],
  places: PointPlace,
  { x, y }: { x: number; y: number },
): number | null {
  let [nearest, least]: [number | null, number] = [null, REACH * REACH];
  for (const run of runs) {
    const distance = (places.x[run]! - x) ** 2 + (places.y[run]! - y) ** 2;
    if (distance < least) [nearest, least] = [run, distance];
  }
  return nearest;
}
