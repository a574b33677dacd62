/** Draws from the multinomial law: what a resample with replacement makes of counts. Pure. */
import { drawBinomial } from "./binomial-draw.ts";

/**
 * Draws as many units with replacement as `counts` hold, and writes how many fell into each cell to `out`. `counts` are
 * whole; cost goes with the cells that hold something, not with the units.
 */
export function drawCounts(counts: ArrayLike<number>, random: () => number, out: Float64Array | Uint32Array): void {
  let total = 0;
  for (let at = 0; at < counts.length; at++) total += counts[at]!;
  drawRange({ counts, from: 0, to: counts.length, total }, random, out);
}

type Range = { counts: ArrayLike<number>; from: number; to: number; total: number };

/** The same for the cells from `from` to before `to`, which hold `total`. */
export function drawRange(
  { counts, from, to, total }: Range,
  random: () => number,
  out: Float64Array | Uint32Array,
): void {
  let [mass, open] = [total, total];
  for (let at = from; at < to; at++) {
    const here = counts[at]!;
    const drawn = here === 0 || open === 0 ? 0 : here >= mass ? open : drawBinomial(open, here / mass, random);
    out[at] = drawn;
    open -= drawn;
    mass -= here;
  }
}
