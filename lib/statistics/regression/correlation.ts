/** Whether predictions and targets move together. Pure. */
import { because, type Measured } from "../measured.ts";
import { mean } from "../moments.ts";
import { midRanks } from "../order.ts";
import { refusePairs } from "./errors.ts";

/** Pearson's correlation, −1 … 1, in two passes. Undefined where either side is constant. */
export function pearson(truth: ArrayLike<number>, prediction: ArrayLike<number>): Measured {
  refusePairs(truth, prediction);
  if (truth.length < 2) return because("one-sample");
  const [centreTruth, centrePrediction] = [mean(truth), mean(prediction)];
  let [both, ofTruth, ofPrediction] = [0, 0, 0];
  for (let at = 0; at < truth.length; at++) {
    const [x, y] = [truth[at]! - centreTruth, prediction[at]! - centrePrediction];
    both += x * y;
    ofTruth += x * x;
    ofPrediction += y * y;
  }
  if (ofTruth === 0) return because("targets-same");
  if (ofPrediction === 0) return because("predictions-same");
  return Math.min(1, Math.max(-1, both / (Math.sqrt(ofTruth) * Math.sqrt(ofPrediction))));
}

/** Spearman's: Pearson's of the ranks, ties sharing the mean of theirs. */
export function spearman(truth: ArrayLike<number>, prediction: ArrayLike<number>): Measured {
  refusePairs(truth, prediction);
  return pearson(midRanks(truth), midRanks(prediction));
}
