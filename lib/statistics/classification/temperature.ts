/** Temperature scaling: one number, fitted on validation, that makes probabilities mean more of what they say. Pure. */
import { refuseNonClass, refuseNonFinite, refuseUnequalLengths } from "../inputs.ts";
import { because, type Measured } from "../measured.ts";

const [LOWEST, HIGHEST] = [-5, 5];
/** Newton takes six or seven; halving the range, where it would leave it, fifty. */
const STEPS = 200;
/** So many samples find the place from which two steps over all of them do. */
const ROUGH = 20_000;

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
  const every = Math.max(1, Math.floor(truth.length / ROUGH));
  const rough = every > 1 ? newton(truth, logits, { every, from: 1 }) : 1;
  const inverse = newton(truth, logits, { every: 1, from: rough ?? 1 });
  return inverse === null ? because("no-best-temperature") : 1 / inverse;
}

/** The 1/T at which the slope over every so-many-th sample is 0, in the range; null: there is none. */
function newton(
  truth: ArrayLike<number>,
  logits: ArrayLike<number>[],
  { every, from }: { every: number; from: number },
): number | null {
  const [lowest, highest] = [Math.exp(LOWEST), Math.exp(HIGHEST)];
  let [low, high, inverse] = [lowest, highest, from];
  for (let step = 0; step < STEPS; step++) {
    const { first, second } = slopes(truth, logits, { inverse, every });
    if (first < 0) low = inverse;
    else high = inverse;
    const next = inverse - first / second;
    if (Math.abs(next - inverse) <= 1e-12 * inverse) return next;
    if (next > low && next < high) inverse = next;
    // where Newton would leave the range, its middle, until the range is one of its ends
    else inverse = Math.sqrt(low * high);
    if (high / low < 1 + 1e-12) return low === lowest || high === highest ? null : inverse;
  }
  return null;
}

/** The first and the second derivative of the log loss by 1/T: Σ (Σ_k p_k z_k − z_y), and Σ Var_p(z). */
function slopes(
  truth: ArrayLike<number>,
  logits: ArrayLike<number>[],
  { inverse, every }: { inverse: number; every: number },
) {
  const classes = logits.length;
  let [first, second] = [0, 0];
  for (let at = 0; at < truth.length; at += every) {
    let most = Number.NEGATIVE_INFINITY;
    for (let of = 0; of < classes; of++) most = Math.max(most, logits[of]![at]!);
    let [mass, weighted, squares] = [0, 0, 0];
    for (let of = 0; of < classes; of++) {
      const z = logits[of]![at]! - most;
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
