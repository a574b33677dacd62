"use client";
/** The charts of a run: one a metric, train and validation in it together, all with one smoothing and one x-axis. */
import { useSearchParams } from "next/navigation";
import { useMemo } from "react";
import type { ChartView } from "@/app/_ui/chart-traces.ts";
import { ChartControls, ChartGroup, toggled, useChartsView } from "@/app/_ui/chart-view.tsx";
import { MetricChart } from "@/app/_ui/metric-chart.tsx";
import type { SeriesSummary } from "@/lib/wire.ts";

type RunChartsProps = {
  project: { id: string; slug: string };
  run: { id: string; name: string; startedAt: string | null };
  series: SeriesSummary[];
  primaryMetric: string | null;
};

export function RunCharts({ project, run, series, primaryMetric }: RunChartsProps) {
  const query = useSearchParams();
  const [view, setView] = useChartsView(query);
  const { smoothing, method, x, clip, logX, log, pinned } = view;
  const chartView = useMemo<ChartView>(() => ({ smoothing, method, x, clip }), [smoothing, method, x, clip]);
  const runs = useMemo(() => [run], [run]);
  const groups = groupByMetric(series, primaryMetric);
  const charts = [
    ...groups.filter(({ metric }) => pinned.includes(metric)),
    ...groups.filter(({ metric }) => !pinned.includes(metric)),
  ];
  return (
    <ChartGroup view={view} onView={setView}>
      <div className="sticky top-12 z-20 flex flex-wrap items-center gap-x-5 gap-y-1 border-b border-line bg-bg px-4 py-2 md:top-0 md:px-6">
        <ChartControls view={view} onView={setView} metrics={groups.map(({ metric }) => metric)} />
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
              log={log.includes(metric)}
              onLog={() => setView({ ...view, log: toggled(log, metric) })}
              logX={logX}
              pinned={pinned.includes(metric)}
              onPin={() => setView({ ...view, pinned: toggled(pinned, metric) })}
            />
          ))}
        </div>
      </div>
    </ChartGroup>
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
