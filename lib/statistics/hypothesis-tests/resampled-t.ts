/** Whether two recipes differ over resampled splits of one set (Nadeau and Bengio 2003). Pure. */
import { tTwoSided } from "../distributions/student-t.ts";
import { refuseNonFinite, refuseSetting } from "../inputs.ts";
import { because, type Undefined } from "../measured.ts";
import { mean, variance } from "../moments.ts";

export type ResampledTest = {
  t: number;
  /** Two-sided, with the variance widened for the overlap of the training sets. */
  p: number;
  /** Without that: too small, shown for comparison. */
  naiveP: number;
};

/**
 * `differences` are A − B on each of k splits with so many samples to train and to test. Undefined below two splits, or
 * where all differences are the same.
 */
export function correctedResampledTest(
  differences: ArrayLike<number>,
  { train, test }: { train: number; test: number },
): ResampledTest | Undefined {
  refuseNonFinite(differences, "differences");
  refuseSetting(train > 0 && test > 0, "both parts of a split need samples");
  const k = differences.length;
  if (k < 2) return because("one-split");
  const spread = variance(differences);
  if (spread === 0) return because("differences-same");
  const centre = mean(differences);
  const t = centre / Math.sqrt((1 / k + test / train) * spread);
  return { t, p: tTwoSided(t, k - 1), naiveP: tTwoSided(centre / Math.sqrt(spread / k), k - 1) };
}
