/** English: what the sections of a report say of their numbers. */
import type { ErrorListKind } from "../../wire/evaluations/errors.ts";
import { countWords, listWords, numberWords } from "../numbers.ts";

export const curves = {
  roc: (areas: readonly string[]): string => `ROC curves; areas under them: ${areas.join("; ")}.`,
  pr: (areas: readonly string[]): string => `Precision by recall; average precision: ${areas.join("; ")}.`,
};

export const thresholds = {
  here: (threshold: string | null, positive: string): string =>
    threshold === null
      ? `On these samples it would be best never to say “${positive}”.`
      : `On these samples a score of ${threshold} is the best threshold for “${positive}”: it is handed on to test, where nothing is chosen.`,
  validation: (threshold: string | null, positive: string): string =>
    threshold === null
      ? `Validation chose never to say “${positive}”; here that comes to:`
      : `Validation chose the threshold ${threshold} for “${positive}”; here that comes to:`,
};

type Cheapest = { threshold: string | null; misses: number; alarms: number; chosen: string | null };

export const cheapest = ({ threshold, misses, alarms, chosen }: Cheapest): string => {
  const at = threshold === null ? "Never saying yes is cheapest" : `A threshold of ${threshold} is cheapest`;
  const then = `: ${countWords(misses, "miss", "misses")}, ${countWords(alarms, "false alarm")}.`;
  return `${at}${then}${chosen === null ? "" : ` Chosen on these samples it would flatter: use ${chosen}, from validation.`}`;
};

export const calibrations = {
  off: (ece: string, p95: string): string =>
    `The confidence is off by ${ece} in the mean; a calibrated model would come to more than ${p95} once in twenty times. Don't read its scores as probabilities.`,
  within: (ece: string, p95: string): string =>
    `The confidence is off by ${ece} in the mean, which a calibrated model can come to by chance (up to ${p95}).`,
  alone: (ece: string): string => `The confidence is off by ${ece} in the mean.`,
};

export const temperatures = {
  here: (value: string): string => `Reliability after scaling by temperature ${value}, fitted on these samples`,
  validation: (value: string): string => `Reliability after scaling by temperature ${value}, fitted on validation`,
};

/** Ways to cut that aren't columns of the dataset. */
export const cuts: Record<string, string | undefined> = {
  label: "By label",
  group: "By group",
  brightness: "By brightness of the image",
  size: "By size of the image",
};

export const slices = ({
  metric,
  overall,
  family,
  smallBelow,
}: {
  metric: string;
  overall: string;
  family: number;
  smallBelow: number;
}): string =>
  `${metric} of each slice against all other samples (${overall} of all). ${countWords(family, "test")}, adjusted together; below ${numberWords(smallBelow)} samples a slice is too small to tell.`;

export const sliceVerdicts = {
  tooSmall: "too small to tell",
  untested: "not tested",
  alike: "like the rest",
  worse: "worse than the rest",
  better: "better than the rest",
};

/** `figure`: what the number beside each sample is. */
export const errorLists: Record<ErrorListKind, { title: string; figure: string; about: string }> = {
  wrong: { title: "Wrong", figure: "", about: "Samples that were answered wrongly." },
  "confident-errors": {
    title: "Most confident errors",
    figure: "confidence",
    about: "Wrong, and sure of it.",
  },
  "highest-loss": { title: "Highest loss", figure: "loss", about: "The truth was least expected." },
  "near-threshold": {
    title: "Near the threshold",
    figure: "distance",
    about: "A little more or less, and the answer were another.",
  },
  "suspected-labels": {
    title: "Suspected label errors",
    figure: "confidence in the label",
    about:
      "The model is surer of another class than it usually is where that is true. Look at each; the labels stay as they are.",
  },
  "largest-errors": { title: "Largest errors", figure: "error", about: "Furthest from the truth." },
  "lowest-iou": { title: "Lowest IoU", figure: "mean IoU", about: "Images that overlap least with the truth." },
};

export const soundness = {
  names: {
    complete: "Predictions complete",
    answers: "Answers differ",
    mode: "Inference mode",
    repeat: "Predicting twice",
    batchSize: "Batches of another size",
    preprocessing: "Preprocessing",
    certain: "Certainty",
    ties: "Ties",
    withoutSample: "Classes without a sample",
    neverPredicted: "Classes never predicted",
  },
  told: {
    unsaid: "the client didn't say",
    complete: (predictions: number): string => `all ${numberWords(predictions)}, none NaN or infinite`,
    distinct: (distinct: number): string =>
      distinct === 1 ? "every sample got the same answer" : countWords(distinct, "distinct answer"),
    inference: "dropout off, batch normalisation by its running statistics",
    training: "it predicted in training mode: dropout and batch statistics make its answers vary",
    difference: (value: number): string =>
      value === 0 ? "the same numbers" : `numbers differ by ${value.toExponential(1).replace("e-", "e−")} at most`,
    fittedOnTrain: "fitted on train alone",
    fittedElsewhere: (digest: string): string => `fitted on a split with digest ${digest.slice(0, 12)}, not on train`,
    certain: ({ certain, impossible }: { certain: number; impossible: number }): string =>
      `${countWords(certain, "sample")} with a probability of exactly 1; ${countWords(impossible, "sample")} whose truth has exactly 0`,
    ties: (ties: number): string =>
      ties === 0
        ? "no sample has two highest scores"
        : `of ${countWords(ties, "sample")} the first of equal scores was taken`,
    classes: (names: readonly string[]): string => listWords(names),
  },
};
