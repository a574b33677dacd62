/** The ROC curve and the area under it. Pure. */
import { refuseNonClass, refuseNonFinite, refuseUnequalLengths } from "../inputs.ts";
import { because, type Measured, type Undefined } from "../measured.ts";
import { pairsWon, type Ranking, rankingOf, sortedWhere } from "./ranking.ts";

export type RocCurve = {
  /** The score from which a sample counts as positive; the first is infinite. */
  threshold: Float64Array;
  /** False positives ÷ negatives, 0 … 1. */
  fpr: Float64Array;
  /** True positives ÷ positives, 0 … 1. */
  tpr: Float64Array;
};

const missing = ([positives, negatives]: [number, number]): Undefined | null =>
  positives === 0 ? because("no-positive") : negatives === 0 ? because("no-negative") : null;

/** A point for each distinct score, from (0, 0) to (1, 1); none is left out. */
export function rocCurve(truth: ArrayLike<number>, scores: ArrayLike<number>): RocCurve | Undefined {
  const { thresholds, positives, negatives, totals } = rankingOf(truth, scores);
  const reason = missing(totals);
  if (reason) return reason;
  const points = thresholds.length + 1;
  const curve = {
    threshold: new Float64Array(points).fill(Number.POSITIVE_INFINITY),
    fpr: new Float64Array(points),
    tpr: new Float64Array(points),
  };
  let [up, down] = [0, 0];
  for (let at = 1; at < points; at++) {
    up += positives[at - 1]!;
    down += negatives[at - 1]!;
    curve.threshold[at] = thresholds[at - 1]!;
    curve.tpr[at] = up / totals[0];
    curve.fpr[at] = down / totals[1];
  }
  return curve;
}

/**
 * The area under the ROC curve, 0–1: the probability that a positive's score is above a negative's, ties counting half
 * (Mann and Whitney 1947). Undefined where one class is missing.
 */
export const rocAuc = (truth: ArrayLike<number>, scores: ArrayLike<number>): Measured =>
  rocAucOf(rankingOf(truth, scores));

export function rocAucOf({ positives, negatives, totals }: Ranking): Measured {
  const reason = missing(totals);
  if (reason) return reason;
  let [below, won] = [totals[1], 0];
  for (let at = 0; at < positives.length; at++) {
    below -= negatives[at]!;
    won += positives[at]! * (below + negatives[at]! / 2);
  }
  return won / totals[0] / totals[1];
}

export type MultiClassAuc = {
  /** Each class against the rest, by its own score. */
  byClass: Measured[];
  /** The plain mean of these; undefined where one is. */
  ovrMacro: Measured;
  /** Their mean by the classes' shares. */
  ovrWeighted: Measured;
  /** The mean over pairs of classes, each both ways (Hand and Till 2001): shares of classes don't move it. */
  ovoMacro: Measured;
};

/** `scores[k][i]` is the score of class k for sample i; `truth` is a class in 0 … K − 1. */
export function multiClassAuc(truth: ArrayLike<number>, scores: ArrayLike<number>[]): MultiClassAuc {
  const won = winsByClass(truth, scores);
  const support = won.map(({ support }) => support);
  const n = truth.length;
  const absent = support.findIndex((count) => count === 0 || count === n);
  const byClass = won.map(({ wins }, wanted): Measured => {
    const own = support[wanted]!;
    if (own === 0 || own === n) return because(own === 0 ? "class-without-sample" : "class-alone");
    return wins.reduce((a, b) => a + b, 0) / own / (n - own);
  });
  if (absent >= 0) {
    const reason = because(support[absent] === 0 ? "class-without-sample" : "class-alone");
    return { byClass, ovrMacro: reason, ovrWeighted: reason, ovoMacro: reason };
  }
  const areas = byClass as number[];
  let [pairs, sum] = [0, 0];
  for (let a = 0; a < support.length; a++)
    for (let b = a + 1; b < support.length; b++) {
      sum += (won[a]!.wins[b]! + won[b]!.wins[a]!) / support[a]! / support[b]! / 2;
      pairs++;
    }
  return {
    byClass,
    ovrMacro: areas.reduce((a, b) => a + b, 0) / areas.length,
    ovrWeighted: areas.reduce((a, b, at) => a + b * support[at]!, 0) / n,
    ovoMacro: sum / pairs,
  };
}

/** By class k and other class c: pairs of a sample of k and one of c in which that of k has the higher score of class k. */
function winsByClass(truth: ArrayLike<number>, scores: ArrayLike<number>[]): { support: number; wins: number[] }[] {
  refuseNonClass(truth, scores.length, "true classes");
  return scores.map((column, wanted) => {
    refuseUnequalLengths(truth, column, `truth and class ${wanted}'s scores`);
    refuseNonFinite(column, `scores of class ${wanted}`);
    const own = sortedWhere(truth, column, wanted);
    const wins = scores.map((_, other) => (other === wanted ? 0 : pairsWon(own, sortedWhere(truth, column, other))));
    return { support: own.length, wins };
  });
}
