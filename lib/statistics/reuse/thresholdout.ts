/** Thresholdout, a holdout that may be asked often (Dwork et al. 2015, Figure 1). Pure. */
import { refuseSetting } from "../inputs.ts";

export type Thresholdout = {
  /** By query; null once the budget is spent. */
  answers: (number | null)[];
  budgetLeft: number;
};

/** The noise of it, drawn before by the caller: `gamma` for the threshold, one more than the budget; the others a query. */
export type ThresholdoutNoise = { gamma: ArrayLike<number>; eta: ArrayLike<number>; xi: ArrayLike<number> };

/**
 * Answers each query (its value on train, on the holdout) by that on train, unless they differ by more than a noisy threshold:
 * then by the noisy one on the holdout, which costs one of `budget`.
 */
export function thresholdout(
  queries: { train: number; holdout: number }[],
  { threshold, budget, noise }: { threshold: number; budget: number; noise: ThresholdoutNoise },
): Thresholdout {
  const { gamma, eta, xi } = noise;
  refuseSetting(gamma.length > Math.min(budget, queries.length), `${gamma.length} noises for a budget of ${budget}`);
  refuseSetting(eta.length >= queries.length && xi.length >= queries.length, "each query needs its noise");
  let [left, drawn] = [budget, 0];
  let bar = threshold + gamma[drawn]!;
  const answers = queries.map(({ train, holdout }, at) => {
    if (left < 1) return null;
    if (Math.abs(holdout - train) <= bar + eta[at]!) return train;
    left--;
    drawn++;
    bar = threshold + gamma[drawn]!;
    return holdout + xi[at]!;
  });
  return { answers, budgetLeft: left };
}
