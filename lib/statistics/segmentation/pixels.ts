/** Pixels of masks counted by true and predicted class. Pure. */
import type { Confusion } from "../classification/confusion.ts";
import { InputError, refuseUnequalLengths } from "../inputs.ts";

/**
 * The confusion matrix of one image's pixels. Masks hold a class in 0 … classes − 1 a pixel, row after row; pixels whose true
 * class is `ignored` are left out, whatever is predicted there.
 */
export function pixelConfusion(
  truth: ArrayLike<number>,
  prediction: ArrayLike<number>,
  { classes, ignored = null }: { classes: number; ignored?: number | null },
): Confusion {
  refuseUnequalLengths(truth, prediction, "the two masks");
  const cells = new Float64Array(classes * classes);
  const wrong: number[] = [];
  for (let at = 0; at < truth.length; at++) {
    const [row, column] = [truth[at]!, prediction[at]!];
    if (row === ignored) continue;
    if (row >= 0 && row < classes && column >= 0 && column < classes) cells[row * classes + column]!++;
    else wrong.push(at);
  }
  if (wrong.length > 0) {
    const positions = wrong.slice(0, 10);
    throw new InputError(
      `${wrong.length} of ${truth.length} pixels hold no class in 0–${classes - 1}; at ${positions.join(", ")}`,
      wrong.length,
      positions,
    );
  }
  return { classes, cells };
}

/** The pixels of all images together: never an average of averages. */
export function summedConfusion(images: Confusion[]): Confusion {
  const classes = images[0]?.classes ?? 0;
  const cells = new Float64Array(classes * classes);
  for (const image of images) for (let at = 0; at < cells.length; at++) cells[at]! += image.cells[at]!;
  return { classes, cells };
}

/** The same with image i counted `weights[i]` times, into `out`: what a bootstrap over images draws. */
export function weightedConfusion(images: Confusion[], weights: ArrayLike<number>, out: Float64Array): void {
  out.fill(0);
  for (const [at, { cells }] of images.entries()) {
    const weight = weights[at]!;
    if (weight > 0) for (let cell = 0; cell < out.length; cell++) out[cell]! += weight * cells[cell]!;
  }
}
