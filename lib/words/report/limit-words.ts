/** When not to believe a report's number, for people: what follows from its figures alone. Pure. */
import type { EvaluatedSplit, Soundness } from "../../wire/evaluations/evaluations.ts";
import type { Ledger } from "../../wire/evaluations/looks.ts";
import type { MeasuredInterval } from "../../wire/evaluations/measured.ts";
import type { Panels } from "../../wire/evaluations/panels.ts";
import * as sentences from "./sentences.ts";

type LimitFacts = {
  panels: Panels["panels"];
  soundness: Soundness | null;
  ledger: Ledger | null;
  split: EvaluatedSplit;
  /** Evaluations on the same samples. */
  seeds: number;
  lead: MeasuredInterval | null;
};

/** Wider than this in shares, an interval holds most other models too. */
const WIDE = 0.1;

export function limitWords({ panels, soundness, ledger, split, seeds, lead }: LimitFacts): string[] {
  const { limits } = sentences;
  const rare = panels.perClass?.classes.filter((one) => one.rare).length ?? 0;
  const suspected = panels.errors?.lists.find(({ kind }) => kind === "suspected-labels")?.total ?? 0;
  const never = panels.soundness?.neverPredicted?.length ?? 0;
  const stands: [boolean, string][] = [
    [split === "validation", limits.validation],
    [ledger !== null && ledger.adaptive > 0, limits.adaptive(ledger?.adaptive ?? 0)],
    [lead !== null && "low" in lead && lead.high - lead.low > WIDE, limits.wide],
    [seeds < 2, limits.oneRun],
    [rare > 0, limits.rare(rare, panels.perClass?.rareBelow ?? 0)],
    [never > 0, limits.never(never)],
    [suspected > 0, limits.suspected(suspected)],
    [soundness === null, limits.untried],
    [soundness?.inferenceMode === false, limits.trainingMode],
  ];
  return stands.filter(([holds]) => holds).map(([, words]) => words);
}
