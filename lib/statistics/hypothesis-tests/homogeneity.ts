/** Whether the rows of a contingency table share one distribution. Rows are splits, columns are classes. Pure. */

import { chiSquareTail } from "../distributions/chi-square.ts";
import { seededNormal, seededRandom } from "../resampling/random.ts";
import { logGamma } from "../special/log-gamma.ts";
import { sum } from "../sum.ts";

export type HomogeneityTest = {
  chi2: number;
  pChi2: number;
  /** The likelihood ratio statistic. */
  g: number;
  pG: number;
  dof: number;
  cramersV: number;
  /** Corrected for bias (Bergsma 2013): 0 in the mean where the rows share one distribution. */
  cramersVCorrected: number;
  /** The smallest expected count, and the share of those below 5 (Cochran 1954: none below 1, at most .2 below 5). */
  minExpected: number;
  shareExpectedBelow5: number;
};

const marginsOf = (table: number[][]) => ({
  rows: table.map(sum),
  columns: table[0]!.map((_, column) => sum(table.map((row) => row[column]!))),
});
/** Without the columns that are all zero. */
const usedColumns = (table: number[][]): number[][] => {
  const { columns } = marginsOf(table);
  return table.map((row) => row.filter((_, column) => columns[column]! > 0));
};

/** Pearson's and the G test without continuity correction, and effect sizes. Every row needs a count. */
export function homogeneityTest(given: number[][]): HomogeneityTest {
  const table = usedColumns(given);
  const { rows, columns } = marginsOf(table);
  const total = sum(rows);
  let [chi2, g, minExpected, below5] = [0, 0, Number.POSITIVE_INFINITY, 0];
  for (const [r, row] of table.entries())
    for (const [c, observed] of row.entries()) {
      const expected = (rows[r]! * columns[c]!) / total;
      chi2 += (observed - expected) ** 2 / expected;
      if (observed > 0) g += 2 * observed * Math.log(observed / expected);
      minExpected = Math.min(minExpected, expected);
      if (expected < 5) below5++;
    }
  const [r, c] = [rows.length, columns.length];
  const dof = (r - 1) * (c - 1);
  // Bergsma, A bias-correction for Cramér's V and Tschuprow's T (2013)
  const phi2 = Math.max(0, chi2 / total - dof / (total - 1));
  const rCorrected = r - (r - 1) ** 2 / (total - 1);
  const cCorrected = c - (c - 1) ** 2 / (total - 1);
  const smaller = Math.min(rCorrected - 1, cCorrected - 1);
  return {
    chi2,
    pChi2: dof > 0 ? chiSquareTail(chi2, dof) : 1,
    g,
    pG: dof > 0 ? chiSquareTail(g, dof) : 1,
    dof,
    cramersV: dof > 0 ? Math.sqrt(chi2 / (total * Math.min(r - 1, c - 1))) : 0,
    cramersVCorrected: smaller > 0 ? Math.sqrt(phi2 / smaller) : 0,
    minExpected,
    shareExpectedBelow5: below5 / (r * c),
  };
}

const chi2Of = (table: number[][], rows: number[], columns: number[], total: number): number => {
  let chi2 = 0;
  for (const [r, row] of table.entries())
    for (const [c, observed] of row.entries()) {
      const expected = (rows[r]! * columns[c]!) / total;
      chi2 += (observed - expected) ** 2 / expected;
    }
  return chi2;
};

/**
 * The p-value of Pearson's statistic when labels are dealt anew among the rows, with the +1 rule: exact where expected
 * counts are too small for chi-squared. Its cost is bound by the table, not by the samples. Ends once `enough` are as
 * large, the share of those until then being the p-value (Besag and Clifford 1991): it is exact where it is small.
 */
export function permutationP(
  given: number[][],
  { permutations, seed, enough }: { permutations: number; seed: number; enough?: number },
): number {
  const table = usedColumns(given);
  const { rows, columns } = marginsOf(table);
  const total = sum(rows);
  const observed = chi2Of(table, rows, columns, total);
  const random = seededRandom(seed);
  let asLarge = 0;
  for (let at = 1; at <= permutations; at++) {
    if (chi2Of(dealLabels(rows, columns, random), rows, columns, total) >= observed * (1 - 1e-12)) asLarge++;
    if (asLarge === enough) return asLarge / at;
  }
  return (asLarge + 1) / (permutations + 1);
}

/** A random table with these margins: each row but the last is dealt from what the rows before it left. */
export function dealLabels(rows: number[], columns: number[], random: () => number): number[][] {
  const left = [...columns];
  return rows.map((size, index) => (index === rows.length - 1 ? left : dealRow(left, size, random)));
}

/** Takes `size` labels out of `left` without putting back. */
function dealRow(left: number[], size: number, random: () => number): number[] {
  let [total, open] = [sum(left), size];
  return left.map((here, column) => {
    const taken = column === left.length - 1 ? open : hypergeometric(total, here, open, random);
    total -= here;
    open -= taken;
    left[column] = here - taken;
    return taken;
  });
}

/** Beyond this variance a normal draw, rounded, is as good as an exact one: errors of 1e-3 in the distribution. */
const NORMAL_VARIANCE = 2500;

/** How many of `marked` marked ones are among `drawn` of `total`, drawn without putting back. */
export function hypergeometric(total: number, marked: number, drawn: number, random: () => number): number {
  const low = Math.max(0, drawn - (total - marked));
  const high = Math.min(marked, drawn);
  if (low >= high) return low;
  const share = marked / total;
  const variance = (drawn * share * (1 - share) * (total - drawn)) / Math.max(1, total - 1);
  if (variance > NORMAL_VARIANCE) {
    const drawnNormal = Math.round(drawn * share + Math.sqrt(variance) * seededNormal(random)());
    return Math.min(high, Math.max(low, drawnNormal));
  }
  return fromMode({ total, marked, drawn, low, high }, random());
}

/** Below this a table is looked up; from here on Stirling's series, to 1e-16 of itself. */
const TABLED = 256;
const logFactorials = Float64Array.from({ length: TABLED }, (_, n) => logGamma(n + 1));

/** The natural logarithm of n!. */
function logFactorial(n: number): number {
  if (n < TABLED) return logFactorials[n]!;
  return (n + 0.5) * Math.log(n) - n + 0.5 * Math.log(2 * Math.PI) + (1 / 12 - 1 / (360 * n * n)) / n;
}

type Hypergeometric = { total: number; marked: number; drawn: number; low: number; high: number };

/** Inversion outwards from the mode, where the probability lies: as many steps as a few standard deviations. */
function fromMode({ total, marked, drawn, low, high }: Hypergeometric, uniform: number): number {
  const mode = Math.min(high, Math.max(low, Math.floor(((drawn + 1) * (marked + 1)) / (total + 2))));
  const choose = (n: number, k: number) => logFactorial(n) - logFactorial(k) - logFactorial(n - k);
  const atMode = Math.exp(choose(marked, mode) + choose(total - marked, drawn - mode) - choose(total, drawn));
  let left = uniform - atMode;
  let [down, up, pDown, pUp] = [mode, mode, atMode, atMode];
  while (left > 0 && (down > low || up < high)) {
    if (up < high) {
      pUp *= ((marked - up) * (drawn - up)) / ((up + 1) * (total - marked - drawn + up + 1));
      up++;
      left -= pUp;
      if (left <= 0) return up;
    }
    if (down > low) {
      pDown *= (down * (total - marked - drawn + down)) / ((marked - down + 1) * (drawn - down + 1));
      down--;
      left -= pDown;
      if (left <= 0) return down;
    }
  }
  return mode;
}
