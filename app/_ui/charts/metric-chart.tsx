"use client";
/** One metric of some runs over their steps: train and validation in the run's colour, live. */
import { type KeyboardEvent, useMemo, useRef } from "react";
import type { Direction } from "@/lib/wire/base/words.ts";
import type { PointSeries } from "@/lib/wire/points/points.ts";
import { seriesKey, seriesWords } from "@/lib/wire/points/series-name.ts";
import { countWords, numberWords, valueWords } from "@/lib/words/numbers.ts";
import { DirectionArrow } from "../domain/primary-metric.tsx";
import { usePointed } from "../parts/pointed.ts";
import { bestKnown, bestOf, type CardSeries, type ChartCard } from "./cards.ts";
import { type ChartSource, type PlotRun, useChartData } from "./data.ts";
import { useFullScreen } from "./full-screen.tsx";
import { Legend } from "./legend.tsx";
import { NothingDrawn } from "./nothing-drawn.tsx";
import { useSize, useThemeColors, useVisible } from "./plot/dom.ts";
import { type Drawing, useDrawing } from "./plot/drawing.ts";
import { downloadCsv, downloadPicture } from "./plot/export.ts";
import { chartLayout } from "./plot/layout.ts";
import { pointHandlers } from "./plot/nearest-curve.ts";
import { boxOf, shownY, wholeX } from "./plot/plane.ts";
import { type Clip, clipOf, type Trace } from "./plot/traces.ts";
import { ChartSummary, type ChartSummaryRow } from "./summary.tsx";
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

type MetricChartProps = Omit<ChartSource, "series"> & {
  card: ChartCard;
  /** Whether it fills what it stands in, with the values of all curves beside it. */
  isFull?: boolean;
};

/** Stands in a ChartGroup, which says how it is seen, and in a FullScreens. */
export function MetricChart({ project, runs, groups, card, isFull = false }: MetricChartProps) {
  const { metric, direction, unit, series } = card;
  const frame = useRef<HTMLElement>(null);
  const axes = useRef<HTMLDivElement>(null);
  const canvas = useRef<HTMLCanvasElement>(null);
  const lit = useRef<HTMLCanvasElement>(null);
  const isVisible = useVisible(frame);
  const { width, height } = useSize(axes);
  const colors = useThemeColors();
  const { look, view, setZoom, cursor } = useChartGroup();
  const fullScreen = useFullScreen();
  const log = view.log.includes(metric);
  const logX = view.logX && view.x !== "wall";
  const range = view.zoom;
  const source = useMemo(() => ({ project, runs, groups, series }), [project, runs, groups, series]);
  const { points, traces, error, reload, loadFinest } = useChartData(source, look, { width, isVisible, range });
  const clip = useMemo(() => (view.clip && points ? clipOf(points) : null), [view.clip, points]);
  const drawing = useMemo<Drawing | null>(() => {
    if (!traces || !colors || width === 0) return null;
    const x = range ? { from: range[0], to: range[1], log: logX } : wholeX(traces, logX);
    const plane = { box: boxOf(width, height), x, y: shownY(traces, x, log, clip) };
    return { traces, plane, layout: chartLayout({ x: view.x, plane, width, height, colors }) };
  }, [traces, colors, width, height, range, logX, log, clip, view.x]);
  const pointed = usePointed();
  const drawError = useDrawing({ axes, canvas, lit }, drawing, pointed, (part) =>
    setZoom(part && (logX ? [10 ** part[0], 10 ** part[1]] : part)),
  );
  const drawn = drawing && { ...drawing, x: view.x };
  const isRead = isFull || cursor.isRead(metric);
  const isOne = groups === null && runs.length === 1;
  const title = `${metric}${unit ? ` (${unit})` : ""}`;
  const isEmpty = points?.every(({ steps }) => steps.length === 0) ?? false;
  const words = useMemo(
    () => (points && !isEmpty ? `${groups ? meanWords(points) : ""}${describe(points, runs.length, log, clip)}` : ""),
    [points, isEmpty, groups, runs.length, log, clip],
  );
  // the summary is of the whole series, not of the part that is shown
  const rows = groups
    ? traceRows(traces ?? [])
    : isOne
      ? summaryRows(series, range ? null : points)
      : runRows(runs, points, direction);
  const file = isOne ? `${runs[0]!.name} ${metric}` : metric;
  const picture = (format: "png" | "svg") =>
    drawing && colors && (() => void downloadPicture(format, file, drawing, colors.text));
  const csv = () => void loadFinest().then((finest) => finest && downloadCsv(file, (run) => nameIn(runs, run), finest));
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
      className={`group/chart min-w-0 bg-bg px-4 pt-3 pb-2 flex flex-col -outline-offset-2 ${isFull ? "h-full" : "border-r border-b border-line"}`}
    >
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
        {log && <span className="text-xs text-muted">log</span>}
        <ChartToolbar
          metric={metric}
          isFull={isFull}
          exports={{ png: picture("png"), svg: picture("svg"), csv: points && csv }}
        />
      </figcaption>
      {isOne && <Legend rows={rows} series={series} look={runs[0]!.look} />}
      <div className={isFull ? "flex min-h-0 flex-1 gap-6 max-md:flex-col" : ""}>
        <div className={isFull ? "flex min-w-0 flex-1 flex-col" : ""}>
          <ChartSurface
            drawn={drawn}
            cursor={cursor}
            isRead={isRead}
            height={isFull ? null : chartSizes[view.size].height}
          >
            <div aria-hidden className={isEmpty ? "invisible" : ""} {...pointHandlers(pointed, drawing)}>
              <div ref={axes} className="absolute inset-0" />
              <canvas ref={canvas} className="pointer-events-none absolute inset-0 size-full" />
              <canvas ref={lit} className="pointer-events-none absolute inset-0 size-full" />
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
            {drawError ?? (error && points ? `Not up to date: ${error}` : words)}
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
    </figure>
  );
}

const nameIn = (runs: PlotRun[], id: string): string => runs.find((run) => run.id === id)?.name ?? id;

function summaryRows(series: CardSeries[], points: PointSeries[] | null): ChartSummaryRow[] {
  return series.map((known) => {
    const key = seriesKey(known);
    const named = { key, words: seriesWords(known) };
    const loaded = points?.find((one) => seriesKey(one) === key);
    if (!loaded) return { ...named, count: known.count ?? 0, last: known.last ?? null, best: bestKnown(known) };
    return { ...named, count: loaded.count, last: loaded.values.at(-1) ?? null, best: bestOf(loaded, known.direction) };
  });
}

function runRows(runs: PlotRun[], points: PointSeries[] | null, direction: Direction | null): ChartSummaryRow[] {
  const name = new Map(runs.map((run) => [run.id, run.name]));
  return (points ?? []).map((one) => ({
    key: `${name.get(one.run)} ${seriesKey(one)}`,
    words: `${name.get(one.run)} ${seriesWords(one)}`,
    count: one.count,
    last: one.values.at(-1) ?? null,
    best: bestOf(one, direction),
  }));
}

/** Of the means over groups. */
const traceRows = (traces: Trace[]): ChartSummaryRow[] =>
  traces.map(({ label, split, raw }) => ({
    key: `${label} ${split ?? "-"}`,
    words: [label, split].filter(Boolean).join(" "),
    count: raw.x.length,
    last: raw.y[raw.x.length - 1] ?? null,
    best: null,
  }));

/** Stands before what is said of the runs' own points. */
const meanWords = (points: PointSeries[]): string =>
  `mean of ${points.some(({ kind }) => kind === "envelope") ? "each pixel's means" : "the runs"}, 95 % band · `;

/** Says in words what is drawn, and what isn't. */
function describe(points: PointSeries[], runCount: number, log: boolean, clip: Clip | null): string {
  const envelope = points.filter(({ kind }) => kind === "envelope").map(({ count }) => count);
  const words = [envelope.length > 0 ? `envelope of ${numberWords(Math.max(...envelope))} points` : "raw"];
  const lacking = runCount - new Set(points.filter(({ steps }) => steps.length > 0).map(({ run }) => run)).size;
  if (lacking > 0) words.push(`${countWords(lacking, "run has", "runs have")} no point`);
  const gaps = points.reduce((sum, { nonFiniteCount }) => sum + nonFiniteCount, 0);
  if (gaps > 0) words.push(`${numberWords(gaps)} not finite, marked at the edge`);
  if (clip) words.push(`${numberWords(clip.beyond)} beyond ${valueWords(clip.low)} … ${valueWords(clip.high)} cut off`);
  const overwritten = points.reduce((sum, { overwrittenCount }) => sum + overwrittenCount, 0);
  if (overwritten > 0) words.push(`${numberWords(overwritten)} overwritten by a later point of their step`);
  const low = points.reduce(
    (sum, { values }) => sum + values.filter((value) => value <= 0 && value > -Infinity).length,
    0,
  );
  if (log && low > 0) words.push(`${numberWords(low)} at or below 0 have no place on this axis`);
  return words.join(" · ");
}
