/** English: what stands between runs that are compared, and how far a difference can be believed. */
import type { UnshownEvaluation } from "../wire/compared.ts";
import type { ComparabilityNotice, ComparedSummary, DifferenceKind, LeftOut, NoticeKind } from "../wire/comparison.ts";

type Figures = ComparabilityNotice["figures"];

/** What is the matter; the runs are named beside it. */
export const noticeTitles: Record<NoticeKind, string> = {
  uncited: "No manifest is cited",
  "uncited-ancestor": "Weights of a run without manifest",
  blocked: "Blocked by its checks",
  unchecked: "Not checked for leaks yet",
  "other-train": "Other training samples",
  "other-validation": "Other validation samples",
  "other-test": "Other test samples",
  "trained-on-test": "Trained on the other’s test samples",
  "other-preprocessing": "Other preprocessing",
  "other-budget": "Other budget",
  "batch-not-retuned": "Batch size compared without re-tuning",
  "mixed-budgets": "Budgets in epochs beside budgets in steps",
  "other-definition": "Evaluated by other definitions",
  "other-code": "Replicates whose code differs",
};

/** What a notice keeps from being told. */
export const barredWords: Record<ComparabilityNotice["bars"], string> = {
  every: "no verdicts",
  evaluations: "no verdicts on evaluations",
  test: "no verdicts on test numbers",
  none: "a note",
};

/** What it means for the numbers, and what to do. */
export const noticeWords: Record<NoticeKind, (figures: Figures) => string> = {
  uncited: () =>
    "Nobody can say which samples they were trained on or measured by. Cite a manifest when a run is created.",
  "uncited-ancestor": ({ ancestor }) =>
    `Their weights began as ${ancestor}, of which nobody can say what it was trained on, test samples maybe. Begin with a run that cites a manifest.`,
  blocked: ({ manifest, override }) =>
    `The checks of ${manifest} block it${override === "yes" ? " and a member overrode that" : ""}: its numbers carry what the checks found. Repair the manifest and train again.`,
  unchecked: ({ manifest }) =>
    `The checks of ${manifest} haven’t ended: what they find may bar this comparison. Wait for them, or start them on its page.`,
  "other-train": () =>
    "They learnt from other samples than the baseline, so a difference may be the data’s. Train on one manifest to compare recipes.",
  "other-validation": () =>
    "Their metrics are of other samples than the baseline’s. Compare runs of one manifest, or evaluate both on the samples that they share.",
  "other-test": () =>
    "Their test splits differ, so test numbers aren’t of the same samples. Evaluate on one test split, or compare on the samples that both have.",
  "trained-on-test": ({ count }) =>
    `${count} samples of a test split were training or validation samples of the other: its number there is of what it learnt. Evaluate on a split that neither has seen.`,
  "other-preprocessing": ({ keys }) =>
    `${keys} differ: the models saw other inputs. Count the preprocessing as part of what is compared, or make it the same.`,
  "other-budget": ({ key, from, to }) =>
    `${key} goes from ${from} to ${to}: who trains longer is better for that alone. Give each the same budget, or compare at the same step.`,
  "batch-not-retuned": ({ keys }) =>
    `The batch size differs and ${keys} stayed as it was. Each batch size needs its own: tune it again, or compare throughput alone.`,
  "mixed-budgets": () =>
    "Batch sizes differ, and so an epoch isn’t the same number of steps. Budget all in steps, or all in epochs.",
  "other-definition": ({ split, from, to }) =>
    `The newest ${split} report of the baseline is of definitions version ${from}, theirs of version ${to}: the same word isn’t the same number. Evaluate again what is older.`,
  "other-code": () =>
    "Runs of one config and manifest ran other code, so their spread is not the seed’s alone. Run the seeds again from one commit.",
};

/** In place of an arrow. `detectable` is written already. */
export const differenceWords: Record<DifferenceKind, (detectable: string | null) => string> = {
  baseline: () => "baseline",
  better: () => "better",
  worse: () => "worse",
  "within-noise": () => "within noise",
  "not-distinguishable": (detectable) =>
    detectable === null ? "not distinguishable" : `not distinguishable (would see ≥ ${detectable})`,
  "practically-equal": () => "practically equal",
  "same-recipe": () => "same recipe, other seed",
  "one-seed": () => "one seed: unknown",
  "no-spread": () => "seeds change nothing",
  "no-direction": () => "no direction declared",
  "not-comparable": () => "not comparable",
  "no-value": () => "no value",
};

/** What of each series is compared. */
export const comparedSummaryWords: Record<ComparedSummary, string> = {
  last: "the last value",
  best: "the best value",
  atBest: "where the primary metric was best in validation",
  min: "the least value",
  max: "the greatest value",
  mean: "the mean over the run",
};

export const leftOutWords: Record<LeftOut["reason"], (run: string) => string> = {
  unknown: (run) => `${run}: there is no such run`,
  deleted: (run) => `${run} is deleted`,
  foreign: (run) => `${run} is of another project`,
};

/** Of an evaluation that has no number beside the baseline's, and what that means. */
export const unshownEvaluations: Record<UnshownEvaluation, { words: string; means: string }> = {
  "other-samples": {
    words: "not comparable",
    means: "It was evaluated on other samples than the baseline’s split has",
  },
  "other-task": { words: "no such number", means: "Its report has no number of this kind" },
  shut: { words: "kept shut", means: "The project’s test split shows no report to you" },
};
