"use client";
/** What a chart draws: the points of its series, as traces in the numbers of the axes. */
import { useCallback, useEffect, useMemo, useRef, useState } from "react";
import type { PointSeries } from "@/lib/wire/points/points.ts";
import { seriesKey } from "@/lib/wire/points/series-name.ts";
import type { ChartCard } from "./cards.ts";
import { evaluatePoints, type NamedExpression } from "./expressions/evaluate.ts";
import { groupTraces, type PlotGroup } from "./plot/group-traces.ts";
import { axisMetric, type ChartView, chartTraces, type PlotRun, stepRange, type Trace } from "./plot/traces.ts";
import { finestPoints, useSeriesPoints } from "./points.ts";

/** Which series of which runs a chart draws, and the project that they are of. `groups`: their means in place of them. */
export type ChartSource = {
  project: { id: string; slug: string };
  runs: PlotRun[];
  groups: PlotGroup[] | null;
  series: ChartCard["series"];
  /** What is drawn of the series; null: they themselves. */
  expression: NamedExpression | null;
};

/** `between`: as of an expression's curve. */
export type ChartPoints = PointSeries & { between?: number };

export type ChartData = {
  /** Null until the first answer. */
  points: ChartPoints[] | null;
  traces: Trace[] | null;
  /** Why the points may be old, in words. */
  error: string | null;
  /** Asks again. */
  reload: () => void;
  /** Loads the points as fine as the server gives them, for a file. */
  loadFinest: () => Promise<ChartPoints[] | null>;
};

/** Means of many runs are drawn from so many pixels of each: all their points would be a hundred times as many. */
const GROUP_PX = 400;

/** Points of all curves together that an expression may take: up to these it has them all, and no pixel's means. */
const EXPRESSION_PX = 100_000;

/** Of so many pixels points are asked for. */
function pxOf({ runs, groups, series, expression }: ChartSource, width: number): number {
  const own = groups ? Math.min(width, GROUP_PX) : width;
  return expression && width > 0 ? Math.max(own, EXPRESSION_PX / (runs.length * series.length)) : own;
}

/** `range` is the part of x that is shown, null for the whole: finer points are asked for once a zoom. */
export function useChartData(
  source: ChartSource,
  view: ChartView,
  { width, isVisible, range }: { width: number; isVisible: boolean; range: [number, number] | null },
): ChartData {
  const { project, runs, groups, series, expression } = source;
  const [steps, setSteps] = useState<{ from: number; to: number } | null>(null);
  const keys = useMemo(() => series.map(seriesKey), [series]);
  const axis = axisMetric(view.x);
  const axisKeys =
    axis === null ? [] : ([null, "train", "validation"] as const).map((split) => seriesKey({ split, metric: axis }));
  const wanted = {
    project,
    runs: runs.map(({ id }) => id),
    series: [...new Set([...keys, ...axisKeys])],
    px: pxOf(source, width),
    range: steps,
  };
  const { points: loaded, error, reload } = useSeriesPoints(wanted, isVisible);
  const runOf = useMemo(() => new Map(runs.map((run) => [run.id, run])), [runs]);
  // a run that is taken away is gone at once, not when the server has answered without it
  const drawnOf = useCallback(
    (all: PointSeries[]): ChartPoints[] => {
      const own = all.filter((one) => keys.includes(seriesKey(one)) && runOf.has(one.run));
      return expression ? evaluatePoints(expression.tree, expression.text, own) : own;
    },
    [keys, runOf, expression],
  );
  const points = useMemo(() => loaded && drawnOf(loaded), [loaded, drawnOf]);
  const origins = useMemo(() => originsOf(points ?? [], runs), [points, runs]);
  const shown = useRef({ points, origins });
  shown.current = { points, origins };
  const isLoaded = points !== null;
  // the steps of a zoom are read off the points that were drawn when it was made, or that came first
  useEffect(() => {
    const { points, origins } = shown.current;
    setSteps(range && isLoaded && points ? stepRange(points, view, (run) => origins.get(run)!, range) : null);
  }, [range, view, isLoaded]);
  const traces = useMemo(() => {
    if (!points) return null;
    const curves = points.map((one) => ({
      ...one,
      look: runOf.get(one.run)!.look,
      origin: origins.get(one.run)!,
      ...(runs.length === 1 ? {} : { label: runOf.get(one.run)!.name }),
      ...axisOf(one, axis, loaded ?? []),
    }));
    return groups ? groupTraces(groups, curves, view) : chartTraces(curves, view);
  }, [points, loaded, axis, view, origins, groups, runs.length, runOf]);
  const loadFinest = async () => {
    const { points: finest } = await finestPoints(wanted);
    return finest && drawnOf(finest);
  };
  return { points, traces, error, reload, loadFinest };
}

/** The points of the metric that x is, of the same run: of the same split where it has them, else of none, else of any. */
function axisOf(one: PointSeries, axis: string | null, loaded: PointSeries[]): { axis?: PointSeries } {
  if (axis === null) return {};
  const own = loaded.filter(({ run, metric }) => run === one.run && metric === axis);
  const found = own.find(({ split }) => split === one.split) ?? own.find(({ split }) => split === null) ?? own[0];
  return found ? { axis: found } : {};
}

/** Where the relative time of each run begins: at its start, or its first point where the trainer's clock is behind. */
function originsOf(points: PointSeries[], runs: PlotRun[]): Map<string, number> {
  const firsts = new Map<string, number>();
  for (const { run, times } of points)
    if (times.length > 0) firsts.set(run, Math.min(firsts.get(run) ?? Number.POSITIVE_INFINITY, times[0]!));
  return new Map(
    runs.map(({ id, startedAt }) => {
      const start = startedAt === null ? Number.POSITIVE_INFINITY : Date.parse(startedAt);
      return [id, Math.min(firsts.get(id) ?? Number.POSITIVE_INFINITY, start)];
    }),
  );
}
