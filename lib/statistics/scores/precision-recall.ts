/** The precision–recall curve and two numbers that are made of it, which are not the same. Pure. */
import { because, type Measured, type Undefined } from "../measured.ts";
import { rankingOf } from "./ranking.ts";

export type PrecisionRecallCurve = {
  /** The score from which a sample counts as positive, from the highest. */
  threshold: Float64Array;
  precision: Float64Array;
  /** Grows. */
  recall: Float64Array;
};

/** A point for each distinct score. `truth` is 0 or 1. Undefined without a positive. */
export function precisionRecallCurve(
  truth: ArrayLike<number>,
  scores: ArrayLike<number>,
): PrecisionRecallCurve | Undefined {
  const { thresholds, positives, negatives, totals } = rankingOf(truth, scores);
  if (totals[0] === 0) return because("no-positive");
  const precision = new Float64Array(thresholds.length);
  const recall = new Float64Array(thresholds.length);
  let [up, down] = [0, 0];
  for (let at = 0; at < thresholds.length; at++) {
    up += positives[at]!;
    down += negatives[at]!;
    precision[at] = up / (up + down);
    recall[at] = up / totals[0];
  }
  return { threshold: thresholds, precision, recall };
}

const isMissing = (curve: PrecisionRecallCurve | Undefined): curve is Undefined => "undefined" in curve;

/** Average precision: Σ (R_n − R_n−1) P_n over distinct scores, in steps, without interpolation. 0–1. */
export function averagePrecision(truth: ArrayLike<number>, scores: ArrayLike<number>): Measured {
  const curve = precisionRecallCurve(truth, scores);
  if (isMissing(curve)) return curve;
  let [sum, before] = [0, 0];
  for (const [at, recall] of curve.recall.entries()) {
    sum += (recall - before) * curve.precision[at]!;
    before = recall;
  }
  return sum;
}

/**
 * The trapezoid under the PR curve, which starts at recall 0 with precision 1. Another number than average precision, and
 * too kind between points (Davis and Goadrich 2006): shown under its own name, to compare with others' figures.
 */
export function prTrapezoid(truth: ArrayLike<number>, scores: ArrayLike<number>): Measured {
  const curve = precisionRecallCurve(truth, scores);
  if (isMissing(curve)) return curve;
  let [sum, recallBefore, precisionBefore] = [0, 0, 1];
  for (const [at, recall] of curve.recall.entries()) {
    const precision = curve.precision[at]!;
    sum += ((recall - recallBefore) * (precision + precisionBefore)) / 2;
    recallBefore = recall;
    precisionBefore = precision;
  }
  return sum;
}
