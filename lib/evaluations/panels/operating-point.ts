/** Curves of each class against the rest, and the threshold that validation chose. Pure. */
import type { Band } from "../../statistics/scores/curve-bands.ts";
import { cheapestThreshold, confusionAt } from "../../statistics/scores/threshold.ts";
import type { ChosenThreshold, OperatingCurve } from "../../wire/evaluations/operating-point.ts";
import { shareAmong } from "../measures/estimates.ts";
import { type Classified, groupsOf } from "../measures/evaluated.ts";
import type { ClassCurve, ScoreFigures } from "../measures/score-figures.ts";
import { panelOf, type Shared } from "./panel.ts";

export const operatingPoint = panelOf({
  name: "operatingPoint",
  needs: ["classification"],
  make: (evaluated, shared) => {
    const { classes, probabilities } = evaluated;
    const { scores } = shared;
    // one class alone is told from nothing
    if (scores === null || probabilities === null || classes.length < 2) return null;
    return {
      classes,
      curves: scores.curves.map((curve) => curveOf(curve, scores)),
      areas:
        classes.length === 2
          ? []
          : scores.areas.byClass.map(({ of, auc, averagePrecision }) => ({
              positive: of,
              rocAuc: auc,
              averagePrecision,
            })),
      chosen: classes.length === 2 ? chosenFor(evaluated, probabilities[1]!, shared) : null,
    };
  },
});

const sum = (values: Float64Array): number => values.reduce((a, b) => a + b, 0);
const cumulated = (values: Float64Array): number[] => {
  let reached = 0;
  return Array.from(values, (value) => (reached += value));
};
/** A band is drawn, not read: five decimals are finer than a pixel. */
const drawn = (values: Float64Array): number[] => Array.from(values, (value) => Math.round(value * 1e5) / 1e5);
const bandOf = ({ low, high }: Band) => ({ low: drawn(low), high: drawn(high) });

function curveOf({ positive, counts, bands }: ClassCurve, { areas }: ScoreFigures): OperatingCurve {
  const { auc, averagePrecision, trapezoid } = areas.byClass.find(({ of }) => of === positive)!;
  return {
    positive,
    positives: sum(counts.ups),
    negatives: sum(counts.downs),
    rocAuc: auc,
    averagePrecision,
    prTrapezoid: trapezoid,
    thresholds: [...counts.thresholds],
    truePositives: cumulated(counts.ups),
    falsePositives: cumulated(counts.downs),
    bands: bands && { roc: bandOf(bands.roc), precisionRecall: bandOf(bands.precisionRecall) },
  };
}

/** On validation the cheapest where both errors cost the same; on test the one that validation chose, and no other. */
function chosenFor(
  evaluated: Classified,
  scores: ArrayLike<number>,
  { split, validation }: Shared,
): ChosenThreshold | null {
  if (split === "test")
    return validation?.threshold == null
      ? null
      : appliedAt(evaluated, scores, { at: validation.threshold, on: "validation" });
  const found = cheapestThreshold(evaluated.truth, scores, { falsePositive: 1, falseNegative: 1 });
  return "undefined" in found ? null : appliedAt(evaluated, scores, { at: found.threshold, on: "here" });
}

function appliedAt(
  evaluated: Classified,
  scores: ArrayLike<number>,
  { at, on }: { at: number; on: ChosenThreshold["chosenOn"] },
): ChosenThreshold {
  const { truth } = evaluated;
  const groups = groupsOf(evaluated);
  const cells = confusionAt(truth, scores, at).cells;
  const share = (
    counts: (label: number, positive: boolean) => boolean,
    hit: (label: number, positive: boolean) => boolean,
  ) =>
    shareAmong(
      Int8Array.from(truth, (label, sample) => {
        const positive = scores[sample]! >= at;
        return counts(label, positive) ? (hit(label, positive) ? 1 : 0) : -1;
      }),
      groups,
    );
  return {
    threshold: Number.isFinite(at) ? at : null,
    chosenOn: on,
    trueNegatives: cells[0]!,
    falsePositives: cells[1]!,
    falseNegatives: cells[2]!,
    truePositives: cells[3]!,
    precision: share(
      (_, positive) => positive,
      (label) => label === 1,
    ),
    recall: share(
      (label) => label === 1,
      (_, positive) => positive,
    ),
    specificity: share(
      (label) => label === 0,
      (_, positive) => !positive,
    ),
    accuracy: share(
      () => true,
      (label, positive) => (label === 1) === positive,
    ),
  };
}
