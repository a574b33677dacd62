/** Runs side by side: facts, what bars a comparison, and how far their metrics differ. Reads, and writes nothing. */
import type { Actor } from "../access/actor.ts";
import { invalid } from "../problem.ts";
import { requireProject } from "../projects/projects.ts";
import { fromWireFloat } from "../wire/base/words.ts";
import {
  type ComparabilityNotice,
  type ComparedRun,
  type ComparedSeries,
  type ComparedSummary,
  type Comparison,
  comparedSummaries,
} from "../wire/comparison.ts";
import type { Project } from "../wire/projects.ts";
import { noticeDetail } from "../words/comparison-words.ts";
import { type ComparedChoice, chooseRuns } from "./choose.ts";
import { compareRow } from "./difference.ts";
import { guard, isBarred } from "./guard.ts";
import { readBorder } from "./read-border.ts";
import { type ReadSeries, readComparedSeries } from "./read-metrics.ts";
import { readComparedRuns } from "./read-runs.ts";

export type ComparisonQuery = ComparedChoice & {
  /** Null, or none of the runs: the first. */
  baseline: string | null;
  /** Null: where the primary metric was best, and without one the last. */
  summary: ComparedSummary | null;
};

export type ComparedFacts = Pick<Comparison, "baseline" | "runs" | "leftOut" | "beyond" | "notices">;

/** The runs, and what stands between them; no metric. Throws `invalid` where none is left. */
export async function compareFacts(
  actor: Actor,
  projectId: string,
  { baseline: asked, ...choice }: Omit<ComparisonQuery, "summary">,
): Promise<ComparedFacts> {
  const { ids, leftOut, beyond } = await chooseRuns(actor, projectId, choice);
  const runs = await readComparedRuns(actor, projectId, ids);
  const baseline = (runs.find(({ id }) => id === asked) ?? runs[0])?.id;
  if (baseline === undefined) throw invalid("run", "none of the runs is there: a comparison takes two to a hundred");
  const notices = guard(runs, baseline, await readBorder(actor, projectId, runs, baseline));
  return {
    baseline,
    runs,
    leftOut,
    beyond,
    notices: notices.map((notice) => ({ ...notice, detail: noticeDetail(notice) })),
  };
}

/** Every series of the runs, or those of `only`, with its differences to the baseline. `only`: as `seriesKey` writes them. */
export async function compareMetrics(
  actor: Actor,
  project: Pick<Project, "id" | "primaryMetric" | "smallestDifference">,
  facts: Pick<ComparedFacts, "runs" | "baseline" | "notices">,
  summary: ComparedSummary,
  only?: readonly string[],
): Promise<ComparedSeries[]> {
  const series = await readComparedSeries(actor, project.id, facts.runs, summary, only);
  return series.map((one) => withDifferences(one, facts, smallestOf(project, one.metric)));
}

/** What is compared where nobody says. */
export const summaryFor = ({ primaryMetric }: Pick<Project, "primaryMetric">): ComparedSummary =>
  primaryMetric === null ? "last" : "atBest";

/** Null for none. Throws `invalid` for what is no summary. */
export function parseSummary(name: string | null): ComparedSummary | null {
  const found = comparedSummaries.find((one) => one === name);
  if (name === null || name === "" || found) return found ?? null;
  throw invalid("summary", `there is no summary ${JSON.stringify(name)}: expected ${comparedSummaries.join(", ")}`);
}

/** All of it, as a program asks for it. */
export async function compareRuns(actor: Actor, projectNamed: string, query: ComparisonQuery): Promise<Comparison> {
  const project = await requireProject(actor, projectNamed);
  const { summary: asked, ...choice } = query;
  const facts = await compareFacts(actor, project.id, choice);
  const summary = asked ?? summaryFor(project);
  return { ...facts, summary, series: await compareMetrics(actor, project, facts, summary) };
}

/** The smallest difference of interest is in the primary metric's unit. */
const smallestOf = (
  { primaryMetric, smallestDifference }: Pick<Project, "primaryMetric" | "smallestDifference">,
  metric: string,
): number | null => (metric === primaryMetric ? smallestDifference : null);

function withDifferences(
  series: ReadSeries,
  { runs, baseline, notices }: { runs: ComparedRun[]; baseline: string; notices: ComparabilityNotice[] },
  smallest: number | null,
): ComparedSeries {
  const cells = runs.map((run, at) => {
    const value = series.values[at] ?? null;
    const number = value === null ? null : fromWireFloat(value);
    return {
      value: number !== null && Number.isFinite(number) ? number : null,
      recipe: series.recipes[at]!,
      recipeKey: run.recipe,
      isBarred: isBarred(notices, { run: run.id, baseline, isTest: false }),
    };
  });
  const at = runs.findIndex(({ id }) => id === baseline);
  return { ...series, ...compareRow(cells, at, { direction: series.direction, smallest }) };
}
