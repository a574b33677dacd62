/** The binomial distribution: successes in n independent trials, each with probability p. Pure. */
import { betaRegularised } from "../special/incomplete-beta.ts";
import { binomialTerm } from "../special/saddle-point.ts";

/** The probability of exactly k successes; k and n whole, p in 0–1. */
export function binomialProbability(k: number, n: number, p: number): number {
  if (k < 0 || k > n) return 0;
  if (p === 0 || p === 1) return k === n * p ? 1 : 0;
  return binomialTerm(k, n, p, 1 - p);
}

/** The probability of at most k successes. */
export function binomialCdf(k: number, n: number, p: number): number {
  if (k < 0) return 0;
  if (k >= n) return 1;
  return betaRegularised(1 - p, n - k, k + 1, p);
}

/** The smallest k that is not exceeded with probability q or more, q in 0–1. */
export function binomialQuantile(q: number, n: number, p: number): number {
  let [low, high] = [0, n];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (binomialCdf(middle, n, p) >= q) high = middle;
    else low = middle + 1;
  }
  return low;
}
