/** Temperature scaling: one number, fitted on validation, that makes probabilities mean more of what they say. Pure. */
import { refuseNonClass, refuseNonFinite, refuseUnequalLengths } from "../inputs.ts";
import { because, type Measured } from "../measured.ts";

const [LOWEST, HIGHEST] = [-5, 5];

/**
 * The temperature T that minimises the log loss of softmax(logits/T) (Guo et al. 2017), e^−5 … e^5. `logits[k][i]` is class
 * k's for sample i, up to a constant a sample: the logarithm of a probability serves. The loss is convex in 1/T, and its
 * slope is brought to 0 by bisection. Undefined where it has no minimum in that range, as where every answer is right.
 */
export function fitTemperature(truth: ArrayLike<number>, logits: ArrayLike<number>[]): Measured {
  refuseNonClass(truth, logits.length, "true classes");
  for (const [at, column] of logits.entries()) {
    refuseUnequalLengths(truth, column, `truth and class ${at}'s logits`);
    refuseNonFinite(column, `logits of class ${at}`);
  }
  if (truth.length === 0) return because("no-sample");
  let [low, high] = [LOWEST, HIGHEST];
  if (slope(truth, logits, Math.exp(-high)) > 0 || slope(truth, logits, Math.exp(-low)) < 0)
    return because("no-best-temperature");
  for (let step = 0; step < 60; step++) {
    const middle = (low + high) / 2;
    if (slope(truth, logits, Math.exp(-middle)) < 0) high = middle;
    else low = middle;
  }
  return Math.exp((low + high) / 2);
}

/** The derivative of the log loss by 1/T: Σ (Σ_k p_k z_k − z_y). */
function slope(truth: ArrayLike<number>, logits: ArrayLike<number>[], inverse: number): number {
  let sum = 0;
  for (let at = 0; at < truth.length; at++) {
    let most = Number.NEGATIVE_INFINITY;
    for (const column of logits) most = Math.max(most, column[at]!);
    let [mass, weighted] = [0, 0];
    for (const column of logits) {
      const weight = Math.exp((column[at]! - most) * inverse);
      mass += weight;
      weighted += weight * (column[at]! - most);
    }
    sum += weighted / mass - (logits[truth[at]!]![at]! - most);
  }
  return sum;
}

/** softmax(logits/T) by class and sample. T = 1 turns logits into probabilities. */
export function probabilitiesOf(logits: ArrayLike<number>[], temperature = 1): Float64Array[] {
  const n = logits[0]?.length ?? 0;
  const probabilities = logits.map(() => new Float64Array(n));
  for (let at = 0; at < n; at++) {
    let most = Number.NEGATIVE_INFINITY;
    for (const column of logits) most = Math.max(most, column[at]!);
    let mass = 0;
    for (const [of, column] of logits.entries()) {
      const weight = Math.exp((column[at]! - most) / temperature);
      probabilities[of]![at] = weight;
      mass += weight;
    }
    for (const column of probabilities) column[at]! /= mass;
  }
  return probabilities;
}
