/** What the trials' weights began as, what is frozen, and what came over from the study before (RIGOUR P53). Pure. */
import { flattenConfig, type Scalar } from "../../../runs/flatten.ts";
import type { StudyFacts } from "../../facts/facts.ts";
import type { PanelMaker } from "../../facts/panel.ts";
import { configOf } from "../../plan.ts";

/** How likely a value that was tuned on short runs holds for long ones. */
export type Likelihood = "very likely" | "likely" | "might" | "unlikely";

export type TransferData = {
  /** Runs that trials' weights came from, with how many trials each. */
  backbones: { run: string; name: string | null; checkpoint: string | null; trials: number }[];
  /** What the base says of freezing and of a second stage. */
  freezing: { key: string; value: Scalar }[];
  /** The studies that the base came from, the oldest first. */
  /** `chosen`: the trial's number; of a loop what it held. */
  lineage: { number: number; title: string; decision: string | null; chosen: number | "incumbent" | null }[];
  /** Values kept from the study before, which was trained for another number of steps; empty: its budget was the same. */
  carried: { key: string; value: Scalar; transfers: Likelihood }[];
  budgets: { before: number; now: number } | null;
};

const FREEZING = /freeze|frozen|transfer|backbone|fine_?tun|head_?epochs|pretrained/i;

/** The playbook's order: the first that a key matches. */
const likelihoods: [RegExp, Likelihood][] = [
  [/schedule|decay_?(steps|rate|every)|everySteps|(^|[./_])floor$/i, "unlikely"],
  [/warm_?up|init(iali[sz])?/i, "very likely"],
  [/family|model|arch|units|filters|layers|depth|width|encoder|norm/i, "likely"],
];

export const makeTransfer: PanelMaker<TransferData> = (facts) => {
  const { ancestors, study } = facts;
  const backbones = backbonesOf(facts);
  const freezing = Object.entries(flattenConfig(study.base))
    .filter(([key, value]) => FREEZING.test(key) && value !== null && value !== "[]" && value !== "")
    .map(([key, value]) => ({ key, value }));
  if (backbones.length === 0 && freezing.length === 0 && ancestors.length === 0) return { missing: "no-transfer" };
  return {
    data: {
      backbones,
      freezing,
      lineage: ancestors.map(({ number, title, decision, chosen }) => ({
        number,
        title,
        decision,
        chosen: chosen && (chosen.number ?? "incumbent"),
      })),
      ...carriedOf(facts),
    },
    flags: [],
  };
};

function backbonesOf({ results, runs }: StudyFacts): TransferData["backbones"] {
  const found = new Map<string, TransferData["backbones"][number]>();
  for (const { runId } of results) {
    const parent = runs.get(runId)?.parent;
    if (!parent) continue;
    const key = `${parent.run} ${parent.checkpoint}`;
    const before = found.get(key);
    found.set(key, { ...parent, trials: (before?.trials ?? 0) + 1 });
  }
  return [...found.values()];
}

/** What the study before searched or set, and this one keeps, though it trains for another number of steps. */
function carriedOf({ ancestors, study }: StudyFacts): Pick<TransferData, "carried" | "budgets"> {
  const before = ancestors.at(-1);
  if (!before?.stepsBudget || !study.stepsBudget || before.stepsBudget === study.stepsBudget)
    return { carried: [], budgets: null };
  const then = flattenConfig(before.chosen?.config ?? configOf(before.base, before.space, {}));
  const kept = Object.entries(flattenConfig(study.base)).filter(([key, value]) => then[key] === value);
  return {
    carried: kept.map(([key, value]) => ({ key, value, transfers: likelihoodOf(key) })),
    budgets: { before: before.stepsBudget, now: study.stepsBudget },
  };
}

const likelihoodOf = (key: string): Likelihood => likelihoods.find(([name]) => name.test(key))?.[1] ?? "might";
