/** Which curve a pointer means: the one that lies nearest to it. */
import type { PointerEvent } from "react";
import type { PointedStore } from "../../parts/pointed.ts";
import { type Plane, placeX, placeY, valueAtX } from "./plane.ts";
import type { Trace } from "./traces.ts";

/** In pixels: a curve that is farther away isn't meant. */
const REACH_PX = 12;

type Pixel = { x: number; y: number };

/** The trace whose line passes nearest to the pixel, within reach; null: none does. */
export function nearestCurve(traces: readonly Trace[], plane: Plane, { x, y }: Pixel): Trace | null {
  const [across, down] = [placeX(plane.x, plane.box), placeY(plane.y, plane.box)];
  const ends = [x - REACH_PX, x + REACH_PX].map((pixel) => valueAtX(plane.x, plane.box, pixel));
  const [from, to] = [ends[0]!, ends[1]!];
  let [found, least]: [Trace | null, number] = [null, REACH_PX];
  for (const trace of traces) {
    const line = trace.smoothed ?? trace.raw;
    for (let index = 0; index < line.x.length; index++) {
      // most pieces are beside what is in reach, and are passed over by their x alone
      const [a, b] = [line.x[Math.max(0, index - 1)]!, line.x[index]!];
      if (!(a <= to || b <= to) || !(a >= from || b >= from)) continue;
      const start = { x: across(a), y: down(line.y[Math.max(0, index - 1)]!) };
      const end = { x: across(b), y: down(line.y[index]!) };
      const distance = distanceTo({ x, y }, Number.isFinite(start.y) ? start : end, end);
      if (distance < least) [found, least] = [trace, distance];
    }
  }
  return found;
}

type Drawn = { traces: readonly Trace[]; plane: Plane } | null;

/** For an element whose top left corner is the chart's. */
export const pointHandlers = (pointed: PointedStore, drawn: Drawn) => ({
  onPointerMove: (event: PointerEvent<HTMLElement>) => {
    // while a button is down the reader drags
    if (!drawn || event.buttons !== 0) return;
    const { left, top } = event.currentTarget.getBoundingClientRect();
    const pixel = { x: event.clientX - left, y: event.clientY - top };
    pointed.point(nearestCurve(drawn.traces, drawn.plane, pixel)?.owner ?? null);
  },
  onPointerLeave: () => pointed.point(null),
});

/** From a pixel to the piece of a line; NaN where the piece has no place. */
function distanceTo(pixel: Pixel, start: Pixel, end: Pixel): number {
  const [across, down] = [end.x - start.x, end.y - start.y];
  const length = across ** 2 + down ** 2;
  const along = length === 0 ? 0 : ((pixel.x - start.x) * across + (pixel.y - start.y) * down) / length;
  const share = Math.min(1, Math.max(0, along));
  return Math.hypot(pixel.x - start.x - share * across, pixel.y - start.y - share * down);
}
