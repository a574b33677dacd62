/** Two samples of numbers compared as distributions, means of few numbers, and many p-values at once. Pure. */
import { tCdf, tQuantile } from "./distributions/student-t.ts";

const ascending = (values: number[]): number[] => values.toSorted((a, b) => a - b);
const mean = (values: number[]): number => values.reduce((a, b) => a + b, 0) / values.length;
const variance = (values: number[], ddof = 1): number => {
  const centre = mean(values);
  return values.reduce((sum, value) => sum + (value - centre) ** 2, 0) / (values.length - ddof);
};
/** Of a sample (`ddof` 1), or of these values alone (0). */
export const standardDeviation = (values: number[], ddof = 1): number => Math.sqrt(variance(values, ddof));

/**
 * The two-sided Kolmogorov–Smirnov test. Exact for samples without ties whose product is at most 10,000 (paths inside
 * the band, Hodges 1958), else asymptotic.
 */
export function kolmogorovSmirnov(x: number[], y: number[]): { statistic: number; p: number } {
  const [a, b] = [ascending(x), ascending(y)];
  const [n, m] = [a.length, b.length];
  let [i, j, largest] = [0, 0, 0];
  while (i < n && j < m) {
    const at = Math.min(a[i]!, b[j]!);
    while (i < n && a[i]! <= at) i++;
    while (j < m && b[j]! <= at) j++;
    largest = Math.max(largest, Math.abs(i * m - j * n));
  }
  const statistic = largest / (n * m);
  return { statistic, p: n * m <= 10_000 ? exactTail(n, m, largest) : asymptoticTail(statistic, n, m) };
}

/** The share of lattice paths from (0, 0) to (n, m) that leave the band |i·m − j·n| < largest. */
function exactTail(n: number, m: number, largest: number): number {
  const inside = (i: number, j: number) => Math.abs(i * m - j * n) < largest;
  let row = new Float64Array(m + 1);
  row[0] = 1;
  for (let j = 1; j <= m; j++) row[j] = inside(0, j) ? row[j - 1]! : 0;
  for (let i = 1; i <= n; i++) {
    // each row is kept as a share of all paths to its end, so that counts don't overflow
    const next = new Float64Array(m + 1);
    next[0] = inside(i, 0) ? row[0]! : 0;
    for (let j = 1; j <= m; j++) next[j] = inside(i, j) ? (row[j]! * i) / (i + j) + (next[j - 1]! * j) / (i + j) : 0;
    row = next;
  }
  return Math.min(1, Math.max(0, 1 - row[m]!));
}

function asymptoticTail(statistic: number, n: number, m: number): number {
  const root = Math.sqrt((n * m) / (n + m));
  const z = root * statistic;
  let p = 0;
  for (let k = 1; k <= 100; k++) p += 2 * (k % 2 === 1 ? 1 : -1) * Math.exp(-2 * k * k * z * z);
  return Math.min(1, Math.max(0, p));
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

/** Mean, standard deviation and Student's interval of the mean. */
export function meanInterval(values: number[], alpha = 0.05) {
  const [centre, sd] = [mean(values), standardDeviation(values)];
  const half = (tQuantile(1 - alpha / 2, values.length - 1) * sd) / Math.sqrt(values.length);
  return { mean: centre, sd, interval: [centre - half, centre + half] as [number, number] };
}

/** Welch's test of two means (1947), two-sided, with the interval of their difference. */
export function welchTest(a: number[], b: number[], alpha = 0.05) {
  const [va, vb] = [variance(a) / a.length, variance(b) / b.length];
  const error = Math.sqrt(va + vb);
  const difference = mean(a) - mean(b);
  const t = difference / error;
  const dof = (va + vb) ** 2 / (va ** 2 / (a.length - 1) + vb ** 2 / (b.length - 1));
  const half = tQuantile(1 - alpha / 2, dof) * error;
  const interval: [number, number] = [difference - half, difference + half];
  return { t, p: 2 * tCdf(-Math.abs(t), dof), dof, interval };
}

/** p-values adjusted for being many, in the order given. Holm (1979), Bonferroni, Benjamini and Hochberg (1995). */
export function adjustP(values: number[], method: "holm" | "bonferroni" | "benjamini-hochberg"): number[] {
  const n = values.length;
  if (method === "bonferroni") return values.map((p) => Math.min(1, p * n));
  const order = values.map((_, index) => index).sort((a, b) => values[a]! - values[b]!);
  const adjusted = new Array<number>(n);
  let bound = method === "holm" ? 0 : 1;
  const ranks = method === "holm" ? order.keys() : [...order.keys()].reverse();
  for (const rank of ranks) {
    const p = values[order[rank]!]!;
    bound = method === "holm" ? Math.max(bound, Math.min(1, p * (n - rank))) : Math.min(bound, (p * n) / (rank + 1));
    adjusted[order[rank]!] = bound;
  }
  return adjusted;
}
