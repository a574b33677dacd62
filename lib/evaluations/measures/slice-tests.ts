/** One slice against all samples outside it. Pure. */
import { normalTwoSided } from "../../statistics/distributions/normal.ts";
import { tQuantile } from "../../statistics/distributions/student-t.ts";
import { homogeneityTest, permutationP } from "../../statistics/hypothesis-tests/homogeneity.ts";
import { type Summary, welchOfSummaries } from "../../statistics/hypothesis-tests/welch.ts";
import { type Groups, influenceVariance } from "../../statistics/intervals/influence.ts";
import type { Estimate, Measured, Undefined } from "../../wire/evaluations/measured.ts";
import { ALPHA, interval, shareAmong, shareOf } from "./estimates.ts";

/** By sample what is averaged; NaN: it has none. `areShares`: 0 or 1. */
export type SliceValues = { of: Float64Array; areShares: boolean; groups: Groups | null };

export type SliceComparison = {
  estimate: Estimate;
  /** Of the slice less that of all samples outside it. */
  difference: Measured;
  /** The p-value of no difference. */
  test: number | Undefined;
  tooSmall: boolean;
};

/** What a test knows of the samples of a slice, or of those outside it. `units` are samples, or groups. */
type SliceSummary = Summary & { units: number };

/** Permutations where the table of a chi-squared test would have an expected count below 5. */
const PERMUTATIONS = 9_999;

/** Of all slices of a cut, each against the rest, in two passes over the samples; with groups in two more a slice. */
export class SliceTests {
  readonly #values: SliceValues;
  readonly #sliceOf: Int32Array;
  readonly #inside: SliceSummary[];
  readonly #whole: SliceSummary;

  constructor(values: SliceValues, sliceOf: Int32Array, slices: number) {
    this.#values = values;
    this.#sliceOf = sliceOf;
    // a sample without a slice is outside all of them
    const everywhere = new Int32Array(sliceOf.length);
    this.#inside = summariesOf(values.of, sliceOf, slices);
    this.#whole = summariesOf(values.of, everywhere, 1)[0]!;
  }

  compare(slice: number, { smallBelow, seed }: { smallBelow: number; seed: number }): SliceComparison {
    const inside = this.#units(this.#inside[slice]!, (at) => this.#sliceOf[at] === slice);
    const outside = this.#units(rest(this.#whole, inside), (at) => this.#sliceOf[at] !== slice);
    const estimate = this.#estimate(inside, slice);
    const difference =
      inside.n > 0 && outside.n > 0 ? inside.mean - outside.mean : { undefined: "side-empty" as const };
    const tooSmall = inside.units < smallBelow || outside.units < smallBelow;
    if (typeof difference !== "number") return { estimate, difference, test: difference, tooSmall };
    if (tooSmall) return { estimate, difference, test: { undefined: "too-few-samples" }, tooSmall };
    return { estimate, difference, test: this.#test(slice, { inside, outside, seed }), tooSmall };
  }

  estimate(slice: number): Estimate {
    return this.#estimate(
      this.#units(this.#inside[slice]!, (at) => this.#sliceOf[at] === slice),
      slice,
    );
  }

  /** Where there are groups, how many have a sample here. */
  #units(summary: SliceSummary, isHere: (at: number) => boolean): SliceSummary {
    const { of, groups } = this.#values;
    if (groups === null) return summary;
    const seen = new Uint8Array(groups.count);
    for (let at = 0; at < of.length; at++) if (isHere(at) && !Number.isNaN(of[at]!)) seen[groups.of[at]!] = 1;
    return { ...summary, units: seen.reduce((sum, one) => sum + one, 0) };
  }

  /** A share by Wilson, a mean by Student; of groups by the variance of their sums. */
  #estimate(found: SliceSummary, slice: number): Estimate {
    const { of, areShares, groups } = this.#values;
    const sliceOf = this.#sliceOf;
    if (areShares && groups === null) return shareOf(Math.round(found.mean * found.n), found.n);
    if (areShares)
      return shareAmong(
        Int8Array.from(of, (value, at) => (sliceOf[at] === slice ? value : -1)),
        groups,
      );
    if (found.n === 0) return { value: { undefined: "no-sample" }, interval: { undefined: "no-sample" } };
    if (found.units < 2)
      return { value: found.mean, interval: { undefined: groups === null ? "one-sample" : "one-group" } };
    const variance = groups === null ? found.variance / found.n : this.#clusteredVariance(found, slice);
    if (!(variance > 0)) return { value: found.mean, interval: { undefined: "no-variance" } };
    const half = tQuantile(1 - ALPHA / 2, found.units - 1) * Math.sqrt(variance);
    return { value: found.mean, interval: interval([found.mean - half, found.mean + half], "student") };
  }

  #clusteredVariance({ n, mean }: SliceSummary, slice: number): number {
    const { of, groups } = this.#values;
    const influences = Float64Array.from(of, (value, at) =>
      this.#sliceOf[at] !== slice || Number.isNaN(value) ? 0 : (of.length / n) * (value - mean),
    );
    return influenceVariance(influences, groups);
  }

  #test(
    slice: number,
    { inside, outside, seed }: { inside: SliceSummary; outside: SliceSummary; seed: number },
  ): number | Undefined {
    if (this.#values.groups !== null) return clusteredP(this.#values, this.#sliceOf, { slice, inside, outside });
    return this.#values.areShares ? tableP(inside, outside, seed) : welchP(inside, outside);
  }
}

/** In two passes, so that a large offset costs no digits. */
function summariesOf(of: Float64Array, sliceOf: Int32Array, slices: number): SliceSummary[] {
  const counts = new Float64Array(slices);
  const means = new Float64Array(slices);
  const squares = new Float64Array(slices);
  const each = (act: (slice: number, value: number) => void) => {
    for (let at = 0; at < of.length; at++) if (sliceOf[at]! >= 0 && !Number.isNaN(of[at]!)) act(sliceOf[at]!, of[at]!);
  };
  each((slice, value) => {
    counts[slice]!++;
    means[slice]! += value;
  });
  for (let slice = 0; slice < slices; slice++) if (counts[slice]! > 0) means[slice]! /= counts[slice]!;
  each((slice, value) => {
    squares[slice]! += (value - means[slice]!) ** 2;
  });
  return Array.from(counts, (n, slice) => ({
    n,
    units: n,
    mean: means[slice]!,
    variance: n < 2 ? Number.NaN : squares[slice]! / (n - 1),
  }));
}

/** All samples less those of a slice: sums of squares part into those within and those between. */
function rest(whole: SliceSummary, inside: SliceSummary): SliceSummary {
  const n = whole.n - inside.n;
  if (n === 0) return { n, units: 0, mean: 0, variance: Number.NaN };
  const mean = (whole.n * whole.mean - inside.n * inside.mean) / n;
  const squares = ({ n, variance }: Summary) => (n < 2 ? 0 : variance * (n - 1));
  const between = inside.n * (inside.mean - whole.mean) ** 2 + n * (mean - whole.mean) ** 2;
  const within = Math.max(0, squares(whole) - squares(inside) - between);
  return { n, units: n, mean, variance: n < 2 ? Number.NaN : within / (n - 1) };
}

/** Right and wrong inside and outside: chi-squared, or where counts are small by dealing them anew. */
function tableP(inside: SliceSummary, outside: SliceSummary, seed: number): number {
  const row = ({ n, mean }: SliceSummary) => [Math.round(mean * n), n - Math.round(mean * n)];
  const table = [row(inside), row(outside)];
  const { pChi2, minExpected } = homogeneityTest(table);
  return minExpected >= 5 ? pChi2 : permutationP(table, { permutations: PERMUTATIONS, seed, enough: 50 });
}

function welchP(inside: SliceSummary, outside: SliceSummary): number | Undefined {
  const found = welchOfSummaries(inside, outside);
  return "undefined" in found ? found : found.p;
}

/** The difference over its standard error, groups being the units, by the normal law. */
function clusteredP(
  { of, groups }: SliceValues,
  sliceOf: Int32Array,
  { slice, inside, outside }: { slice: number; inside: SliceSummary; outside: SliceSummary },
): number | Undefined {
  const influences = Float64Array.from(of, (value, at) => {
    if (Number.isNaN(value)) return 0;
    const isInside = sliceOf[at] === slice;
    const { mean, n } = isInside ? inside : outside;
    return ((isInside ? 1 : -1) * of.length * (value - mean)) / n;
  });
  const variance = influenceVariance(influences, groups);
  if (!(variance > 0)) return { undefined: "no-variance" };
  return normalTwoSided((inside.mean - outside.mean) / Math.sqrt(variance));
}
