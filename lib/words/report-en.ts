/** English: metrics, intervals and sections of a report. A table that lacks a kind of `lib/wire` doesn't compile. */
import type { EvaluationTask } from "../wire/evaluations/evaluations.ts";
import type { IntervalMethod, UndefinedKind } from "../wire/evaluations/measured.ts";
import type { MetricName } from "../wire/evaluations/metrics.ts";
import type { ReportSection } from "../wire/report-sections.ts";
import { countWords, decimalWords, listWords, numberWords } from "./numbers.ts";

export const metricTitles: Record<MetricName, string> = {
  accuracy: "Accuracy",
  "balanced-accuracy": "Balanced accuracy",
  "macro-f1": "Macro F1",
  "weighted-f1": "Weighted F1",
  matthews: "Matthews correlation",
  kappa: "Cohen's κ",
  "top-k": "Top-k accuracy",
  "log-loss": "Log loss",
  brier: "Brier score, over classes",
  "binary-brier": "Brier score",
  "roc-auc": "ROC AUC",
  "roc-auc-ovr": "ROC AUC, one against rest, mean",
  "roc-auc-ovr-weighted": "ROC AUC, one against rest, weighted",
  "roc-auc-ovo": "ROC AUC, one against one",
  "average-precision": "Average precision",
  "average-precision-macro": "Average precision, mean of classes",
  mae: "Mean absolute error",
  mse: "Mean squared error",
  rmse: "Root mean squared error",
  "median-absolute-error": "Median absolute error",
  "max-error": "Largest error",
  bias: "Bias",
  "r-squared": "R²",
  "explained-variance": "Explained variance",
  pearson: "Pearson correlation",
  spearman: "Spearman correlation",
  "mean-iou": "Mean IoU",
  "image-mean-iou": "Mean IoU, image by image",
  "weighted-iou": "IoU, weighted by frequency",
  "mean-dice": "Mean Dice",
  "pixel-accuracy": "Pixel accuracy",
  "class-accuracy": "Mean class accuracy",
  "boundary-f1": "Boundary F1",
  "boundary-iou": "Boundary IoU",
};

export const intervalMethods: Record<IntervalMethod, string> = {
  wilson: "Wilson",
  bca: "bootstrap, BCa",
  percentile: "bootstrap, percentile",
  "delong-logit": "DeLong, logit",
  "influence-logit": "influence, logit",
  "one-sided": "one-sided bound",
  normal: "standard error",
  student: "Student's t",
  newcombe: "Newcombe",
  fisher: "Fisher's z",
  woodruff: "Woodruff",
};

export const undefineds: Record<UndefinedKind, string> = {
  "no-sample": "there is no sample",
  "one-sample": "there is one sample only",
  "too-few-samples": "there are too few samples",
  extreme: "an extreme says nothing of its own spread",
  "no-value": "there is no value",
  "one-value": "there is one value only",
  "no-pair": "there is no pair",
  "class-without-sample": "the class has no sample",
  "class-never-predicted": "the class is never predicted",
  "class-nowhere": "the class is neither true nor predicted anywhere",
  "class-alone": "the class is the only one",
  "one-class-alone": "there is one class only",
  "one-true-class": "all samples are of one class",
  "one-predicted-class": "one class is predicted throughout",
  "no-positive": "no sample is of the class",
  "one-positive": "one sample only is of the class",
  "no-negative": "no sample is of another class",
  "one-negative": "one sample only is of another class",
  "not-separated": "the scores don't tell the classes apart",
  "no-best-temperature": "no temperature is best",
  "no-pixel": "there is no pixel",
  "masks-empty": "both masks are empty",
  "no-boundary": "there is no boundary",
  "prediction-without-boundary": "the prediction has no boundary",
  "truth-without-boundary": "the truth has no boundary",
  "targets-same": "all targets are the same",
  "predictions-same": "all predictions are the same",
  "no-variance": "nothing varies",
  "differences-zero": "all differences are zero",
  "differences-same": "all differences are the same",
  "no-discordance": "no sample tells the two apart",
  "side-empty": "one side is empty",
  "side-below-two": "one side has fewer than two values",
  "side-undefined": "one side is undefined",
  "one-split": "there is one split only",
  "no-replicate": "there is no replicate",
  "every-resample-undefined": "it is undefined in every resample",
  "many-resamples-undefined": "it is undefined in many resamples",
  "resamples-same": "every resample gives the same",
  "resamples-one-sided": "all resamples lie on one side",
  "no-jackknife": "it can't be left one out",
  "undefined-without-unit": "it is undefined once a sample is left out",
  "unit-changes-nothing": "no sample changes it",
  "unit-too-heavy": "one sample weighs too much",
  "no-repeated-recipe": "no recipe was run twice",
  "one-group": "there is one group only",
  "group-without-spread": "a group has no spread",
  "no-candidate": "there is no candidate",
  "no-choice": "there is one candidate only, so nothing was chosen",
  "no-bag": "no resample leaves a sample out",
};

/** `question`: what it answers. `fill`: what would fill it where there is nothing. */
type SectionWords = { title: string; question: string; fill: string };

export const sections: Record<ReportSection, SectionWords> = {
  verdict: {
    title: "Verdict",
    question: "Can I rely on this number, and is it good?",
    fill: "The report isn't computed yet: send all predictions and complete the evaluation.",
  },
  protocol: {
    title: "Claim and protocol",
    question: "What exactly is claimed, for which population?",
    fill: "A run that cites a split manifest has a protocol.",
  },
  split: {
    title: "Split",
    question: "Are the subsets disjoint and representative?",
    fill: "The checks of the split manifest fill this.",
  },
  looks: {
    title: "Looks at the test split",
    question: "How often was this test split used?",
    fill: "Validation is free: only a look at the test split is counted here.",
  },
  headline: {
    title: "Headline metrics",
    question: "How well, and how precisely?",
    fill: "A computed report fills this.",
  },
  gap: {
    title: "Validation and test",
    question: "Does it generalise?",
    fill: "Evaluate the same checkpoint on the other split, and both stand here side by side.",
  },
  incumbent: {
    title: "Against the champion",
    question: "Is it better, by how much, and could it be noise?",
    fill: "Claim a champion that was evaluated on the same split, and the paired comparison stands here.",
  },
  seeds: {
    title: "Seed variance",
    question: "Would training again give the same?",
    fill: "One seed: unknown. Train the same recipe with other seeds and evaluate each on this split.",
  },
  selection: {
    title: "Selection",
    question: "How much of it is the winner's luck?",
    fill: "Evaluate the other candidates on validation: what the best of them owes to luck is measured from their answers.",
  },
  classes: {
    title: "Classes",
    question: "Which classes fail?",
    fill: "An evaluation of classes fills this.",
  },
  confusion: {
    title: "Confusion",
    question: "What is mistaken for what?",
    fill: "An evaluation of classes fills this.",
  },
  threshold: {
    title: "Operating point",
    question: "Where should the threshold be?",
    fill: "Send scores rather than classes: curves and thresholds are made of them.",
  },
  calibration: {
    title: "Calibration",
    question: "Do probabilities mean what they say?",
    fill: "Send scores rather than classes: calibration is measured on probabilities.",
  },
  slices: {
    title: "Slices",
    question: "Where does it break?",
    fill: "Give samples a group or columns in the dataset: each value becomes a slice.",
  },
  errors: {
    title: "Errors",
    question: "What do the failures look like?",
    fill: "No sample is wrong.",
  },
  task: {
    title: "Residuals and masks",
    question: "What is the pattern of what is wrong?",
    fill: "An evaluation of numbers has residuals here, one of masks its overlaps.",
  },
  soundness: {
    title: "Soundness",
    question: "Was it measured correctly?",
    fill: "Nothing was tried. `npx --no-install holdout evaluate` predicts twice and in batches of another size, and says so.",
  },
  cost: {
    title: "Cost",
    question: "What does it take?",
    fill: "Send `cost` with the evaluation: parameters, latency and device.",
  },
  limits: {
    title: "Limits",
    question: "When should I not believe it?",
    fill: "Nothing is known that limits it.",
  },
  reproduce: {
    title: "Reproduce",
    question: "Can somebody else get this?",
    fill: "A computed report fills this.",
  },
};

export const leadUndefined = (why: string): string => `The number is ${why}.`;

export const leadAlone = (samples: number): string =>
  `Of ${countWords(samples, "sample")}; how sure it is can't be said, so don't compare it with others.`;

type LeadFigures = { right: number; samples: number; ends: string; confidence: string };

export const leadAccuracy = ({ right, samples, ends, confidence }: LeadFigures): string =>
  `${numberWords(right)} of ${countWords(samples, "sample")} are right. On data like these the share lies at ${ends}, with ${confidence} confidence.`;

export const leadMetric = ({
  ends,
  confidence,
  better,
}: {
  ends: string;
  confidence: string;
  better: "max" | "min" | "zero";
}): string =>
  `On data like these it lies at ${ends}, with ${confidence} confidence; ${{ max: "higher is better", min: "lower is better", zero: "zero is best" }[better]}.`;

/** Against always naming the largest class. */
export const baselines = {
  above: (name: string, share: number) =>
    `Always answering “${name}” would be right for ${decimalWords(share * 100, 1)} %: it is clearly above that.`,
  within: (name: string, share: number) =>
    `Always answering “${name}” would be right for ${decimalWords(share * 100, 1)} %: it can't be told from that.`,
  below: (name: string, share: number) =>
    `Always answering “${name}” would be right for ${decimalWords(share * 100, 1)} %: it is below that.`,
};

export const freeLook = "validation: looks are free";

export const tasks: Record<EvaluationTask, (classes: number) => string> = {
  classification: (classes) => `classification into ${countWords(classes, "class", "classes")}, one label a sample`,
  segmentation: (classes) => `segmentation into ${countWords(classes, "class", "classes")}, one a pixel`,
  regression: () => "regression: a number a sample",
};

export const betters = { max: "higher is better", min: "lower is better", zero: "zero is best" };

export const scorings = {
  logits: "logits, turned into probabilities by the server",
  probabilities: "probabilities, as they were sent",
  class: "one class a sample, without scores",
  value: "one number a sample",
  mask: "one mask an image",
};

export const countedAsZero = (classes: readonly string[], more: number): string =>
  `Means over classes count what is undefined as 0: of ${listWords(more > 0 ? [...classes, `${numberWords(more)} more`] : classes)}.`;

export const topKTies = (ties: number, expected: string | null): string =>
  `Ties decide ${countWords(ties, "sample")} of top-k${expected === null ? "" : `; in the mean over all orders it is ${expected}`}.`;

export const evaluationStatuses = { receiving: "receiving", computing: "being computed", failed: "failed" };
