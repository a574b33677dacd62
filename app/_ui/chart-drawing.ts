"use client";
/** Draws with plotly.js into an element, and links the charts of a page: one is hovered, all show that step. */
import type { Data, Layout, PlotlyHTMLElement } from "plotly.js";
import { type RefObject, useEffect, useEffectEvent, useRef, useState } from "react";
import { moveCursor } from "./chart-cursor.ts";
import { chartConfig } from "./chart-layout.ts";
import { loadPlotly, type PlotlyCore } from "./plotly.ts";

type Chart = HTMLElement & PlotlyHTMLElement;

/** Charts on the page that are drawn, by their x-axis: only those of one axis hover together. */
const drawn = new Map<Chart, string>();

export type Drawing = { data: Data[]; layout: Partial<Layout> };

/**
 * Draws `drawing` into `target` whenever it is another object; null draws nothing. `onRange` hears of a zoom along x,
 * in the axis's own numbers (dates in milliseconds since 1970), and null once the whole is shown again; `onClick` of a
 * click where the cursor is. Returns what went wrong, in words.
 */
export function useDrawing(
  target: RefObject<HTMLElement | null>,
  drawing: Drawing | null,
  axis: string,
  { onRange, onClick }: { onRange: (range: [number, number] | null) => void; onClick: () => void },
): string | null {
  const [error, setError] = useState<string | null>(null);
  const heard = useEffectEvent(onRange);
  const clicked = useEffectEvent(onClick);
  const library = useRef<PlotlyCore | null>(null);
  const held = useHeld(target);

  useEffect(() => {
    const chart = target.current as Chart | null;
    if (!chart || !drawing) return;
    let over = false;
    const draw = async () => {
      const plotly = await loadPlotly();
      await held.current;
      if (over) return;
      const first = !drawn.has(chart);
      // marked before the first await: a drawing that comes meanwhile must not add listeners once more
      library.current = plotly;
      drawn.set(chart, axis);
      await plotly.react(chart, drawing.data, drawing.layout, chartConfig);
      // listeners go on even where a newer drawing has come meanwhile, but not on a chart that is gone
      if (!first || !drawn.has(chart)) return;
      linkHover(plotly, chart);
      chart.on("plotly_relayout", (change) => {
        const range = rangeOf(change as Record<string, unknown>);
        if (range !== undefined) heard(range);
      });
      chart.on("plotly_click", () => clicked());
    };
    draw().then(
      () => over || setError(null),
      (cause: unknown) =>
        over || setError(`The chart can't be drawn: ${cause instanceof Error ? cause.message : cause}`),
    );
    return () => {
      over = true;
    };
  }, [target, drawing, axis, held]);

  useEffect(() => {
    const chart = target.current as Chart | null;
    return () => {
      if (!chart) return;
      drawn.delete(chart);
      library.current?.purge(chart);
    };
  }, [target]);
  return error;
}

/** After the pointer is up, plotly.js has still to see it, and to zoom. */
const RELEASE_MS = 50;

/** A promise while the pointer is down on `target`: to draw then would break off the zoom that is being dragged. */
function useHeld(target: RefObject<HTMLElement | null>): RefObject<Promise<void> | null> {
  const held = useRef<Promise<void> | null>(null);
  useEffect(() => {
    const chart = target.current;
    const press = () => {
      held.current = new Promise((resolve) => {
        const release = () => {
          for (const name of ["pointerup", "pointercancel"]) window.removeEventListener(name, release);
          setTimeout(resolve, RELEASE_MS);
        };
        for (const name of ["pointerup", "pointercancel"]) window.addEventListener(name, release);
      });
    };
    chart?.addEventListener("pointerdown", press, { capture: true });
    return () => chart?.removeEventListener("pointerdown", press, { capture: true });
  }, [target]);
  return held;
}

/** What a change of layout says of the x-axis; undefined where it says nothing. */
function rangeOf(change: Record<string, unknown>): [number, number] | null | undefined {
  const [from, to] = [change["xaxis.range[0]"], change["xaxis.range[1]"]].map(toNumber);
  if (from !== undefined && to !== undefined) return [from, to];
  return change["xaxis.autorange"] === true ? null : undefined;
}

/** plotly.js writes dates as `2026-01-05 09:00:00.1234`, in UTC. */
function toNumber(end: unknown): number | undefined {
  if (typeof end === "number") return end;
  if (typeof end !== "string") return undefined;
  const at = Date.parse(`${end.replace(" ", "T").replace(/(\.\d{3})\d+$/, "$1")}${end.includes(" ") ? "Z" : ""}`);
  return Number.isNaN(at) ? undefined : at;
}

function linkHover(plotly: PlotlyCore, chart: Chart) {
  const others = () => [...drawn].filter(([other, axis]) => other !== chart && axis === drawn.get(chart));
  chart.on("plotly_hover", ({ xvals, points }) => {
    const xval = Number(xvals?.[0]);
    if (!Number.isFinite(xval)) return;
    // at the point that is hovered, not between two
    moveCursor({ axis: drawn.get(chart)!, x: toNumber(points[0]?.x) ?? xval });
    for (const [other] of others()) plotly.Fx.hover(other, { xval });
  });
  chart.on("plotly_unhover", () => {
    for (const [other] of others()) plotly.Fx.unhover(other);
  });
}
