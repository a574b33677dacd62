/** Scores that reward honest probabilities: log loss and Brier. Pure. */
import { refuseNonBinary, refuseNonClass, refuseNonProbability, refuseUnequalLengths } from "../inputs.ts";
import { because, type Measured } from "../measured.ts";

/**
 * Where probabilities are clipped before their logarithm is taken: scikit-learn's, for float64. Keras and TensorFlow.js
 * clip at 1e-7, so a certain miss costs 16.1 there and 36.0 here: ε is stored beside the number.
 */
export const LOG_LOSS_EPSILON = 2 ** -52;

const none = because("no-sample");
const clip = (p: number, epsilon: number): number => Math.min(1 - epsilon, Math.max(epsilon, p));

/** −mean ln p of the true class, in nats. `truth` is 0 or 1, `probability` that of 1. */
export function binaryLogLoss(
  truth: ArrayLike<number>,
  probability: ArrayLike<number>,
  epsilon = LOG_LOSS_EPSILON,
): Measured {
  refuseBinary(truth, probability);
  let sum = 0;
  for (let at = 0; at < truth.length; at++) {
    const p = clip(probability[at]!, epsilon);
    sum -= Math.log(truth[at] === 1 ? p : 1 - p);
  }
  return truth.length === 0 ? none : sum / truth.length;
}

/** mean (p − y)², 0–1 (Brier 1950, halved for two classes). `truth` is 0 or 1, `probability` that of 1. */
export function binaryBrier(truth: ArrayLike<number>, probability: ArrayLike<number>): Measured {
  refuseBinary(truth, probability);
  let sum = 0;
  for (let at = 0; at < truth.length; at++) sum += (probability[at]! - truth[at]!) ** 2;
  return truth.length === 0 ? none : sum / truth.length;
}

/** −mean ln p of the true class, in nats. `probabilities[k][i]` is that of class k for sample i; rows sum to 1. */
export function logLoss(
  truth: ArrayLike<number>,
  probabilities: ArrayLike<number>[],
  epsilon = LOG_LOSS_EPSILON,
): Measured {
  refuseClasses(truth, probabilities);
  let sum = 0;
  for (let at = 0; at < truth.length; at++) sum -= Math.log(clip(probabilities[truth[at]!]![at]!, epsilon));
  return truth.length === 0 ? none : sum / truth.length;
}

/** mean Σ_k (p_k − 1[y = k])², 0–2: for two classes twice the binary one. */
export function brier(truth: ArrayLike<number>, probabilities: ArrayLike<number>[]): Measured {
  refuseClasses(truth, probabilities);
  let sum = 0;
  for (const [wanted, column] of probabilities.entries())
    for (let at = 0; at < truth.length; at++) sum += (column[at]! - (truth[at] === wanted ? 1 : 0)) ** 2;
  return truth.length === 0 ? none : sum / truth.length;
}

function refuseBinary(truth: ArrayLike<number>, probability: ArrayLike<number>): void {
  refuseUnequalLengths(truth, probability, "truth and probabilities");
  refuseNonBinary(truth, "true labels");
  refuseNonProbability(probability, "probabilities");
}

function refuseClasses(truth: ArrayLike<number>, probabilities: ArrayLike<number>[]): void {
  refuseNonClass(truth, probabilities.length, "true classes");
  for (const [wanted, column] of probabilities.entries()) {
    refuseUnequalLengths(truth, column, `truth and class ${wanted}'s probabilities`);
    refuseNonProbability(column, `probabilities of class ${wanted}`);
  }
}
