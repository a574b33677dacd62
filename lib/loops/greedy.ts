/** What a loop would have kept by one run each, beside what the referee kept. Pure. */
import type { RulingAnswer } from "../wire/studies/loops.ts";

export type Greedy = {
  /** Candidates that were ruled on for good. */
  candidates: number;
  keeps: number;
  /** Its best value, which it would claim; null: no candidate was handed in. */
  claim: number | null;
  /** The recipe that it would hold; null: the one that the loop began with. */
  recipe: string | null;
};

/** The same after each ruling in turn; `seen`: the ruling's candidate was new, and its first value is `value`. */
export type GreedyStep = Greedy & { number: number; seen: boolean; value: number | null };

/** `rulings` in any order; `first`: what the loop began with. A candidate counts by its first run that has a value. */
export function greedySteps(rulings: readonly RulingAnswer[], first: number | null, goal: "min" | "max"): GreedyStep[] {
  const known = new Set<string>();
  let [keeps, best] = [0, first];
  let held: string | null = null;
  return [...rulings]
    .sort((a, b) => (a.number ?? 0) - (b.number ?? 0))
    .map(({ number, recipe, ruling, figures }) => {
      const value = figures?.candidate.find((one) => one !== null) ?? null;
      const seen = ruling !== "refused" && !known.has(recipe) && !(ruling === "run-again" && value === null);
      if (seen) known.add(recipe);
      if (seen && value !== null && (best === null || (goal === "max" ? value > best : value < best))) {
        keeps++;
        best = value;
        held = recipe;
      }
      return {
        number: number ?? 0,
        seen,
        value,
        candidates: known.size,
        keeps,
        claim: known.size === 0 ? null : best,
        recipe: held,
      };
    });
}

/** After all of them. */
export function greedyOf(rulings: readonly RulingAnswer[], first: number | null, goal: "min" | "max"): Greedy {
  const last = greedySteps(rulings, first, goal).at(-1);
  return last
    ? { candidates: last.candidates, keeps: last.keeps, claim: last.claim, recipe: last.recipe }
    : { candidates: 0, keeps: 0, claim: null, recipe: null };
}
