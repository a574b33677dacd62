/**
 * A Gaussian process over the unit cube: what trials say of points that nobody tried (Rasmussen and Williams 2006, algorithm 2.1
 * and equation 5.9). Matérn's kernel of 5/2, a length for each axis. Pure: the same bits on every machine.
 */
import { exp, ln } from "../statistics/special/elementary.ts";

/** Along an axis of choices two points are 0 apart where they are the same, else 1; along any other by their difference. */
export type Axes = readonly { isChoice: boolean }[];
/** A length for each axis; the variance of what is modelled; that of a value's noise, above 0. */
export type Hyperparameters = { lengths: readonly number[]; signal: number; noise: number };
/** Points are rows of as many coordinates as there are axes. */
export type Points = readonly (readonly number[])[];

export type GaussianProcess = {
  axes: Axes;
  points: Points;
  values: readonly number[];
  kept: Hyperparameters;
  /** [n, n] row by row: the lower triangle L of the kernel's matrix L Lᵀ. */
  lower: Float64Array;
  /** That matrix's inverse times the values. */
  weights: Float64Array;
};

const ROOT_FIVE = Math.sqrt(5);
const LOG_TWO_PI = ln(2 * Math.PI);

/** The square of how many lengths two points are apart; each axis' part of it goes into `parts`. */
function squaredDistance(
  { isChoice, lengths, parts }: { isChoice: readonly boolean[]; lengths: readonly number[]; parts: Float64Array },
  a: readonly number[],
  b: readonly number[],
): number {
  let sum = 0;
  for (let axis = 0; axis < parts.length; axis++) {
    const apart = isChoice[axis] ? (a[axis] === b[axis] ? 0 : 1) : a[axis]! - b[axis]!;
    const scaled = apart / lengths[axis]!;
    parts[axis] = scaled * scaled;
    sum += parts[axis]!;
  }
  return sum;
}

const metricOf = (axes: Axes, { lengths }: Hyperparameters) => ({
  isChoice: axes.map((axis) => axis.isChoice),
  lengths,
  parts: new Float64Array(axes.length),
});

/** (1 + s + s²/3) e⁻ˢ with s = √5 r: 1 where two points are the same. */
function matern(squared: number): number {
  const s = ROOT_FIVE * Math.sqrt(squared);
  return (1 + s + (s * s) / 3) * exp(-s);
}

/** The process that has these values at these points, of mean 0 before. Throws where the noise is too small for float64. */
export function conditionOn(
  axes: Axes,
  points: Points,
  { values, kept }: { values: readonly number[]; kept: Hyperparameters },
): GaussianProcess {
  const n = points.length;
  const metric = metricOf(axes, kept);
  const lower = new Float64Array(n * n);
  for (let row = 0; row < n; row++) {
    for (let column = 0; column < row; column++)
      lower[row * n + column] = kept.signal * matern(squaredDistance(metric, points[row]!, points[column]!));
    lower[row * n + row] = kept.signal + kept.noise;
  }
  factorise(lower, n);
  const weights = Float64Array.from(values);
  solveLower(lower, weights);
  for (let row = n - 1; row >= 0; row--) {
    let sum = weights[row]!;
    for (let below = row + 1; below < n; below++) sum -= lower[below * n + row]! * weights[below]!;
    weights[row] = sum / lower[row * n + row]!;
  }
  return { axes, points, values, kept, lower, weights };
}

/** Cholesky's factor in place of the lower triangle, row by row. */
function factorise(matrix: Float64Array, n: number): void {
  for (let row = 0; row < n; row++)
    for (let column = 0; column <= row; column++) {
      let sum = matrix[row * n + column]!;
      for (let k = 0; k < column; k++) sum -= matrix[row * n + k]! * matrix[column * n + k]!;
      if (row === column && !(sum > 0))
        throw new RangeError(`the kernel's matrix is singular at row ${row}: add noise`);
      matrix[row * n + column] = row === column ? Math.sqrt(sum) : sum / matrix[column * n + column]!;
    }
}

/** L x = b, in place of b. */
function solveLower(lower: Float64Array, b: Float64Array): void {
  const n = b.length;
  for (let row = 0; row < n; row++) {
    let sum = b[row]!;
    for (let k = 0; k < row; k++) sum -= lower[row * n + k]! * b[k]!;
    b[row] = sum / lower[row * n + row]!;
  }
}

/** Mean and variance of what is modelled at a point, without a value's noise. */
export function predict(
  { axes, points, kept, lower, weights }: GaussianProcess,
  point: readonly number[],
): { mean: number; variance: number } {
  const metric = metricOf(axes, kept);
  const cross = new Float64Array(points.length);
  let mean = 0;
  for (let at = 0; at < cross.length; at++) {
    cross[at] = kept.signal * matern(squaredDistance(metric, points[at]!, point));
    mean += cross[at]! * weights[at]!;
  }
  solveLower(lower, cross);
  let variance = kept.signal;
  for (const one of cross) variance -= one * one;
  return { mean, variance: Math.max(0, variance) };
}

/** ln p(values | points): how well the hyperparameters explain the values. */
export function logLikelihood({ values, lower, weights }: GaussianProcess): number {
  const n = values.length;
  let sum = 0;
  for (let at = 0; at < n; at++) sum += values[at]! * weights[at]! + 2 * ln(lower[at * n + at]!) + LOG_TWO_PI;
  return -sum / 2;
}

/** Its derivatives by the logarithms of the lengths, of the signal and of the noise, in that order. */
export function likelihoodSlopes({ axes, points, kept, lower, weights }: GaussianProcess): Float64Array {
  const n = points.length;
  const inverse = inverseOf(lower, n);
  const { signal, noise } = kept;
  const metric = metricOf(axes, kept);
  const { parts } = metric;
  const slopes = new Float64Array(parts.length + 2);
  for (let row = 0; row < n; row++) {
    for (let column = 0; column < row; column++) {
      const s = ROOT_FIVE * Math.sqrt(squaredDistance(metric, points[row]!, points[column]!));
      // of both triangles
      const weight = (weights[row]! * weights[column]! - inverse[row * n + column]!) * signal * exp(-s);
      slopes[parts.length]! += weight * (1 + s + (s * s) / 3);
      const steep = (weight * 5 * (1 + s)) / 3;
      for (let axis = 0; axis < parts.length; axis++) slopes[axis]! += steep * parts[axis]!;
    }
    const own = (weights[row]! * weights[row]! - inverse[row * n + row]!) / 2;
    slopes[parts.length]! += own * signal;
    slopes[parts.length + 1]! += own * noise;
  }
  return slopes;
}

/** The lower triangle of (L Lᵀ)⁻¹. */
function inverseOf(lower: Float64Array, n: number): Float64Array {
  // column by column of L⁻¹, each as a row
  const columns = new Float64Array(n * n);
  for (let column = 0; column < n; column++)
    for (let row = column; row < n; row++) {
      let sum = row === column ? 1 : 0;
      for (let k = column; k < row; k++) sum -= lower[row * n + k]! * columns[column * n + k]!;
      columns[column * n + row] = sum / lower[row * n + row]!;
    }
  const inverse = new Float64Array(n * n);
  for (let row = 0; row < n; row++)
    for (let column = 0; column <= row; column++) {
      let sum = 0;
      for (let k = row; k < n; k++) sum += columns[row * n + k]! * columns[column * n + k]!;
      inverse[row * n + column] = sum;
    }
  return inverse;
}
