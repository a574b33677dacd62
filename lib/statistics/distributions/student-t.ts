/** Student's t distribution: what an interval of a mean needs. Pure. */
import { betaRegularised } from "../special/incomplete-beta.ts";
import { invert } from "../special/invert.ts";
import { logGamma } from "../special/log-gamma.ts";

/** The value that a t-distributed variable with `freedom` degrees of freedom (> 0) doesn't exceed with probability p in 0–1. */
export function tQuantile(p: number, freedom: number): number {
  if (!(p > 0 && p < 1)) return p === 0 ? Number.NEGATIVE_INFINITY : p === 1 ? Number.POSITIVE_INFINITY : Number.NaN;
  // 1 − p is exact where p is at least ½; below, the tail itself is known better
  return p < 0.5 ? -quantileOfTail(p, freedom) : quantileOfTail(1 - p, freedom);
}

/** The t ≥ 0 that is exceeded with probability `tail` in (0, ½]. */
const quantileOfTail = (tail: number, freedom: number): number =>
  tail === 0.5 ? 0 : invert((t) => -tTail(t, freedom), -tail, 1);

/**
 * As `tQuantile` for p from 0.6 to 1, to 1e-11 of itself and some twenty times as quick: for tables of thousands of intervals.
 * What is stored takes `tQuantile`, whose last bit stays. Newton's steps on the logarithm of the tail over that of t, which
 * is concave, so that they go down to the root from the second on.
 */
export function tQuantileQuick(p: number, freedom: number): number {
  const tail = 1 - p;
  const constant = logGamma((freedom + 1) / 2) - logGamma(freedom / 2) - Math.log(freedom * Math.PI) / 2;
  let t = Math.sqrt(-2 * Math.log(2 * tail));
  for (let step = 0; step < 60; step++) {
    const above = tTail(t, freedom);
    const density = Math.exp(constant - ((freedom + 1) / 2) * Math.log1p((t * t) / freedom));
    const change = (Math.log(above / tail) * above) / (density * t);
    t *= Math.exp(change);
    if (Math.abs(change) < 1e-13) break;
  }
  return t;
}

/** The probability that a t-distributed variable doesn't exceed t; to 1e-12 of itself. */
export const tCdf = (t: number, freedom: number): number => (t < 0 ? tTail(-t, freedom) : 1 - tTail(t, freedom));

/** The probability that it exceeds t ≥ 0. */
export function tTail(t: number, freedom: number): number {
  if (t === Number.POSITIVE_INFINITY) return 0;
  const square = t * t;
  return betaRegularised(freedom / (freedom + square), freedom / 2, 0.5, square / (freedom + square)) / 2;
}

/** The p-value of a two-sided test whose statistic is t-distributed. NaN stays NaN. */
export const tTwoSided = (t: number, freedom: number): number => 2 * tTail(Math.abs(t), freedom);
