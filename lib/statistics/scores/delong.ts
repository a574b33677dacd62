/** The variance of the area under the ROC curve, and of the difference of two (DeLong, DeLong and Clarke-Pearson 1988). Pure. */
import { normalQuantile, normalTwoSided } from "../distributions/normal.ts";
import type { Jackknife } from "../intervals/bootstrap.ts";
import { because, type Interval, type Measured, type MeasuredInterval, type Undefined } from "../measured.ts";
import { mean, variance } from "../moments.ts";
import { midRanks } from "../order.ts";
import { refuseScores } from "./ranking.ts";

/** By positive, the share of negatives below it; by negative, the share of positives above it. Ties count half. */
type Components = { positives: Float64Array; negatives: Float64Array };

/** By mid-ranks (Sun and Xu 2014), in the time of a sort. In the order of the samples. */
function componentsOf(truth: ArrayLike<number>, scores: ArrayLike<number>): Components {
  refuseScores(truth, scores);
  const of = (wanted: number) =>
    Array.from({ length: truth.length }, (_, at) => at).filter((at) => truth[at] === wanted);
  const [up, down] = [of(1), of(0)];
  const all = midRanks(scores);
  const within = (members: number[]) => midRanks(members.map((at) => scores[at]!));
  const [ranksUp, ranksDown] = [within(up), within(down)];
  return {
    positives: Float64Array.from(up, (at, rank) => (all[at]! - ranksUp[rank]!) / down.length),
    negatives: Float64Array.from(down, (at, rank) => 1 - (all[at]! - ranksDown[rank]!) / up.length),
  };
}

function tooFew({ positives, negatives }: Components): Undefined | null {
  if (positives.length < 2) return because(positives.length === 0 ? "no-positive" : "one-positive");
  if (negatives.length < 2) return because(negatives.length === 0 ? "no-negative" : "one-negative");
  return null;
}

export type DeLongAuc = {
  auc: number;
  variance: number;
  se: number;
  /** auc ± z·se, clipped to 0–1: shown for comparison. */
  wald: Interval;
  /** Through the logit, which keeps within 0–1: the one to show. Undefined where the variance is 0. */
  logit: MeasuredInterval;
  /** The variance is 0: the samples say nothing of their own noise, and no interval of them holds. */
  degenerate: boolean;
  /** Where all pairs are ranked right, a bound that the true area exceeds with confidence 1 − alpha. */
  lowerBound: Measured;
};

/** `truth` is 0 or 1, `scores` any finite numbers. Assumes independent samples. Undefined below two samples of a class. */
export function delongAuc(truth: ArrayLike<number>, scores: ArrayLike<number>, alpha = 0.05): DeLongAuc | Undefined {
  const components = componentsOf(truth, scores);
  const reason = tooFew(components);
  if (reason) return reason;
  const { positives, negatives } = components;
  const auc = mean(positives);
  const square = variance(positives) / positives.length + variance(negatives) / negatives.length;
  const degenerate = square === 0;
  const se = Math.sqrt(square);
  const half = normalQuantile(1 - alpha / 2) * se;
  const logit = (shift: number) => 1 / (1 + ((1 - auc) / auc) * Math.exp(-shift / (auc * (1 - auc))));
  return {
    auc,
    variance: square,
    se,
    wald: [Math.max(0, auc - half), Math.min(1, auc + half)],
    logit: degenerate ? because("no-variance") : [logit(-half), logit(half)],
    degenerate,
    lowerBound: auc === 1 ? lowerBound(Math.min(positives.length, negatives.length), alpha) : because("not-separated"),
  };
}

/**
 * Where all pairs are ranked right: `pairs` disjoint ones, one positive and one negative each, are independent trials that
 * all succeeded, so Clopper and Pearson's one-sided bound is alpha^(1/pairs).
 */
const lowerBound = (pairs: number, alpha: number): number => alpha ** (1 / pairs);

export type DeLongComparison = {
  aucs: [a: number, b: number];
  variances: [a: number, b: number];
  covariance: number;
  /** Area of A less area of B, with its Wald interval. */
  difference: number;
  interval: Interval;
  z: Measured;
  /** Two-sided. */
  p: Measured;
};

/** Two models' scores of the same samples. Assumes independent samples. Undefined below two samples of a class. */
export function delongPaired(
  truth: ArrayLike<number>,
  { a, b }: { a: ArrayLike<number>; b: ArrayLike<number> },
  alpha = 0.05,
): DeLongComparison | Undefined {
  const [ofA, ofB] = [componentsOf(truth, a), componentsOf(truth, b)];
  const reason = tooFew(ofA);
  if (reason) return reason;
  const [ups, downs] = [ofA.positives.length, ofA.negatives.length];
  const spread = ({ positives, negatives }: Components) => variance(positives) / ups + variance(negatives) / downs;
  const variances: [number, number] = [spread(ofA), spread(ofB)];
  const covariance =
    covarianceOf(ofA.positives, ofB.positives) / ups + covarianceOf(ofA.negatives, ofB.negatives) / downs;
  const aucs: [number, number] = [mean(ofA.positives), mean(ofB.positives)];
  const difference = aucs[0] - aucs[1];
  const se = Math.sqrt(Math.max(0, variances[0] + variances[1] - 2 * covariance));
  const half = normalQuantile(1 - alpha / 2) * se;
  const none = because("no-variance");
  const z: Measured = se === 0 ? none : difference / se;
  return {
    aucs,
    variances,
    covariance,
    difference,
    interval: [difference - half, difference + half],
    z,
    p: typeof z === "number" ? normalTwoSided(z) : difference === 0 ? 1 : none,
  };
}

function covarianceOf(a: Float64Array, b: Float64Array): number {
  const [centreA, centreB] = [mean(a), mean(b)];
  let sum = 0;
  for (let at = 0; at < a.length; at++) sum += (a[at]! - centreA) * (b[at]! - centreB);
  return sum / (a.length - 1);
}

/** The area without each sample in turn, positives first, for BCa. Needs two samples of each class. */
export function jackknifeRocAuc(truth: ArrayLike<number>, scores: ArrayLike<number>): Jackknife {
  const { positives, negatives } = componentsOf(truth, scores);
  const without = (components: Float64Array) => {
    const sum = mean(components) * components.length;
    return Array.from(components, (one) => (sum - one) / (components.length - 1));
  };
  return { values: [...without(positives), ...without(negatives)] };
}
