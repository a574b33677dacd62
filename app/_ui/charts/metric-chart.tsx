"use client";
/** One metric of some runs over their steps: train and validation in the run's colour, live. */
import { type KeyboardEvent, memo, type ReactNode, useDeferredValue, useEffect, useMemo, useRef } from "react";
import { DirectionArrow } from "../domain/primary-metric.tsx";
import { NOT_FETCHED } from "../overlays/fetched.tsx";
import { useToast } from "../overlays/toast.tsx";
import { usePointed } from "../parts/pointed.ts";
import type { ChartCard } from "./cards.ts";
import { describe, expressionWords, meanWords, runRows, summaryRows, traceRows } from "./chart-words.ts";
import { type ChartPoints, type ChartSource, useChartData } from "./data.ts";
import { ChartValues, useFullScreen } from "./full-screen.tsx";
import { Legend } from "./legend.tsx";
import { NothingDrawn } from "./nothing-drawn.tsx";
import { useSize, useThemeColors, useVisible } from "./plot/dom.ts";
import { type Drawing, useDrawing } from "./plot/drawing.ts";
import { pointHandlers } from "./plot/nearest-curve.ts";
import { boxOf, shownY, wholeX } from "./plot/plane.ts";
import { type CardSize, SizeHandle } from "./plot/size-handle.tsx";
import { type Clip, clipOf, type Trace } from "./plot/traces.ts";
import { useZoomDrag, ZoomLayer } from "./plot/zoom-layer.tsx";
import { ChartSummary } from "./summary.tsx";
import { ChartSurface } from "./surface.tsx";
import { beginTalk, TALK_KEY, type TalkedChart, useTalk } from "./talk/talk.ts";
import { ChartToolbar } from "./toolbar.tsx";
import { useChartGroup } from "./view.tsx";
import { type ChartsView, roundSize, sizeOf } from "./view-address.ts";

// few charts are saved
const loadExport = () => import("./plot/export.ts");

/** Of a chart without a legend, with what stands round its picture; the browser keeps so much room for one out of sight. */
const heightOf = (view: ChartsView): number => sizeOf(view).height + 69;

/** What + and − make all charts larger and smaller by. */
const GROWTH = 1.15;

type MetricChartProps = Omit<ChartSource, "series" | "expression"> & {
  card: ChartCard;
  /** Whether it fills what it stands in, with the values of all curves beside it. */
  isFull?: boolean;
};

/** Stands in a ChartGroup, which says how it is seen, and in a FullScreens. */
export function MetricChart({ project, runs, groups, card, isFull = false }: MetricChartProps) {
  const { key, unit, series, expression } = card;
  const name = cardWords(card);
  const frame = useRef<HTMLElement>(null);
  const isVisible = useVisible(frame);
  const fullScreen = useFullScreen();
  const { view, onView, reads, cursor } = useChartGroup();
  const isDrawn = isVisible || isFull || (reads !== null && cursor.isRead(card.metric));
  const source = useMemo(
    () => ({ project, runs, groups, series, expression }),
    [project, runs, groups, series, expression],
  );
  const shown = useRef<ChartSource | null>(null);
  // a page has hundreds of charts: those out of sight keep what they showed last, and cost nothing
  if (isDrawn) shown.current = source;
  const title = `${name}${unit ? ` (${unit})` : ""}`;
  const resize = (size: CardSize) => onView({ ...view, ownSize: roundSize(size) });
  const onKeyDown = (event: KeyboardEvent<HTMLElement>) => {
    if (event.ctrlKey || event.metaKey || event.altKey || isFull) return;
    // the slider of the cursor is no field that one writes in
    if (event.key === TALK_KEY) beginTalk(event.currentTarget);
    if (event.target instanceof HTMLInputElement) return;
    if (event.key === "f") fullScreen.show(key);
    const factor = { "+": GROWTH, "-": 1 / GROWTH }[event.key];
    const { width, height } = sizeOf(view);
    if (factor) resize({ width: width * factor, height: height * factor });
  };
  return (
    <figure
      ref={frame}
      aria-label={title}
      aria-keyshortcuts={isFull ? undefined : "f + -"}
      data-metric={isFull ? undefined : key}
      tabIndex={isFull ? undefined : 0}
      onPointerEnter={fullScreen.prepare}
      onFocus={fullScreen.prepare}
      onKeyDown={onKeyDown}
      style={isFull ? undefined : { containIntrinsicHeight: `auto ${heightOf(view)}px` }}
      className={`group/chart relative min-w-0 bg-bg px-4 pt-3 pb-2 flex flex-col -outline-offset-2
        ${isFull ? "h-full" : "border-r border-b border-line [content-visibility:auto]"}`}
    >
      {shown.current ? (
        <ChartBody
          title={title}
          card={card}
          source={shown.current}
          isVisible={isDrawn}
          isSeen={isVisible || isFull}
          isFull={isFull}
        />
      ) : (
        <ChartRoom title={title} card={card} source={source} />
      )}
      {!isFull && <SizeHandle size={sizeOf(view)} onSize={resize} onReset={() => onView({ ...view, ownSize: null })} />}
    </figure>
  );
}

/** What tells a chart from its neighbours, in words. */
export const cardWords = ({ metric, facet }: ChartCard): string => (facet ? `${metric} · ${facet.words}` : metric);

/** Whether a legend of train and validation says what its curves are. */
const isOneRun = ({ runs, groups, expression }: Pick<ChartSource, "runs" | "groups" | "expression">): boolean =>
  groups === null && runs.length === 1 && expression === null;

/** Those of the points that a chart has curves of; a group's facet keeps whole groups, not runs. */
const ownPoints = (points: ChartPoints[], facet: ChartCard["facet"]): ChartPoints[] =>
  facet?.owners ? points.filter(({ run }) => facet.owners!.has(run)) : points;

type Drawn = { points: ChartPoints[]; traces: Trace[]; facet: ChartCard["facet"]; log: boolean; clip: Clip | null };

function wordsOf({ runs, groups, expression }: ChartSource, { points, traces, facet, log, clip }: Drawn): string {
  const own = groups ? points : ownPoints(points, facet);
  const count = groups === null && facet?.owners ? facet.owners.size : runs.length;
  const mean = groups ? meanWords(points, traces) : "";
  return `${mean}${expression ? expressionWords(own, count) : describe(own, count, log, clip)}`;
}

type ChartRoomProps = { title: string; card: ChartCard; source: ChartSource };

/** What a chart that was never in sight is: its name, what it came to, and its room. */
function ChartRoom({ title, card, source: { runs, groups, series } }: ChartRoomProps) {
  const { view } = useChartGroup();
  const isOne = isOneRun({ runs, groups, expression: card.expression });
  const rows = isOne ? summaryRows(series, null) : [];
  return (
    <>
      <ChartCaption card={card} isFull={false} isLog={view.log.includes(card.metric)} />
      {isOne && <Legend rows={rows} series={series} look={runs[0]!.look} />}
      <div className="mb-5" style={{ height: sizeOf(view).height }} />
      {rows.length > 0 && <ChartSummary title={title} rows={rows} />}
    </>
  );
}

type ChartCaptionProps = { card: ChartCard; isFull: boolean; isLog: boolean; children?: ReactNode };

const ChartCaption = ({ card, isFull, isLog, children }: ChartCaptionProps) => (
  <figcaption className="relative flex min-h-7 items-center gap-1.5">
    <h3
      className={`min-w-0 font-medium ${isFull ? "text-lg wrap-anywhere" : "truncate text-sm"}`}
      title={cardWords(card)}
    >
      {card.metric}
      {card.facet && <span className="font-normal text-muted"> · {card.facet.words}</span>}
    </h3>
    {card.direction && card.direction !== "none" && (
      <span className="text-muted">
        <DirectionArrow direction={card.direction} />
      </span>
    )}
    {card.unit && <span className="text-xs text-muted">{card.unit}</span>}
    {isLog && <span className="text-xs text-muted">log</span>}
    {children}
  </figcaption>
);

type ChartBodyProps = {
  title: string;
  card: ChartCard;
  source: ChartSource;
  isVisible: boolean;
  /** Else it is drawn for a table of values alone. */
  isSeen: boolean;
  isFull: boolean;
};

const ChartBody = memo(function ChartBody({ title, card, source, isVisible, isSeen, isFull }: ChartBodyProps) {
  const { metric, direction, facet } = card;
  const { runs, groups, series, expression } = source;
  const surface = {
    axes: useRef<HTMLCanvasElement>(null),
    curves: useRef<HTMLCanvasElement>(null),
    lit: useRef<HTMLCanvasElement>(null),
  };
  const { width, height } = useSize(surface.axes, isSeen);
  const colors = useThemeColors();
  const { look, view, setZoom, cursor, reads } = useChartGroup();
  const log = view.log.includes(metric);
  const logX = view.logX && view.x !== "wall";
  const drag = useZoomDrag(setZoom);
  const range = drag.moved ?? view.zoom;
  const {
    points,
    traces: all,
    error,
    reload,
    loadFinest,
  } = useChartData(source, look, {
    width,
    isVisible,
    range: view.zoom,
  });
  // charts of one metric have one scale, so that they can be read across
  const traces = useMemo(
    () => (all && facet?.owners ? all.filter(({ owner }) => facet.owners!.has(owner)) : all),
    [all, facet],
  );
  const clip = useMemo(() => (view.clip && points ? clipOf(points) : null), [view.clip, points]);
  const drawing = useMemo<Drawing | null>(() => {
    if (!all || !traces || !colors || width === 0) return null;
    const x = range ? { from: range[0], to: range[1], log: logX } : wholeX(all, logX);
    const plane = { box: boxOf(width, height), x, y: shownY(all, x, log, clip) };
    return { traces, plane, x: view.x, width, height, colors };
  }, [all, traces, colors, width, height, range, logX, log, clip, view.x]);
  const talk = useTalk();
  const down = useRef<number | null>(null);
  // of a mean over runs nobody could say whose thread it would be
  const talked = useMemo<TalkedChart | null>(
    () => (drawing && !groups && !expression ? { metric, drawing, down } : null),
    [drawing, groups, expression, metric],
  );
  const pointed = usePointed();
  useDrawing(surface, drawing, pointed);
  const isRead = isFull || cursor.isRead(metric);
  const isOfTable = reads !== null && isRead && !isFull;
  useReads(isOfTable ? reads : null, card, traces);
  const isOne = isOneRun(source);
  const isEmpty = traces?.every(({ steps }) => steps.length === 0) ?? false;
  const words = useMemo(
    () => (points && traces && !isEmpty ? wordsOf(source, { points, traces, facet, log, clip }) : ""),
    [points, traces, isEmpty, source, facet, log, clip],
  );
  const rows = useMemo(
    () => rowsOf(source, card, { points, traces, isWhole: !view.zoom }),
    [source, card, points, traces, view.zoom],
  );
  // curves are seen before the table of them is made, which is read out
  const told = useDeferredValue(rows);
  const exports = useExports({ source, card, points, drawing, loadFinest });
  return (
    <>
      <ChartCaption card={card} isFull={isFull} isLog={log}>
        <ChartToolbar metric={metric} chart={card.key} isFull={isFull} talked={talked} exports={exports} />
      </ChartCaption>
      {isOne && <Legend rows={rows} series={series} look={runs[0]!.look} />}
      <div className={isFull ? "flex min-h-0 flex-1 gap-6 max-md:flex-col" : ""}>
        <div className={isFull ? "flex min-w-0 flex-1 flex-col" : ""}>
          <ChartSurface
            drawn={drawing}
            cursor={cursor}
            isRead={isRead}
            down={down}
            height={isFull ? null : sizeOf(view).height}
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
            {talk && talked && <talk.Marks chart={talked} />}
            {(points === null || isEmpty) && (
              <NothingDrawn
                isLoaded={points !== null}
                error={error}
                empty={isOne ? "No point yet" : `None of these runs has ${expression ? "all of its metrics" : metric}`}
                onRetry={reload}
              />
            )}
          </ChartSurface>
          <p className="h-5 truncate text-xs text-muted" aria-live="off" title={words || undefined}>
            {error && points ? `Not up to date: ${error}` : words}
          </p>
        </div>
        {isRead && !isOfTable && traces && (
          <div className={isFull ? "shrink-0 overflow-y-auto max-md:max-h-[45%] md:w-[min(40%,480px)]" : ""}>
            <ChartValues
              metric={metric}
              direction={direction}
              traces={traces}
              x={view.x}
              cursor={cursor}
              isWhole={isFull}
              onClose={() => isFull || cursor.toggleRead(metric)}
            />
          </div>
        )}
      </div>
      <ChartSummary title={title} rows={told} />
    </>
  );
});

type Fetched = { points: ChartPoints[] | null; traces: Trace[] | null; isWhole: boolean };

/** What the curves come to, of whole series, not of the part that is shown. */
function rowsOf(source: ChartSource, { facet, direction }: ChartCard, { points, traces, isWhole }: Fetched) {
  if (source.groups) return traceRows(traces ?? []);
  if (isOneRun(source)) return summaryRows(source.series, isWhole ? points : null);
  return runRows(source.runs, points && ownPoints(points, facet), direction);
}

/** Puts the chart's values into the one table of all charts, where there is one. */
function useReads(reads: ReturnType<typeof useChartGroup>["reads"], card: ChartCard, traces: Trace[] | null): void {
  const { key, metric, direction } = card;
  useEffect(() => {
    if (!reads || !traces) return;
    reads.put(key, { metric, direction, traces });
    return () => reads.put(key, null);
  }, [reads, key, metric, direction, traces]);
}

type Exported = {
  source: ChartSource;
  card: ChartCard;
  points: ChartPoints[] | null;
  drawing: Drawing | null;
  loadFinest: () => Promise<ChartPoints[] | null>;
};

/** What saves the chart as a file; null: there is nothing to save yet. */
function useExports({ source, card, points, drawing, loadFinest }: Exported) {
  const { runs, groups } = source;
  const toast = useToast();
  const file = isOneRun(source) ? `${runs[0]!.name} ${card.metric}` : cardWords(card);
  const save = (write: (files: Awaited<ReturnType<typeof loadExport>>) => unknown) =>
    void loadExport().then(write, () => toast({ title: NOT_FETCHED, tone: "danger" }));
  const picture = (format: "png" | "svg") =>
    drawing && (() => save(({ downloadPicture }) => downloadPicture(format, file, drawing)));
  const nameOf = (id: string) => runs.find((run) => run.id === id)?.name ?? id;
  const csv = () =>
    save(async ({ downloadCsv }) => {
      const finest = await loadFinest();
      if (finest) downloadCsv(file, nameOf, groups ? finest : ownPoints(finest, card.facet));
    });
  return { png: picture("png"), svg: picture("svg"), csv: points && csv };
}
