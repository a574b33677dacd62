"use client";
/** One metric of some runs over their steps: train and validation in the run's colour, live. */
import { Download, Image as ImageIcon, Maximize2, Pin, Shapes, Table2, ZoomOut } from "lucide-react";
import { type ReactNode, useEffect, useMemo, useRef, useState } from "react";
import type { Direction, Split, WireFloat } from "@/lib/wire.ts";
import { useFullHeight, useThemeColors, useVisible, useWidth } from "./chart-dom.ts";
import { type Drawing, useDrawing } from "./chart-drawing.ts";
import { downloadCsv, downloadPicture } from "./chart-export.ts";
import { CHART_HEIGHT, chartLayout } from "./chart-layout.ts";
import { Legend } from "./chart-legend.tsx";
import { ChartOverlay, cursorHandlers } from "./chart-overlay.tsx";
import { boxOf, shownY, wholeX } from "./chart-plane.ts";
import { finestPoints, useSeriesPoints } from "./chart-points.ts";
import { ChartSummary, type ChartSummaryRow } from "./chart-summary.tsx";
import {
  axisMetric,
  type ChartView,
  type Clip,
  chartTraces,
  clipOf,
  formatValue,
  type Points,
  seriesKey,
  stepRange,
} from "./chart-traces.ts";
import { ChartValues } from "./chart-values.tsx";
import { useChartGroup } from "./chart-view.tsx";
import { DirectionArrow } from "./primary-metric.tsx";
import { runColor } from "./run-color.ts";

export type ChartRun = { id: string; name: string; startedAt: string | null };
export type ChartSeries = { split: Split | null; metric: string; count?: number; last?: WireFloat };

type MetricChartProps = {
  project: { id: string; slug: string };
  runs: ChartRun[];
  metric: string;
  direction: Direction | null;
  unit: string;
  /** At least one; `count` and `last` are what the server knew of them when it made the page, of one run. */
  series: ChartSeries[];
  view: ChartView;
  log: boolean;
  onLog: (log: boolean) => void;
  logX?: boolean;
  pinned?: boolean;
  onPin?: () => void;
};

export function MetricChart({
  project,
  runs,
  metric,
  direction,
  unit,
  series,
  view,
  log,
  onLog,
  logX = false,
  pinned = false,
  onPin,
}: MetricChartProps) {
  const frame = useRef<HTMLElement>(null);
  const axes = useRef<HTMLDivElement>(null);
  const canvas = useRef<HTMLCanvasElement>(null);
  const visible = useVisible(frame);
  const width = useWidth(axes);
  const colors = useThemeColors();
  const height = useFullHeight(frame) ?? CHART_HEIGHT;
  const { zoom, setZoom, cursor } = useChartGroup();
  const isRead = cursor.isRead(metric);
  const range = zoom?.x === view.x ? zoom.range : null;
  const [steps, setSteps] = useState<{ from: number; to: number } | null>(null);
  const keys = useMemo(() => series.map(seriesKey), [series]);
  const axis = axisMetric(view.x);
  const axisKeys = axis === null ? [] : ["-", "train", "validation"].map((split) => `${split}/${axis}`);
  const wanted = {
    project,
    runs: runs.map(({ id }) => id),
    series: [...new Set([...keys, ...axisKeys])],
    px: width,
    range: steps,
  };
  const { points: loaded, error } = useSeriesPoints(wanted, visible);
  const nameOf = useMemo(() => new Map(runs.map(({ id, name }) => [id, name])), [runs]);
  // a run that is taken away is gone at once, not when the server has answered without it
  const points = useMemo(
    () => loaded?.filter((one) => keys.includes(seriesKey(one)) && nameOf.has(one.run)) ?? null,
    [loaded, keys, nameOf],
  );
  const isOne = runs.length === 1;
  const origin = useMemo(() => originOf(points ?? [], runs), [points, runs]);
  const isLogX = logX && view.x !== "wall";

  const clip = useMemo(() => (view.clip && points ? clipOf(points) : null), [view.clip, points]);
  const shown = useRef({ points, origin });
  shown.current = { points, origin };
  // finer points are asked for once a zoom, by the points that were there
  useEffect(() => {
    const { points, origin } = shown.current;
    setSteps(range && points ? stepRange(points, view, origin, range) : null);
  }, [range, view]);

  const traces = useMemo(
    () =>
      points &&
      chartTraces(
        points.map((one) => ({
          ...one,
          color: runColor(one.run),
          ...(isOne ? {} : { label: nameOf.get(one.run) ?? "" }),
          ...axisOf(one, axis, loaded ?? []),
        })),
        view,
        origin,
      ),
    [points, loaded, axis, view, origin, isOne, nameOf],
  );
  const drawing = useMemo<Drawing | null>(() => {
    if (!traces || !colors || width === 0) return null;
    const x = range ? { from: range[0], to: range[1], log: isLogX } : wholeX(traces, isLogX);
    const plane = { box: boxOf(width, height), x, y: shownY(traces, x, log, clip) };
    return { traces, plane, layout: chartLayout({ x: view.x, plane, width, height, colors }) };
  }, [traces, colors, width, height, range, isLogX, log, clip, view.x]);
  const drawError = useDrawing({ axes, canvas }, drawing, (part) =>
    setZoom(part && { x: view.x, range: isLogX ? [10 ** part[0], 10 ** part[1]] : part }),
  );
  const drawn = drawing && { ...drawing, x: view.x };

  const title = `${metric}${unit ? ` (${unit})` : ""}`;
  const fileTitle = isOne ? `${runs[0]!.name} ${metric}` : metric;
  const isEmpty = points?.every(({ steps }) => steps.length === 0) ?? false;
  const words = useMemo(() => (points && !isEmpty ? describe(points, log, clip) : ""), [points, isEmpty, log, clip]);
  // of the whole series, not of the part that is shown
  const rows = isOne ? summaryRows(series, range ? null : points) : runRows(runs, points);
  return (
    <figure ref={frame} aria-label={title} className="min-w-0 border-r border-b border-line bg-bg px-4 pt-3 pb-2">
      <figcaption className="flex h-7 items-center gap-1.5">
        <h2 className="min-w-0 truncate text-sm font-medium" title={metric}>
          {metric}
        </h2>
        {direction && direction !== "none" && (
          <span className="text-muted">
            <DirectionArrow direction={direction} />
          </span>
        )}
        {unit && <span className="text-xs text-muted">{unit}</span>}
        <span className="ml-auto flex items-center text-muted">
          {range && (
            <ChartButton label="Show all steps" onClick={() => setZoom(null)}>
              <ZoomOut aria-hidden />
            </ChartButton>
          )}
          <ChartButton label="Logarithmic axis" pressed={log} onClick={() => onLog(!log)}>
            log
          </ChartButton>
          <ChartButton
            label={`Values of ${metric} at the cursor`}
            pressed={isRead}
            onClick={() => cursor.toggleRead(metric)}
          >
            <Table2 aria-hidden />
          </ChartButton>
          {onPin && (
            <ChartButton label={`Pin ${metric}`} pressed={pinned} onClick={onPin}>
              <Pin aria-hidden className={pinned ? "fill-current" : ""} />
            </ChartButton>
          )}
          <ChartButton label={`${metric} in full screen`} onClick={() => void frame.current?.requestFullscreen()}>
            <Maximize2 aria-hidden />
          </ChartButton>
          <ChartButton
            label={`Save ${metric} as PNG`}
            disabled={!drawing}
            onClick={() => drawing && colors && void downloadPicture("png", fileTitle, drawing, colors.text)}
          >
            <ImageIcon aria-hidden />
          </ChartButton>
          <ChartButton
            label={`Save ${metric} as SVG`}
            disabled={!drawing}
            onClick={() => drawing && colors && void downloadPicture("svg", fileTitle, drawing, colors.text)}
          >
            <Shapes aria-hidden />
          </ChartButton>
          <ChartButton
            label={`Save ${metric} as CSV`}
            disabled={!points}
            onClick={() =>
              void finestPoints(wanted).then(
                ({ points }) => points && downloadCsv(fileTitle, (run) => nameOf.get(run) ?? run, points),
              )
            }
          >
            <Download aria-hidden />
          </ChartButton>
        </span>
      </figcaption>
      {isOne && <Legend rows={rows} series={series} color={runColor(runs[0]!.id)} />}
      <div
        aria-hidden
        className="relative"
        style={{ height }}
        {...cursorHandlers(cursor.store, drawn, isRead ? cursor.pin : null)}
      >
        <div className={isEmpty ? "invisible" : ""}>
          <div ref={axes} className="absolute inset-0" />
          <canvas ref={canvas} className="pointer-events-none absolute inset-0 size-full" />
        </div>
        {isEmpty && (
          <p className="absolute inset-0 grid place-items-center text-sm text-muted">
            {isOne ? "No point yet" : `None of these runs has ${metric}`}
          </p>
        )}
        {drawn && <ChartOverlay drawn={drawn} store={cursor.store} pinned={cursor.at} isRead={isRead} />}
      </div>
      <p className="h-5 truncate text-xs text-muted" aria-live="off">
        {drawError ?? (error ? `Not up to date: ${error}` : words)}
      </p>
      {isRead && traces && <ChartValues {...{ metric, direction, traces, cursor }} x={view.x} />}
      <ChartSummary title={title} rows={rows} />
    </figure>
  );
}

/** The points of the metric that x is, of the same run: of the same split where it has them, else of none, else of any. */
function axisOf(one: Points, axis: string | null, loaded: Points[]): { axis?: Points } {
  if (axis === null) return {};
  const own = loaded.filter(({ run, metric }) => run === one.run && metric === axis);
  const found = own.find(({ split }) => split === one.split) ?? own.find(({ split }) => split === null) ?? own[0];
  return found ? { axis: found } : {};
}

/** Where relative time begins: the first run's start, or its first point where the trainer's clock is behind. */
function originOf(points: Points[], runs: ChartRun[]): number {
  const starts = runs.flatMap(({ startedAt }) => (startedAt ? [Date.parse(startedAt)] : []));
  return Math.min(...points.flatMap(({ times }) => [...times.subarray(0, 1)]), ...starts);
}

function summaryRows(series: ChartSeries[], points: Points[] | null): ChartSummaryRow[] {
  return series.map((known) => {
    const key = seriesKey(known);
    const loaded = points?.find((one) => seriesKey(one) === key);
    if (!loaded) return { key, count: known.count ?? 0, last: known.last ?? null };
    return { key, count: loaded.count, last: loaded.values.at(-1) ?? null };
  });
}

function runRows(runs: ChartRun[], points: Points[] | null): ChartSummaryRow[] {
  const name = new Map(runs.map((run) => [run.id, run.name]));
  return (points ?? []).map((one) => {
    return { key: `${name.get(one.run)} ${seriesKey(one)}`, count: one.count, last: one.values.at(-1) ?? null };
  });
}

/** What is drawn, and what isn't. */
function describe(points: Points[], log: boolean, clip: Clip | null): string {
  const envelope = points.filter(({ kind }) => kind === "envelope").map(({ count }) => count);
  const words = [envelope.length > 0 ? `envelope of ${Math.max(...envelope).toLocaleString("en")} points` : "raw"];
  const gaps = points.reduce((sum, { nonFiniteCount }) => sum + nonFiniteCount, 0);
  if (gaps > 0) words.push(`${gaps.toLocaleString("en")} not finite, marked at the edge`);
  if (clip)
    words.push(
      `${clip.beyond.toLocaleString("en")} beyond ${formatValue(clip.low)} … ${formatValue(clip.high)} cut off`,
    );
  const overwritten = points.reduce((sum, { overwrittenCount }) => sum + overwrittenCount, 0);
  if (overwritten > 0) words.push(`${overwritten.toLocaleString("en")} overwritten by a later point of their step`);
  const low = points.reduce(
    (sum, { values }) => sum + values.filter((value) => value <= 0 && value > -Infinity).length,
    0,
  );
  if (log && low > 0) words.push(`${low.toLocaleString("en")} at or below 0 have no place on this axis`);
  return words.join(" · ");
}

type ChartButtonProps = {
  label: string;
  onClick: () => void;
  children: ReactNode;
  pressed?: boolean;
  disabled?: boolean;
};

function ChartButton({ label, onClick, children, pressed, disabled }: ChartButtonProps) {
  return (
    <button
      type="button"
      aria-label={label}
      title={label}
      aria-pressed={pressed}
      disabled={disabled}
      onClick={onClick}
      className="flex h-6 min-w-6 items-center justify-center rounded px-1 text-xs transition-colors hover:bg-hover
        hover:text-text disabled:opacity-40 aria-pressed:bg-accent-soft aria-pressed:text-accent [&_svg]:size-3.5"
    >
      {children}
    </button>
  );
}
