/** The gamma and beta distributions' functions that tests and intervals are made of, and the normal quantile. Pure. */
import { betaRegularised, logGamma } from "../distributions/student-t.ts";

/** The regularised lower incomplete gamma function P(a, x), by its series or continued fraction (DLMF 8.11.4, 8.9.2). */
export function gammaP(a: number, x: number): number {
  if (x <= 0) return 0;
  return x < a + 1 ? gammaSeries(a, x) : 1 - gammaFraction(a, x);
}

/** The regularised upper incomplete gamma function Q(a, x) = 1 − P(a, x), exact also where it is tiny. */
export function gammaQ(a: number, x: number): number {
  if (x <= 0) return 1;
  return x < a + 1 ? 1 - gammaSeries(a, x) : gammaFraction(a, x);
}

function gammaSeries(a: number, x: number): number {
  let term = 1 / a;
  let sum = term;
  for (let n = 1; n < 10_000 && term > sum * 1e-17; n++) {
    term *= x / (a + n);
    sum += term;
  }
  return sum * Math.exp(a * Math.log(x) - x - logGamma(a));
}

function gammaFraction(a: number, x: number): number {
  const tiny = 1e-300;
  let b = x + 1 - a;
  let c = 1 / tiny;
  let d = 1 / b;
  let fraction = d;
  for (let n = 1; n < 10_000; n++) {
    const an = -n * (n - a);
    b += 2;
    d = 1 / (Math.abs(an * d + b) < tiny ? tiny : an * d + b);
    c = Math.abs(b + an / c) < tiny ? tiny : b + an / c;
    fraction *= d * c;
    if (Math.abs(d * c - 1) < 1e-16) break;
  }
  return fraction * Math.exp(a * Math.log(x) - x - logGamma(a));
}

/** The probability that a chi-squared variable with `freedom` degrees of freedom exceeds `x`. */
export const chiSquareTail = (x: number, freedom: number): number => gammaQ(freedom / 2, x / 2);

/** The value that a chi-squared variable doesn't exceed with probability `p`, 0 < p < 1. */
export const chiSquareQuantile = (p: number, freedom: number): number =>
  invert((x) => gammaP(freedom / 2, x / 2), p, Math.max(1, freedom));

/** The value that a beta-distributed variable doesn't exceed with probability `p`. */
export const betaQuantile = (p: number, a: number, b: number): number => invert((x) => betaRegularised(x, a, b), p, 1);

/** The value that a standard normal variable doesn't exceed with probability `p`, 0 < p < 1. */
export function normalQuantile(p: number): number {
  if (p < 0.5) return -normalQuantile(1 - p);
  // the square of a normal variable is chi-squared with one degree of freedom
  return Math.sqrt(p === 0.5 ? 0 : chiSquareQuantile(2 * p - 1, 1));
}

/** Bisection of a growing function to the last bit but one; `high` is doubled until it is beyond. */
function invert(cdf: (x: number) => number, p: number, start: number): number {
  let [low, high] = [0, start];
  while (cdf(high) < p) [low, high] = [high, high * 2];
  for (let step = 0; step < 200 && high - low > 1e-15 * high; step++) {
    const middle = (low + high) / 2;
    if (cdf(middle) < p) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}
