/** How far the largest of N equal candidates lies above what each is worth. Pure. */

import { binomialProbability } from "../distributions/binomial.ts";
import { normalDensity, normalQuantile, normalTail } from "../distributions/normal.ts";
import { refuseSetting } from "../inputs.ts";
import { exp, ln1p } from "../special/elementary.ts";

const REACH = 12;
const STEPS_A_UNIT = 64;
const known = new Map<number, number>();

/**
 * m_N, the mean of the largest of N ≥ 1 independent standard normal variables, to 1e-12: ∫ x N φ(x) Φ(x)^(N−1) dx by the
 * trapezoid rule, which converges faster than any power for such an integrand (Trefethen and Weideman 2014).
 */
export function expectedMaximum(n: number): number {
  refuseSetting(Number.isInteger(n) && n >= 1, `the largest of ${n}: it must be a whole number from 1`);
  if (n === 1) return 0;
  const before = known.get(n);
  if (before !== undefined) return before;
  let sum = 0;
  for (let step = -REACH * STEPS_A_UNIT; step <= REACH * STEPS_A_UNIT; step++) {
    const x = step / STEPS_A_UNIT;
    sum += x * n * normalDensity(x) * exp((n - 1) * ln1p(-normalTail(x)));
  }
  known.set(n, sum / STEPS_A_UNIT);
  return sum / STEPS_A_UNIT;
}

/** Blom's approximation of it (1958), to .02: Φ⁻¹((N − .375)/(N + .25)). */
export const blomMaximum = (n: number): number => normalQuantile((n - 0.375) / (n + 0.25));

/**
 * The mean of the best accuracy of `candidates` models that are all right with probability p, each on n samples of its own,
 * and how far it lies above p: an upper bound of the winner's luck, since models share their samples.
 */
export function expectedBestAccuracy(
  candidates: number,
  { n, p }: { n: number; p: number },
): { expected: number; optimism: number } {
  refuseSetting(candidates >= 1 && n >= 1, "a best needs a candidate and a sample");
  let [cdf, missing] = [0, 0];
  for (let k = 0; k < n; k++) {
    cdf = Math.min(1, cdf + binomialProbability(k, n, p));
    missing += 1 - cdf ** candidates;
  }
  return { expected: missing / n, optimism: missing / n - p };
}
