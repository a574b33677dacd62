/** Metrics that are functions of the confusion matrix, with their intervals. Pure. */
import { accuracy, balancedAccuracy } from "../../statistics/classification/accuracy.ts";
import { cohensKappa, matthews } from "../../statistics/classification/agreement.ts";
import { type Confusion, confusionOf, type Margins, marginsOf } from "../../statistics/classification/confusion.ts";
import {
  bootstrapConfusion,
  bootstrapGroupedConfusion,
  type ConfusionMetric,
  groupedCells,
  jackknifeConfusion,
  jackknifeGroupedConfusion,
} from "../../statistics/classification/confusion-bootstrap.ts";
import { macroF1, weightedF1 } from "../../statistics/classification/per-class.ts";
import { seedOf } from "../../statistics/resampling/random.ts";
import type { Estimate } from "../../wire/evaluations/measured.ts";
import { measured, RESAMPLES, resampledInterval, shareOf } from "./estimates.ts";
import { type Classified, groupsOf } from "./evaluated.ts";

export const labelMetrics = {
  accuracy,
  "balanced-accuracy": balancedAccuracy,
  "macro-f1": (margins: Margins) => (margins.total === 0 ? { undefined: "no-sample" as const } : macroF1(margins)),
  "weighted-f1": weightedF1,
  matthews,
  kappa: cohensKappa,
} satisfies Record<string, ConfusionMetric>;

export type LabelMetric = keyof typeof labelMetrics;

/**
 * A class with fewer samples than this could vanish from a resample (it does once in 20,000 at ten), so the size of each
 * class is kept.
 */
const STRATIFIED_BELOW = 10;

/** Accuracy by Wilson, the others by resampled cells; where samples come in groups, all by resampled groups. */
export function estimateByLabel(evaluated: Classified, seed: number): Record<LabelMetric, Estimate> {
  const { truth, predicted, classes } = evaluated;
  const names = Object.keys(labelMetrics) as LabelMetric[];
  const confusion = confusionOf(truth, predicted, classes.length);
  const margins = marginsOf(confusion);
  const groups = groupsOf(evaluated);
  const { replicates, jackknife } =
    groups === null
      ? resampleCells(confusion, margins, seed)
      : resampleGroups(evaluated, groups, seedOf(seed, "label-metrics"));
  const found = Object.fromEntries(
    names.map((name, at): [LabelMetric, Estimate] => {
      const value = labelMetrics[name](margins);
      const without = typeof value === "number" ? jackknife(labelMetrics[name]) : undefined;
      return [name, { value: measured(value), interval: resampledInterval(value, replicates[at]!, without) }];
    }),
  ) as Record<LabelMetric, Estimate>;
  if (groups === null) found.accuracy = shareOf(margins.right, margins.total);
  return found;
}

const metrics = Object.values(labelMetrics);

function resampleCells(confusion: Confusion, margins: Margins, seed: number) {
  const smallest = margins.rows.reduce((least, count) => (count > 0 && count < least ? count : least), Infinity);
  const stratified = smallest < STRATIFIED_BELOW;
  const draw = { resamples: RESAMPLES, seed: seedOf(seed, "label-metrics"), stratified };
  return {
    replicates: bootstrapConfusion(confusion, draw, metrics),
    jackknife: (metric: ConfusionMetric) => jackknifeConfusion(confusion, metric),
  };
}

function resampleGroups(
  { truth, predicted, classes }: Classified,
  groups: { of: Int32Array; count: number },
  seed: number,
) {
  const cells = groupedCells(truth, predicted, { group: groups.of, groups: groups.count, classes: classes.length });
  return {
    replicates: bootstrapGroupedConfusion(cells, { resamples: RESAMPLES, seed }, metrics),
    jackknife: (metric: ConfusionMetric) => jackknifeGroupedConfusion(cells, metric),
  };
}
