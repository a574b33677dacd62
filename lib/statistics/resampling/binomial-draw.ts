/**
 * Draws from the binomial law. By additions, multiplications, divisions and roots alone, so that one seed gives the same
 * draws on every machine. Pure.
 */
import { exp, ln, ln1p } from "../special/elementary.ts";

/** Below this mean, draws are by inversion; above, by rejection. */
const INVERSION_BELOW = 10;

/** How many of `n` independent trials succeed, each with probability p in 0–1. Costs the same however many they are. */
export function drawBinomial(n: number, p: number, random: () => number): number {
  if (n <= 0 || p <= 0) return 0;
  if (p >= 1) return n;
  if (p > 0.5) return n - drawBinomial(n, 1 - p, random);
  return n * p < INVERSION_BELOW ? byInversion(n, p, random) : byRejection(n, p, random);
}

function byInversion(n: number, p: number, random: () => number): number {
  const s = p / (1 - p);
  const a = (n + 1) * s;
  const first = exp(n * ln1p(-p));
  for (;;) {
    let [r, u, x] = [first, random(), 0];
    while (u > r && x <= n) {
      u -= r;
      x++;
      r *= a / x - s;
    }
    // beyond n only where rounding left a rest
    if (x <= n) return x;
  }
}

/** ln k! less Stirling's formula at k + 1: a table, then its series (to 1e-13). */
const corrections = [
  0.0810614667953272, 0.0413406959554092, 0.0276779256849983, 0.02079067210376509, 0.0166446911898211,
  0.0138761288230707, 0.0118967099458917, 0.010411265261972, 0.00925546218271273, 0.00833056343336287,
];
function correction(k: number): number {
  if (k < corrections.length) return corrections[k]!;
  const y = 1 / ((k + 1) * (k + 1));
  return (1 / 12 - (1 / 360 - y / 1260) * y) / (k + 1);
}

/** Hörmann's transformed rejection (1993, The Generation of Binomial Random Variates, BTRS); p ≤ ½, np ≥ 10. */
function byRejection(n: number, p: number, random: () => number): number {
  const spread = Math.sqrt(n * p * (1 - p));
  const b = 1.15 + 2.53 * spread;
  const a = -0.0873 + 0.0248 * b + 0.01 * p;
  const centre = n * p + 0.5;
  const sure = 0.92 - 4.2 / b;
  for (;;) {
    const u = random() - 0.5;
    const v = random();
    const us = 0.5 - Math.abs(u);
    const k = Math.floor(((2 * a) / us + b) * u + centre);
    if (us >= 0.07 && v <= sure) return k;
    if (!(k >= 0 && k <= n)) continue;
    const alpha = (2.83 + 5.1 / b) * spread;
    const odds = p / (1 - p);
    const mode = Math.floor((n + 1) * p);
    const bound =
      (mode + 0.5) * ln((mode + 1) / (odds * (n - mode + 1))) +
      (n + 1) * ln((n - mode + 1) / (n - k + 1)) +
      (k + 0.5) * ln((odds * (n - k + 1)) / (k + 1)) +
      correction(mode) +
      correction(n - mode) -
      correction(k) -
      correction(n - k);
    if (ln((v * alpha) / (a / (us * us) + b)) <= bound) return k;
  }
}
