/** The confidence in the predicted class, as it is and at a temperature. Pure. */
import { LOG_LOSS_EPSILON } from "../../statistics/classification/probability-scores.ts";
import { filled } from "../../statistics/filled.ts";
import type { Classified } from "./evaluated.ts";

/** By sample. */
export type Confidences = {
  /** The probability of the predicted class, 0–1. */
  confidence: Float64Array;
  /** Whether it is the true one. */
  correct: Uint8Array;
};

export function confidencesOf({ truth, predicted }: Classified, probabilities: ArrayLike<number>[]): Confidences {
  const confidence = new Float64Array(truth.length);
  const correct = new Uint8Array(truth.length);
  for (let at = 0; at < truth.length; at++) {
    confidence[at] = probabilities[predicted[at]!]![at]!;
    correct[at] = predicted[at] === truth[at] ? 1 : 0;
  }
  return { confidence, correct };
}

/** Logits, or the logarithms of probabilities, which are logits up to a constant a sample. */
export const logitsOf = ({ logits }: Classified, probabilities: ArrayLike<number>[]): ArrayLike<number>[] =>
  logits ??
  probabilities.map((column) =>
    filled(new Float32Array(column.length), (at) => Math.log(Math.max(LOG_LOSS_EPSILON, column[at]!))),
  );

export type Tempered = Confidences & { logLoss: number; brier: number };

/** What softmax(logits/T) makes of them, row by row: no second matrix is held. */
export function tempered(evaluated: Classified, logits: ArrayLike<number>[], temperature: number): Tempered {
  const { truth, predicted } = evaluated;
  const confidence = new Float64Array(truth.length);
  const correct = new Uint8Array(truth.length);
  const row = new Float64Array(logits.length);
  const scale = logits.length === 2 ? 0.5 : 1;
  let [logLoss, brier] = [0, 0];
  for (let at = 0; at < truth.length; at++) {
    let most = Number.NEGATIVE_INFINITY;
    for (let of = 0; of < row.length; of++) most = Math.max(most, logits[of]![at]!);
    let mass = 0;
    for (let of = 0; of < row.length; of++) {
      row[of] = Math.exp((logits[of]![at]! - most) / temperature);
      mass += row[of]!;
    }
    let squares = 0;
    for (let of = 0; of < row.length; of++) squares += (row[of]! / mass - (truth[at] === of ? 1 : 0)) ** 2;
    const p = row[truth[at]!]! / mass;
    logLoss -= Math.log(Math.min(1 - LOG_LOSS_EPSILON, Math.max(LOG_LOSS_EPSILON, p)));
    brier += scale * squares;
    confidence[at] = row[predicted[at]!]! / mass;
    correct[at] = predicted[at] === truth[at] ? 1 : 0;
  }
  const n = Math.max(1, truth.length);
  return { confidence, correct, logLoss: logLoss / n, brier: brier / n };
}
