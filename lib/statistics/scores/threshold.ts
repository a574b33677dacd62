/** Where a score counts as positive: chosen on validation, applied to test. Pure. */

import type { Confusion } from "../classification/confusion.ts";
import { refuseNonFinite, refuseSetting } from "../inputs.ts";
import { because, type Undefined } from "../measured.ts";
import { rankingOf, refuseScores } from "./ranking.ts";

/** What a false positive and a false negative cost, in any one unit; both from 0. */
export type Costs = { falsePositive: number; falseNegative: number };

export type Threshold = {
  /** A score from here on is positive; infinite where it is cheapest that none is. */
  threshold: number;
  /** The mean cost of a sample at it, on the samples it was chosen by: too low for others. */
  cost: number;
};

/**
 * The threshold that costs least on these samples, among their distinct scores and infinity; of equal ones the highest. `truth` is
 * 0 or 1. Undefined without a sample.
 */
export function cheapestThreshold(
  truth: ArrayLike<number>,
  scores: ArrayLike<number>,
  { falsePositive, falseNegative }: Costs,
): Threshold | Undefined {
  refuseSetting(falsePositive >= 0 && falseNegative >= 0, "costs must be from 0");
  const { thresholds, positives, negatives, totals } = rankingOf(truth, scores);
  if (truth.length === 0) return because("no-sample");
  let cost = totals[0] * falseNegative;
  let best = { threshold: Number.POSITIVE_INFINITY, cost };
  for (const [at, threshold] of thresholds.entries()) {
    cost += negatives[at]! * falsePositive - positives[at]! * falseNegative;
    if (cost < best.cost - 1e-12) best = { threshold, cost };
  }
  return { threshold: best.threshold, cost: best.cost / truth.length };
}

/** The confusion matrix, negative first, where scores from `threshold` on count as positive. `truth` is 0 or 1. */
export function confusionAt(truth: ArrayLike<number>, scores: ArrayLike<number>, threshold: number): Confusion {
  refuseScores(truth, scores);
  if (threshold !== Number.POSITIVE_INFINITY) refuseNonFinite([threshold], "thresholds");
  const cells = new Float64Array(4);
  for (let at = 0; at < truth.length; at++) cells[2 * truth[at]! + (scores[at]! >= threshold ? 1 : 0)]!++;
  return { classes: 2, cells };
}
