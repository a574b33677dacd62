/** Points that fill a cube evenly, however many are taken. Pure. */
import { refuseSetting } from "../statistics/inputs.ts";
import { seededRandom, seedOf } from "../statistics/resampling/random.ts";

const PRIMES = [
  2, 3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37, 41, 43, 47, 53, 59, 61, 67, 71, 73, 79, 83, 89, 97,
] as const;
/** Beyond so many axes neighbouring bases make stripes that scrambling doesn't break. */
export const HALTON_AXES_MAX = PRIMES.length;

/** The `index`-th point (from 1) of Halton's sequence (1960): on each axis the digits of the index, mirrored at the point. */
export const haltonPoint = (index: number, axes: number): number[] =>
  PRIMES.slice(0, requireAxes(axes)).map((base) => mirrored(index, base, null));

/**
 * The same with the digits of each base permuted by chance (Vandewoestyne and Cools 2006), which breaks the stripes of large
 * bases, and the whole shifted, modulo 1 (Cranley and Patterson 1976). `seed` and `index` give the same point everywhere.
 */
export function scrambledHaltonPoint(index: number, axes: number, seed: number): number[] {
  return PRIMES.slice(0, requireAxes(axes)).map((base, axis) => {
    const random = seededRandom(seedOf(seed, `halton ${axis}`));
    const permutation = shuffled(base, random);
    return (mirrored(index, base, permutation) + random()) % 1;
  });
}

/** Sum of digit ÷ base^(place + 1). A permutation leaves 0 where it is, so that no endless tail of digits follows. */
function mirrored(index: number, base: number, permutation: readonly number[] | null): number {
  let [value, place, rest] = [0, 1 / base, index];
  while (rest > 0) {
    const digit = rest % base;
    value += (permutation ? permutation[digit]! : digit) * place;
    rest = Math.floor(rest / base);
    place /= base;
  }
  return value;
}

function shuffled(base: number, random: () => number): number[] {
  const digits = Array.from({ length: base }, (_, digit) => digit);
  for (let at = base - 1; at > 1; at--) {
    const other = 1 + Math.floor(random() * at);
    [digits[at], digits[other]] = [digits[other]!, digits[at]!];
  }
  return digits;
}

function requireAxes(axes: number): number {
  refuseSetting(axes >= 1 && axes <= HALTON_AXES_MAX, `${axes} axes: from 1 to ${HALTON_AXES_MAX} can be filled`);
  return axes;
}

/**
 * The centred L2 discrepancy, squared, of points in [0, 1]^d (Hickernell 1998): 0 is perfectly even. Compared with the mean of
 * random designs of as many points.
 */
export function centredDiscrepancy(points: readonly (readonly number[])[]): number {
  const n = points.length;
  refuseSetting(n > 0, "a discrepancy needs a point");
  const axes = points[0]!.length;
  // from the middle, one point after the other: a thousand points of a dozen axes are six million products
  const from = Float64Array.from(points.flat(), (x) => x - 0.5);
  let [single, double] = [0, 0];
  for (let a = 0; a < n; a++) {
    let [alone, own] = [1, 1];
    for (let axis = 0; axis < axes; axis++) {
      const x = from[a * axes + axis]!;
      alone *= 1 + Math.abs(x) / 2 - x ** 2 / 2;
      own *= 1 + Math.abs(x);
    }
    single += alone;
    double += own;
    for (let b = 0; b < a; b++) {
      let product = 1;
      for (let axis = 0; axis < axes; axis++) {
        const [x, y] = [from[a * axes + axis]!, from[b * axes + axis]!];
        product *= 1 + (Math.abs(x) + Math.abs(y) - Math.abs(x - y)) / 2;
      }
      double += 2 * product;
    }
  }
  return (13 / 12) ** axes - (2 / n) * single + double / n ** 2;
}
