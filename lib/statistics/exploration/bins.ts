/** Runs put into bins by a hyperparameter. Pure. */
import { midRanks } from "../order.ts";

/** `of` holds the bin of each run, from 0 to `count` − 1; no bin is empty. */
export type Bins = { of: Int32Array; count: number };

/** How many bins a number is put into (RIGOUR.md P85). */
export const QUANTILE_BINS = 5;

/**
 * Bins of equally many numbers, from the smallest to the largest. Ties stay together, in the bin of their mean rank; up
 * to five distinct numbers have a bin each. What isn't finite (none, NaN, ∞) has the last bin for itself.
 */
export function quantileBins(values: ArrayLike<number>, most: number = QUANTILE_BINS): Bins {
  const places = placesOf(values);
  const finite = Float64Array.from(places, (at) => values[at]!);
  const distinct = new Set(finite);
  const binOf = distinct.size <= most ? ownBins(distinct, finite) : sharedBins(finite, most);
  const raw = new Int32Array(values.length).fill(most);
  for (let at = 0; at < finite.length; at++) raw[places[at]!] = binOf(at);
  return withoutEmpty(raw);
}

/** A bin a number, for the number at a place. */
function ownBins(distinct: ReadonlySet<number>, values: Float64Array): (at: number) => number {
  const rankOf = new Map([...distinct].sort((a, b) => a - b).map((value, rank) => [value, rank]));
  return (at) => rankOf.get(values[at]!)!;
}

function sharedBins(values: Float64Array, bins: number): (at: number) => number {
  const ranks = midRanks(values);
  return (at) => Math.min(bins - 1, Math.floor((bins * (ranks[at]! - 0.5)) / values.length));
}

/** A category a bin. Codes below 0 say that there is none, which is a bin of its own. */
export const categoryBins = (codes: ArrayLike<number>): Bins => withoutEmpty(Int32Array.from(codes));

/** Numbers the bins from 0, in their order, those below 0 last. */
function withoutEmpty(raw: Int32Array): Bins {
  const there = [...new Set(raw)].sort((a, b) => (a < 0 ? 1 : b < 0 ? -1 : a - b));
  const numbered = new Map(there.map((bin, at) => [bin, at]));
  return { of: raw.map((bin) => numbered.get(bin)!), count: there.length };
}

/** Where the finite values stand. */
function placesOf(values: ArrayLike<number>): number[] {
  const places: number[] = [];
  for (let at = 0; at < values.length; at++) if (Number.isFinite(values[at]!)) places.push(at);
  return places;
}
