import type { Split } from "../../../lib/wire/base/words.ts";
import { contentHash, type DataSet, type Facts, factsAt, labelAt, type SamplePlace } from "./data.ts";
import { unitPlace } from "./random.ts";

/** A sample of a set that is in no split yet. */
export type Unsplit = SamplePlace & {
  key: string;
  /** The name of its class or its number; null where it has none of its own. */
  label: string | null;
  contentHash: string;
  /** By which earlier versions knew the same content. */
  earlierHashes: string[];
  /** Of a table's row: its cells, to find near duplicates by. */
  features: string | null;
  facts: Facts;
};
export type Sample = Unsplit & { split: Split };
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
 * Splits a set: seeded, stratified by class (largest remainder), and the same in any order of input. What shares a content
 * or a group stays together; a training sample that goes with an official test sample, used here or not, is left out
 * (`leftOut` counts them). Where the set's maker put samples into validation, it is they. Throws where nothing is left to
 * train on, or to validate with.
 */
export function splitSamples(set: DataSet, options: SplitOptions): { samples: Sample[]; leftOut: number } {
  const { seed, subset, testSubset, validationFraction, testFraction = 0 } = options;
  const every = withUnits(set, allSamples(set));
  const [all, official] = [every.filter(({ part }) => part === "train"), every.filter(({ part }) => part === "test")];
  const tested = new Set(official.map((sample) => sample.unit));
  const allowed = all.filter((sample) => !tested.has(sample.unit));
  const used = choose(allowed, subset, seed);
  const cut = official.length > 0 ? [] : cutTest(used, Math.round(used.length * testFraction), seed);
  const cutUnits = new Set(cut.map((sample) => sample.unit));
  const kept = used.filter((sample) => !cutUnits.has(sample.unit));
  const test = [...used.filter((sample) => cutUnits.has(sample.unit)), ...choose(official, testSubset, seed)].map(
    (sample) => ({ ...sample, split: "test" as const }),
  );
  const quota = Math.round(kept.length * validationFraction);
  const given = kept.filter(({ facts }) => facts.split === "validation");
  const chosen = given.length > 0 ? given : choose(kept, quota, seed + 1);
  const validated = new Set(chosen.map((sample) => sample.unit));
  const trained = kept.map((sample) => ({
    ...sample,
    split: validated.has(sample.unit) ? ("validation" as const) : ("train" as const),
  }));
  for (const split of ["train", "validation"] as const)
    if (!trained.some((sample) => sample.split === split))
      throw new Error(
        `${set.name}: of ${used.length} samples and validationFraction ${validationFraction}, none is left for ` +
          `${split}; more samples (--subset), or another --validationFraction, are right` +
          " (what shares a content or a group goes together)",
      );
  return { samples: [...trained, ...test], leftOut: all.length - allowed.length };
}

/** Samples of what nobody put into a split; where that is nothing, of what was put into train. Validation stays whole. */
function cutTest(used: Placeable[], count: number, seed: number): Placeable[] {
  const decided = (splits: (Split | null)[]) =>
    new Set(used.filter(({ facts }) => splits.includes(facts.split)).map(({ unit }) => unit));
  const outside = (units: Set<string>) => used.filter(({ unit }) => !units.has(unit));
  const free = outside(decided(["train", "validation"]));
  return choose(free.length > 0 ? free : outside(decided(["validation"])), count, seed + 2);
}

/** Every sample of a set, those of its official training part first. */
export const allSamples = (set: DataSet): Unsplit[] =>
  (["train", "test"] as const).flatMap((part) =>
    set[part].keys.map((key, index) => ({
      ...{ key, part, index },
      label: labelAt(set, set[part], index),
      contentHash: contentHash(set, set[part], index),
      earlierHashes: set[part].contents?.[index]?.earlier ?? [],
      features: set[part].contents?.[index]?.features ?? null,
      facts: factsAt(set, part, index),
    })),
  );

/** `unit`: one name for all that share a content or a group, and for what these share with others. `stratum`: its class. */
type Placeable = Unsplit & { unit: string; stratum: string };

function withUnits({ task }: DataSet, samples: Unsplit[]): Placeable[] {
  const above = new Map<string, string>();
  const unitOf = (name: string): string => {
    let unit = name;
    for (let next = above.get(unit); next !== undefined; next = above.get(unit)) unit = next;
    return unit;
  };
  for (const { contentHash: content, facts } of samples) {
    if (facts.group === null) continue;
    const [first, second] = [unitOf(content), unitOf(`group ${facts.group}`)].sort() as [string, string];
    if (first !== second) above.set(second, first); // the least name stays, in whichever order they come
  }
  return samples.map((sample) => {
    const stratum = task === "classification" ? (sample.label ?? "") : "";
    return { ...sample, unit: unitOf(sample.contentHash), stratum };
  });
}

/** `count` samples, each class in its share (largest remainder), those first whose unit comes first by the seed. */
function choose(samples: Placeable[], count: number | null, seed: number): Placeable[] {
  if (count === null || count >= samples.length) return samples;
  const classes = byStratum(samples);
  const labels = [...classes.keys()].sort();
  const quotas = largestRemainder(
    labels.map((label) => classes.get(label)!.length),
    count,
  );
  const chosen = labels.flatMap((label, index) => {
    const placed = classes.get(label)!.map((sample) => ({ sample, place: unitPlace(seed, sample.unit) }));
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

function byStratum(samples: Placeable[]): Map<string, Placeable[]> {
  const classes = new Map<string, Placeable[]>();
  for (const sample of samples) {
    const known = classes.get(sample.stratum);
    if (known) known.push(sample);
    else classes.set(sample.stratum, [sample]);
  }
  return classes;
}
