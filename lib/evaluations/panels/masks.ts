/** Where masks are wrong: over images, by class, and at their edges. Pure. */
import { marginsOf } from "../../statistics/classification/confusion.ts";
import { seedOf } from "../../statistics/resampling/random.ts";
import type { Masks } from "../../wire/evaluations/masks.ts";
import { allPixels, classOverlaps, estimateCells, estimateImages, imageIous } from "../measures/mask-metrics.ts";
import { panelOf } from "./panel.ts";

const BINS = 20;

export const masks = panelOf({
  name: "masks",
  needs: ["segmentation"],
  make: (evaluated, { seed }): Masks => {
    const { images, classes, ignoredClass } = evaluated;
    const { rows, columns } = marginsOf(allPixels(evaluated));
    const overlaps = estimateCells(
      evaluated,
      classes.flatMap((_, of) => classOverlaps(of)),
      seedOf(seed, "masks-by-class"),
    );
    const edges = (name: "boundaryF1" | "boundaryIou", of: number) =>
      estimateImages(evaluated, (image) => images[image]![name][of] ?? Number.NaN, seedOf(seed, `${name}-${of}`));
    const histogram = new Array<number>(BINS).fill(0);
    const iou = imageIous(evaluated);
    let without = 0;
    for (const image of images.keys()) {
      const value = iou(image);
      if (Number.isNaN(value)) without++;
      else histogram[Math.min(BINS - 1, Math.floor(value * BINS))]!++;
    }
    return {
      histogram,
      without,
      classes: classes.map((name, of) => ({
        name,
        iou: overlaps[2 * of]!,
        dice: overlaps[2 * of + 1]!,
        boundaryF1: edges("boundaryF1", of),
        boundaryIou: edges("boundaryIou", of),
        images: images.filter(({ boundaryF1 }) => boundaryF1[of] !== null).length,
        pixels: rows[of]!,
        predicted: columns[of]!,
      })),
      ignoredClass,
    };
  },
});
