/**
 * Probabilities of the binomial and the Poisson law for counts that need not be whole, by the saddle point (Loader 2000,
 * Fast and Accurate Computation of Binomial Probabilities): large terms cancel before they are rounded. Pure.
 */
import { exp, ln, ln1p } from "./elementary.ts";
import { stirlingError } from "./log-gamma.ts";

const TWO_PI = 2 * Math.PI;

/** x ln(x/m) + m − x, without the loss of digits where x is near m. x ≥ 0, m > 0. */
function deviance(x: number, m: number): number {
  if (x === 0) return m;
  const difference = x - m;
  if (Math.abs(difference) >= 0.1 * (x + m)) return x * ln(x / m) - difference;
  const v = difference / (x + m);
  let sum = difference * v;
  let term = 2 * x * v;
  for (let j = 3; j < 2000; j += 2) {
    term *= v * v;
    const next = sum + term / j;
    if (next === sum) return sum;
    sum = next;
  }
  return sum;
}

/** x^k y^(n−k) Γ(n + 1)/(Γ(k + 1) Γ(n − k + 1)) with x + y = 1, both above 0; 0 ≤ k ≤ n. To 1e-13 of itself. */
export function binomialTerm(k: number, n: number, x: number, y: number): number {
  const rest = n - k;
  if (n === 0) return 1;
  if (k === 0) return exp(rest * (y < 0.5 ? ln(y) : ln1p(-x)));
  if (rest === 0) return exp(k * (x < 0.5 ? ln(x) : ln1p(-y)));
  const exponent =
    stirlingError(n) - stirlingError(k) - stirlingError(rest) - deviance(k, n * x) - deviance(rest, n * y);
  return exp(exponent) * Math.sqrt(n / (TWO_PI * k * rest));
}

/** x^a e^(−x)/Γ(a + 1), for a > 0 and x > 0. To 1e-13 of itself. */
export const poissonTerm = (a: number, x: number): number =>
  exp(-stirlingError(a) - deviance(a, x)) / Math.sqrt(TWO_PI * a);
