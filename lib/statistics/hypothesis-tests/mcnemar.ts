/** Whether two models are right equally often on the same samples (McNemar 1947). Pure. */
import { binomialCdf, binomialProbability } from "../distributions/binomial.ts";
import { chiSquareTail } from "../distributions/chi-square.ts";
import { refuseNonClass, refuseSetting, refuseUnequalLengths } from "../inputs.ts";
import { because, type Measured } from "../measured.ts";

/** Samples by which of two models is right. */
export type Agreement = {
  bothRight: number;
  /** A right, B wrong. */
  onlyA: number;
  /** A wrong, B right. */
  onlyB: number;
  bothWrong: number;
};

/** `truth`, `a` and `b` are classes of the same samples. */
export function agreementOf(
  truth: ArrayLike<number>,
  { a, b }: { a: ArrayLike<number>; b: ArrayLike<number> },
): Agreement {
  const counts: Agreement = { bothRight: 0, onlyA: 0, onlyB: 0, bothWrong: 0 };
  const classes = Number.MAX_SAFE_INTEGER;
  for (const [name, column] of [
    ["true", truth],
    ["A's", a],
    ["B's", b],
  ] as const) {
    refuseUnequalLengths(truth, column, "the columns");
    refuseNonClass(column, classes, `${name} classes`);
  }
  for (let at = 0; at < truth.length; at++) {
    const [rightA, rightB] = [a[at] === truth[at], b[at] === truth[at]];
    counts[rightA ? (rightB ? "bothRight" : "onlyA") : rightB ? "onlyB" : "bothWrong"]++;
  }
  return counts;
}

export type McNemarTest = {
  /** Exact and conservative. 1 where no sample tells the models apart, as the mid-p is. */
  exact: number;
  /** The one to show (Fagerland, Lydersen and Laake 2013): keeps its level nearly always, and misses less. */
  midP: number;
  /** Undefined where no sample tells the models apart. */
  chi2: Measured;
  pChi2: number;
  /** With the continuity correction. */
  chi2Corrected: Measured;
  pChi2Corrected: number;
};

/** Two-sided, from the numbers of samples on which A alone, and B alone, is right. Assumes independent samples. */
export function mcnemarTest(onlyA: number, onlyB: number): McNemarTest {
  for (const count of [onlyA, onlyB])
    refuseSetting(Number.isInteger(count) && count >= 0, `a count is ${count}: it must be a whole number from 0`);
  const discordant = onlyA + onlyB;
  if (discordant === 0) {
    const none = because("no-discordance");
    return { exact: 1, midP: 1, chi2: none, pChi2: 1, chi2Corrected: none, pChi2Corrected: 1 };
  }
  const fewer = Math.min(onlyA, onlyB);
  const at = binomialProbability(fewer, discordant, 0.5);
  const exact = Math.min(1, 2 * binomialCdf(fewer, discordant, 0.5));
  const chi2 = (onlyA - onlyB) ** 2 / discordant;
  const chi2Corrected = (Math.abs(onlyA - onlyB) - 1) ** 2 / discordant;
  return {
    exact,
    midP: onlyA === onlyB ? 1 - at / 2 : exact - at,
    chi2,
    pChi2: chiSquareTail(chi2, 1),
    chi2Corrected,
    pChi2Corrected: chiSquareTail(chi2Corrected, 1),
  };
}
