/** Whether a study's trials were trained equally long, and what they reached at equal steps (RIGOUR P48, P13). Pure. */
import type { StudyFlag } from "../../wire/studies/flags.ts";
import { hasResult } from "../results.ts";
import { isBatchSize, objectiveKey, type StudyFacts } from "./facts.ts";

export type Budgets = {
  /** Null: all were trained equally long. `steps`: what all have; `value`: the best within them, by trial. */
  equal: { steps: number; value: (number | null)[] } | null;
  flags: StudyFlag[];
};

/** Last steps that differ by less are those of evaluations that fall elsewhere. Ours. */
const SAME = 0.02;

/** Trials that were stopped early don't count: their budget was the same. */
export function budgetsOf(facts: StudyFacts): Budgets {
  const { results, space, curves, study, costOf } = facts;
  const ended = results.filter(
    (one) => hasResult(one) && one.status === "finished" && one.stoppedBy === null && one.lastStep,
  );
  const steps = ended.map(({ lastStep }) => lastStep!);
  const [least, most] = [Math.min(...steps), Math.max(...steps)];
  const flags: StudyFlag[] = [];
  const kinds = budgetKindsOf(facts);
  if (kinds.length > 1 && space.some(({ name }) => isBatchSize(name)))
    flags.push({ kind: "budget-kinds-mixed", kinds });
  if (ended.length < 2 || most - least <= SAME * most) return { equal: null, flags };
  flags.push({ kind: "budgets-differ", least, most });
  const key = objectiveKey(study);
  const value = results.map((one) => {
    const curve = curves.get(one.runId)?.get(key);
    if (!hasResult(one) || !curve) return null;
    const within = curve.values.filter((_, at) => curve.steps[at]! <= least);
    return within.length === 0 ? null : within.reduce((a, b) => (costOf(b) < costOf(a) ? b : a));
  });
  return { equal: { steps: least, value }, flags };
}

/** What the configs of the trials call their budget. */
function budgetKindsOf({ results }: StudyFacts): string[] {
  const kinds = results.flatMap(({ run }) => {
    const keys = Object.keys(run?.config ?? {});
    if (keys.some((key) => /^(max_?|train_?)*steps$/i.test(key))) return ["steps"];
    return keys.some((key) => /^(max_?|n_?|num_?)?epochs$/i.test(key)) ? ["epochs"] : [];
  });
  return [...new Set(kinds)];
}
