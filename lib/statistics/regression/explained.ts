/** How much of a target's variation predictions explain. Pure. */
import type { MeasuredOrCounted } from "../measured.ts";
import { mean } from "../moments.ts";
import { refusePairs } from "./errors.ts";

/**
 * 1 − Σ(ŷ − y)²/Σ(y − ȳ)², ȳ being the mean of these samples; at most 1, below 0 where the mean is better. In two passes.
 * Undefined where all targets are the same, and counted as 1 where all predictions are right, else as 0 (scikit-learn).
 * Undefined, and counted as NaN, below two samples.
 */
export function rSquared(truth: ArrayLike<number>, prediction: ArrayLike<number>): MeasuredOrCounted {
  return explained(truth, prediction, 0);
}

/** The same where a constant error is forgiven: 1 − var(y − ŷ)/var(y). */
export function explainedVariance(truth: ArrayLike<number>, prediction: ArrayLike<number>): MeasuredOrCounted {
  let shift = 0;
  for (let at = 0; at < truth.length; at++) shift += (truth[at]! - prediction[at]!) / truth.length;
  return explained(truth, prediction, shift);
}

function explained(truth: ArrayLike<number>, prediction: ArrayLike<number>, shift: number): MeasuredOrCounted {
  refusePairs(truth, prediction);
  const n = truth.length;
  if (n < 2) return { undefined: n === 0 ? "no-sample" : "one-sample", countsAs: Number.NaN };
  const centre = mean(truth);
  let [errors, total] = [0, 0];
  for (let at = 0; at < n; at++) {
    errors += (truth[at]! - prediction[at]! - shift) ** 2;
    total += (truth[at]! - centre) ** 2;
  }
  if (total === 0) return { undefined: "targets-same", countsAs: errors === 0 ? 1 : 0 };
  return 1 - errors / total;
}
