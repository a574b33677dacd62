/**
 * The variance of a statistic from what each sample moves it (the infinitesimal jackknife: Jaeckel 1972, Efron 1982), and an
 * interval from it. For areas under curves it is DeLong's. Pure.
 */
import { normalQuantile } from "../distributions/normal.ts";
import { because, type Interval, type MeasuredInterval } from "../measured.ts";

/** Which group each sample is in, 0 … count − 1. */
export type Groups = { of: ArrayLike<number>; count: number };

/**
 * Σ u²/n², where `influences[i]` is n times the derivative of the statistic by the weight of sample i; they sum to 0. Where
 * samples come in groups, those of a group are added first (for areas Obuchowski 1997): NaN below two groups.
 */
export function influenceVariance(influences: ArrayLike<number>, groups: Groups | null = null): number {
  const n = influences.length;
  let squares = 0;
  if (groups === null) {
    for (let at = 0; at < n; at++) squares += influences[at]! ** 2;
    return squares / n / n;
  }
  if (groups.count < 2) return Number.NaN;
  const sums = new Float64Array(groups.count);
  for (let at = 0; at < n; at++) sums[groups.of[at]!]! += influences[at]!;
  for (const sum of sums) squares += sum * sum;
  return ((groups.count / (groups.count - 1)) * squares) / n / n;
}

/** Of a number in 0–1, through its logit, which keeps within. Undefined where it has no variance, or lies at an end. */
export function logitInterval(value: number, variance: number, alpha = 0.05): MeasuredInterval {
  if (Number.isNaN(variance)) return because("one-group");
  if (!(variance > 0) || value <= 0 || value >= 1) return because("no-variance");
  const half = normalQuantile(1 - alpha / 2) * Math.sqrt(variance);
  const end = (shift: number) => 1 / (1 + ((1 - value) / value) * Math.exp(-shift / (value * (1 - value))));
  const ends: Interval = [end(-half), end(half)];
  return ends;
}

/** value ± z·se. */
export function normalInterval(value: number, variance: number, alpha = 0.05): MeasuredInterval {
  if (Number.isNaN(variance)) return because("one-group");
  const half = normalQuantile(1 - alpha / 2) * Math.sqrt(variance);
  return [value - half, value + half];
}
