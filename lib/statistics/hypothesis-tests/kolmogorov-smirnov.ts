/** Whether two samples of numbers share one distribution, whichever. Pure. */
import { ascending } from "../moments.ts";

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
