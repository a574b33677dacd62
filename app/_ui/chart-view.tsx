"use client";
/** How the charts of a page are seen: smoothing, x-axis, scales, clipping, pins. The address holds it. */
import { createContext, type ReactNode, useContext, useEffect, useMemo, useState } from "react";
import { axisMetric, type ChartView, plainAxes, type SmoothingMethod, type XAxis } from "./chart-traces.ts";
import { Select } from "./field.tsx";

export type ChartsView = ChartView & {
  logX: boolean;
  /** Metrics with a logarithmic axis of their own. */
  log: string[];
  /** Metrics that come first. */
  pinned: string[];
};

const URL_PAUSE_MS = 300;
const names = ["smooth", "method", "x", "logx", "clip", "log", "pin"];

function readView(query: URLSearchParams): ChartsView {
  const smoothing = Number(query.get("smooth"));
  const x = query.get("x") ?? "step";
  return {
    smoothing: smoothing > 0 && smoothing < 1 ? smoothing : 0,
    method: query.get("method") === "gaussian" ? "gaussian" : "ema",
    x: (plainAxes as readonly string[]).includes(x) || x.startsWith("metric:") ? (x as XAxis) : "step",
    clip: query.get("clip") === "1",
    logX: query.get("logx") === "1",
    log: query.getAll("log"),
    pinned: query.getAll("pin"),
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
}

/** The view, and its change; into the address a moment later, as browsers refuse a change for every pixel of a slider. */
export function useChartsView(query: URLSearchParams): [ChartsView, (view: ChartsView) => void] {
  const [view, setView] = useState(() => readView(query));
  // also after another part of the page made an address of its own
  // biome-ignore lint/correctness/useExhaustiveDependencies: query says that the address is another
  useEffect(() => {
    const timer = setTimeout(() => {
      const next = new URL(window.location.href);
      writeView(view, next.searchParams);
      if (next.href !== window.location.href) window.history.replaceState(null, "", next);
    }, URL_PAUSE_MS);
    return () => clearTimeout(timer);
  }, [view, query]);
  return [view, setView];
}

export const toggled = (list: string[], name: string): string[] =>
  list.includes(name) ? list.filter((one) => one !== name) : [...list, name];

const axisWords: Record<(typeof plainAxes)[number], string> = {
  step: "Step",
  relative: "Relative time",
  wall: "Wall time",
};

type ControlsProps = {
  view: ChartsView;
  onView: (view: ChartsView) => void;
  /** What may be x beside steps and time. */
  metrics: string[];
  children?: ReactNode;
};

export function ChartControls({ view, onView, metrics, children }: ControlsProps) {
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
          onChange={(event) => onView({ ...view, x: event.target.value as XAxis })}
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
type Group = { zoom: ChartZoom | null; setZoom: (zoom: ChartZoom | null) => void };
const GroupContext = createContext<Group | null>(null);

/** Charts inside zoom together. */
export function ChartGroup({ children }: { children: ReactNode }) {
  const [zoom, setZoom] = useState<ChartZoom | null>(null);
  const group = useMemo(() => ({ zoom, setZoom }), [zoom]);
  return <GroupContext value={group}>{children}</GroupContext>;
}

/** The zoom of the group that a chart stands in. A chart on its own zooms alone. */
export function useChartZoom(): Group {
  const [zoom, setZoom] = useState<ChartZoom | null>(null);
  return useContext(GroupContext) ?? { zoom, setZoom };
}
