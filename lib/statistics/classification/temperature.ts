/** Temperature scaling: one number, fitted on validation, that makes probabilities mean more of what they say. Pure. */
import { refuseNonClass, refuseNonFinite, refuseUnequalLengths } from "../inputs.ts";
import { because, type Measured } from "../measured.ts";

const [LOWEST, HIGHEST] = [-5, 5];
/** Newton takes six or seven; bisection, where it would leave the range, sixty. */
const STEPS = 100;

/**
 * The temperature T that minimises the log loss of softmax(logits/T) (Guo et al. 2017), e^−5 … e^5. `logits[k][i]` is class
 * k's for sample i, up to a constant a sample: the logarithm of a probability serves. The loss is convex in 1/T, and its
 * slope is brought to 0 by Newton's method within a range that shrinks. Undefined where it has no minimum in that range, as where every answer is right.
 */
export function fitTemperature(truth: ArrayLike<number>, logits: ArrayLike<number>[]): Measured {
  refuseNonClass(truth, logits.length, "true classes");
  for (const [at, column] of logits.entries()) {
    refuseUnequalLengths(truth, column, `truth and class ${at}'s logits`);
    refuseNonFinite(column, `logits of class ${at}`);
  }
  if (truth.length === 0) return because("no-sample");
  let [low, high] = [Math.exp(LOWEST), Math.exp(HIGHEST)];
  if (slopes(truth, logits, low).first > 0 || slopes(truth, logits, high).first < 0)
    return because("no-best-temperature");
  let inverse = 1;
  for (let step = 0; step < STEPS; step++) {
    const { first, second } = slopes(truth, logits, inverse);
    if (first < 0) low = inverse;
    else high = inverse;
    const newton = inverse - first / second;
    const next = newton > low && newton < high ? newton : Math.sqrt(low * high);
    if (Math.abs(next - inverse) <= 1e-13 * inverse) break;
    inverse = next;
  }
  return 1 / inverse;
}

/** The first and the second derivative of the log loss by 1/T: Σ (Σ_k p_k z_k − z_y), and Σ Var_p(z). */
function slopes(truth: ArrayLike<number>, logits: ArrayLike<number>[], inverse: number) {
  let [first, second] = [0, 0];
  for (let at = 0; at < truth.length; at++) {
    let most = Number.NEGATIVE_INFINITY;
    for (const column of logits) most = Math.max(most, column[at]!);
    let [mass, weighted, squares] = [0, 0, 0];
    for (const column of logits) {
      const z = column[at]! - most;
      const weight = Math.exp(z * inverse);
      mass += weight;
      weighted += weight * z;
      squares += weight * z * z;
    }
    const centre = weighted / mass;
    first += centre - (logits[truth[at]!]![at]! - most);
    second += squares / mass - centre * centre;
  }
  return { first, second };
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
