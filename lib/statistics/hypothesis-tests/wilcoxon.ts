/** Whether paired differences are symmetric about 0, by their ranks (Wilcoxon 1945). Pure. */
import { normalTwoSided } from "../distributions/normal.ts";
import { refuseNonFinite } from "../inputs.ts";
import { because, type Undefined } from "../measured.ts";
import { midRanks } from "../order.ts";

const EXACT_MAX = 50;

export type WilcoxonTest = {
  /** The smaller of the sums of ranks of positive and of negative differences. */
  statistic: number;
  /** Two-sided. */
  p: number;
  /** Exact without ties and zeros up to 50 pairs; else by the normal law, without continuity correction. */
  exact: boolean;
};

/** Zeros are left out. Undefined where all differences are 0. Assumes independent pairs. */
export function wilcoxonTest(differences: ArrayLike<number>): WilcoxonTest | Undefined {
  refuseNonFinite(differences, "differences");
  const values = Array.from(differences).filter((value) => value !== 0);
  const n = values.length;
  if (n === 0) return because(differences.length === 0 ? "no-pair" : "differences-zero");
  const ranks = midRanks(values.map(Math.abs));
  let [up, down] = [0, 0];
  for (const [at, value] of values.entries()) {
    if (value > 0) up += ranks[at]!;
    else down += ranks[at]!;
  }
  const statistic = Math.min(up, down);
  const ties = tieTerm(ranks);
  if (n <= EXACT_MAX && ties === 0 && n === differences.length)
    return { statistic, p: Math.min(1, 2 * exactTail(statistic, n)), exact: true };
  const spread = Math.sqrt((n * (n + 1) * (2 * n + 1) - ties / 2) / 24);
  return { statistic, p: normalTwoSided((statistic - (n * (n + 1)) / 4) / spread), exact: false };
}

/** Σ t³ − t over groups of t tied ranks. */
function tieTerm(ranks: Float64Array): number {
  const counts = new Map<number, number>();
  for (const rank of ranks) counts.set(rank, (counts.get(rank) ?? 0) + 1);
  return [...counts.values()].reduce((sum, t) => sum + t ** 3 - t, 0);
}

/** The share of the 2^n sets of ranks whose sum is at most `statistic`. */
function exactTail(statistic: number, n: number): number {
  const shares = new Float64Array((n * (n + 1)) / 2 + 1);
  shares[0] = 1;
  for (let rank = 1; rank <= n; rank++)
    for (let sum = (rank * (rank + 1)) / 2; sum >= 0; sum--)
      shares[sum] = (shares[sum]! + (sum >= rank ? shares[sum - rank]! : 0)) / 2;
  let tail = 0;
  for (let sum = 0; sum <= statistic; sum++) tail += shares[sum]!;
  return tail;
}
