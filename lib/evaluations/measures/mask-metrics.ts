/** Metrics of masks, with intervals by whole images, or whole groups of them. Pure. */
import { accuracy, balancedAccuracy } from "../../statistics/classification/accuracy.ts";
import { type Confusion, heldCells, type Margins, marginsOf } from "../../statistics/classification/confusion.ts";
import {
  bootstrapGroupedConfusion,
  type ConfusionMetric,
  type GroupedCells,
  jackknifeGroupedConfusion,
} from "../../statistics/classification/confusion-bootstrap.ts";
import { seedOf } from "../../statistics/resampling/random.ts";
import { meanDice, meanIou, overlapOf, weightedIou } from "../../statistics/segmentation/overlap.ts";
import { summedConfusion } from "../../statistics/segmentation/pixels.ts";
import type { Estimate } from "../../wire/evaluations/measured.ts";
import { measured, RESAMPLES, resampledInterval } from "./estimates.ts";
import { groupsAmong, groupsOf, type Segmented } from "./evaluated.ts";
import { estimateMeans } from "./mean-metrics.ts";

/** Of the pixels of all images together. */
export const pixelMetrics = {
  "mean-iou": meanIou,
  "weighted-iou": weightedIou,
  "mean-dice": meanDice,
  "pixel-accuracy": accuracy,
  "class-accuracy": balancedAccuracy,
} satisfies Record<string, ConfusionMetric>;

export type MaskMetric = keyof typeof pixelMetrics | "image-mean-iou" | "boundary-f1" | "boundary-iou";

export function allPixels({ images, classes }: Segmented): Confusion {
  if (images.length === 0) return { classes: classes.length, cells: new Float64Array(classes.length ** 2) };
  return summedConfusion(images.map(({ pixels }) => pixels));
}

export function estimateMasks(evaluated: Segmented, seed: number): Record<MaskMetric, Estimate> {
  const names = Object.keys(pixelMetrics) as (keyof typeof pixelMetrics)[];
  const found = estimateCells(evaluated, Object.values(pixelMetrics), seedOf(seed, "masks"));
  const ofPixels = Object.fromEntries(names.map((name, at) => [name, found[at]!])) as Record<
    keyof typeof pixelMetrics,
    Estimate
  >;
  const over = (name: string, value: (image: number) => number) => estimateImages(evaluated, value, seedOf(seed, name));
  return {
    ...ofPixels,
    "image-mean-iou": over("image-mean-iou", imageIous(evaluated)),
    "boundary-f1": over("boundary-f1", (image) => imageMean(evaluated.images[image]!.boundaryF1)),
    "boundary-iou": over("boundary-iou", (image) => imageMean(evaluated.images[image]!.boundaryIou)),
  };
}

/** NaN where an image has no pixel that counts. */
export const imageIous =
  ({ images }: Segmented) =>
  (image: number): number => {
    const value = meanIou(images[image]!.pixels);
    return typeof value === "number" ? value : Number.NaN;
  };

/** Over the classes that occur; NaN where none does. */
export function imageMean(values: (number | null)[]): number {
  const held = values.filter((value) => value !== null);
  return held.length === 0 ? Number.NaN : held.reduce((a, b) => a + b, 0) / held.length;
}

/** The mean of a value over the images that have one. */
export function estimateImages(evaluated: Segmented, value: (image: number) => number, seed: number): Estimate {
  const all = Float64Array.from(evaluated.images, (_, image) => value(image));
  const held = [...all.keys()].filter((image) => !Number.isNaN(all[image]!));
  const groups = groupsOf(evaluated);
  if (held.length === 0) return { value: { undefined: "no-pixel" }, interval: { undefined: "no-pixel" } };
  const units = groupsAmong(held, groups);
  return estimateMeans([Float64Array.from(held, (image) => all[image]!)], units, seed)[0]!;
}

/** Metrics of all pixels together; images are drawn whole. */
export function estimateCells(evaluated: Segmented, metrics: ConfusionMetric[], seed: number): Estimate[] {
  const margins = marginsOf(allPixels(evaluated));
  const cells = cellsByUnit(evaluated);
  if (cells.groups < 2)
    return metrics.map((metric) => {
      const value = measured(metric(margins));
      const kind = evaluated.units === null ? ("one-sample" as const) : ("one-group" as const);
      return { value, interval: typeof value === "number" ? { undefined: kind } : { undefined: value.undefined } };
    });
  const replicates = bootstrapGroupedConfusion(cells, { resamples: RESAMPLES, seed }, metrics);
  return metrics.map((metric, at) => {
    const value = metric(margins);
    const without = typeof value === "number" ? jackknifeGroupedConfusion(cells, metric) : undefined;
    return { value: measured(value), interval: resampledInterval(value, replicates[at]!, without) };
  });
}

export const classOverlaps = (of: number): ConfusionMetric[] => [
  (margins: Margins) => overlapOf(margins, of).iou,
  (margins: Margins) => overlapOf(margins, of).dice,
];

/** The cells of each image, or of each group of images, one after another. */
export function cellsByUnit(evaluated: Segmented): GroupedCells {
  const { images, classes } = evaluated;
  const groups = groupsOf(evaluated);
  const unit = (image: number) => (groups === null ? image : groups.of[image]!);
  const count = groups?.count ?? images.length;
  const order = [...images.keys()].sort((a, b) => unit(a) - unit(b) || a - b);
  const held = order.map((image) => heldCells(images[image]!.pixels));
  const total = held.reduce((sum, { counts }) => sum + counts.length, 0);
  const cells = { rows: new Uint32Array(total), columns: new Uint32Array(total), counts: new Float64Array(total) };
  const starts = new Uint32Array(count + 1);
  let at = 0;
  for (const [place, one] of held.entries()) {
    cells.rows.set(one.rows, at);
    cells.columns.set(one.columns, at);
    cells.counts.set(one.counts, at);
    starts[unit(order[place]!) + 1]! += one.counts.length;
    at += one.counts.length;
  }
  for (let one = 0; one < count; one++) starts[one + 1]! += starts[one]!;
  return { classes: classes.length, groups: count, starts, ...cells };
}
