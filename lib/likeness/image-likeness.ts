import { THUMBNAIL_SIDE as SIDE } from "../wire/alike/thumbnail.ts";
import { PIXELS, spreadOf } from "./image-space.ts";

export type Spread = { mean: number; norm: number };

/** Pearson's correlation of the thumbnails that begin at these places, −1 to 1. NaN: one is flat. */
export function likeness(
  a: Uint8Array,
  b: Uint8Array,
  {
    from = 0,
    spreadA = spreadOf(a),
    spreadB = spreadOf(b, from),
  }: { from?: number; spreadA?: Spread; spreadB?: Spread },
): number {
  let product = 0;
  for (let at = 0; at < PIXELS; at++) product += a[at]! * b[from + at]!;
  return (product - PIXELS * spreadA.mean * spreadB.mean) / (spreadA.norm * spreadB.norm);
}

/** Pixels of a row, or a column, that a move by one leaves inside. */
const INNER = SIDE - 2;

/** The highest correlation over moves by half a pixel and one, along rows and columns, without the outermost pixels. */
export function movedLikeness(a: Uint8Array, b: Uint8Array): number {
  const between = (down: number, right: number) =>
    Float64Array.from(a, (value, at) => (value + a[at + down * SIDE + right]!) / 2);
  const halves: ArrayLike<number>[][] = [[a, between(0, 1)], [between(1, 0)]];
  // half a pixel both ways: the mean of four
  const [, right] = halves[0]!;
  halves[1]!.push(Float64Array.from(right!, (value, at) => (value + right![at + SIDE]!) / 2));
  let best = -1;
  for (let down = -2; down <= 2; down++)
    for (let across = -2; across <= 2; across++) {
      const moved = halves[down & 1]![across & 1]!;
      const r = innerCorrelation(moved, (down >> 1) * SIDE + (across >> 1), b);
      if (r > best) best = r;
    }
  return best;
}

/** The correlation of the inner pixels of `b` with those of `a` that lie `by` pixels behind. */
function innerCorrelation(a: ArrayLike<number>, by: number, b: Uint8Array): number {
  let [sx, sy, sxx, syy, sxy] = [0, 0, 0, 0, 0];
  for (let row = 1; row <= INNER; row++)
    for (let at = row * SIDE + 1; at <= row * SIDE + INNER; at++) {
      const x = a[at + by]!;
      const y = b[at]!;
      sx += x;
      sy += y;
      sxx += x * x;
      syy += y * y;
      sxy += x * y;
    }
  const n = INNER * INNER;
  return (n * sxy - sx * sy) / Math.sqrt((n * sxx - sx * sx) * (n * syy - sy * sy));
}
