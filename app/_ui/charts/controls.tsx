"use client";
/** The row above the charts of a page: which are shown, and how. */
import { SlidersHorizontal } from "lucide-react";
import { inputClass, Select } from "../parts/field.tsx";
import { axisMetric, plainAxes, type SmoothingMethod, type XAxis } from "./plot/traces.ts";
import type { ChartSize, ChartsView } from "./view-address.ts";

const axisWords: Record<(typeof plainAxes)[number], string> = {
  step: "Step",
  relative: "Relative time",
  wall: "Wall time",
};

/** What a row has no room for stands below it once the reader asks. */
const whereWide = "flex items-center @max-md:hidden @max-md:group-has-[[open]]/bar:flex";
const whereWidest = "flex items-center @max-6xl:hidden @max-6xl:group-has-[[open]]/bar:flex";

type ChartControlsProps = {
  view: ChartsView;
  onView: (view: ChartsView) => void;
  /** The metrics that may be x. */
  metrics: string[];
};

export function ChartControls({ view, onView, metrics }: ChartControlsProps) {
  return (
    <div className="@container min-w-0 flex-1">
      <div className="group/bar relative flex flex-wrap items-center gap-x-3 gap-y-2 pr-9 @6xl:pr-0">
        <div className="min-w-24 flex-1 basis-0 @md:max-w-40">
          <input
            type="search"
            value={view.find}
            onChange={(event) => onView({ ...view, find: event.target.value })}
            placeholder="Find a metric"
            aria-label="Find a metric"
            className={inputClass}
          />
        </div>
        <AxisSelect view={view} onView={onView} metrics={metrics} />
        <Smoothing view={view} onView={onView} />
        <Rest view={view} onView={onView} />
        {/* opens without a script, too */}
        <details className="absolute top-0 right-0 @6xl:hidden">
          <summary
            aria-label="More of how charts are seen"
            title="More of how charts are seen"
            className="flex size-8 list-none items-center justify-center rounded-md text-muted hover:bg-hover hover:text-text"
          >
            <SlidersHorizontal aria-hidden className="size-4" />
          </summary>
        </details>
      </div>
    </div>
  );
}

function AxisSelect({ view, onView, metrics }: ChartControlsProps) {
  const axis = axisMetric(view.x);
  const ordered = [...metrics].sort((a, b) => Number(b === "epoch") - Number(a === "epoch") || (a < b ? -1 : 1));
  const others = axis === null || metrics.includes(axis) ? ordered : [axis, ...ordered];
  return (
    <label htmlFor="x-axis" className="flex items-center gap-2 text-sm">
      <span className="text-muted">Over</span>
      <span className="w-24 @2xl:w-36">
        <Select
          id="x-axis"
          options={[
            ...plainAxes.map((one) => [one, axisWords[one]] as const),
            ...others.map((metric) => [`metric:${metric}`, metric === "epoch" ? "Epoch" : metric] as const),
          ]}
          value={view.x}
          onChange={(event) => onView({ ...view, x: event.target.value as XAxis, at: null, zoom: null })}
        />
      </span>
    </label>
  );
}

type ControlProps = Pick<ChartControlsProps, "view" | "onView">;

function Smoothing({ view, onView }: ControlProps) {
  return (
    <label className={`${whereWide} gap-2 text-sm`}>
      <span className="text-muted">Smoothing</span>
      <input
        type="range"
        min={0}
        max={0.99}
        step={0.01}
        value={view.smoothing}
        onChange={(event) => onView({ ...view, smoothing: Number(event.target.value) })}
        className="h-1 w-16 accent-accent @2xl:w-28"
      />
      <output className="w-8 text-muted">{view.smoothing.toFixed(2)}</output>
    </label>
  );
}

function Rest({ view, onView }: ControlProps) {
  const { method, logX, clip, size, ownSize } = view;
  return (
    <>
      <div className={`${whereWidest} w-36`}>
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
      <label className={`${whereWidest} gap-1.5 text-sm text-muted`}>
        <input type="checkbox" checked={logX} onChange={(event) => onView({ ...view, logX: event.target.checked })} />
        log x
      </label>
      <label
        className={`${whereWidest} gap-1.5 text-sm text-muted`}
        title="Shows what 98 % of the values lie within; each chart says how many lie beyond"
      >
        <input type="checkbox" checked={clip} onChange={(event) => onView({ ...view, clip: event.target.checked })} />
        clip outliers
      </label>
      <label htmlFor="chart-size" className={`${whereWidest} gap-2 text-sm`}>
        <span className="text-muted">Size</span>
        <span className="w-24">
          <Select
            id="chart-size"
            options={[
              ["small", "Small"],
              ["medium", "Medium"],
              ["large", "Large"],
              ...(ownSize ? ([["", `${ownSize.width} × ${ownSize.height}`]] as const) : []),
            ]}
            value={ownSize ? "" : size}
            onChange={(event) => onView({ ...view, size: event.target.value as ChartSize, ownSize: null })}
          />
        </span>
      </label>
    </>
  );
}
