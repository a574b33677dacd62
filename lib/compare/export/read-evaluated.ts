/** The evaluations of a comparison as a text has them: what the reader may see, paired with the baseline's. */
import type { Actor } from "../../access/actor.ts";
import { can } from "../../access/permissions.ts";
import { asProblem } from "../../problem.ts";
import type { Comparison } from "../../wire/comparison.ts";
import type { Project } from "../../wire/projects.ts";
import {
  barredIn,
  type EvaluationRow,
  type PairedDifferences,
  pairWithBaseline,
  readComparedEvaluations,
} from "../read-evaluations.ts";
import type { EvaluatedText } from "./shown.ts";

type Facts = Pick<Comparison, "runs" | "baseline" | "notices">;
type Compared = Pick<Project, "id" | "primaryMetric" | "smallestDifference">;

/** None for who may read no evaluation. What can't be paired stands without a difference. */
export async function readEvaluatedTexts(actor: Actor, project: Compared, facts: Facts): Promise<EvaluatedText[]> {
  if (!can(actor, "evaluations.read")) return [];
  const rows = await readComparedEvaluations(actor, project, facts);
  const texts: EvaluatedText[] = [];
  for (const row of rows)
    texts.push({ row, barred: barredIn(row, facts), paired: await pairedIn(actor, project, row, facts.baseline) });
  return texts;
}

async function pairedIn(
  actor: Actor,
  project: Compared,
  { cells, metric }: EvaluationRow,
  baseline: string,
): Promise<PairedDifferences | null> {
  const shown = cells.flatMap((cell) => (cell?.standing === "shown" ? [{ run: cell.run, evaluation: cell.id }] : []));
  const own = shown.find(({ run }) => run === baseline);
  if (!own || shown.length < 2 || metric === null) return null;
  try {
    return await pairWithBaseline(actor, project, [own, ...shown.filter((pair) => pair !== own)], metric);
  } catch (error) {
    const problem = asProblem(error);
    if (!problem || problem.status >= 500) throw error;
    return null;
  }
}
