/** Which image is trained, validated and tested on: official test images stay test, validation is cut from train. */
import type { Split } from "../../lib/wire.ts";
import { contentHash, type ImagePart, type ImageSet } from "./data.ts";
import { unitPlace } from "./random.ts";

export type Sample = {
  /** `train/12` or `test/7`: the official part and the index in it. */
  key: string;
  split: Split;
  label: string;
  contentHash: string;
};
export type SplitOptions = {
  seed: number;
  /** How many of the official training images are used; null: all. */
  subset: number | null;
  /** How many of the official test images are used; null: all. */
  testSubset: number | null;
  /** Share of the training images used that become validation, above 0 and below 1. */
  validationFraction: number;
};

/**
 * Splits an image set: seeded, stratified by label (largest remainder), and the same in any order of input. Equal
 * images stay together; a training image that is also an official test image, used here or not, is left out (`leftOut`
 * counts them). Throws where nothing is left to train on, or to validate with.
 */
export function splitImages(set: ImageSet, options: SplitOptions): { samples: Sample[]; leftOut: number } {
  const official = samplesOf(set.test, "test");
  const test = choose(official, options.testSubset, options.seed).map((sample) => ({
    ...sample,
    split: "test" as const,
  }));
  const tested = new Set(official.map((sample) => sample.contentHash));
  const all = samplesOf(set.train, "train");
  const allowed = all.filter((sample) => !tested.has(sample.contentHash));
  const used = choose(allowed, options.subset, options.seed);
  const quota = Math.round(used.length * options.validationFraction);
  const validated = new Set(choose(used, quota, options.seed + 1).map((sample) => sample.contentHash));
  const trained = used.map((sample) => ({
    ...sample,
    split: validated.has(sample.contentHash) ? ("validation" as const) : ("train" as const),
  }));
  for (const split of ["train", "validation"] as const)
    if (!trained.some((sample) => sample.split === split))
      throw new Error(
        `${set.name}: of ${used.length} images and validationFraction ${options.validationFraction}, none is left for ` +
          `${split}; more images (--subset), or another --validationFraction, are right`,
      );
  return { samples: [...trained, ...test], leftOut: all.length - allowed.length };
}

/** Every image, in the official part that it is of. */
export const allSamples = ({ train, test }: ImageSet): Sample[] => [
  ...samplesOf(train, "train").map((sample) => ({ ...sample, split: "train" as const })),
  ...samplesOf(test, "test").map((sample) => ({ ...sample, split: "test" as const })),
];

type Unsplit = Omit<Sample, "split">;

function samplesOf(part: ImagePart, name: string): Unsplit[] {
  return Array.from(part.labels, (label, index) => ({
    key: `${name}/${index}`,
    label: String(label),
    contentHash: contentHash(part, index),
  }));
}

/** `count` samples, each class in its share (largest remainder), those first whose content comes first by the seed. */
function choose(samples: Unsplit[], count: number | null, seed: number): Unsplit[] {
  if (count === null || count >= samples.length) return samples;
  const classes = byLabel(samples);
  const labels = [...classes.keys()].sort();
  const quotas = largestRemainder(
    labels.map((label) => classes.get(label)!.length),
    count,
  );
  const chosen = labels.flatMap((label, index) => {
    const placed = classes.get(label)!.map((sample) => ({ sample, place: unitPlace(seed, sample.contentHash) }));
    placed.sort((a, b) => a.place - b.place || (a.sample.key < b.sample.key ? -1 : 1));
    return placed.slice(0, quotas[index]).map(({ sample }) => sample);
  });
  const keys = new Set(chosen.map((sample) => sample.key));
  return samples.filter((sample) => keys.has(sample.key));
}

/** `total` shared out in proportion to `counts`: each share within one of its exact part (Hamilton). */
export function largestRemainder(counts: number[], total: number): number[] {
  const sum = counts.reduce((a, b) => a + b, 0);
  const exact = counts.map((count) => (count * total) / sum);
  const shares = exact.map(Math.floor);
  const order = exact.map((value, index) => ({ rest: value - Math.floor(value), index }));
  order.sort((a, b) => b.rest - a.rest || a.index - b.index);
  const missing = total - shares.reduce((a, b) => a + b, 0);
  for (const { index } of order.slice(0, missing)) shares[index] = shares[index]! + 1;
  return shares;
}

function byLabel(samples: Unsplit[]): Map<string, Unsplit[]> {
  const classes = new Map<string, Unsplit[]>();
  for (const sample of samples) {
    const known = classes.get(sample.label);
    if (known) known.push(sample);
    else classes.set(sample.label, [sample]);
  }
  return classes;
}
