/** Whether two models differ in a metric that is no mean over samples, by permutation of their predictions. Pure. */

import { addToMargins } from "../classification/confusion.ts";
import { type ConfusionMetric, replicateOf } from "../classification/confusion-bootstrap.ts";
import { because, type Undefined } from "../measured.ts";
import { drawBinomial } from "../resampling/binomial-draw.ts";
import { seededRandom } from "../resampling/random.ts";
import { marginsOfBoth, type PairedConfusion, separate } from "./paired-confusion.ts";

export type SwapTest = {
  /** Metric of A less metric of B. */
  difference: number;
  /** Two-sided, with the +1 rule (Phipson and Smyth 2010). */
  p: number;
};

/**
 * Whether two models differ in a metric that is no mean over samples (macro F1, MCC): A's and B's predictions change
 * places in each sample by a coin. Assumes that without a difference they could. Undefined where a model's metric is.
 */
export function swapTest(
  paired: PairedConfusion,
  { permutations, seed }: { permutations: number; seed: number },
  metric: ConfusionMetric,
): SwapTest | Undefined {
  const random = seededRandom(seed);
  const { truth, a, b, counts } = paired;
  const both = marginsOfBoth(paired);
  const differenceNow = () => replicateOf(metric(both[0])) - replicateOf(metric(both[1]));
  const difference = differenceNow();
  if (Number.isNaN(difference)) return because("side-undefined");
  let asLarge = 0;
  for (let round = 0; round < permutations; round++) {
    separate(paired, counts, both);
    for (let at = 0; at < truth.length; at++) {
      if (a[at] === b[at]) continue;
      const swapped = drawBinomial(counts[at]!, 0.5, random);
      addToMargins(both[0], truth[at]!, a[at]!, -swapped);
      addToMargins(both[0], truth[at]!, b[at]!, swapped);
      addToMargins(both[1], truth[at]!, b[at]!, -swapped);
      addToMargins(both[1], truth[at]!, a[at]!, swapped);
    }
    if (Math.abs(differenceNow()) >= Math.abs(difference) - 1e-12) asLarge++;
  }
  return { difference, p: (asLarge + 1) / (permutations + 1) };
}
