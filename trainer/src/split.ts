/** Which sample is trained, validated and tested on: an official test part stays test, the rest is cut from train. */
import type { Split } from "../../lib/wire.ts";
import { contentHash, type DataSet, labelAt } from "./data.ts";
import { unitPlace } from "./random.ts";

export type Sample = {
  key: string;
  /** The official part that it is of, and its index there. */
  part: "train" | "test";
  index: number;
  split: Split;
  /** The name of its class; null where it has none of its own. */
  label: string | null;
  contentHash: string;
};
export type SplitOptions = {
  seed: number;
  /** How many of the official training samples are used; null: all. */
  subset: number | null;
  /** How many of the official test samples are used; null: all. */
  testSubset: number | null;
  /** Share of the training samples used that become validation, above 0 and below 1. */
  validationFraction: number;
  /** Share of the samples used that become test where there is no official test part. */
  testFraction?: number;
};

/**
 * Splits a set: seeded, stratified by label (largest remainder), and the same in any order of input. Equal contents stay
 * together; a training sample that is also an official test sample, used here or not, is left out (`leftOut` counts
 * them). Throws where nothing is left to train on, or to validate with.
 */
export function splitSamples(set: DataSet, options: SplitOptions): { samples: Sample[]; leftOut: number } {
  const { seed, subset, testSubset, validationFraction, testFraction = 0 } = options;
  const official = samplesOf(set, "test");
  const tested = new Set(official.map((sample) => sample.contentHash));
  const all = samplesOf(set, "train");
  const allowed = all.filter((sample) => !tested.has(sample.contentHash));
  const used = choose(allowed, subset, seed);
  const cut = official.length > 0 ? [] : choose(used, Math.round(used.length * testFraction), seed + 2);
  const cutContents = new Set(cut.map((sample) => sample.contentHash));
  const kept = used.filter((sample) => !cutContents.has(sample.contentHash));
  const test = [
    ...used.filter((sample) => cutContents.has(sample.contentHash)),
    ...choose(official, testSubset, seed),
  ].map((sample) => ({ ...sample, split: "test" as const }));
  const quota = Math.round(kept.length * validationFraction);
  const validated = new Set(choose(kept, quota, seed + 1).map((sample) => sample.contentHash));
  const trained = kept.map((sample) => ({
    ...sample,
    split: validated.has(sample.contentHash) ? ("validation" as const) : ("train" as const),
  }));
  for (const split of ["train", "validation"] as const)
    if (!trained.some((sample) => sample.split === split))
      throw new Error(
        `${set.name}: of ${used.length} samples and validationFraction ${validationFraction}, none is left for ` +
          `${split}; more samples (--subset), or another --validationFraction, are right`,
      );
  return { samples: [...trained, ...test], leftOut: all.length - allowed.length };
}

/** Every sample, in the official part that it is of. */
export const allSamples = (set: DataSet): Sample[] =>
  (["train", "test"] as const).flatMap((part) => samplesOf(set, part).map((sample) => ({ ...sample, split: part })));

type Unsplit = Omit<Sample, "split">;

function samplesOf(set: DataSet, name: "train" | "test"): Unsplit[] {
  const part = set[name];
  return part.keys.map((key, index) => ({
    key,
    part: name,
    index,
    label: labelAt(set, part, index),
    contentHash: contentHash(set, part, index),
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

/** Samples without a label are one class. */
function byLabel(samples: Unsplit[]): Map<string, Unsplit[]> {
  const classes = new Map<string, Unsplit[]>();
  for (const sample of samples) {
    const known = classes.get(sample.label ?? "");
    if (known) known.push(sample);
    else classes.set(sample.label ?? "", [sample]);
  }
  return classes;
}
