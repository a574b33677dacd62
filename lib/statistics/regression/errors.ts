/** How far predicted numbers are from true ones. Pure. */
import { refuseNonFinite, refuseUnequalLengths } from "../inputs.ts";
import { because, type Measured } from "../measured.ts";
import { ascending, quantile } from "../moments.ts";

/** In the unit of the target; `mse` in its square. All undefined without a sample. */
export type RegressionErrors = {
  /** mean |ŷ − y|. */
  mae: Measured;
  /** mean (ŷ − y)². */
  mse: Measured;
  /** Its root. */
  rmse: Measured;
  /** The median of |ŷ − y|. */
  medianAe: Measured;
  /** The largest |ŷ − y|. */
  maxError: Measured;
  /** mean (ŷ − y): above 0, predictions are too high. */
  bias: Measured;
};

export function refusePairs(truth: ArrayLike<number>, prediction: ArrayLike<number>): void {
  refuseUnequalLengths(truth, prediction, "truth and prediction");
  refuseNonFinite(truth, "targets");
  refuseNonFinite(prediction, "predictions");
}

/** `truth` and `prediction` are finite, of the same samples. */
export function regressionErrors(truth: ArrayLike<number>, prediction: ArrayLike<number>): RegressionErrors {
  refusePairs(truth, prediction);
  const n = truth.length;
  if (n === 0) {
    const none = because("no-sample");
    return { mae: none, mse: none, rmse: none, medianAe: none, maxError: none, bias: none };
  }
  const sizes = new Float64Array(n);
  let [sum, sizeSum, squares] = [0, 0, 0];
  for (let at = 0; at < n; at++) {
    const error = prediction[at]! - truth[at]!;
    sizes[at] = Math.abs(error);
    sum += error;
    sizeSum += sizes[at]!;
    squares += error * error;
  }
  const sorted = ascending(sizes);
  return {
    mae: sizeSum / n,
    mse: squares / n,
    rmse: Math.sqrt(squares / n),
    medianAe: quantile(sorted, 0.5),
    maxError: sorted[n - 1]!,
    bias: sum / n,
  };
}
