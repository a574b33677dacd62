/** How good the best of n trials is expected to be, from the scores of N. Pure. */
import { refuseNonFinite, refuseSetting } from "../inputs.ts";
import { ascending } from "../moments.ts";

export type Better = "max" | "min";

export type ExpectedBest = {
  /** By n = 1 … N, trials drawn with replacement (Dodge et al. 2019): too low, with less noise. */
  biased: number[];
  /** By n, drawn without replacement (Tang et al. 2020): the one to draw as a curve. */
  unbiased: number[];
  /** The standard deviation of the best, with replacement: the band. */
  sdBiased: number[];
};

/** From the worst to the best. */
const towardsBest = (scores: ArrayLike<number>, better: Better): Float64Array => {
  const sorted = ascending(scores);
  return better === "max" ? sorted : sorted.reverse();
};

/**
 * `scores` are of independent trials of one search, failed ones with the score they got. The curve ends at N: beyond it
 * nothing is known.
 */
export function expectedBest(scores: ArrayLike<number>, better: Better = "max"): ExpectedBest {
  refuseNonFinite(scores, "scores");
  const sorted = towardsBest(scores, better);
  const curve: ExpectedBest = { biased: [], unbiased: [], sdBiased: [] };
  for (let n = 1; n <= sorted.length; n++) {
    const weights = replacedWeights(sorted.length, n);
    const best = dot(sorted, weights);
    curve.biased.push(best);
    curve.unbiased.push(dot(sorted, unreplacedWeights(sorted.length, n)));
    curve.sdBiased.push(
      Math.sqrt(
        dot(
          sorted.map((value) => (value - best) ** 2),
          weights,
        ),
      ),
    );
  }
  return curve;
}

/** The unbiased curve at some n alone, each from 1 to the number of scores. */
export function expectedBestOf(scores: ArrayLike<number>, draws: readonly number[], better: Better = "max"): number[] {
  refuseNonFinite(scores, "scores");
  const sorted = towardsBest(scores, better);
  return draws.map((n) => dot(sorted, unreplacedWeights(sorted.length, n)));
}

const dot = (a: Float64Array, b: Float64Array): number => a.reduce((sum, value, at) => sum + value * b[at]!, 0);

/** (i/N)^n − ((i − 1)/N)^n: the probability that the best of n is the i-th from the worst. */
const replacedWeights = (total: number, n: number): Float64Array =>
  Float64Array.from({ length: total }, (_, at) => ((at + 1) / total) ** n - (at / total) ** n);

/** C(i − 1, n − 1)/C(N, n), each from the next: n/N for the best, times (i − n)/(i − 1) for the one below the i-th. */
function unreplacedWeights(total: number, n: number): Float64Array {
  const weights = new Float64Array(total);
  weights[total - 1] = n / total;
  for (let i = total; i > n && i > 1; i--) weights[i - 2] = (weights[i - 1]! * (i - n)) / (i - 1);
  return weights;
}

/**
 * Quantiles of the best of k trials drawn with replacement: the smallest score (i-th of N from the worst) with (i/N)^k ≥ q.
 * For `min` the largest, alike.
 */
export function bestOfQuantiles(
  scores: ArrayLike<number>,
  { k, quantiles, better = "max" }: { k: number; quantiles: number[]; better?: Better },
): number[] {
  refuseNonFinite(scores, "scores");
  refuseSetting(scores.length > 0 && k >= 1, "a best needs a score and a draw");
  const sorted = towardsBest(scores, better);
  // equality is meant where the power rounds
  return quantiles.map((q) => sorted.find((_, at) => ((at + 1) / sorted.length) ** k >= q - 1e-12) ?? sorted.at(-1)!);
}
