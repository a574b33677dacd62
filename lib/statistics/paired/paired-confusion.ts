/** Two models' confusion matrices of the same samples, and the bootstrap of the difference of a metric. Pure. */

import { addToMargins, clearMargins, emptyMargins, type Margins } from "../classification/confusion.ts";
import { type ConfusionMetric, replicateOf } from "../classification/confusion-bootstrap.ts";
import { refuseNonClass, refuseUnequalLengths } from "../inputs.ts";
import type { Jackknife } from "../intervals/bootstrap.ts";
import type { Resampling } from "../resampling/bootstrap.ts";
import { drawCounts } from "../resampling/multinomial-draw.ts";
import { seededRandom } from "../resampling/random.ts";

/** How often each (truth, prediction of A, prediction of B) occurs: what a paired comparison is made of. */
export type PairedConfusion = {
  classes: number;
  /** The combinations that occur, in order of truth, A and B. */
  truth: Uint32Array;
  a: Uint32Array;
  b: Uint32Array;
  counts: Float64Array;
};

/** Of the same samples, each with its class and what two models say. */
export function pairedConfusionOf(
  truth: ArrayLike<number>,
  { a, b }: { a: ArrayLike<number>; b: ArrayLike<number> },
  classes: number,
): PairedConfusion {
  refuseUnequalLengths(truth, a, "truth and A's predictions");
  refuseUnequalLengths(truth, b, "truth and B's predictions");
  refuseNonClass(truth, classes, "true classes");
  refuseNonClass(a, classes, "A's classes");
  refuseNonClass(b, classes, "B's classes");
  const found = new Map<number, number>();
  for (let at = 0; at < truth.length; at++) {
    const key = (truth[at]! * classes + a[at]!) * classes + b[at]!;
    found.set(key, (found.get(key) ?? 0) + 1);
  }
  const sorted = [...found].sort(([x], [y]) => x - y);
  return {
    classes,
    truth: Uint32Array.from(sorted, ([key]) => Math.floor(key / classes / classes)),
    a: Uint32Array.from(sorted, ([key]) => Math.floor(key / classes) % classes),
    b: Uint32Array.from(sorted, ([key]) => key % classes),
    counts: Float64Array.from(sorted, ([, count]) => count),
  };
}

/** Adds counts of the combinations to both models' margins, which it empties first. */
export function separate(paired: PairedConfusion, counts: ArrayLike<number>, into: [Margins, Margins]): void {
  const { truth, a, b } = paired;
  for (const margins of into) clearMargins(margins);
  for (let at = 0; at < truth.length; at++) {
    if (counts[at] === 0) continue;
    addToMargins(into[0], truth[at]!, a[at]!, counts[at]!);
    addToMargins(into[1], truth[at]!, b[at]!, counts[at]!);
  }
}

/** Metric of A less metric of B, by resample: both are of the same drawn samples. One array a metric. */
export function bootstrapPairedConfusion(
  paired: PairedConfusion,
  { resamples, seed }: Resampling,
  metrics: ConfusionMetric[],
): Float64Array[] {
  const random = seededRandom(seed);
  const both = marginsOfBoth(paired);
  const drawn = new Float64Array(paired.counts.length);
  const replicates = metrics.map(() => new Float64Array(resamples));
  for (let at = 0; at < resamples; at++) {
    drawCounts(paired.counts, random, drawn);
    separate(paired, drawn, both);
    for (const [of, metric] of metrics.entries())
      replicates[of]![at] = replicateOf(metric(both[0])) - replicateOf(metric(both[1]));
  }
  return replicates;
}

/** Both models' margins. */
export function marginsOfBoth(paired: PairedConfusion): [Margins, Margins] {
  const both: [Margins, Margins] = [emptyMargins(paired.classes), emptyMargins(paired.classes)];
  separate(paired, paired.counts, both);
  return both;
}

/** The metrics' differences without one sample of each combination in turn, for BCa. One jackknife a metric. */
export function jackknifePairedConfusion(paired: PairedConfusion, metrics: ConfusionMetric[]): Jackknife[] {
  const both = marginsOfBoth(paired);
  const values = metrics.map(() => new Float64Array(paired.counts.length));
  for (let at = 0; at < paired.counts.length; at++) {
    const [row, a, b] = [paired.truth[at]!, paired.a[at]!, paired.b[at]!];
    addToMargins(both[0], row, a, -1);
    addToMargins(both[1], row, b, -1);
    for (const [of, metric] of metrics.entries())
      values[of]![at] = replicateOf(metric(both[0])) - replicateOf(metric(both[1]));
    addToMargins(both[0], row, a, 1);
    addToMargins(both[1], row, b, 1);
  }
  return values.map((column) => ({ values: column, counts: paired.counts }));
}
