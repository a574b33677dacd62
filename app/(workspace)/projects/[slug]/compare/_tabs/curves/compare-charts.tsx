"use client";
/** The charts of a comparison, and which curve is whose. */
import { useMemo, useState } from "react";
import type { CardSeries } from "@/app/_ui/charts/cards.ts";
import type { ChartComparison } from "@/app/_ui/charts/grouping/arrange.ts";
import { MetricCharts } from "@/app/_ui/charts/metric-charts.tsx";
import type { PlotRun } from "@/app/_ui/charts/plot/traces.ts";
import { newPointedStore, PointedContext } from "@/app/_ui/parts/pointed.ts";
import { countWords } from "@/lib/words/numbers.ts";

type CompareChartsProps = {
  project: { id: string; slug: string };
  runs: PlotRun[];
  /** How many runs of the comparison have no curves, as their columns are hidden. */
  hiddenCount: number;
  series: CardSeries[];
  primaryMetric: string | null;
  comparison: ChartComparison;
};

export function CompareCharts({ project, hiddenCount, primaryMetric, ...given }: CompareChartsProps) {
  const { runs, series, comparison } = useSame(given);
  const [pointed] = useState(newPointedStore);
  return (
    <PointedContext value={pointed}>
      <MetricCharts
        project={project}
        runs={runs}
        groups={null}
        series={series}
        primaryMetric={primaryMetric}
        layout="grid"
        comparison={comparison}
        note={
          <>
            {countWords(runs.length, "run")}
            {hiddenCount > 0 && `, ${countWords(hiddenCount, "hidden one", "hidden ones")} left out`}
          </>
        }
      />
    </PointedContext>
  );
}

/** The same object as long as it says the same: a live page hands down new ones, by which every chart would be drawn anew. */
function useSame<Given>(given: Given): Given {
  const text = JSON.stringify(given);
  return useMemo(() => JSON.parse(text) as Given, [text]);
}
