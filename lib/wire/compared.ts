/** What a comparison of runs is bounded by and asked for. Without zod: the browser's table uses it. */

/** Most runs that stand side by side. */
export const COMPARED_RUNS_MAX = 100;

/** What of a series is compared. `best`: its extreme in the declared direction; `atBest`: where the primary metric was best in validation. */
export const comparedSummaries = ["last", "best", "atBest", "min", "max", "mean"] as const;
/**
 * Why an evaluation shows no number beside the baseline's. `other-samples`: its split is another. `other-task`: there is no
 * such number of it. `shut`: the reader may not see it.
 */
export type UnshownEvaluation = "other-samples" | "other-task" | "shut";
export type ComparedSummary = (typeof comparedSummaries)[number];
