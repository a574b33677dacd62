/** Means, spreads and quantiles of a list of finite numbers. Pure. */

/** Of no values: NaN. */
export function mean(values: ArrayLike<number>): number {
  let sum = 0;
  for (let at = 0; at < values.length; at++) sum += values[at]!;
  return sum / values.length;
}

/**
 * In two passes, so that a large offset costs no digits. Of a sample (`ddof` 1), or of these values alone (0). NaN where
 * there are no more than `ddof`.
 */
export function variance(values: ArrayLike<number>, ddof: 0 | 1 = 1): number {
  if (values.length <= ddof) return Number.NaN;
  const centre = mean(values);
  let sum = 0;
  for (let at = 0; at < values.length; at++) sum += (values[at]! - centre) ** 2;
  return sum / (values.length - ddof);
}

/** Of a sample (`ddof` 1), or of these values alone (0). */
export const standardDeviation = (values: ArrayLike<number>, ddof: 0 | 1 = 1): number =>
  Math.sqrt(variance(values, ddof));

/** A sorted copy, smallest first. */
export const ascending = (values: ArrayLike<number>): Float64Array => Float64Array.from(values).sort();

/**
 * The quantile of type 7 (Hyndman and Fan 1996): between the order statistics round (n − 1)q, in proportion. `sorted` is
 * ascending and not empty; q in 0–1.
 */
export function quantile(sorted: ArrayLike<number>, q: number): number {
  const place = (sorted.length - 1) * q;
  const below = Math.floor(place);
  const low = sorted[below]!;
  const high = sorted[Math.min(below + 1, sorted.length - 1)]!;
  return low + (high - low) * (place - below);
}

/** The same of values in any order, which it reorders: in time that grows with their count (Hoare 1961, quickselect). */
export function quantileOf(values: Float64Array, q: number): number {
  const place = (values.length - 1) * q;
  const below = Math.floor(place);
  const low = select(values, below);
  if (place === below) return low;
  let high = Number.POSITIVE_INFINITY;
  for (let at = below + 1; at < values.length; at++) if (values[at]! < high) high = values[at]!;
  return low + (high - low) * (place - below);
}

/** Puts the `rank`-th smallest where it would stand sorted, smaller ones before it, and returns it. */
function select(values: Float64Array, rank: number): number {
  let [left, right] = [0, values.length - 1];
  while (left < right) {
    const pivot = values[(left + right) >> 1]!;
    let [i, j] = [left, right];
    while (i <= j) {
      while (values[i]! < pivot) i++;
      while (values[j]! > pivot) j--;
      if (i > j) break;
      const swapped = values[i]!;
      values[i++] = values[j]!;
      values[j--] = swapped;
    }
    if (rank <= j) right = j;
    else if (rank >= i) left = i;
    else break;
  }
  return values[rank]!;
}
