/** Student's t distribution: what an interval of a mean needs. Pure. */
import { betaRegularised } from "../special/incomplete-beta.ts";
import { invert } from "../special/invert.ts";

/** The value that a t-distributed variable with `freedom` degrees of freedom (> 0) doesn't exceed with probability p in 0–1. */
export function tQuantile(p: number, freedom: number): number {
  if (!(p > 0 && p < 1)) return p === 0 ? Number.NEGATIVE_INFINITY : p === 1 ? Number.POSITIVE_INFINITY : Number.NaN;
  // 1 − p is exact where p is at least ½; below, the tail itself is known better
  return p < 0.5 ? -quantileOfTail(p, freedom) : quantileOfTail(1 - p, freedom);
}

/** The t ≥ 0 that is exceeded with probability `tail` in (0, ½]. */
const quantileOfTail = (tail: number, freedom: number): number =>
  tail === 0.5 ? 0 : invert((t) => -tTail(t, freedom), -tail, 1);

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
