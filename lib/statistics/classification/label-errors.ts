/** Labels that a model's probabilities speak against, by confident learning. Pure. */

export type SuspectedLabels = {
  /** Samples in their order. */
  samples: number[];
  /** By class, the mean probability that its samples get of it: from there on a sample is confidently of the class; NaN without a sample. */
  thresholds: Float64Array;
};

/** Where a probability meets its threshold but for rounding. */
const SLACK = 1e-6;

/**
 * The samples off the diagonal of the confident joint (Northcutt, Jiang and Chuang 2021): confidently of another class than
 * their label says. A sample that is confidently of several counts as the one with its highest probability, and one that is
 * predicted as its label is none, as in the authors' cleanlab. Assumes probabilities of a model that didn't learn from these samples.
 */
export function suspectedLabels(truth: ArrayLike<number>, probabilities: ArrayLike<number>[]): SuspectedLabels {
  const classes = probabilities.length;
  const thresholds = new Float64Array(classes);
  const support = new Float64Array(classes);
  for (let at = 0; at < truth.length; at++) {
    thresholds[truth[at]!]! += probabilities[truth[at]!]![at]!;
    support[truth[at]!]!++;
  }
  for (let of = 0; of < classes; of++) thresholds[of]! /= support[of]!;
  const samples: number[] = [];
  for (let at = 0; at < truth.length; at++) {
    let [confident, last, best] = [0, -1, 0];
    for (let of = 0; of < classes; of++) {
      const p = probabilities[of]![at]!;
      if (p > probabilities[best]![at]!) best = of;
      if (!(p >= thresholds[of]! - SLACK)) continue;
      confident++;
      last = of;
    }
    const guess = confident > 1 ? best : last;
    if (guess >= 0 && guess !== truth[at] && best !== truth[at]) samples.push(at);
  }
  return { samples, thresholds };
}
