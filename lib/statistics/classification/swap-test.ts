/** Whether two models differ in a metric that is no mean over samples, by permutation of their predictions. Pure. */
import { because, type Undefined } from "../measured.ts";
import { drawBinomial } from "../resampling/binomial-draw.ts";
import { seededRandom } from "../resampling/random.ts";
import { type ConfusionMetric, replicateOf } from "./confusion-bootstrap.ts";
import { type PairedConfusion, separate } from "./paired-confusion.ts";

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
  const { classes, truth, a, b, counts } = paired;
  const cells: [Float64Array, Float64Array] = [new Float64Array(classes ** 2), new Float64Array(classes ** 2)];
  const differenceNow = () =>
    replicateOf(metric({ classes, cells: cells[0] })) - replicateOf(metric({ classes, cells: cells[1] }));
  separate(paired, counts, cells);
  const difference = differenceNow();
  if (Number.isNaN(difference)) return because("the metric of one model is undefined");
  let asLarge = 0;
  for (let round = 0; round < permutations; round++) {
    separate(paired, counts, cells);
    for (let at = 0; at < truth.length; at++) {
      if (a[at] === b[at]) continue;
      const swapped = drawBinomial(counts[at]!, 0.5, random);
      const row = truth[at]! * classes;
      cells[0][row + a[at]!]! -= swapped;
      cells[0][row + b[at]!]! += swapped;
      cells[1][row + b[at]!]! -= swapped;
      cells[1][row + a[at]!]! += swapped;
    }
    if (Math.abs(differenceNow()) >= Math.abs(difference) - 1e-12) asLarge++;
  }
  return { difference, p: (asLarge + 1) / (permutations + 1) };
}
