"use client";
/** Draws a chart: its curves at once on a canvas, and behind them axes and zoom, which plotly.js makes. */
import type { Layout, PlotlyHTMLElement } from "plotly.js";
import { type RefObject, useEffect, useEffectEvent, useLayoutEffect, useRef, useState } from "react";
import type { PointedStore } from "../../parts/pointed.ts";
import { drawTraces } from "./canvas.ts";
import { chartConfig } from "./layout.ts";
import type { Plane } from "./plane.ts";
import { loadPlotly, type PlotlyCore } from "./plotly.ts";
import type { Trace } from "./traces.ts";

export type Drawing = { traces: Trace[]; plane: Plane; layout: Partial<Layout> };
/** The element for the axes, the canvas that lies over it, and one over that for the curves that are pointed at. */
export type Surface = {
  axes: RefObject<HTMLElement | null>;
  canvas: RefObject<HTMLCanvasElement | null>;
  lit: RefObject<HTMLCanvasElement | null>;
};
type AxisRange = [from: number, to: number];

type Axes = HTMLElement & PlotlyHTMLElement;

const FADED_OPACITY = "0.15";

/**
 * Draws `drawing` whenever it is another object; null leaves what is there. `onRange` hears of a zoom along x, in plotly's
 * numbers (dates in milliseconds since 1970, logarithms), and null once the whole is to be shown again. Curves of others
 * than the one that is `pointed` at are faded. Returns what went wrong, in words.
 */
export function useDrawing(
  surface: Surface,
  drawing: Drawing | null,
  pointed: PointedStore,
  onRange: (range: AxisRange | null) => void,
): string | null {
  const { canvas, lit } = surface;
  const shown = useRef<Plane | null>(null);
  /** The curves that aren't pointed at fade by the opacity of their canvas: they needn't be drawn again. */
  const light = () => {
    if (!canvas.current || !lit.current || !drawing || !shown.current) return;
    const owner = pointed.get();
    canvas.current.style.opacity = owner === null ? "" : FADED_OPACITY;
    canvas.current.dataset.faded = String(owner !== null);
    const traces = owner === null ? [] : drawing.traces.filter((trace) => trace.owner === owner);
    drawTraces(lit.current, traces, shown.current);
  };
  const draw = (plane?: Plane) => {
    if (!canvas.current || !drawing) return;
    shown.current = plane ?? drawing.plane;
    drawTraces(canvas.current, drawing.traces, shown.current);
    light();
    // tests and measurements wait for these
    canvas.current.dataset.curves = String(drawing.traces.length);
    canvas.current.dataset.range = `${drawing.plane.x.from} ${drawing.plane.x.to}`;
  };
  // biome-ignore lint/correctness/useExhaustiveDependencies: it draws what is another one
  useLayoutEffect(() => draw(), [drawing]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: what it lights is of this drawing
  useEffect(() => pointed.subscribe(light), [pointed, drawing]);
  return useAxes(surface.axes, drawing?.layout ?? null, onRange, ([from, to]) => {
    if (!drawing) return;
    const { x } = drawing.plane;
    draw({ ...drawing.plane, x: x.log ? { ...x, from: 10 ** from, to: 10 ** to } : { ...x, from, to } });
  });
}

/** `onMove` hears where the x-axis stands while it is dragged. */
function useAxes(
  target: Surface["axes"],
  layout: Partial<Layout> | null,
  onRange: (range: AxisRange | null) => void,
  onMove: (range: AxisRange) => void,
): string | null {
  const [error, setError] = useState<string | null>(null);
  const heard = useEffectEvent(onRange);
  const moved = useEffectEvent(onMove);
  const library = useRef<PlotlyCore | null>(null);
  const held = useHeld(target);

  useEffect(() => {
    const chart = target.current as Axes | null;
    if (!chart || !layout) return;
    let over = false;
    const draw = async () => {
      const plotly = await loadPlotly();
      await held.current;
      const isFirst = await inTurn(async () => {
        if (over) return false;
        const isFirst = library.current === null;
        library.current = plotly;
        await plotly.react(chart, [], layout, chartConfig);
        return isFirst;
      });
      if (!isFirst || library.current === null) return;
      chart.on("plotly_relayout", (change) => {
        const range = rangeOf(change as Record<string, unknown>);
        if (range) heard(range);
      });
      chart.on("plotly_relayouting", () => {
        const range = shownRange(chart);
        if (range) moved(range);
      });
      chart.on("plotly_doubleclick", () => heard(null));
    };
    draw().then(
      () => over || setError(null),
      (cause: unknown) =>
        over || setError(`The axes can't be drawn: ${cause instanceof Error ? cause.message : cause}`),
    );
    return () => {
      over = true;
    };
  }, [target, layout, held]);

  useEffect(() => {
    const chart = target.current;
    return () => {
      if (chart) library.current?.purge(chart);
      library.current = null;
    };
  }, [target]);
  return error;
}

/** One task draws charts for so long: a longer one would hold up the page, and a task for each chart is slower. */
const TASK_MS = 20;
let last: Promise<unknown> = Promise.resolve();
let taskStartedAt = Number.NEGATIVE_INFINITY;

/** Does `work` after what came before it, in another task where that took long. */
function inTurn<T>(work: () => Promise<T>): Promise<T> {
  const done = last.then(async () => {
    if (performance.now() - taskStartedAt > TASK_MS) {
      await nextTask();
      taskStartedAt = performance.now();
    }
    return work();
  });
  last = done.catch(() => {});
  return done;
}

/** A timer would wait for 4 ms once a few follow each other. */
function nextTask(): Promise<void> {
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      port1.close();
      resolve();
    };
    port2.postMessage(null);
  });
}

/** plotly.js needs this long after the pointer is up to see it and to zoom. */
const RELEASE_MS = 50;

/** A promise while the pointer is down on `target`: to draw axes then would break off the zoom that is being dragged. */
function useHeld(target: Surface["axes"]): RefObject<Promise<void> | null> {
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
function rangeOf(change: Record<string, unknown>): AxisRange | undefined {
  const [from, to] = [change["xaxis.range[0]"], change["xaxis.range[1]"]].map(toNumber);
  return from !== undefined && to !== undefined ? [from, to] : undefined;
}

/** The range that the axis shows. The event doesn't tell it while a part is being chosen: it names that part. */
function shownRange(chart: Axes): AxisRange | undefined {
  const { xaxis } = (chart as unknown as { _fullLayout: Layout })._fullLayout;
  const [from, to] = (xaxis.range ?? []).map(toNumber);
  return from !== undefined && to !== undefined ? [from, to] : undefined;
}

/** plotly.js writes dates as `2026-01-05 09:00:00.1234`, in UTC. */
function toNumber(end: unknown): number | undefined {
  if (typeof end === "number") return end;
  if (typeof end !== "string") return undefined;
  const at = Date.parse(`${end.replace(" ", "T").replace(/(\.\d{3})\d+$/, "$1")}${end.includes(" ") ? "Z" : ""}`);
  return Number.isNaN(at) ? undefined : at;
}
