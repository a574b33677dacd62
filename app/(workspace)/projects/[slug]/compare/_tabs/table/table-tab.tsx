/** Everything of the runs that has a value in a cell: a row a fact, a column a run. */
import { findChampionRuns } from "@/lib/champions/champion-page.ts";
import { compareMetrics, summaryFor } from "@/lib/compare/comparison.ts";
import { barredIn, readComparedEvaluations } from "@/lib/compare/read-evaluations.ts";
import { listComparedSeries } from "@/lib/compare/read-metrics.ts";
import { comparedSummaries } from "@/lib/wire/compared.ts";
import { seriesKey } from "@/lib/wire/points/series-name.ts";
import type { CompareTabProps } from "../tab.ts";
import { CompareGrid } from "../tab-parts.tsx";
import { type GridData, packSeries } from "./grid-data.ts";
import { gridRun, makeRows } from "./grid-rows.ts";

/** The first HTML has about so many cells of metrics, and no fewer rows than fill a window. */
const FIRST_CELLS = 120;
const FIRST_ROWS = { min: 6, max: 12 };

export async function TableTab({ member, project, facts, state }: CompareTabProps) {
  const { runs, baseline } = facts;
  const summary = state.summary ?? summaryFor(project);
  const [series, evaluations, champions] = await Promise.all([
    listComparedSeries(member, project.id, runs),
    readComparedEvaluations(member, project, facts),
    findChampionRuns(
      member,
      runs.map(({ id }) => id),
    ),
  ]);
  const guarded = evaluations.map((row) => ({ ...row, barred: barredIn(row, facts) }));
  const rows = makeRows({ runs, series, evaluations: guarded, primaryMetric: project.primaryMetric });
  const names = rows.flatMap((row) => (row.kind === "metric" ? row.series : []));
  const count = Math.min(FIRST_ROWS.max, Math.max(FIRST_ROWS.min, Math.ceil(FIRST_CELLS / runs.length)));
  const first = await compareMetrics(member, project, facts, summary, names.slice(0, count));
  const data: GridData = {
    project: { id: project.id, slug: project.slug },
    baseline,
    summary,
    summaries: comparedSummaries.filter((one) => one !== "atBest" || project.primaryMetric !== null),
    runs: runs.map((run) => gridRun(run, new Set(champions))),
    rows,
    cells: first.map((one) => packSeries(one, { series: seriesKey(one), baseline, summary })),
  };
  return <CompareGrid data={data} />;
}
