"use client";
/** The curves of the contenders as the runs' page draws them, fetched once they come near. */
import dynamic from "next/dynamic";
import { useState } from "react";
import type { CardSeries } from "@/app/_ui/charts/cards.ts";
import type { PlotRun } from "@/app/_ui/charts/plot/traces.ts";
import { CurveThreads } from "@/app/_ui/curve-threads/curve-threads.tsx";
import { newPointedStore, PointedContext } from "@/app/_ui/parts/pointed.ts";
import type { CurveThreads as Threads } from "@/lib/reviews/curve-threads.ts";
import { countWords } from "@/lib/words/numbers.ts";
import { useNear } from "../frame/near.ts";

const MetricCharts = dynamic(
  () => import("@/app/_ui/charts/metric-charts.tsx").then(({ MetricCharts }) => MetricCharts),
  { ssr: false },
);

type ContenderChartsProps = {
  project: { id: string; slug: string };
  runs: PlotRun[];
  series: CardSeries[];
  primaryMetric: string;
  threads: Threads[];
  canComment: boolean;
};

export function ContenderCharts({ project, runs, series, primaryMetric, threads, canComment }: ContenderChartsProps) {
  const [ref, isNear] = useNear<HTMLDivElement>();
  const [pointed] = useState(newPointedStore);
  return (
    <div ref={ref} className="-mx-4 min-h-100 md:-mx-6">
      {isNear && (
        <PointedContext value={pointed}>
          <CurveThreads projectId={project.id} threads={threads} canBegin={canComment}>
            <MetricCharts
              project={project}
              runs={runs}
              groups={null}
              series={series}
              primaryMetric={primaryMetric}
              layout="grid"
              note={countWords(runs.length, "contender")}
            />
          </CurveThreads>
        </PointedContext>
      )}
    </div>
  );
}
