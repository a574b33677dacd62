"use client";
/** One metric of some runs over their steps: train and validation in the run's colour, live. */
import { useMemo, useRef } from "react";
import type { PointSeries } from "@/lib/wire/points.ts";
import { seriesKey } from "@/lib/wire/series-name.ts";
import { numberWords, valueWords } from "@/lib/words/numbers.ts";
import { DirectionArrow } from "../domain/primary-metric.tsx";
import { runColor } from "../parts/run-color.ts";
import type { CardSeries, ChartCard } from "./cards.ts";
import { type ChartSource, type PlotRun, useChartData } from "./data.ts";
import { Legend } from "./legend.tsx";
import { ChartOverlay, cursorHandlers } from "./overlay.tsx";
import { useFullHeight, useThemeColors, useVisible, useWidth } from "./plot/dom.ts";
import { type Drawing, useDrawing } from "./plot/drawing.ts";
import { downloadCsv, downloadPicture } from "./plot/export.ts";
import { CHART_HEIGHT, chartLayout } from "./plot/layout.ts";
import { boxOf, shownY, wholeX } from "./plot/plane.ts";
import { type Clip, clipOf } from "./plot/traces.ts";
import { ChartSummary, type ChartSummaryRow } from "./summary.tsx";
import { ChartToolbar } from "./toolbar.tsx";
import { ChartValues } from "./values.tsx";
import { useChartGroup } from "./view.tsx";

type MetricChartProps = Omit<ChartSource, "series"> & { card: ChartCard };

/** Stands in a ChartGroup, which says how it is seen. */
export function MetricChart({ project, runs, card }: MetricChartProps) {
  const { metric, direction, unit, series } = card;
  const frame = useRef<HTMLElement>(null);
  const axes = useRef<HTMLDivElement>(null);
  const canvas = useRef<HTMLCanvasElement>(null);
  const isVisible = useVisible(frame);
  const width = useWidth(axes);
  const colors = useThemeColors();
  const height = useFullHeight(frame) ?? CHART_HEIGHT;
  const { look, view, zoom, setZoom, cursor } = useChartGroup();
  const log = view.log.includes(metric);
  const logX = view.logX && view.x !== "wall";
  const range = zoom?.x === view.x ? zoom.range : null;
  const source = useMemo(() => ({ project, runs, series }), [project, runs, series]);
  const { points, traces, error, loadFinest } = useChartData(source, look, { width, isVisible, range });
  const clip = useMemo(() => (view.clip && points ? clipOf(points) : null), [view.clip, points]);
  const drawing = useMemo<Drawing | null>(() => {
    if (!traces || !colors || width === 0) return null;
    const x = range ? { from: range[0], to: range[1], log: logX } : wholeX(traces, logX);
    const plane = { box: boxOf(width, height), x, y: shownY(traces, x, log, clip) };
    return { traces, plane, layout: chartLayout({ x: view.x, plane, width, height, colors }) };
  }, [traces, colors, width, height, range, logX, log, clip, view.x]);
  const drawError = useDrawing({ axes, canvas }, drawing, (part) =>
    setZoom(part && { x: view.x, range: logX ? [10 ** part[0], 10 ** part[1]] : part }),
  );
  const drawn = drawing && { ...drawing, x: view.x };
  const isRead = cursor.isRead(metric);
  const isOne = runs.length === 1;
  const title = `${metric}${unit ? ` (${unit})` : ""}`;
  const isEmpty = points?.every(({ steps }) => steps.length === 0) ?? false;
  const words = useMemo(() => (points && !isEmpty ? describe(points, log, clip) : ""), [points, isEmpty, log, clip]);
  // the summary is of the whole series, not of the part that is shown
  const rows = isOne ? summaryRows(series, range ? null : points) : runRows(runs, points);
  const file = isOne ? `${runs[0]!.name} ${metric}` : metric;
  const picture = (format: "png" | "svg") =>
    drawing && colors && (() => void downloadPicture(format, file, drawing, colors.text));
  const csv = () => void loadFinest().then((finest) => finest && downloadCsv(file, (run) => nameIn(runs, run), finest));
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
        <ChartToolbar
          metric={metric}
          isZoomed={range !== null}
          onFullScreen={() => void frame.current?.requestFullscreen()}
          exports={{ png: picture("png"), svg: picture("svg"), csv: points && csv }}
        />
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
      {isRead && traces && (
        <ChartValues metric={metric} direction={direction} traces={traces} x={view.x} cursor={cursor} />
      )}
      <ChartSummary title={title} rows={rows} />
    </figure>
  );
}

const nameIn = (runs: PlotRun[], id: string): string => runs.find((run) => run.id === id)?.name ?? id;

function summaryRows(series: CardSeries[], points: PointSeries[] | null): ChartSummaryRow[] {
  return series.map((known) => {
    const key = seriesKey(known);
    const loaded = points?.find((one) => seriesKey(one) === key);
    if (!loaded) return { key, count: known.count ?? 0, last: known.last ?? null };
    return { key, count: loaded.count, last: loaded.values.at(-1) ?? null };
  });
}

function runRows(runs: PlotRun[], points: PointSeries[] | null): ChartSummaryRow[] {
  const name = new Map(runs.map((run) => [run.id, run.name]));
  return (points ?? []).map((one) => {
    return { key: `${name.get(one.run)} ${seriesKey(one)}`, count: one.count, last: one.values.at(-1) ?? null };
  });
}

/** Says in words what is drawn, and what isn't. */
function describe(points: PointSeries[], log: boolean, clip: Clip | null): string {
  const envelope = points.filter(({ kind }) => kind === "envelope").map(({ count }) => count);
  const words = [envelope.length > 0 ? `envelope of ${numberWords(Math.max(...envelope))} points` : "raw"];
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
