"use client";
/** Draws a chart on canvases that lie over each other: its axes, its curves, and those that are pointed at. */
import { type RefObject, useEffect, useLayoutEffect } from "react";
import type { PointedStore } from "../../parts/pointed.ts";
import { axesOf, drawAxes } from "./axes.ts";
import type { ThemeColors } from "./dom.ts";
import { drawTraces } from "./draw-traces.ts";
import { penOf } from "./pen.ts";
import type { Plane } from "./plane.ts";
import type { Trace, XAxis } from "./traces.ts";

/** What there is to draw. `width` and `height` are the picture's, in CSS pixels. */
export type Drawing = {
  traces: Trace[];
  plane: Plane;
  x: XAxis;
  width: number;
  height: number;
  colors: ThemeColors;
};
export type Surface = Record<"axes" | "curves" | "lit", RefObject<HTMLCanvasElement | null>>;

const FADED_OPACITY = "0.15";

/**
 * Draws `drawing` whenever it is another object; null leaves what is there. Curves of others than the one that is
 * `pointed` at are faded: by the opacity of their canvas, so that they needn't be drawn again.
 */
export function useDrawing(surface: Surface, drawing: Drawing | null, pointed: PointedStore): void {
  const { axes, curves, lit } = surface;
  const light = () => {
    if (!curves.current || !lit.current || !drawing) return;
    const owner = pointed.get();
    curves.current.style.opacity = owner === null ? "" : FADED_OPACITY;
    curves.current.dataset.faded = String(owner !== null);
    // most charts are never pointed at, and need no second canvas
    if (owner === null && lit.current.hidden) return;
    lit.current.hidden = owner === null;
    const traces = drawing.traces.filter((trace) => trace.owner === owner);
    if (owner !== null) drawTraces(penOf(lit.current, drawing, window.devicePixelRatio), traces, drawing.plane);
  };
  const draw = () => {
    if (!axes.current || !curves.current || !drawing) return;
    const { traces, plane, x, colors } = drawing;
    const numbers = axesOf(x, plane);
    drawAxes(penOf(axes.current, drawing, window.devicePixelRatio), numbers, drawing, colors);
    drawTraces(penOf(curves.current, drawing, window.devicePixelRatio), traces, plane);
    light();
    // tests and measurements wait for these
    curves.current.dataset.curves = String(traces.length);
    curves.current.dataset.range = `${plane.x.from} ${plane.x.to}`;
    axes.current.dataset.ticks = String(numbers.x.values.length + numbers.y.values.length);
  };
  // biome-ignore lint/correctness/useExhaustiveDependencies: it draws what is another one
  useLayoutEffect(draw, [drawing]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: what it lights is of this drawing
  useEffect(() => pointed.subscribe(light), [pointed, drawing]);
}
