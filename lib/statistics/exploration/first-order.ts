/** How much of an objective's variance each hyperparameter explains alone. Pure. */
import { refuseNonFinite, refuseSetting, refuseUnequalLengths } from "../inputs.ts";
import { ascending, mean, quantile } from "../moments.ts";
import { seededRandom } from "../resampling/random.ts";
import type { Bins } from "./bins.ts";

/** Runs that a bin needs in the mean, before its mean says anything. Ours: 20 runs for the five bins of a number. */
const RUNS_A_BIN = 4;
/** Of the null: so many of a hundred shufflings stay below the line. */
const LINE = 0.95;
/** Fewer don't give the 95th hundredth to a hundredth or so. */
const PERMUTATIONS_MIN = 200;
const PERMUTATIONS = 400;

export type FirstOrder =
  | {
      kind: "measured";
      /** S, the share of the variance, 0–1. */
      index: number;
      /** What 95 of 100 shufflings of the objective don't reach. */
      line: number;
      /** Of the test by permutation, one-sided; never 0. */
      p: number;
      n: number;
      bins: number;
    }
  /** `needed`: runs for as many bins. */
  | { kind: "too-few"; n: number; bins: number; needed: number }
  /** All runs have one value, or the objective has. */
  | { kind: "constant" | "no-variance"; n: number; bins: number };

type FirstOrderOptions = {
  seed: number;
  /** At least 200. */
  permutations?: number;
};

/**
 * The first-order index of each hyperparameter: S = Var over bins of mean(v) / Var(v), bins weighted by their runs, which
 * keeps it in 0–1 (RIGOUR.md P85; the correlation ratio η², a first-order Sobol index for independent parameters). Bins
 * explain something of noise as well: how much is told by shuffling `values` against the bins, the same shufflings for
 * all. Assumes runs of a search that doesn't adapt. `values` are finite; every `bins` has a place for each.
 */
export function firstOrderIndices(
  factors: readonly Bins[],
  values: ArrayLike<number>,
  { seed, permutations = PERMUTATIONS }: FirstOrderOptions,
): FirstOrder[] {
  refuseNonFinite(values, "objective values");
  refuseSetting(permutations >= PERMUTATIONS_MIN, `permutations must be at least ${PERMUTATIONS_MIN}: ${permutations}`);
  for (const { of } of factors) refuseUnequalLengths(of, values, "bins and objective");
  const centred = centredOf(values);
  const found = factors.map((bins) => judge(bins, centred));
  const measured = factors.flatMap((bins, at) => (found[at]!.kind === "measured" ? [{ bins, at }] : []));
  const nulls = nullsOf(
    measured.map(({ bins }) => bins),
    centred,
    { seed, permutations },
  );
  for (const [rank, { at }] of measured.entries()) {
    const one = found[at]!;
    const sorted = ascending(nulls[rank]!);
    if (one.kind !== "measured") continue;
    const reached = sorted.reduce((count, index) => count + (index >= one.index ? 1 : 0), 0);
    found[at] = { ...one, line: quantile(sorted, LINE), p: (1 + reached) / (1 + permutations) };
  }
  return found;
}

function judge(bins: Bins, centred: Centred): FirstOrder {
  const n = centred.values.length;
  const known = { n, bins: bins.count };
  const needed = RUNS_A_BIN * Math.max(bins.count, 2);
  if (n < needed) return { kind: "too-few", ...known, needed };
  if (bins.count < 2) return { kind: "constant", ...known };
  if (centred.squares === 0) return { kind: "no-variance", ...known };
  return { kind: "measured", index: indexOf(bins, sizesOf(bins), centred), line: Number.NaN, p: Number.NaN, ...known };
}

type Centred = { values: Float64Array; squares: number };

/** Less their mean, whose sums a bin's mean is told by. */
function centredOf(values: ArrayLike<number>): Centred {
  const centre = mean(values);
  const centred = Float64Array.from(values, (value) => value - centre);
  const isSame = centred.length === 0 || Array.from(values).every((value) => value === values[0]);
  return { values: centred, squares: isSame ? 0 : centred.reduce((sum, value) => sum + value * value, 0) };
}

function sizesOf({ of, count }: Bins): Float64Array {
  const sizes = new Float64Array(count);
  for (const bin of of) sizes[bin]!++;
  return sizes;
}

function indexOf({ of }: Bins, sizes: Float64Array, { values, squares }: Centred): number {
  const sums = new Float64Array(sizes.length);
  for (let at = 0; at < values.length; at++) sums[of[at]!]! += values[at]!;
  let between = 0;
  for (let bin = 0; bin < sizes.length; bin++) between += (sums[bin]! * sums[bin]!) / sizes[bin]!;
  return Math.min(1, between / squares);
}

/** The index of each over shuffled values. */
function nullsOf(factors: Bins[], { values, squares }: Centred, options: Required<FirstOrderOptions>): Float64Array[] {
  const random = seededRandom(options.seed);
  const shuffled = Float64Array.from(values);
  const sizes = factors.map(sizesOf);
  const nulls = factors.map(() => new Float64Array(options.permutations));
  for (let turn = 0; factors.length > 0 && turn < options.permutations; turn++) {
    for (let at = shuffled.length - 1; at > 0; at--) {
      const other = Math.floor(random() * (at + 1));
      const kept = shuffled[at]!;
      shuffled[at] = shuffled[other]!;
      shuffled[other] = kept;
    }
    for (const [at, bins] of factors.entries())
      nulls[at]![turn] = indexOf(bins, sizes[at]!, { values: shuffled, squares });
  }
  return nulls;
}
