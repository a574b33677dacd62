/** What the best of several candidates is worth, without new samples (Tsamardinos et al. 2018). Pure. */
import { InputError, refuseNonFinite } from "../inputs.ts";
import { because, type Measured } from "../measured.ts";
import { mean } from "../moments.ts";

export type BiasCorrected = {
  /** The best candidate's mean over all samples, which flatters it. */
  naive: Measured;
  /** The mean over bags of what was best in the bag on the samples outside it. Undefined where no bag leaves one out. */
  estimate: Measured;
  /** That of each bag that left a sample out: replicates for a percentile interval. */
  replicates: Float64Array;
  /** Bags that drew every sample, which are skipped. */
  skipped: number;
};

/**
 * BBC: `scores[j][i]` is candidate j's score on sample i (1 right, 0 wrong, or anything whose mean is the metric), higher
 * better; `bags` are resamples of the samples' positions, of `drawBags`. Of equal candidates the first wins. Assumes that
 * samples are independent, and that all candidates that were looked at are given.
 */
export function biasCorrectedBest(scores: ArrayLike<number>[], bags: ArrayLike<number>[]): BiasCorrected {
  const n = scores[0]?.length ?? 0;
  for (const [at, column] of scores.entries()) {
    if (column.length !== n) throw new InputError(`candidate ${at} has ${column.length} scores, the first ${n}`);
    refuseNonFinite(column, `scores of candidate ${at}`);
  }
  const none = because(scores.length === 0 ? "no-candidate" : "no-sample");
  if (n === 0) return { naive: none, estimate: none, replicates: new Float64Array(0), skipped: 0 };
  const drawn = new Uint32Array(n);
  const found: number[] = [];
  for (const bag of bags) {
    drawn.fill(0);
    for (let at = 0; at < bag.length; at++) drawn[bag[at]!]!++;
    const outside = scoreOutside(scores, drawn);
    if (outside !== null) found.push(outside);
  }
  return {
    naive: Math.max(...scores.map(mean)),
    estimate: found.length === 0 ? because("no-bag") : mean(found),
    replicates: Float64Array.from(found),
    skipped: bags.length - found.length,
  };
}

/** The best candidate of the drawn samples, scored on the others; null where there are none. */
function scoreOutside(scores: ArrayLike<number>[], drawn: Uint32Array): number | null {
  let [best, bestInside, bestOutside] = [-1, Number.NEGATIVE_INFINITY, 0];
  let left = 0;
  for (let at = 0; at < drawn.length; at++) if (drawn[at] === 0) left++;
  if (left === 0) return null;
  for (const [candidate, column] of scores.entries()) {
    let [inside, outside] = [0, 0];
    for (let at = 0; at < drawn.length; at++) {
      const times = drawn[at]!;
      if (times === 0) outside += column[at]!;
      else inside += times * column[at]!;
    }
    if (best === -1 || inside > bestInside) [best, bestInside, bestOutside] = [candidate, inside, outside];
  }
  return bestOutside / left;
}
