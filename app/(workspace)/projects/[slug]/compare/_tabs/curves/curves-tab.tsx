/** The curves of the runs over each other, metric by metric. */
import { ChartLine } from "lucide-react";
import { Empty } from "@/app/_ui/parts/empty.tsx";
import { readSeriesNames } from "@/lib/compare/read-series-names.ts";
import { looksOf } from "../run-looks.ts";
import type { CompareTabProps } from "../tab.ts";
import { CompareCharts } from "../tab-parts.tsx";
import { dimensionsOf } from "./dimensions.ts";

export async function CurvesTab({ member, project, facts, state }: CompareTabProps) {
  const looks = looksOf(facts.runs);
  const shown = facts.runs.filter(({ id }) => !state.hidden.includes(id));
  const series = await readSeriesNames(
    member,
    project.id,
    shown.map(({ id }) => id),
  );
  if (series.length === 0)
    return (
      <Empty icon={ChartLine} title="No curves">
        <p>
          {shown.length === 0
            ? "Every run is hidden. Show one of them in the table."
            : "None of these runs has a point yet. The first that a trainer logs appears here by itself."}
        </p>
      </Empty>
    );
  return (
    <CompareCharts
      project={{ id: project.id, slug: project.slug }}
      runs={shown.map(({ id, name, startedAt }) => ({ id, name, startedAt, look: looks.get(id)! }))}
      hiddenCount={facts.runs.length - shown.length}
      series={series}
      primaryMetric={project.primaryMetric}
      comparison={{
        baseline: facts.baseline,
        dimensions: dimensionsOf(shown),
        recipes: shown.map(({ recipe }) => recipe),
        seeds: shown.map(({ seed }) => seed),
      }}
    />
  );
}
