/** Whether the true class is among the k best. Pure. */
import { refuseNonClass, refuseNonFinite, refuseSetting } from "../inputs.ts";
import { because, type Measured } from "../measured.ts";

export type TopK = {
  /** The share of samples whose class is among the k highest scores; of ties the higher class comes first (scikit-learn). */
  accuracy: Measured;
  /** The same in the mean over all orders of tied classes: what a tie is fairly worth. */
  expected: Measured;
  /** Samples at which a tie decides whether the class is among them. */
  ties: number;
};

/** `scores[c][i]` is class c's score for sample i; `truth` is a class; 1 ≤ k ≤ classes. */
export function topK(truth: ArrayLike<number>, scores: ArrayLike<number>[], k: number): TopK {
  refuseSetting(Number.isInteger(k) && k >= 1 && k <= scores.length, `k is ${k}: it must be 1–${scores.length}`);
  refuseNonClass(truth, scores.length, "true classes");
  for (const [at, column] of scores.entries()) refuseNonFinite(column, `scores of class ${at}`);
  let [hits, expected, ties] = [0, 0, 0];
  for (let at = 0; at < truth.length; at++) {
    const wanted = truth[at]!;
    const own = scores[wanted]![at]!;
    let [above, tiedHigher, tied] = [0, 0, 0];
    for (const [other, column] of scores.entries()) {
      if (column[at]! > own) above++;
      else if (other !== wanted && column[at] === own) {
        tied++;
        if (other > wanted) tiedHigher++;
      }
    }
    if (above + tiedHigher < k) hits++;
    const places = Math.min(tied + 1, Math.max(0, k - above));
    expected += places / (tied + 1);
    if (places > 0 && places <= tied) ties++;
  }
  const n = truth.length;
  const none = because("no-sample");
  return { accuracy: n === 0 ? none : hits / n, expected: n === 0 ? none : expected / n, ties };
}
