/** What is measured of one image whose pixels are told. Pure. */
import { marginsOf } from "../../statistics/classification/confusion.ts";
import { isUndefined, type Measured } from "../../statistics/measured.ts";
import { boundaryF1 } from "../../statistics/segmentation/boundary-f1.ts";
import { boundaryIou } from "../../statistics/segmentation/boundary-iou.ts";
import { pixelConfusion } from "../../statistics/segmentation/pixels.ts";
import type { SegmentedImage } from "./evaluated.ts";

/** `pixels`: `[height, width]` indexes of classes. */
type Mask = { width: number; height: number; pixels: Uint8Array };

/**
 * Pixels by class and the edges of each class, of two masks of one size. Pixels whose truth is `ignored` count for nothing:
 * what is predicted there is of no class.
 */
export function measureImage(
  truth: Mask,
  prediction: Mask,
  { classes, ignored }: { classes: number; ignored: number },
): SegmentedImage {
  const { width, height } = truth;
  const confusion = pixelConfusion(truth.pixels, prediction.pixels, { classes, ignored });
  const { rows, columns } = marginsOf(confusion);
  const ofClass = (pixels: Uint8Array, one: number) => ({
    width,
    height,
    pixels: pixels.map((pixel, at) => (pixel === one && truth.pixels[at] !== ignored ? 1 : 0)),
  });
  const edges = Array.from({ length: classes }, (_, one) => {
    // most images hold few of the classes
    if (rows[one] === 0 && columns[one] === 0) return { f1: null, iou: null };
    const [right, told] = [ofClass(truth.pixels, one), ofClass(prediction.pixels, one)];
    return { f1: orNull(boundaryF1(right, told).f1), iou: orNull(boundaryIou(right, told)) };
  });
  return {
    width,
    height,
    // a mask has fewer pixels than 32 bits count, and there is a matrix for each image
    pixels: { classes, cells: Uint32Array.from(confusion.cells) },
    boundaryF1: edges.map(({ f1 }) => f1),
    boundaryIou: edges.map(({ iou }) => iou),
  };
}

const orNull = (value: Measured): number | null => (isUndefined(value) ? null : value);
