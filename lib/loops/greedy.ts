/** What a loop would have kept by one run each, beside what the referee kept. Pure. */
import type { RulingAnswer } from "../wire/studies/loops.ts";

export type Greedy = {
  /** Candidates that were ruled on for good. */
  candidates: number;
  keeps: number;
  /** Its best value, which it would claim; null: no candidate was handed in. */
  claim: number | null;
};

/** `rulings` in any order; `first`: what the loop began with. A candidate counts by its first run that has a value. */
export function greedyOf(rulings: readonly RulingAnswer[], first: number | null, goal: "min" | "max"): Greedy {
  const seen = new Set<string>();
  let [keeps, claim] = [0, first];
  for (const { recipe, ruling, figures } of [...rulings].sort((a, b) => (a.number ?? 0) - (b.number ?? 0))) {
    const value = figures?.candidate.find((one) => one !== null) ?? null;
    if (ruling === "refused" || seen.has(recipe) || (ruling === "run-again" && value === null)) continue;
    seen.add(recipe);
    if (value === null || (claim !== null && (goal === "max" ? value <= claim : value >= claim))) continue;
    keeps++;
    claim = value;
  }
  return { candidates: seen.size, keeps, claim: seen.size === 0 ? null : claim };
}
