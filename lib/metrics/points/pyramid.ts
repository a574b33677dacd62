/**
 * A series in levels. Level 0 holds points; an entry of level k+1 covers up to 16 neighbouring entries of level k and
 * keeps their extremes at their exact steps, so that a chart reads as many entries as it has pixels, however many points
 * lie below (after OM³, Wang et al., SIGMOD 2023). Pure.
 */

/**
 * Points a row of level 0 holds when full, and entries a row of a higher level: packed losses, float32 or float64, then
 * come out just short of a multiple of the 1,996 bytes in which PostgreSQL keeps long values, four to a page.
 */
export const POINTS_A_CHUNK = 2720;
export const ENTRIES_A_CHUNK = 560;
export const FAN_OUT = 16;

/** Columns of one length, by strictly rising step. */
export type Points = {
  steps: Float64Array;
  /** Milliseconds since 1970. */
  times: Float64Array;
  values: Float64Array;
  /** The number of the writer that wrote each. */
  writers: Float64Array;
};

const pointColumns = ["steps", "times", "values", "writers"] as const;
/** Of each entry; steps of extremes count from `stepFirst`. */
const entryColumns = [
  "stepFirst",
  "stepLast",
  "timeFirst",
  "timeLast",
  "count",
  "min",
  "minOffset",
  "max",
  "maxOffset",
  "mean",
  "nonFinite",
  "gap",
  "gapOffset",
] as const;
/**
 * Columns of one length. `count` points, `nonFinite` of them NaN or infinite; `min`, `max` and `mean` are of the finite
 * ones (the mean in float32), NaN where there is none; `gap` is the first non-finite value, 0 where there is none.
 */
export type Entries = Record<(typeof entryColumns)[number], Float64Array>;

export const noPoints = (): Points => ofLength(pointColumns, 0);

function ofLength<Name extends string>(names: readonly Name[], length: number): Record<Name, Float64Array> {
  return Object.fromEntries(names.map((name) => [name, new Float64Array(length)])) as Record<Name, Float64Array>;
}

function joined<Name extends string>(names: readonly Name[], parts: Record<Name, Float64Array>[]) {
  const [first, ...more] = parts;
  if (first && more.length === 0) return first;
  const all = ofLength(
    names,
    parts.reduce((sum, part) => sum + part[names[0]!].length, 0),
  );
  let offset = 0;
  for (const part of parts) {
    for (const name of names) all[name].set(part[name], offset);
    offset += part[names[0]!].length;
  }
  return all;
}

export const joinPoints = (parts: Points[]): Points => joined(pointColumns, parts);
export const joinEntries = (parts: Entries[]): Entries => joined(entryColumns, parts);

function part<Name extends string>(
  names: readonly Name[],
  all: Record<Name, Float64Array>,
  start: number,
  end: number,
): Record<Name, Float64Array> {
  return Object.fromEntries(names.map((name) => [name, all[name].subarray(start, end)])) as Record<Name, Float64Array>;
}

export const slicePoints = (points: Points, start: number, end: number): Points =>
  part(pointColumns, points, start, end);
export const sliceEntries = (entries: Entries, start: number, end: number): Entries =>
  part(entryColumns, entries, start, end);

/** The index of the first of rising `steps` that is at least `step`. */
export function lowerBound(steps: Float64Array, step: number): number {
  let [low, high] = [0, steps.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (steps[middle]! < step) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Level 1 of the points of one row. */
export function rollUpPoints({ steps, times, values }: Points): Entries {
  const entries = ofLength(entryColumns, Math.ceil(steps.length / FAN_OUT));
  for (let start = 0, at = 0; start < steps.length; start += FAN_OUT, at++) {
    const end = Math.min(start + FAN_OUT, steps.length);
    let [low, high, gap, sum] = [-1, -1, -1, 0];
    let nonFinite = 0;
    for (let index = start; index < end; index++) {
      const value = values[index]!;
      if (!Number.isFinite(value)) {
        if (gap < 0) gap = index;
        nonFinite++;
        continue;
      }
      sum += value / (end - start); // scaled: a plain sum of large values may not fit a float64
      if (low < 0 || value < values[low]!) low = index;
      if (high < 0 || value > values[high]!) high = index;
    }
    const finite = end - start - nonFinite;
    const offset = (index: number) => (index < 0 ? 0 : steps[index]! - steps[start]!);
    entries.stepFirst[at] = steps[start]!;
    entries.stepLast[at] = steps[end - 1]!;
    entries.timeFirst[at] = times[start]!;
    entries.timeLast[at] = times[end - 1]!;
    entries.count[at] = end - start;
    entries.min[at] = low < 0 ? Number.NaN : values[low]!;
    entries.minOffset[at] = offset(low);
    entries.max[at] = high < 0 ? Number.NaN : values[high]!;
    entries.maxOffset[at] = offset(high);
    entries.mean[at] = finite > 0 ? toFloat32(sum * ((end - start) / finite)) : Number.NaN;
    entries.nonFinite[at] = nonFinite;
    entries.gap[at] = gap < 0 ? 0 : values[gap]!;
    entries.gapOffset[at] = offset(gap);
  }
  return entries;
}

/** The level above the entries of one row. */
export function rollUpEntries(below: Entries): Entries {
  const length = below.stepFirst.length;
  const entries = ofLength(entryColumns, Math.ceil(length / FAN_OUT));
  for (let start = 0, at = 0; start < length; start += FAN_OUT, at++) {
    const end = Math.min(start + FAN_OUT, length);
    let [low, high, gap, count, nonFinite, finite, mean] = [-1, -1, -1, 0, 0, 0, 0];
    for (let index = start; index < end; index++) {
      count += below.count[index]!;
      nonFinite += below.nonFinite[index]!;
      if (gap < 0 && below.nonFinite[index]! > 0) gap = index;
      const weight = below.count[index]! - below.nonFinite[index]!;
      if (weight === 0) continue;
      finite += weight;
      mean += (below.mean[index]! - mean) * (weight / finite);
      if (low < 0 || below.min[index]! < below.min[low]!) low = index;
      if (high < 0 || below.max[index]! > below.max[high]!) high = index;
    }
    const first = below.stepFirst[start]!;
    const offset = (index: number, within: Float64Array) =>
      index < 0 ? 0 : below.stepFirst[index]! + within[index]! - first;
    entries.stepFirst[at] = first;
    entries.stepLast[at] = below.stepLast[end - 1]!;
    entries.timeFirst[at] = below.timeFirst[start]!;
    entries.timeLast[at] = below.timeLast[end - 1]!;
    entries.count[at] = count;
    entries.min[at] = low < 0 ? Number.NaN : below.min[low]!;
    entries.minOffset[at] = offset(low, below.minOffset);
    entries.max[at] = high < 0 ? Number.NaN : below.max[high]!;
    entries.maxOffset[at] = offset(high, below.maxOffset);
    entries.mean[at] = finite > 0 ? toFloat32(mean) : Number.NaN;
    entries.nonFinite[at] = nonFinite;
    entries.gap[at] = gap < 0 ? 0 : below.gap[gap]!;
    entries.gapOffset[at] = offset(gap, below.gapOffset);
  }
  return entries;
}

/** Rounded to what a float32 holds where its range allows: half the bytes, and a chart shows no more. */
function toFloat32(value: number): number {
  const rounded = Math.fround(value);
  return Number.isFinite(rounded) ? rounded : value;
}

/** What the values of points add up to, non-finite ones aside. */
export function sumOf(values: Float64Array): number {
  let sum = 0;
  for (const value of values) if (Number.isFinite(value)) sum += value;
  return sum;
}

/** The lowest and the highest of all entries with their steps, and their counts. */
export function extremesOf(entries: Entries) {
  const top = { min: null as number | null, minStep: null as number | null, max: null as number | null };
  const all = { ...top, maxStep: null as number | null, count: 0, nonFiniteCount: 0 };
  for (let at = 0; at < entries.count.length; at++) {
    all.count += entries.count[at]!;
    all.nonFiniteCount += entries.nonFinite[at]!;
    if (entries.count[at] === entries.nonFinite[at]) continue;
    const first = entries.stepFirst[at]!;
    if (all.min === null || entries.min[at]! < all.min)
      [all.min, all.minStep] = [entries.min[at]!, first + entries.minOffset[at]!];
    if (all.max === null || entries.max[at]! > all.max)
      [all.max, all.maxStep] = [entries.max[at]!, first + entries.maxOffset[at]!];
  }
  return all;
}

/**
 * `stored` with `added` put in by step, both rising: of two points of one step the one of the later writer holds, of
 * one writer the added. `overwritten` is how many steps had two.
 */
export function mergePoints(
  stored: Points,
  added: Points,
): { points: Points; overwritten: { count: number; nonFinite: number } } {
  const merged = ofLength(pointColumns, stored.steps.length + added.steps.length);
  const overwritten = { count: 0, nonFinite: 0 };
  let [left, right, at] = [0, 0, 0];
  const take = (from: Points, index: number) => {
    for (const name of pointColumns) merged[name][at] = from[name][index]!;
    at++;
  };
  while (left < stored.steps.length || right < added.steps.length) {
    const before = stored.steps[left] ?? Number.POSITIVE_INFINITY;
    const after = added.steps[right] ?? Number.POSITIVE_INFINITY;
    if (before < after) take(stored, left++);
    else if (after < before) take(added, right++);
    else {
      const holds = added.writers[right]! >= stored.writers[left]!;
      const lost = holds ? stored.values[left]! : added.values[right]!;
      overwritten.count++;
      if (!Number.isFinite(lost)) overwritten.nonFinite++;
      if (holds) take(added, right);
      else take(stored, left);
      left++;
      right++;
    }
  }
  return { points: slicePoints(merged, 0, at), overwritten };
}
