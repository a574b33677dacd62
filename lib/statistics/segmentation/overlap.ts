/** Intersection over union, Dice and their means. An interval of them is a bootstrap over images, never over pixels. Pure. */
import { type Counts, type Margins, marginsOf } from "../classification/confusion.ts";
import { because, isUndefined, type Measured } from "../measured.ts";

export type ClassOverlap = {
  /** TP/(TP + FP + FN), 0–1. Undefined where the class is neither true nor predicted: left out of the mean. */
  iou: Measured;
  /** 2TP/(2TP + FP + FN) = 2·IoU/(1 + IoU). */
  dice: Measured;
};

/** By class, of one image's pixels or of all images' together. */
export function overlapByClass(counts: Counts): ClassOverlap[] {
  const margins = marginsOf(counts);
  return Array.from(margins.rows, (_, of) => overlapOf(margins, of));
}

/** The mean IoU of the classes that occur in truth or prediction; one that occurs nowhere is no 0. */
export function meanIou(counts: Counts): Measured {
  const { rows, columns, diagonal } = marginsOf(counts);
  let [sum, present] = [0, 0];
  for (let at = 0; at < rows.length; at++) {
    const union = rows[at]! + columns[at]! - diagonal[at]!;
    if (union === 0) continue;
    sum += diagonal[at]! / union;
    present++;
  }
  return present === 0 ? because("no-pixel") : sum / present;
}

/** The mean Dice of the same classes. */
export function meanDice(counts: Counts): Measured {
  const { rows, columns, diagonal } = marginsOf(counts);
  let [sum, present] = [0, 0];
  for (let at = 0; at < rows.length; at++) {
    const both = rows[at]! + columns[at]!;
    if (both === 0) continue;
    sum += (2 * diagonal[at]!) / both;
    present++;
  }
  return present === 0 ? because("no-pixel") : sum / present;
}

/** One class's IoU and Dice. */
export function overlapOf({ rows, columns, diagonal }: Margins, of: number): ClassOverlap {
  const [both, sum] = [diagonal[of]!, rows[of]! + columns[of]!];
  const none = because("class-nowhere");
  return sum === 0 ? { iou: none, dice: none } : { iou: both / (sum - both), dice: (2 * both) / sum };
}

/** IoU weighted by the classes' shares of true pixels. */
export function weightedIou(counts: Counts): Measured {
  const { rows, columns, diagonal, total } = marginsOf(counts);
  if (total === 0) return because("no-pixel");
  return diagonal.reduce((sum, both, at) => {
    const union = rows[at]! + columns[at]! - both;
    return union === 0 ? sum : sum + ((rows[at]! / total) * both) / union;
  }, 0);
}

export type ImageMean = {
  /** The mean of the images' own mean IoU: each image weighs the same, unlike in that of all pixels. */
  mean: Measured;
  /** Images without a pixel that counts, which are left out. */
  left: number;
};

/** Of the images' own matrices. */
export function imageMeanIou(images: Counts[]): ImageMean {
  const values = images.map(meanIou);
  const defined = values.filter((value): value is number => !isUndefined(value));
  const left = values.length - defined.length;
  if (defined.length === 0) return { mean: because("no-pixel"), left };
  return { mean: defined.reduce((a, b) => a + b, 0) / defined.length, left };
}
