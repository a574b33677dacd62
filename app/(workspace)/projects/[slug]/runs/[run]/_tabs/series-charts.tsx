import { LiveReread } from "@/app/_ui/live/live.tsx";
import { lookAlone } from "@/app/_ui/parts/run-color.ts";
import { can } from "@/lib/access/permissions.ts";
import { countCurveThreads } from "@/lib/reviews/curve-threads.ts";
import type { SeriesSummary } from "@/lib/wire/points/series.ts";
import { RunCharts } from "./run-charts.tsx";
import type { TabProps } from "./tab.ts";

/** Whether the client measured it of the machine; the other metrics say what the model learnt. */
export const isOfSystem = (metric: string): boolean => metric.startsWith("system/");

type SeriesChartsProps = Pick<TabProps, "run" | "standing" | "member"> & { series: SeriesSummary[] };

/** Some series of a run, a chart a metric. */
export async function SeriesCharts({ run, series, standing, member }: SeriesChartsProps) {
  const threads = await countCurveThreads(member, run.projectId, [run.id]);
  return (
    <>
      <LiveReread filter={{ reviews: run.projectId }} />
      <RunCharts
        project={{ id: run.projectId, slug: run.slug }}
        run={{ id: run.id, name: run.name, startedAt: run.startedAt, look: lookAlone(run.color) }}
        series={series}
        primaryMetric={standing.primary?.metric ?? null}
        threads={threads}
        canComment={can(member, "reviews.write", run.projectId) && !run.deletedAt}
      />
    </>
  );
}
