/** One class of a mask, for measures of its edge. Pure. */
import { InputError, refuseUnequalLengths } from "../inputs.ts";

/** Not 0 where a pixel is of the class, row after row. */
export type BinaryMask = { width: number; height: number; pixels: ArrayLike<number> };

export const diagonalOf = ({ width, height }: BinaryMask): number => Math.sqrt(width * width + height * height);

/** Throws where the masks differ in size, or a mask hasn't as many pixels as its size says. */
export function refuseMasks(truth: BinaryMask, prediction: BinaryMask): void {
  if (truth.width !== prediction.width || truth.height !== prediction.height)
    throw new InputError(
      `the masks are ${truth.width} × ${truth.height} and ${prediction.width} × ${prediction.height} pixels`,
    );
  for (const mask of [truth, prediction])
    refuseUnequalLengths(mask.pixels, { length: mask.width * mask.height }, "a mask's pixels and its size");
}
