/** Whether the mean of paired differences is 0: their signs are flipped by coins (Fisher 1935). Pure. */
import { normalTwoSided } from "../distributions/normal.ts";
import { refuseNonFinite, refuseSetting } from "../inputs.ts";
import { because, type Undefined } from "../measured.ts";
import { drawBinomial } from "../resampling/binomial-draw.ts";
import { seededRandom } from "../resampling/random.ts";

/** So many non-zero differences are tried in every way: 2^20 sums. */
const EXACT_MAX = 20;
/** More sizes than this that all differ are flipped by the normal law of their sum, which is known: its variance is Σ d². */
const LARGE = 5_000;
/** Sums that differ by less are the same but for rounding. */
const SLACK = 1e-12;

export type SignFlipTest = {
  /** Two-sided. */
  p: number;
  /** How many random flips it rests on; null: on all there are, or on the law of so many. */
  flips: number | null;
};

/**
 * `differences` are A − B for each independent sample, of anything that is a mean over samples. Assumes that without a
 * difference each would be as likely with the other sign. Exact up to 20 that aren't 0; beyond by `permutations` draws, and of
 * more than 5,000 sizes by the normal law of their flipped sum.
 */
export function signFlipTest(
  differences: ArrayLike<number>,
  { permutations = 9_999, seed = 1 }: { permutations?: number; seed?: number } = {},
): SignFlipTest | Undefined {
  if (differences.length === 0) return because("no-pair");
  refuseNonFinite(differences, "differences");
  // a flipped 0 is 0, so it stands in the mean alone
  const sizes = Array.from(differences, Math.abs).filter((size) => size > 0);
  let sum = 0;
  for (let at = 0; at < differences.length; at++) sum += differences[at]!;
  const bar = Math.abs(sum) - SLACK * differences.length;
  if (sizes.length <= EXACT_MAX) return { p: exactShare(sizes, bar), flips: null };
  if (sizes.length > LARGE && new Set(sizes).size > LARGE)
    return { p: normalTwoSided((bar + SLACK * differences.length) / Math.sqrt(sumOfSquares(sizes))), flips: null };
  return { p: permutationP(drawnAsLarge(sizes, { bar, permutations, seed }), permutations), flips: permutations };
}

const sumOfSquares = (sizes: number[]): number => sizes.reduce((sum, size) => sum + size * size, 0);

/** Over all sign vectors, the share whose sum is as large. */
function exactShare(sizes: number[], bar: number): number {
  let asLarge = 0;
  const total = 2 ** sizes.length;
  for (let signs = 0; signs < total; signs++) {
    let sum = 0;
    for (const [at, size] of sizes.entries()) sum += (signs >> at) & 1 ? size : -size;
    if (Math.abs(sum) >= bar) asLarge++;
  }
  return asLarge / total;
}

/** Equal sizes are flipped together, by one binomial draw: right or wrong answers cost no more for being many. */
function drawnAsLarge(
  sizes: number[],
  { bar, permutations, seed }: { bar: number; permutations: number; seed: number },
): number {
  const counts = new Map<number, number>();
  for (const size of sizes) counts.set(size, (counts.get(size) ?? 0) + 1);
  const repeated = [...counts].filter(([, count]) => count > 1);
  const single = Float64Array.from([...counts].filter(([, count]) => count === 1).map(([size]) => size));
  const random = seededRandom(seed);
  let asLarge = 0;
  for (let round = 0; round < permutations; round++) {
    let sum = 0;
    for (const [size, count] of repeated) sum += size * (2 * drawBinomial(count, 0.5, random) - count);
    let coins = 0;
    for (let at = 0; at < single.length; at++) {
      if ((at & 31) === 0) coins = (random() * 2 ** 32) >>> 0;
      sum += (coins & 1) === 1 ? single[at]! : -single[at]!;
      coins >>>= 1;
    }
    if (Math.abs(sum) >= bar) asLarge++;
  }
  return asLarge;
}

/** The p-value of `exceed` permutations as large among so many: never 0 (Phipson and Smyth 2010). */
export function permutationP(exceed: number, permutations: number): number {
  refuseSetting(exceed >= 0 && exceed <= permutations, `${exceed} of ${permutations} permutations can't be as large`);
  return (exceed + 1) / (permutations + 1);
}
