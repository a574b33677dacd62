/** What a search knows of the trials before. Pure. */
import type { Assignment } from "./space.ts";

/** `pending`: it hasn't ended; `infeasible`: it crashed, diverged or was refused. */
export type Outcome = number | "pending" | "infeasible";
/** In the order in which they were asked for. */
export type Trial = { values: Assignment; outcome: Outcome };
export type Goal = "min" | "max";

/** Ended ones with a finite value, the best first; of equal ones the earlier. */
export const ranked = (history: readonly Trial[], goal: Goal): (Trial & { outcome: number })[] =>
  history
    .filter((trial): trial is Trial & { outcome: number } => Number.isFinite(trial.outcome))
    .sort((a, b) => (goal === "min" ? a.outcome - b.outcome : b.outcome - a.outcome));
