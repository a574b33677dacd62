/**
 * Intervals of a proportion: k successes in n independent trials, n > 0, 0 ≤ k ≤ n; two-sided, with confidence 1 − alpha.
 * Where units come in groups (images of one patient), the trials are not independent, and a bootstrap over groups holds. Pure.
 */
import { betaQuantile } from "../distributions/beta.ts";
import { normalQuantile } from "../distributions/normal.ts";
import type { Interval } from "../measured.ts";

const clip = (value: number): number => Math.min(1, Math.max(0, value));

/**
 * Wilson's score interval (1927): the one to show for accuracy, recall, precision and any other k/n. Covers with about
 * 1 − alpha. `k` need not be whole.
 */
export function wilsonInterval(k: number, n: number, alpha = 0.05): Interval {
  const z = normalQuantile(1 - alpha / 2);
  const p = k / n;
  const centre = (p + (z * z) / (2 * n)) / (1 + (z * z) / n);
  const half = (z / (1 + (z * z) / n)) * Math.sqrt((p * (1 - p)) / n + (z * z) / (4 * n * n));
  return [k === 0 ? 0 : clip(centre - half), k === n ? 1 : clip(centre + half)];
}

/** Clopper and Pearson's interval (1934): covers with at least 1 − alpha. */
export const clopperPearsonInterval = (k: number, n: number, alpha = 0.05): Interval => [
  k === 0 ? 0 : betaQuantile(alpha / 2, k, n - k + 1),
  k === n ? 1 : betaQuantile(1 - alpha / 2, k + 1, n - k),
];

/** Jeffreys' interval: quantiles of the posterior under a Beta(½, ½) prior. */
export const jeffreysInterval = (k: number, n: number, alpha = 0.05): Interval => [
  betaQuantile(alpha / 2, k + 0.5, n - k + 0.5),
  betaQuantile(1 - alpha / 2, k + 0.5, n - k + 0.5),
];

/** Agresti and Coull's interval (1998): the normal one around Wilson's centre. */
export function agrestiCoullInterval(k: number, n: number, alpha = 0.05): Interval {
  const z = normalQuantile(1 - alpha / 2);
  return normalInterval(k + (z * z) / 2, n + z * z, alpha);
}

/** The normal approximation, clipped to [0, 1]: shown for comparison, wrong near 0 and 1. */
export function normalInterval(k: number, n: number, alpha = 0.05): Interval {
  const p = k / n;
  const half = normalQuantile(1 - alpha / 2) * Math.sqrt((p * (1 - p)) / n);
  return [clip(p - half), clip(p + half)];
}

/** Whether `k` right answers of `n` beat the majority class's share: the Wilson interval's lower end lies above it. */
export function betterThanMajority(k: number, n: number, majority: number, alpha = 0.05) {
  const [lower] = wilsonInterval(k, n, alpha);
  return { lower, pass: lower > majority };
}
