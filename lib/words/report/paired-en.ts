/** English: what a comparison of evaluations comes to. */
import type { PairedDecision, PairedRow } from "../../wire/evaluations/paired.ts";
import { countWords } from "../numbers.ts";

type PairedFigures = {
  metric: string;
  difference: string;
  model: string;
  baseline: string;
  detectable: string | null;
  smallest: string | null;
  better: "lower" | "higher";
};

export const paired: Record<PairedDecision, (figures: PairedFigures) => string> = {
  better: ({ metric, difference, model, baseline, better }) =>
    `${metric} ${difference}, ${better} is better: ${model} is better than ${baseline}.`,
  worse: ({ metric, difference, model, baseline, better }) =>
    `${metric} ${difference}, ${better} is better: ${model} is worse than ${baseline}.`,
  "practically-equal": ({ metric, difference, model, baseline, smallest }) =>
    `${metric} ${difference}: ${model} and ${baseline} are practically equal, as the difference is smaller than ${smallest ?? "what matters"}.`,
  "not-distinguishable": ({ metric, difference, model, baseline, detectable }) =>
    `${metric} ${difference}: ${model} can't be told from ${baseline}.${detectable === null ? "" : ` So many samples tell a difference of ${detectable} four times in five.`}`,
};

export const pairedDecisions: Record<PairedDecision, string> = {
  better: "better",
  worse: "worse",
  "not-distinguishable": "not distinguishable",
  "practically-equal": "practically equal",
};

export const pairedTests: Record<Extract<PairedRow["test"], { kind: unknown }>["kind"], string> = {
  "mcnemar-mid-p": "McNemar, mid-p",
  "sign-flip": "permutation of signs",
  swap: "permutation of answers",
  delong: "DeLong, paired",
  influence: "normal law, paired",
};

type FamilyFigures = { metric: string; samples: number; groups: number | null; family: number };

export const pairedFamily = ({ metric, samples, groups, family }: FamilyFigures): string =>
  `${metric} on the same ${countWords(samples, "sample")}${groups === null ? "" : ` in ${countWords(groups, "group")}`}; p-values are adjusted for ${countWords(family, "comparison")}. It speaks of these fitted models, not of their recipes.`;
