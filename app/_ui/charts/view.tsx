"use client";
/** How the charts of a page are seen: smoothing, x-axis, scales, clipping, pins. The address holds it. */
import { createContext, type ReactNode, useContext, useMemo, useState } from "react";
import { useAddress } from "../parts/address.ts";
import { Select } from "../parts/field.tsx";
import { type CursorStore, newCursorStore } from "./cursor.ts";
import { axisMetric, type ChartView, plainAxes, type SmoothingMethod, type XAxis } from "./plot/traces.ts";

export type ChartsView = ChartView & {
  logX: boolean;
  /** Metrics with a logarithmic axis of their own. */
  log: string[];
  /** Metrics that come first. */
  pinned: string[];
  /** Metrics whose values at the cursor stand in a table below their chart. */
  values: string[];
  /** Where the cursor is pinned, in the numbers of the x-axis; null: it follows the pointer. */
  at: number | null;
};

const names = ["smooth", "method", "x", "logx", "clip", "log", "pin", "values", "at"];

function readView(query: URLSearchParams): ChartsView {
  const smoothing = Number(query.get("smooth"));
  const x = query.get("x") ?? "step";
  const at = query.get("at");
  return {
    smoothing: smoothing > 0 && smoothing < 1 ? smoothing : 0,
    method: query.get("method") === "gaussian" ? "gaussian" : "ema",
    x: (plainAxes as readonly string[]).includes(x) || x.startsWith("metric:") ? (x as XAxis) : "step",
    clip: query.get("clip") === "1",
    logX: query.get("logx") === "1",
    log: query.getAll("log"),
    pinned: query.getAll("pin"),
    values: query.getAll("values"),
    at: at !== null && Number.isFinite(Number(at)) ? Number(at) : null,
  };
}

function writeView(view: ChartsView, query: URLSearchParams): void {
  for (const name of names) query.delete(name);
  if (view.smoothing > 0) query.set("smooth", String(view.smoothing));
  if (view.method !== "ema") query.set("method", view.method);
  if (view.x !== "step") query.set("x", view.x);
  if (view.logX) query.set("logx", "1");
  if (view.clip) query.set("clip", "1");
  for (const metric of view.log) query.append("log", metric);
  for (const metric of view.pinned) query.append("pin", metric);
  for (const metric of view.values) query.append("values", metric);
  if (view.at !== null) query.set("at", String(view.at));
}

/** The view, and its change; the address follows. */
export function useChartsView(query: URLSearchParams): [ChartsView, (view: ChartsView) => void] {
  const [view, setView] = useState(() => readView(query));
  useAddress(view, writeView);
  return [view, setView];
}

export const toggled = (list: string[], name: string): string[] =>
  list.includes(name) ? list.filter((one) => one !== name) : [...list, name];

const axisWords: Record<(typeof plainAxes)[number], string> = {
  step: "Step",
  relative: "Relative time",
  wall: "Wall time",
};

type ChartControlsProps = {
  view: ChartsView;
  onView: (view: ChartsView) => void;
  /** The metrics that may be x. */
  metrics: string[];
  children?: ReactNode;
};

export function ChartControls({ view, onView, metrics, children }: ChartControlsProps) {
  const { smoothing, method, x, clip, logX } = view;
  const axis = axisMetric(x);
  const ordered = [...metrics].sort((a, b) => Number(b === "epoch") - Number(a === "epoch") || (a < b ? -1 : 1));
  const others = axis === null || metrics.includes(axis) ? ordered : [axis, ...ordered];
  return (
    <>
      <label className="flex items-center gap-2 text-sm">
        <span className="text-muted">Smoothing</span>
        <input
          type="range"
          min={0}
          max={0.99}
          step={0.01}
          value={smoothing}
          onChange={(event) => onView({ ...view, smoothing: Number(event.target.value) })}
          className="h-1 w-28 accent-accent"
        />
        <output className="w-8 text-muted">{smoothing.toFixed(2)}</output>
      </label>
      <div className="w-36">
        <Select
          aria-label="Kind of smoothing"
          options={[
            ["ema", "EMA over time"],
            ["gaussian", "Gaussian"],
          ]}
          value={method}
          onChange={(event) => onView({ ...view, method: event.target.value as SmoothingMethod })}
        />
      </div>
      <label htmlFor="x-axis" className="flex items-center gap-2 text-sm">
        <span className="text-muted">Over</span>
        <Select
          id="x-axis"
          options={[
            ...plainAxes.map((one) => [one, axisWords[one]] as const),
            ...others.map((metric) => [`metric:${metric}`, metric === "epoch" ? "Epoch" : metric] as const),
          ]}
          value={x}
          onChange={(event) => onView({ ...view, x: event.target.value as XAxis, at: null })}
          className="w-auto max-w-40"
        />
      </label>
      <label className="flex items-center gap-1.5 text-sm text-muted">
        <input type="checkbox" checked={logX} onChange={(event) => onView({ ...view, logX: event.target.checked })} />
        log x
      </label>
      <label
        className="flex items-center gap-1.5 text-sm text-muted"
        title="Shows what 98 % of the values lie within; each chart says how many lie beyond"
      >
        <input type="checkbox" checked={clip} onChange={(event) => onView({ ...view, clip: event.target.checked })} />
        clip outliers
      </label>
      {children}
    </>
  );
}

/** A part of x that was zoomed to, in the axis's own numbers. */
export type ChartZoom = { x: XAxis; range: [number, number] };
export type ChartCursor = {
  store: CursorStore;
  /** Where it is pinned, in the numbers of the x-axis; null: it follows the pointer. */
  at: number | null;
  pin: (at: number | null) => void;
};
type ChartGroupState = {
  view: ChartsView;
  onView: (view: ChartsView) => void;
  /** The part of the view that all charts draw by; the same object as long as it says the same. */
  look: ChartView;
  zoom: ChartZoom | null;
  setZoom: (zoom: ChartZoom | null) => void;
  cursor: ChartCursor & {
    /** Whether a table shows what this metric is at the cursor. */
    isRead: (metric: string) => boolean;
    toggleRead: (metric: string) => void;
  };
};
const GroupContext = createContext<ChartGroupState | null>(null);

type ChartGroupProps = { view: ChartsView; onView: (view: ChartsView) => void; children: ReactNode };

/** Charts inside are seen alike, zoom together, and have one cursor. */
export function ChartGroup({ view, onView, children }: ChartGroupProps) {
  const [zoom, setZoom] = useState<ChartZoom | null>(null);
  const [store] = useState(newCursorStore);
  const { smoothing, method, x, clip } = view;
  const look = useMemo<ChartView>(() => ({ smoothing, method, x, clip }), [smoothing, method, x, clip]);
  const cursor = {
    store,
    at: view.at,
    pin: (at: number | null) => onView({ ...view, at }),
    isRead: (metric: string) => view.values.includes(metric),
    toggleRead: (metric: string) => {
      const values = toggled(view.values, metric);
      onView({ ...view, values, at: values.length > 0 ? view.at : null });
    },
  };
  return <GroupContext value={{ view, onView, look, zoom, setZoom, cursor }}>{children}</GroupContext>;
}

/** The group that a chart stands in. */
export function useChartGroup(): ChartGroupState {
  const group = useContext(GroupContext);
  if (!group) throw new Error("a chart stands in a ChartGroup");
  return group;
}
