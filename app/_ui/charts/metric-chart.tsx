"use client";
/** One metric of some runs over their steps: train and validation in the run's colour, live. */
import { type KeyboardEvent, memo, type ReactNode, useMemo, useRef } from "react";
import { DirectionArrow } from "../domain/primary-metric.tsx";
import { usePointed } from "../parts/pointed.ts";
import type { ChartCard } from "./cards.ts";
import { describe, meanWords, runRows, summaryRows, traceRows } from "./chart-words.ts";
import { type ChartSource, useChartData } from "./data.ts";
import { useFullScreen } from "./full-screen.tsx";
import { Legend } from "./legend.tsx";
import { NothingDrawn } from "./nothing-drawn.tsx";
import { useSize, useThemeColors, useVisible } from "./plot/dom.ts";
import { type Drawing, useDrawing } from "./plot/drawing.ts";
import { downloadCsv, downloadPicture } from "./plot/export.ts";
import { pointHandlers } from "./plot/nearest-curve.ts";
import { boxOf, shownY, wholeX } from "./plot/plane.ts";
import { clipOf } from "./plot/traces.ts";
import { useZoomDrag, ZoomLayer } from "./plot/zoom-layer.tsx";
import { ChartSummary } from "./summary.tsx";
import { ChartSurface } from "./surface.tsx";
import { ChartToolbar } from "./toolbar.tsx";
import { ChartValues } from "./values.tsx";
import { useChartGroup } from "./view.tsx";
import type { ChartSize } from "./view-address.ts";

/** The height of a chart's picture and the least width of the chart, in pixels. */
export const chartSizes: Record<ChartSize, { height: number; width: number }> = {
  small: { height: 150, width: 260 },
  medium: { height: 220, width: 360 },
  large: { height: 360, width: 600 },
};

/** Of a chart without a legend, with what stands round its picture; the browser keeps so much room for one out of sight. */
const heightOf = (size: ChartSize): number => chartSizes[size].height + 69;

type MetricChartProps = Omit<ChartSource, "series"> & {
  card: ChartCard;
  /** Whether it fills what it stands in, with the values of all curves beside it. */
  isFull?: boolean;
};

/** Stands in a ChartGroup, which says how it is seen, and in a FullScreens. */
export function MetricChart({ project, runs, groups, card, isFull = false }: MetricChartProps) {
  const { metric, unit, series } = card;
  const frame = useRef<HTMLElement>(null);
  const isVisible = useVisible(frame);
  const fullScreen = useFullScreen();
  const { view } = useChartGroup();
  const source = useMemo(() => ({ project, runs, groups, series }), [project, runs, groups, series]);
  const shown = useRef<ChartSource | null>(null);
  // a page has hundreds of charts: those out of sight keep what they showed last, and cost nothing
  if (isVisible || isFull) shown.current = source;
  const title = `${metric}${unit ? ` (${unit})` : ""}`;
  const onKeyDown = (event: KeyboardEvent) => {
    const isTyped = event.ctrlKey || event.metaKey || event.altKey || event.target instanceof HTMLInputElement;
    if (event.key === "f" && !isTyped && !isFull) fullScreen.show(metric);
  };
  return (
    <figure
      ref={frame}
      aria-label={title}
      aria-keyshortcuts={isFull ? undefined : "f"}
      data-metric={isFull ? undefined : metric}
      tabIndex={isFull ? undefined : 0}
      onPointerEnter={fullScreen.prepare}
      onFocus={fullScreen.prepare}
      onKeyDown={onKeyDown}
      style={isFull ? undefined : { containIntrinsicHeight: `auto ${heightOf(view.size)}px` }}
      className={`group/chart min-w-0 bg-bg px-4 pt-3 pb-2 flex flex-col -outline-offset-2
        ${isFull ? "h-full" : "border-r border-b border-line [content-visibility:auto]"}`}
    >
      {shown.current ? (
        <ChartBody title={title} card={card} source={shown.current} isVisible={isVisible} isFull={isFull} />
      ) : (
        <ChartRoom title={title} card={card} source={source} />
      )}
    </figure>
  );
}

type ChartRoomProps = { title: string; card: ChartCard; source: ChartSource };

/** What a chart that was never in sight is: its name, what it came to, and its room. */
function ChartRoom({ title, card, source: { runs, groups, series } }: ChartRoomProps) {
  const { view } = useChartGroup();
  const isOne = groups === null && runs.length === 1;
  const rows = isOne ? summaryRows(series, null) : [];
  return (
    <>
      <ChartCaption card={card} isFull={false} isLog={view.log.includes(card.metric)} />
      {isOne && <Legend rows={rows} series={series} look={runs[0]!.look} />}
      <div className="mb-5" style={{ height: chartSizes[view.size].height }} />
      {rows.length > 0 && <ChartSummary title={title} rows={rows} />}
    </>
  );
}

type ChartCaptionProps = { card: ChartCard; isFull: boolean; isLog: boolean; children?: ReactNode };

const ChartCaption = ({ card: { metric, direction, unit }, isFull, isLog, children }: ChartCaptionProps) => (
  <figcaption className="relative flex min-h-7 items-center gap-1.5">
    <h3 className={`min-w-0 font-medium ${isFull ? "text-lg wrap-anywhere" : "truncate text-sm"}`} title={metric}>
      {metric}
    </h3>
    {direction && direction !== "none" && (
      <span className="text-muted">
        <DirectionArrow direction={direction} />
      </span>
    )}
    {unit && <span className="text-xs text-muted">{unit}</span>}
    {isLog && <span className="text-xs text-muted">log</span>}
    {children}
  </figcaption>
);

type ChartBodyProps = { title: string; card: ChartCard; source: ChartSource; isVisible: boolean; isFull: boolean };

const ChartBody = memo(function ChartBody({ title, card, source, isVisible, isFull }: ChartBodyProps) {
  const { metric, direction } = card;
  const { runs, groups, series } = source;
  const surface = {
    axes: useRef<HTMLCanvasElement>(null),
    curves: useRef<HTMLCanvasElement>(null),
    lit: useRef<HTMLCanvasElement>(null),
  };
  const { width, height } = useSize(surface.axes);
  const colors = useThemeColors();
  const { look, view, setZoom, cursor } = useChartGroup();
  const log = view.log.includes(metric);
  const logX = view.logX && view.x !== "wall";
  const drag = useZoomDrag(setZoom);
  const range = drag.moved ?? view.zoom;
  const { points, traces, error, reload, loadFinest } = useChartData(source, look, {
    width,
    isVisible,
    range: view.zoom,
  });
  const clip = useMemo(() => (view.clip && points ? clipOf(points) : null), [view.clip, points]);
  const drawing = useMemo<Drawing | null>(() => {
    if (!traces || !colors || width === 0) return null;
    const x = range ? { from: range[0], to: range[1], log: logX } : wholeX(traces, logX);
    const plane = { box: boxOf(width, height), x, y: shownY(traces, x, log, clip) };
    return { traces, plane, x: view.x, width, height, colors };
  }, [traces, colors, width, height, range, logX, log, clip, view.x]);
  const pointed = usePointed();
  useDrawing(surface, drawing, pointed);
  const isRead = isFull || cursor.isRead(metric);
  const isOne = groups === null && runs.length === 1;
  const isEmpty = points?.every(({ steps }) => steps.length === 0) ?? false;
  const words = useMemo(
    () => (points && !isEmpty ? `${groups ? meanWords(points) : ""}${describe(points, runs.length, log, clip)}` : ""),
    [points, isEmpty, groups, runs.length, log, clip],
  );
  // the summary is of the whole series, not of the part that is shown
  const rows = groups
    ? traceRows(traces ?? [])
    : isOne
      ? summaryRows(series, view.zoom ? null : points)
      : runRows(runs, points, direction);
  const file = isOne ? `${runs[0]!.name} ${metric}` : metric;
  const picture = (format: "png" | "svg") => drawing && (() => void downloadPicture(format, file, drawing));
  const nameOf = (id: string) => runs.find((run) => run.id === id)?.name ?? id;
  const csv = () => void loadFinest().then((finest) => finest && downloadCsv(file, nameOf, finest));
  return (
    <>
      <ChartCaption card={card} isFull={isFull} isLog={log}>
        <ChartToolbar
          metric={metric}
          isFull={isFull}
          exports={{ png: picture("png"), svg: picture("svg"), csv: points && csv }}
        />
      </ChartCaption>
      {isOne && <Legend rows={rows} series={series} look={runs[0]!.look} />}
      <div className={isFull ? "flex min-h-0 flex-1 gap-6 max-md:flex-col" : ""}>
        <div className={isFull ? "flex min-w-0 flex-1 flex-col" : ""}>
          <ChartSurface
            drawn={drawing}
            cursor={cursor}
            isRead={isRead}
            height={isFull ? null : chartSizes[view.size].height}
          >
            <div
              aria-hidden
              className={`absolute inset-0 select-none ${isEmpty ? "invisible" : ""}`}
              {...pointHandlers(pointed, drawing)}
            >
              <canvas ref={surface.axes} className="absolute inset-0 size-full" />
              <canvas ref={surface.curves} className="absolute inset-0 size-full" />
              <canvas ref={surface.lit} hidden className="absolute inset-0 size-full" />
              <ZoomLayer drag={drag} plane={drawing?.plane ?? null} />
            </div>
            {(points === null || isEmpty) && (
              <NothingDrawn
                isLoaded={points !== null}
                error={error}
                empty={isOne ? "No point yet" : `None of these runs has ${metric}`}
                onRetry={reload}
              />
            )}
          </ChartSurface>
          <p className="h-5 truncate text-xs text-muted" aria-live="off" title={words || undefined}>
            {error && points ? `Not up to date: ${error}` : words}
          </p>
        </div>
        {isRead && traces && (
          <div className={isFull ? "shrink-0 overflow-y-auto max-md:max-h-[45%] md:w-[min(40%,480px)]" : ""}>
            <ChartValues
              metric={metric}
              direction={direction}
              traces={traces}
              x={view.x}
              cursor={cursor}
              isWhole={isFull}
            />
          </div>
        )}
      </div>
      <ChartSummary title={title} rows={rows} />
    </>
  );
});
