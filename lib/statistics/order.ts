/** Order and ranks of many numbers, in time that grows with their count alone. Pure. */
import { filled } from "./filled.ts";

const DIGIT = 2048;
/** Below this many, a comparison sort is as fast. */
const RADIX_FROM = 2_000;
const lowWord = new Uint8Array(new Uint32Array([1]).buffer)[0] === 1 ? 0 : 1;

/** The positions of the values (none NaN) from the smallest to the largest; of ties the earlier comes first. */
export function orderOf(values: ArrayLike<number>): Uint32Array {
  const order = filled(new Uint32Array(values.length), (at) => at);
  if (values.length < RADIX_FROM) return order.sort((a, b) => values[a]! - values[b]! || a - b);
  return radixOrder(values, order);
}

/** A radix sort of the numbers' bits: eleven at a time, from the lowest. */
function radixOrder(values: ArrayLike<number>, start: Uint32Array): Uint32Array {
  const { low, high } = sortableBits(values);
  const counts = new Uint32Array(DIGIT);
  let [order, next]: [Uint32Array, Uint32Array] = [start, new Uint32Array(start.length)];
  for (const words of [low, high])
    for (const shift of [0, 11, 22]) {
      counts.fill(0);
      for (let at = 0; at < words.length; at++) counts[(words[at]! >>> shift) & (DIGIT - 1)]!++;
      if (counts.includes(words.length)) continue;
      let sum = 0;
      for (let digit = 0; digit < DIGIT; digit++) {
        const count = counts[digit]!;
        counts[digit] = sum;
        sum += count;
      }
      for (let at = 0; at < order.length; at++) {
        const digit = (words[order[at]!]! >>> shift) & (DIGIT - 1);
        next[counts[digit]!++] = order[at]!;
      }
      [order, next] = [next, order];
    }
  return order;
}

/** The bits of the numbers as two words, so that they sort as whole numbers do. */
function sortableBits(values: ArrayLike<number>): { low: Uint32Array; high: Uint32Array } {
  const low = new Uint32Array(values.length);
  const high = new Uint32Array(values.length);
  const double = new Float64Array(1);
  const words = new Uint32Array(double.buffer);
  for (let at = 0; at < values.length; at++) {
    // adding 0 makes −0 a 0
    double[0] = values[at]! + 0;
    const top = words[1 - lowWord]!;
    const negative = top >>> 31 === 1;
    low[at] = negative ? ~words[lowWord]! : words[lowWord]!;
    high[at] = negative ? ~top : top ^ 0x80000000;
  }
  return { low, high };
}

/** Ranks from 1; tied values share the mean of theirs. */
export function midRanks(values: ArrayLike<number>): Float64Array {
  const order = orderOf(values);
  const ranks = new Float64Array(values.length);
  for (let start = 0; start < order.length; ) {
    let end = start + 1;
    while (end < order.length && values[order[end]!] === values[order[start]!]) end++;
    for (let at = start; at < end; at++) ranks[order[at]!] = (start + end + 1) / 2;
    start = end;
  }
  return ranks;
}
