/** Samples of two classes in the order of their scores: what ROC, PR and their areas are made of. Pure. */
import { refuseNonBinary, refuseNonFinite, refuseUnequalLengths } from "../inputs.ts";

/** The distinct scores from the highest, with how many positives and negatives have each. */
export type Ranking = {
  thresholds: Float64Array;
  positives: Float64Array;
  negatives: Float64Array;
  /** All positives, and all negatives. */
  totals: [positives: number, negatives: number];
};

/** `truth` is 0 or 1; `scores` are any finite numbers, higher for 1. */
export function refuseScores(truth: ArrayLike<number>, scores: ArrayLike<number>): void {
  refuseUnequalLengths(truth, scores, "truth and scores");
  refuseNonBinary(truth, "true labels");
  refuseNonFinite(scores, "scores");
}

export function rankingOf(truth: ArrayLike<number>, scores: ArrayLike<number>): Ranking {
  refuseScores(truth, scores);
  const [up, down] = [sortedWhere(truth, scores, 1), sortedWhere(truth, scores, 0)];
  const most = up.length + down.length;
  const thresholds = new Float64Array(most);
  const positives = new Float64Array(most);
  const negatives = new Float64Array(most);
  let [i, j, count] = [up.length - 1, down.length - 1, 0];
  for (; i >= 0 || j >= 0; count++) {
    const score = Math.max(up[i] ?? Number.NEGATIVE_INFINITY, down[j] ?? Number.NEGATIVE_INFINITY);
    thresholds[count] = score;
    for (; i >= 0 && up[i] === score; i--) positives[count]!++;
    for (; j >= 0 && down[j] === score; j--) negatives[count]!++;
  }
  return {
    thresholds: thresholds.slice(0, count),
    positives: positives.slice(0, count),
    negatives: negatives.slice(0, count),
    totals: [up.length, down.length],
  };
}

/** The scores of the samples whose truth is `wanted`, smallest first. */
export function sortedWhere(truth: ArrayLike<number>, scores: ArrayLike<number>, wanted: number): Float64Array {
  let count = 0;
  for (let at = 0; at < truth.length; at++) if (truth[at] === wanted) count++;
  const found = new Float64Array(count);
  count = 0;
  for (let at = 0; at < truth.length; at++) if (truth[at] === wanted) found[count++] = scores[at]!;
  return found.sort();
}

/** Over all pairs of one of `up` and one of `down`, both sorted: those in which it is the larger, ties counting half. */
export function pairsWon(up: Float64Array, down: Float64Array): number {
  let [below, upTo, won] = [0, 0, 0];
  for (const score of up) {
    while (below < down.length && down[below]! < score) below++;
    while (upTo < down.length && down[upTo]! <= score) upTo++;
    won += (below + upTo) / 2;
  }
  return won;
}
