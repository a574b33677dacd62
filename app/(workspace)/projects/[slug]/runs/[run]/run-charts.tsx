"use client";
/** The charts of a run: one a metric, train and validation in it together, all with one smoothing and one x-axis. */
import { useSearchParams } from "next/navigation";
import { useEffect, useMemo, useState } from "react";
import { type ChartView, type XAxis, xAxes } from "@/app/_ui/chart-traces.ts";
import { Select } from "@/app/_ui/field.tsx";
import { MetricChart } from "@/app/_ui/metric-chart.tsx";
import type { SeriesSummary } from "@/lib/wire.ts";

type RunChartsProps = {
  project: { id: string; slug: string };
  run: { id: string; name: string; startedAt: string | null };
  series: SeriesSummary[];
  primaryMetric: string | null;
};

type View = ChartView & { log: string[] };

const URL_PAUSE_MS = 300;
const axisWords: Record<XAxis, string> = { step: "Step", relative: "Relative time", wall: "Wall time" };

function readView(query: URLSearchParams): View {
  const smoothing = Number(query.get("smooth"));
  const x = xAxes.find((axis) => axis === query.get("x")) ?? "step";
  return { smoothing: smoothing > 0 && smoothing < 1 ? smoothing : 0, x, log: query.getAll("log") };
}

/** Keeps the view in the URL; a moment later, as browsers refuse a change for every pixel of a slider. */
function useViewInUrl(): [View, (view: View) => void] {
  const query = useSearchParams();
  const [view, setView] = useState(() => readView(query));
  useEffect(() => {
    const timer = setTimeout(() => {
      const next = new URL(window.location.href);
      for (const name of ["smooth", "x", "log"]) next.searchParams.delete(name);
      if (view.smoothing > 0) next.searchParams.set("smooth", String(view.smoothing));
      if (view.x !== "step") next.searchParams.set("x", view.x);
      for (const metric of view.log) next.searchParams.append("log", metric);
      if (next.href !== window.location.href) window.history.replaceState(null, "", next);
    }, URL_PAUSE_MS);
    return () => clearTimeout(timer);
  }, [view]);
  return [view, setView];
}

export function RunCharts({ project, run, series, primaryMetric }: RunChartsProps) {
  const [view, setView] = useViewInUrl();
  const { smoothing, x } = view;
  const chartView = useMemo<ChartView>(() => ({ smoothing, x }), [smoothing, x]);
  const runs = useMemo(() => [run], [run]);
  const charts = groupByMetric(series, primaryMetric);
  return (
    <>
      <div className="sticky top-12 z-20 flex flex-wrap items-center gap-x-6 gap-y-1 border-b border-line bg-bg px-4 py-2 md:top-0 md:px-6">
        <label className="flex items-center gap-2 text-sm">
          <span className="text-muted">Smoothing</span>
          <input
            type="range"
            min={0}
            max={0.99}
            step={0.01}
            value={smoothing}
            onChange={(event) => setView({ ...view, smoothing: Number(event.target.value) })}
            className="h-1 w-32 accent-accent"
          />
          <output className="w-8 text-muted">{smoothing.toFixed(2)}</output>
        </label>
        <label htmlFor="x-axis" className="flex items-center gap-2 text-sm">
          <span className="text-muted">Over</span>
          <Select
            id="x-axis"
            options={xAxes.map((axis) => [axis, axisWords[axis]])}
            value={x}
            onChange={(event) => setView({ ...view, x: event.target.value as XAxis })}
            className="w-auto"
          />
        </label>
        <span className="ml-auto text-xs text-muted">{`${charts.length} ${charts.length === 1 ? "metric" : "metrics"}`}</span>
      </div>
      <div className="overflow-hidden">
        <div className="-mr-px grid grid-cols-[repeat(auto-fit,minmax(min(100%,360px),1fr))]">
          {charts.map(({ metric, members }) => (
            <MetricChart
              key={metric}
              project={project}
              runs={runs}
              metric={metric}
              direction={members[0]!.direction}
              unit={members[0]!.unit}
              series={members}
              view={chartView}
              log={view.log.includes(metric)}
              onLog={(log) =>
                setView({ ...view, log: view.log.filter((name) => name !== metric).concat(log ? metric : []) })
              }
            />
          ))}
        </div>
      </div>
    </>
  );
}

const splitOrder = ["train", "validation", "test", null];

/** The primary metric first, then those with splits, then the others, each by name. */
function groupByMetric(series: SeriesSummary[], primaryMetric: string | null) {
  const groups = new Map<string, SeriesSummary[]>();
  for (const one of series) groups.set(one.metric, [...(groups.get(one.metric) ?? []), one]);
  const rank = (metric: string, members: SeriesSummary[]) =>
    metric === primaryMetric ? 0 : members.some(({ split }) => split !== null) ? 1 : 2;
  return [...groups]
    .map(([metric, members]) => ({
      metric,
      rank: rank(metric, members),
      members: members.toSorted((a, b) => splitOrder.indexOf(a.split) - splitOrder.indexOf(b.split)),
    }))
    .sort((a, b) => a.rank - b.rank || a.metric.localeCompare(b.metric, "en"));
}
