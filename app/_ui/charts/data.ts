"use client";
/** What a chart draws: the points of its series, as traces in the numbers of the axes. */
import { useEffect, useMemo, useRef, useState } from "react";
import type { PointSeries } from "@/lib/wire/points/points.ts";
import { seriesKey } from "@/lib/wire/points/series-name.ts";
import type { RunLook } from "../parts/run-color.ts";
import type { ChartCard } from "./cards.ts";
import { groupTraces, type PlotGroup } from "./plot/group-traces.ts";
import { axisMetric, type ChartView, chartTraces, stepRange, type Trace } from "./plot/traces.ts";
import { finestPoints, useSeriesPoints } from "./points.ts";

export type PlotRun = { id: string; name: string; startedAt: string | null; look: RunLook };
/** Which series of which runs a chart draws, and the project that they are of. `groups`: their means in place of them. */
export type ChartSource = {
  project: { id: string; slug: string };
  runs: PlotRun[];
  groups: PlotGroup[] | null;
  series: ChartCard["series"];
};

export type ChartData = {
  /** Null until the first answer. */
  points: PointSeries[] | null;
  traces: Trace[] | null;
  /** Why the points may be old, in words. */
  error: string | null;
  /** Asks again. */
  reload: () => void;
  /** Loads the points as fine as the server gives them, for a file. */
  loadFinest: () => Promise<PointSeries[] | null>;
};

/** Means of many runs are drawn from so many pixels of each: all their points would be a hundred times as many. */
const GROUP_PX = 400;

/** `range` is the part of x that is shown, null for the whole: finer points are asked for once a zoom. */
export function useChartData(
  source: ChartSource,
  view: ChartView,
  { width, isVisible, range }: { width: number; isVisible: boolean; range: [number, number] | null },
): ChartData {
  const { project, runs, groups, series } = source;
  const [steps, setSteps] = useState<{ from: number; to: number } | null>(null);
  const keys = useMemo(() => series.map(seriesKey), [series]);
  const axis = axisMetric(view.x);
  const axisKeys =
    axis === null ? [] : ([null, "train", "validation"] as const).map((split) => seriesKey({ split, metric: axis }));
  const wanted = {
    project,
    runs: runs.map(({ id }) => id),
    series: [...new Set([...keys, ...axisKeys])],
    px: groups ? Math.min(width, GROUP_PX) : width,
    range: steps,
  };
  const { points: loaded, error, reload } = useSeriesPoints(wanted, isVisible);
  const runOf = useMemo(() => new Map(runs.map((run) => [run.id, run])), [runs]);
  // a run that is taken away is gone at once, not when the server has answered without it
  const points = useMemo(
    () => loaded?.filter((one) => keys.includes(seriesKey(one)) && runOf.has(one.run)) ?? null,
    [loaded, keys, runOf],
  );
  const origin = useMemo(() => originOf(points ?? [], runs), [points, runs]);
  const shown = useRef({ points, origin });
  shown.current = { points, origin };
  const isLoaded = points !== null;
  // the steps of a zoom are read off the points that were drawn when it was made, or that came first
  useEffect(() => {
    const { points, origin } = shown.current;
    setSteps(range && isLoaded && points ? stepRange(points, view, origin, range) : null);
  }, [range, view, isLoaded]);
  const traces = useMemo(() => {
    if (!points) return null;
    const curves = points.map((one) => ({
      ...one,
      look: runOf.get(one.run)!.look,
      ...(runs.length === 1 ? {} : { label: runOf.get(one.run)!.name }),
      ...axisOf(one, axis, loaded ?? []),
    }));
    return groups ? groupTraces(groups, curves, view) : chartTraces(curves, view, origin);
  }, [points, loaded, axis, view, origin, groups, runs.length, runOf]);
  return { points, traces, error, reload, loadFinest: async () => (await finestPoints(wanted)).points };
}

/** The points of the metric that x is, of the same run: of the same split where it has them, else of none, else of any. */
function axisOf(one: PointSeries, axis: string | null, loaded: PointSeries[]): { axis?: PointSeries } {
  if (axis === null) return {};
  const own = loaded.filter(({ run, metric }) => run === one.run && metric === axis);
  const found = own.find(({ split }) => split === one.split) ?? own.find(({ split }) => split === null) ?? own[0];
  return found ? { axis: found } : {};
}

/** Where relative time begins: the first run's start, or its first point where the trainer's clock is behind. */
function originOf(points: PointSeries[], runs: PlotRun[]): number {
  const starts = runs.flatMap(({ startedAt }) => (startedAt ? [Date.parse(startedAt)] : []));
  return Math.min(...points.flatMap(({ times }) => [...times.subarray(0, 1)]), ...starts);
}
