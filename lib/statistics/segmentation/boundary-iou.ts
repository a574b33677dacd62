/** The overlap of two masks near their edges. Pure. */
import { because, type Measured } from "../measured.ts";
import { type BinaryMask, diagonalOf, refuseMasks } from "./binary-mask.ts";

/** Half to even, as Python and NumPy round. */
function roundHalfToEven(value: number): number {
  const below = Math.floor(value);
  if (value - below !== 0.5) return Math.round(value);
  return below % 2 === 0 ? below : below + 1;
}

/**
 * Boundary IoU (Cheng et al. 2021): the overlap of the parts of both masks that lie within `distance` pixels of their edge;
 * left out: .02 of the diagonal, at least 1. 0–1; undefined where both masks are empty.
 */
export function boundaryIou(
  truth: BinaryMask,
  prediction: BinaryMask,
  distance = Math.max(1, roundHalfToEven(0.02 * diagonalOf(truth))),
): Measured {
  refuseMasks(truth, prediction);
  const [rimTruth, rimPrediction] = [rimOf(truth, distance), rimOf(prediction, distance)];
  let [both, either] = [0, 0];
  for (let at = 0; at < rimTruth.length; at++) {
    both += rimTruth[at]! & rimPrediction[at]!;
    either += rimTruth[at]! | rimPrediction[at]!;
  }
  return either === 0 ? because("masks-empty") : both / either;
}

/**
 * The mask without what is left of it after `distance` erosions by a square of 3 × 3, that is, its pixels whose square of
 * 2·distance + 1 isn't wholly in the mask. Squares are summed once for all (Crow 1984).
 */
function rimOf({ width, height, pixels }: BinaryMask, distance: number): Uint8Array {
  const wide = width + 1;
  const sums = new Float64Array(wide * (height + 1));
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++)
      sums[(y + 1) * wide + x + 1] =
        (pixels[y * width + x] !== 0 ? 1 : 0) +
        sums[y * wide + x + 1]! +
        sums[(y + 1) * wide + x]! -
        sums[y * wide + x]!;
  const side = 2 * distance + 1;
  const survives = (x: number, y: number) => {
    const [left, top] = [x - distance, y - distance];
    if (left < 0 || top < 0 || left + side > width || top + side > height) return false;
    const [right, bottom] = [left + side, top + side];
    const sum =
      sums[bottom * wide + right]! - sums[top * wide + right]! - sums[bottom * wide + left]! + sums[top * wide + left]!;
    return sum === side * side;
  };
  return Uint8Array.from({ length: width * height }, (_, at) =>
    pixels[at] !== 0 && !survives(at % width, Math.floor(at / width)) ? 1 : 0,
  );
}
