/** The one algorithm that makes a split, on the server and in a trainer without one. It knows no database and no clock. */
import { splits } from "../wire/base/words.ts";
import type { ManifestMethod, SplitOptions } from "../wire/data/manifests.ts";

/** A sample's part in the result: an index into `splits` of lib/wire, or left out. */
export const TRAIN = 0;
export const VALIDATION = 1;
export const TEST = 2;
export const LEFT_OUT = 3;
/** In `fixed`: the sample is in no split yet. */
export const UNDECIDED = 255;

/** What a split is made of: `[n]` columns by sample, `[units]` columns by unit of assignment. */
export type SplitInput = {
  /** Number of the sample's unit: what shares a group or a content, and so goes together. `[n]` */
  unit: Int32Array;
  /** Where a unit comes by the seed, in [0, 1). `[units]` */
  place: Float64Array;
  /** Number of the sample's class or stratum, from 0. `[n]` */
  stratum: Int32Array;
  /** Milliseconds since 1970, `[n]`; empty unless the method is `time`. */
  time: Float64Array;
  /** Splits that are decided beforehand, else `UNDECIDED`. `[n]` */
  fixed: Uint8Array;
};

/** Brings units together: where one lies in several splits, all of it goes to test, or else to validation. */
export function mendSplit(splits: Uint8Array, unit: Int32Array): Uint8Array {
  const latest = new Uint8Array(splits.length);
  for (let at = 0; at < splits.length; at++) {
    const split = splits[at]!;
    if (split !== LEFT_OUT && split > latest[unit[at]!]!) latest[unit[at]!] = split;
  }
  return splits.map((split, at) => (split === LEFT_OUT ? split : latest[unit[at]!]!));
}

/** Units in ascending order of their place, ties by number. */
export function orderUnits(place: Float64Array): Int32Array {
  const order = Int32Array.from(place, (_, index) => index);
  return order.sort((a, b) => place[a]! - place[b]! || a - b);
}

/**
 * `total` shared out by `fractions`, which sum to 1: the largest remainders get what is left (Hamilton), ties to the
 * earlier. Every share is within one of its exact part.
 */
export function largestRemainder(fractions: number[], total: number): number[] {
  const exact = fractions.map((fraction) => fraction * total);
  // 0.7 · 10 is 7.000000000000001: what is an integer but for rounding is that integer
  const shares = exact.map((value) => Math.floor(value + 1e-9));
  const order = exact.map((value, index) => ({ rest: value - shares[index]!, index }));
  order.sort((a, b) => (Math.abs(a.rest - b.rest) < 1e-9 ? a.index - b.index : b.rest - a.rest));
  const missing = total - shares.reduce((sum, value) => sum + value, 0);
  for (const { index } of order.slice(0, missing)) shares[index] = shares[index]! + 1;
  return shares;
}

type Units = {
  /** Samples of each unit that are to be placed. */
  size: Int32Array;
  /** The most frequent stratum of each unit, the smallest where two are equal. */
  stratum: Int32Array;
  place: Float64Array;
  order: Int32Array;
};

/** A part for every unit, by shares of the samples: an index into `fractions`. */
type Assign = (units: Units, fractions: number[]) => Uint8Array;

/** Cuts the units, in the order of their places, where the samples so far reach the quotas. */
const byQuota: Assign = (units, fractions) => {
  const parts = new Uint8Array(units.size.length);
  cut(units.order, units.size, fractions, parts);
  return parts;
};

/** Each cut is met to within the unit that lies on it. */
function cut(order: ArrayLike<number>, size: Int32Array, fractions: number[], parts: Uint8Array): void {
  let total = 0;
  for (let at = 0; at < order.length; at++) total += size[order[at]!]!;
  const quotas = largestRemainder(fractions, total);
  let part = 0;
  let end = quotas[0]!;
  let filled = 0;
  for (let at = 0; at < order.length; at++) {
    const unit = order[at]!;
    // a unit goes where most of it lies
    while (part < quotas.length - 1 && filled + size[unit]! / 2 > end) end += quotas[++part]!;
    parts[unit] = part;
    filled += size[unit]!;
  }
}

/** By the place alone: a unit stays where it is when others come. */
const byThreshold: Assign = ({ place }, fractions) => {
  const ends: number[] = [];
  for (const fraction of fractions) ends.push((ends.at(-1) ?? 0) + fraction);
  return Uint8Array.from(place, (at) => {
    const part = ends.findIndex((end) => at < end);
    return part === -1 ? lastOf(fractions) : part;
  });
};

/** The last part that has a share at all: rounding must not fill one of share 0. */
const lastOf = (fractions: number[]): number => fractions.findLastIndex((fraction) => fraction > 0);

/** Cuts each stratum by its own quotas. */
const byStratum: Assign = ({ size, order, stratum }, fractions) => {
  const parts = new Uint8Array(size.length);
  // a counting sort: units keep their order within a stratum
  const starts = new Int32Array(stratum.reduce((most, one) => Math.max(most, one), 0) + 2);
  for (const unit of order) starts[stratum[unit]! + 1]!++;
  for (let at = 1; at < starts.length; at++) starts[at] = starts[at]! + starts[at - 1]!;
  const next = starts.slice();
  const sorted = new Int32Array(order.length);
  for (const unit of order) sorted[next[stratum[unit]!]!++] = unit;
  for (let at = 1; at < starts.length; at++) cut(sorted.subarray(starts[at - 1], starts[at]), size, fractions, parts);
  return parts;
};

/**
 * Greedy, as scikit-learn's StratifiedGroupKFold: units whose strata are the most uneven first (about: see `BAND`), each into
 * the part that leaves the strata's shares the most even between parts; ties go to the part that is the least full.
 */
function greedily(units: Units, strata: UnitStrata, fractions: number[], version: number): Uint8Array {
  const parts = new Uint8Array(units.size.length);
  const { totals } = strata;
  const all = totals.reduce((sum, value) => sum + value, 0);
  const open = fractions.map((fraction, part) => ({ fraction, part })).filter(({ fraction }) => fraction > 0);
  const filled = open.map(() => new Float64Array(totals.length));
  const sizes = open.map(() => 0);
  const unevenness = Float64Array.from(units.size, (_, unit) => spread(strata.count(unit), totals.length));
  const ranks = version === 1 ? unevenness : unevenness.map(bandOf);
  const order = [...units.order].sort((a, b) => (ranks[a] === ranks[b] ? 0 : ranks[b]! - ranks[a]!));
  for (const unit of order) {
    const count = strata.count(unit);
    let best = 0;
    let bestCost = Number.POSITIVE_INFINITY;
    for (let at = 0; at < open.length; at++) {
      const cost = unevenAfter(at, count, { filled, totals, open });
      const fuller = (index: number) => sizes[index]! / open[index]!.fraction;
      if (cost < bestCost - 1e-12 || (Math.abs(cost - bestCost) <= 1e-12 && fuller(at) < fuller(best))) {
        best = at;
        bestCost = cost;
      }
    }
    for (const [stratum, samples] of count) filled[best]![stratum] = filled[best]![stratum]! + samples;
    sizes[best] = sizes[best]! + units.size[unit]! / all;
    parts[unit] = open[best]!.part;
  }
  return parts;
}

/**
 * Units whose unevenness differs by less than half come by the seed. In version 1 unevenness alone counted, and nearly
 * every seed gave one split.
 */
const BAND = Math.log(1.5);
const bandOf = (unevenness: number): number => (unevenness === 0 ? -Infinity : Math.floor(Math.log(unevenness) / BAND));

type Filling = { filled: Float64Array[]; totals: Float64Array; open: { fraction: number }[] };

/** How the squared shares of the unit's strata grow if it goes to part `at`: the least keeps them most even. */
function unevenAfter(at: number, count: Map<number, number>, { filled, totals, open }: Filling): number {
  let cost = 0;
  for (const [stratum, samples] of count) {
    const target = totals[stratum]! * open[at]!.fraction;
    const before = filled[at]![stratum]! / target;
    const after = (filled[at]![stratum]! + samples) / target;
    // a part's squared distance from its quota, weighed by its fraction: the sum over parts changes in this term alone
    cost += open[at]!.fraction * ((after - 1) ** 2 - (before - 1) ** 2);
  }
  return cost / totals.length;
}

/** Standard deviation of a unit's samples over the strata. */
function spread(count: Map<number, number>, strata: number): number {
  let sum = 0;
  let squares = 0;
  for (const samples of count.values()) {
    sum += samples;
    squares += samples * samples;
  }
  return Math.sqrt(Math.max(0, squares / strata - (sum / strata) ** 2));
}

const isStratified = (method: ManifestMethod): boolean => method.startsWith("stratified");
const isGrouped = (method: ManifestMethod): boolean => method.includes("group");
export const isFolded = (method: ManifestMethod): boolean => method.endsWith("k-fold");
/** The newest version of a method. Each still makes what it made: the same seed gives the same split in one version alone. */
export const versionOf = (method: ManifestMethod): number => (isStratified(method) && isGrouped(method) ? 2 : 1);

/** How a split is made. `version` counts from 1; left out: the newest of the method. */
export type SplitWay = { method: ManifestMethod; options: SplitOptions; version?: number };

/**
 * The split of every sample, `[n]`: `TRAIN`, `VALIDATION`, `TEST` or `LEFT_OUT`. What a unit has decided beforehand, its
 * other samples follow. Of a k-fold method it is the whole: all folds in train; `foldSplit` makes each fold's.
 */
export function makeSplit(way: SplitWay, input: SplitInput): Uint8Array {
  const { method, options } = way;
  const placed = Uint8Array.from(input.fixed);
  const leaders = followFixed(placed, input);
  const { train, validation, test } = options.fractions;
  const wanted = isFolded(method) ? [train + validation, 0, test] : [train, validation, test];
  const isShut = (split: number) => leaders.kept.has(split) && !options.extend.includes(splits[split]!);
  const fractions = normalise(wanted.map((fraction, split) => (isShut(split) ? 0 : fraction)));
  if (method === "time") return splitByTime(placed, fractions, options.gapSeconds * 1000, input);
  const parts = assign(way, fractions, input, placed);
  for (let sample = 0; sample < placed.length; sample++)
    if (placed[sample] === UNDECIDED) placed[sample] = parts[input.unit[sample]!]!;
  return placed;
}

function normalise(fractions: number[]): number[] {
  const sum = fractions.reduce((a, b) => a + b, 0);
  return sum === 0 ? [1, 0, 0] : fractions.map((fraction) => fraction / sum);
}

/** Samples whose unit has a decided sample go where that one is. Returns the splits that are decided beforehand. */
function followFixed(splits: Uint8Array, { unit, place }: SplitInput): { kept: Set<number> } {
  const decided = new Uint8Array(place.length).fill(UNDECIDED);
  const kept = new Set<number>();
  for (let sample = 0; sample < splits.length; sample++) {
    const split = splits[sample]!;
    if (split === UNDECIDED) continue;
    kept.add(split);
    const before = decided[unit[sample]!]!;
    // where two are decided apart, the others keep away from training on what is tested
    decided[unit[sample]!] = before === UNDECIDED ? split : Math.max(before, split);
  }
  for (let sample = 0; sample < splits.length; sample++)
    if (splits[sample] === UNDECIDED) splits[sample] = decided[unit[sample]!]!;
  return { kept };
}

/** The part of every unit that has undecided samples. */
function assign(
  { method, options: { assignment }, version = versionOf(method) }: SplitWay,
  fractions: number[],
  input: SplitInput,
  splits: Uint8Array,
): Uint8Array {
  const size = new Int32Array(input.place.length);
  for (let sample = 0; sample < splits.length; sample++)
    if (splits[sample] === UNDECIDED) size[input.unit[sample]!] = size[input.unit[sample]!]! + 1;
  const order = orderUnits(input.place).filter((unit) => size[unit]! > 0);
  if (assignment === "threshold") return byThreshold({ size, order, place: input.place, stratum: size }, fractions);
  if (!isStratified(method)) return byQuota({ size, order, place: input.place, stratum: size }, fractions);
  const strata = new UnitStrata(input, splits, size);
  const stratum = Int32Array.from(size, (samples, unit) => (samples > 0 ? strata.mostFrequent(unit) : 0));
  const units = { size, order, place: input.place, stratum };
  return isGrouped(method) ? greedily(units, strata, fractions, version) : byStratum(units, fractions);
}

/** Strata of the undecided samples of each unit, side by side. They are counted when asked for: maps of all would be large. */
class UnitStrata {
  /** Undecided samples of each stratum. */
  readonly totals: Float64Array;
  readonly #strata: Int32Array;
  readonly #size: Int32Array;
  /** Where the strata of each unit end. */
  readonly #end: Int32Array;

  constructor({ unit, stratum }: SplitInput, splits: Uint8Array, size: Int32Array) {
    this.#size = size;
    this.#end = new Int32Array(size.length);
    for (let at = 1; at < size.length; at++) this.#end[at] = this.#end[at - 1]! + size[at - 1]!;
    this.#strata = new Int32Array(splits.length);
    let strata = 1;
    for (let sample = 0; sample < splits.length; sample++) {
      if (splits[sample] !== UNDECIDED) continue;
      const end = this.#end[unit[sample]!]!;
      this.#strata[end] = stratum[sample]!;
      this.#end[unit[sample]!] = end + 1;
      strata = Math.max(strata, stratum[sample]! + 1);
    }
    this.totals = new Float64Array(strata);
    for (const at of this.#strata.subarray(0, this.#end.at(-1))) this.totals[at] = this.totals[at]! + 1;
  }

  /** Samples of the unit by stratum. */
  count(unit: number): Map<number, number> {
    const count = new Map<number, number>();
    for (let at = this.#end[unit]! - this.#size[unit]!; at < this.#end[unit]!; at++)
      count.set(this.#strata[at]!, (count.get(this.#strata[at]!) ?? 0) + 1);
    return count;
  }

  /** The smallest where two are equal. Of a unit that has samples. */
  mostFrequent(unit: number): number {
    if (this.#size[unit] === 1) return this.#strata[this.#end[unit]! - 1]!;
    let best = 0;
    let most = 0;
    for (const [stratum, samples] of this.count(unit))
      if (samples > most || (samples === most && stratum < best)) {
        best = stratum;
        most = samples;
      }
    return best;
  }
}

/**
 * Cut by time at t₁ < t₂: train before t₁ − gap, validation from t₁ to before t₂ − gap, test from t₂ on. What lies in a
 * gap is left out, and so are the earlier samples of a unit that reaches into a later split.
 */
function splitByTime(
  splits: Uint8Array,
  fractions: number[],
  gapMs: number,
  { time, unit, place }: SplitInput,
): Uint8Array {
  const times = Float64Array.from(time.filter((_, sample) => splits[sample] === UNDECIDED)).sort();
  const quotas = largestRemainder(fractions, times.length);
  const cutAt = (index: number) => (index < times.length ? times[index]! : Number.POSITIVE_INFINITY);
  const first = cutAt(quotas[0]!);
  const second = cutAt(quotas[0]! + quotas[1]!);
  const latest = new Uint8Array(place.length);
  const placed = splits.slice();
  for (let sample = 0; sample < splits.length; sample++) {
    if (splits[sample] === UNDECIDED) placed[sample] = partOf(time[sample]!, first, second, gapMs);
    if (placed[sample] !== LEFT_OUT) latest[unit[sample]!] = Math.max(latest[unit[sample]!]!, placed[sample]!);
  }
  return placed.map((split, sample) =>
    splits[sample] === UNDECIDED && split < latest[unit[sample]!]! ? LEFT_OUT : split,
  );
}

function partOf(time: number, first: number, second: number, gapMs: number): number {
  if (time >= second) return TEST;
  if (time >= first) return time < second - gapMs || second === Number.POSITIVE_INFINITY ? VALIDATION : LEFT_OUT;
  return time < first - gapMs || first === Number.POSITIVE_INFINITY ? TRAIN : LEFT_OUT;
}

/**
 * Of the whole of a k-fold (`makeSplit`), the number of each training sample's fold, `[n]`; `UNDECIDED` outside train.
 */
export function makeFolds(way: SplitWay, input: SplitInput, whole: Uint8Array): Uint8Array {
  const open = whole.map((split) => (split === TRAIN ? UNDECIDED : split));
  const fractions = Array.from({ length: way.options.folds }, () => 1 / way.options.folds);
  const parts = assign(way, fractions, input, open);
  return open.map((split, sample) => (split === UNDECIDED ? parts[input.unit[sample]!]! : UNDECIDED));
}

/** The split of fold `fold`: it is validation, the other folds are train, and test is that of the whole. */
export const foldSplit = (whole: Uint8Array, folds: Uint8Array, fold: number): Uint8Array =>
  whole.map((split, sample) => (split === TRAIN && folds[sample] === fold ? VALIDATION : split));
