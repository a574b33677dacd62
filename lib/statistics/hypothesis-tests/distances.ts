/** How far apart two distributions over the same classes are, as counts, and how far chance alone takes them. Pure. */

import { chiSquareQuantile } from "../distributions/chi-square.ts";
import { ascending } from "../moments.ts";
import { seededRandom } from "../resampling/random.ts";
import { sum } from "../sum.ts";
import { dealLabels } from "./homogeneity.ts";

const shares = (counts: number[]): number[] => {
  const total = sum(counts);
  return counts.map((count) => count / total);
};
const overBoth = (p: number[], q: number[], term: (a: number, b: number) => number): number =>
  sum(p.map((a, index) => term(a, q[index]!)));

/** Total variation distance, 0–1: the share of samples that would have to change class. */
export const tvd = (p: number[], q: number[]): number => overBoth(shares(p), shares(q), (a, b) => Math.abs(a - b)) / 2;

/** Population stability index, in nats. Shares below `floor` are raised to it; it decides what an empty class weighs. */
export const psi = (p: number[], q: number[], floor: number): number =>
  overBoth(shares(p), shares(q), (a, b) => {
    const [x, y] = [Math.max(a, floor), Math.max(b, floor)];
    return (x - y) * Math.log(x / y);
  });

/** Jensen–Shannon distance in nats: the square root of the divergence. Divided by sqrt(ln 2) it is in base 2. */
export function jensenShannon(p: number[], q: number[]): number {
  const part = (a: number, b: number) => (a === 0 ? 0 : a * Math.log((2 * a) / (a + b)));
  return Math.sqrt(Math.max(0, overBoth(shares(p), shares(q), (a, b) => part(a, b) + part(b, a)) / 2));
}

/** Hellinger distance, 0–1. */
export const hellinger = (p: number[], q: number[]): number =>
  Math.sqrt(overBoth(shares(p), shares(q), (a, b) => (Math.sqrt(a) - Math.sqrt(b)) ** 2) / 2);

/**
 * What the stability index comes to where nothing differs: its mean, and what it exceeds once in twenty times, for `n`
 * and `m` samples in `bins` classes (Yurdakul and Naranjo 2020: chi-squared, scaled).
 */
export function psiNull(n: number, m: number, bins: number): { expected: number; p95: number } {
  const scale = 1 / n + 1 / m;
  return { expected: (bins - 1) * scale, p95: bins > 1 ? chiSquareQuantile(0.95, bins - 1) * scale : 0 };
}

const DRAWS = 2_000;

/** What the total variation distance of two rows exceeds once in twenty times when labels are dealt among them anew. */
export function tvdNull95([first, second]: number[][], seed: number): number {
  const columns = first!.map((count, index) => count + second![index]!);
  const rows = [sum(first!), sum(second!)];
  if (rows.some((size) => size === 0)) return 1;
  const random = seededRandom(seed);
  const distances = Float64Array.from({ length: DRAWS }, () => {
    const [a, b] = dealLabels(rows, columns, random);
    return tvd(a!, b!);
  }).sort();
  return distances[Math.floor(0.95 * DRAWS)]!;
}

/** Wasserstein's first distance: the area between the two distribution functions. In the unit of the values. */
export function wasserstein(x: number[], y: number[]): number {
  const [a, b] = [ascending(x), ascending(y)];
  const all = ascending([...x, ...y]);
  let [i, j, area] = [0, 0, 0];
  for (let at = 0; at + 1 < all.length; at++) {
    while (i < a.length && a[i]! <= all[at]!) i++;
    while (j < b.length && b[j]! <= all[at]!) j++;
    area += Math.abs(i / a.length - j / b.length) * (all[at + 1]! - all[at]!);
  }
  return area;
}
