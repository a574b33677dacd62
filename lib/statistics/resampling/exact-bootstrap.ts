/** What a bootstrap of endless resamples would give, where it can be told exactly. Pure. */
import { binomialQuantile } from "../distributions/binomial.ts";
import { refuseNonFinite, refuseSetting } from "../inputs.ts";
import type { Interval } from "../measured.ts";
import { variance } from "../moments.ts";
import { logGamma } from "../special/log-gamma.ts";

export type ExactBootstrap = {
  /** Quantiles of type 7 over all n^n resamples. */
  percentile: Interval;
  /** The standard error of the mean under resampling. */
  se: number;
  /** The share of resamples whose mean is at most 0. */
  shareAtMostZero: number;
};

const VALUES_MAX = 10;

/** The bootstrap of the mean of 1–10 values, from every resample there is. For differences of pairs, pairs are drawn. */
export function exactBootstrapOfMean(values: ArrayLike<number>, alpha = 0.05): ExactBootstrap {
  const n = values.length;
  refuseSetting(n >= 1 && n <= VALUES_MAX, `an exact bootstrap takes 1–${VALUES_MAX} values, not ${n}`);
  refuseNonFinite(values, "values");
  const law = [...resamplesOf(values)].sort((a, b) => a.mean - b.mean);
  const total = n ** n;
  const at = (rank: number) => {
    let before = 0;
    for (const { mean, count } of law) {
      before += count;
      if (rank < before) return mean;
    }
    return law.at(-1)!.mean;
  };
  const quantile = (q: number) => {
    const place = (total - 1) * q;
    const below = Math.floor(place);
    return at(below) + (at(Math.min(below + 1, total - 1)) - at(below)) * (place - below);
  };
  const atMostZero = law.filter(({ mean }) => mean <= 1e-12).reduce((sum, { count }) => sum + count, 0);
  return {
    percentile: [quantile(alpha / 2), quantile(1 - alpha / 2)],
    se: Math.sqrt(variance(values, 0) / n),
    shareAtMostZero: atMostZero / total,
  };
}

/** Each multiset of n of the values, with how many ordered resamples it stands for. */
function* resamplesOf(values: ArrayLike<number>): Generator<{ mean: number; count: number }> {
  const n = values.length;
  const logFactorial = Array.from({ length: n + 1 }, (_, k) => logGamma(k + 1));
  function* fill(at: number, open: number, sum: number, log: number): Generator<{ mean: number; count: number }> {
    if (at === n - 1) {
      const count = Math.round(Math.exp(log - logFactorial[open]!));
      yield { mean: (sum + open * values[at]!) / n, count };
      return;
    }
    for (let times = 0; times <= open; times++)
      yield* fill(at + 1, open - times, sum + times * values[at]!, log - logFactorial[times]!);
  }
  yield* fill(0, n, 0, logFactorial[n]!);
}

/**
 * The percentile interval of an accuracy k/n: its replicates are Binomial(n, k/n)/n; a quantile is the smallest value
 * reached with probability q. It is too short for k/n near 0 or 1: Wilson's is shown.
 */
export const exactBootstrapOfAccuracy = (k: number, n: number, alpha = 0.05): Interval => [
  binomialQuantile(alpha / 2, n, k / n) / n,
  binomialQuantile(1 - alpha / 2, n, k / n) / n,
];
