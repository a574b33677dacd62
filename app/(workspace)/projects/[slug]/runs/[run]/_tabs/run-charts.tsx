"use client";
/** The charts of a run: one a metric, train and validation in it together. */
import { useMemo } from "react";
import { MetricCharts } from "@/app/_ui/charts/metric-charts.tsx";
import type { PlotRun } from "@/app/_ui/charts/plot/traces.ts";
import { CurveThreads } from "@/app/_ui/curve-threads/curve-threads.tsx";
import type { CurveThreads as Threads } from "@/lib/reviews/curve-threads.ts";
import type { SeriesSummary } from "@/lib/wire/points/series.ts";
import { countWords } from "@/lib/words/numbers.ts";

type RunChartsProps = {
  project: { id: string; slug: string };
  run: PlotRun;
  series: SeriesSummary[];
  primaryMetric: string | null;
  threads: Threads[];
  canComment: boolean;
};

export function RunCharts({ project, run, series, primaryMetric, threads, canComment }: RunChartsProps) {
  const runs = useMemo(() => [run], [run]);
  const count = new Set(series.map(({ metric }) => metric)).size;
  const note = countWords(count, "metric");
  return (
    <CurveThreads projectId={project.id} threads={threads} canBegin={canComment}>
      <MetricCharts
        project={project}
        runs={runs}
        groups={null}
        series={series}
        primaryMetric={primaryMetric}
        note={note}
        layout="grid"
      />
    </CurveThreads>
  );
}
