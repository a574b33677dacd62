/**
 * What a checkpoint said of the samples of a split beside what is true of them: all that the panels of a report are made
 * of. Samples stand in the order of their keys' UTF-8 bytes, and every column is as long as there are samples.
 */
import type { Confusion } from "../../statistics/classification/confusion.ts";

/** One way to cut a split into slices: by label, by group, by a column of the dataset, by brightness or size of images. */
export type Cut = {
  /** `label`, `group`, `brightness`, `size`, or the name of a column. */
  by: string;
  /** What each slice is called; ranges of numbers are written as they are cut, `0.2–0.4`. */
  slices: string[];
  /** Which slice each sample is in, from 0; −1: in none, as its value is missing. */
  of: Int32Array;
};

type Samples = {
  samples: number;
  /** Which group each sample belongs to, from 0: groups are resampled whole; null: samples are independent. */
  units: Int32Array | null;
  cuts: Cut[];
  /** Columns, or `brightness`, that the split wasn't cut by, for want of room: more samples or columns than are held. */
  leftOut?: string[];
};

export type Classified = Samples & {
  task: "classification";
  classes: string[];
  /** Index of the true class. */
  truth: Int32Array;
  /** Index of the predicted class: the first of the highest scores, where scores came. */
  predicted: Int32Array;
  /** One column a class, in 0–1, each row with the sum 1; null: classes alone came. */
  probabilities: ArrayLike<number>[] | null;
  /** As they came, where they came as logits. */
  logits: Float32Array[] | null;
};

export type Regressed = Samples & {
  task: "regression";
  truth: Float64Array;
  predicted: Float64Array;
};

/** What was measured of one image: its pixels by class, and how well the boundaries meet. */
export type SegmentedImage = {
  width: number;
  height: number;
  pixels: Confusion;
  /** By class; null where neither the truth nor the prediction has a pixel of it. */
  boundaryF1: (number | null)[];
  boundaryIou: (number | null)[];
};

export type Segmented = Samples & {
  task: "segmentation";
  classes: string[];
  /** Of pixels that are left out, by truth; null: none are. */
  ignoredClass: number | null;
  images: SegmentedImage[];
};

export type Evaluated = Classified | Regressed | Segmented;

export type Task = Evaluated["task"];

/** Groups as statistics take them; null: samples are independent. */
export function groupsOf({ units }: Samples): { of: Int32Array; count: number } | null {
  if (units === null) return null;
  let count = 0;
  for (const unit of units) if (unit >= count) count = unit + 1;
  return { of: units, count };
}

/** The groups of some samples, numbered without gaps. */
export function groupsAmong(members: ArrayLike<number>, groups: { of: Int32Array } | null) {
  if (groups === null) return null;
  const numbers = new Map<number, number>();
  const of = Int32Array.from(members, (at) => {
    const group = groups.of[at]!;
    const known = numbers.get(group);
    if (known !== undefined) return known;
    numbers.set(group, numbers.size);
    return numbers.size - 1;
  });
  return { of, count: numbers.size };
}
