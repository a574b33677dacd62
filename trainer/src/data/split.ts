import { createHash } from "node:crypto";
import { largestRemainder, makeSplit, TEST, UNDECIDED } from "../../../lib/splitting/split.ts";
import { SampleNames, Units } from "../../../lib/splitting/units.ts";
import { type Split, splits } from "../../../lib/wire/base/words.ts";
import { type ManifestMethod, type SplitOptions, splitOptionsSchema } from "../../../lib/wire/data/manifests.ts";
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
/** Which samples of a set are used, and how they are shared out. */
export type SplitWish = {
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
/** Samples in splits, and how a server makes the same splits of them. */
export type SetSplit = {
  samples: Sample[];
  method: ManifestMethod;
  seed: number;
  options: SplitOptions;
  /** How many training samples are left out, as they go with official test samples. */
  leftOut: number;
};

/**
 * Splits a set as the server splits a dataset of the same samples: seeded, by class, and the same in any order of input.
 * What shares a content or a group stays together; a training sample that goes with an official test sample, used here or
 * not, is left out. Where the set's maker put samples into validation, it is they. Throws where nothing is left to train
 * on, or to validate with.
 */
export function splitSamples(set: DataSet, wish: SplitWish): SetSplit {
  const { seed, subset, testSubset, validationFraction } = wish;
  const every = withUnits(set, allSamples(set));
  const [all, official] = [every.filter(({ part }) => part === "train"), every.filter(({ part }) => part === "test")];
  const tested = new Set(official.map((sample) => sample.unit));
  const allowed = all.filter((sample) => !tested.has(sample.unit));
  const used = choose(allowed, subset, seed);
  const shares = official.length > 0 ? besideTest(used, wish) : withTest(used, wish);
  const noneLeft = (split: Split) =>
    new Error(
      `${set.name}: of ${used.length} samples and validationFraction ${validationFraction}, none is left for ` +
        `${split}; more samples (--subset), or another --validationFraction, are right` +
        " (what shares a content or a group goes together)",
    );
  if (shares.fractions.train <= 0) throw noneLeft("train");
  const options = splitOptionsSchema.parse(shares);
  const chosen = [...used, ...choose(official, testSubset, seed)];
  const method = methodOf(set, chosen);
  const samples = placeSamples(chosen, { method, seed, options });
  for (const split of ["train", "validation"] as const)
    if (!samples.some((sample) => sample.split === split)) throw noneLeft(split);
  return { samples, method, seed, options, leftOut: all.length - allowed.length };
}

/** Only classes are strata: numbers and masks are not. */
function methodOf({ task }: DataSet, samples: Unsplit[]): ManifestMethod {
  const isGrouped = samples.some(({ facts }) => facts.group !== null);
  if (task === "classification") return isGrouped ? "stratified-group" : "stratified";
  return isGrouped ? "group" : "random";
}

type SplitShares = Pick<SplitOptions, "fractions" | "keep" | "extend">;

const sharesOf = (validation: number, test: number) => ({ train: 1 - validation - test, validation, test });
const isIn = (given: Split) => (sample: Unsplit) => sample.facts.split === given;

/** Shares where the set's maker put samples into test: nothing else is tested on. */
function besideTest(used: Placeable[], { validationFraction }: SplitWish): SplitShares {
  return used.some(isIn("validation"))
    ? { fractions: sharesOf(0, 0), keep: ["validation", "test"], extend: [] }
    : { fractions: sharesOf(validationFraction, 0), keep: ["test"], extend: [] };
}

/**
 * Shares where test is to be cut. What the set's maker put into validation stays there. What was put into train stays
 * too, where there are samples enough that nobody put anywhere and no unit lies in both.
 */
function withTest(used: Placeable[], { validationFraction, testFraction = 0 }: SplitWish): SplitShares {
  const test = Math.round(used.length * testFraction);
  const isValidated = used.some(isIn("validation"));
  const validation = isValidated ? 0 : Math.round((used.length - test) * validationFraction);
  const unitsIn = (given: Split) => new Set(used.filter(isIn(given)).map(({ unit }) => unit));
  const [trained, validated] = [unitsIn("train"), unitsIn("validation")];
  const open = used.filter(({ unit }) => !validated.has(unit));
  const free = open.filter(({ unit }) => !trained.has(unit));
  const isApart = trained.size > 0 && ![...trained].some((unit) => validated.has(unit));
  if (isApart && free.length > test + validation)
    return {
      fractions: sharesOf(validation / free.length, test / free.length),
      keep: isValidated ? ["train", "validation"] : ["train"],
      extend: ["train"],
    };
  if (isValidated) return { fractions: sharesOf(0, test / open.length), keep: ["validation"], extend: [] };
  return { fractions: sharesOf((1 - testFraction) * validationFraction, testFraction), keep: [], extend: [] };
}

type SeededSplit = Pick<SetSplit, "method" | "seed" | "options">;

/** Puts samples into splits by what is read of them as the server reads its rows (lib/manifests/split-input.ts). */
function placeSamples(samples: Placeable[], { method, seed, options }: SeededSplit): Sample[] {
  const rows = samples.map((sample) => ({ sample, bytes: Buffer.from(sample.key) }));
  rows.sort((a, b) => Buffer.compare(a.bytes, b.bytes));
  const sorted = rows.map(({ sample }) => sample);
  const strata = strataOf(sorted);
  const isStratified = method.startsWith("stratified");
  const placed = makeSplit(
    { method, options },
    {
      ...unitsOf(sorted, seed),
      stratum: Int32Array.from(sorted, ({ label }) => (isStratified && strata.get(label ?? "")) || 0),
      time: new Float64Array(0),
      fixed: Uint8Array.from(sorted, ({ facts }) => {
        if (facts.sealed) return TEST;
        return facts.split !== null && options.keep.includes(facts.split) ? splits.indexOf(facts.split) : UNDECIDED;
      }),
    },
  );
  const splitOf = new Map(sorted.map(({ key }, at) => [key, splits[placed[at]!]!]));
  return samples.map((sample) => ({ ...sample, split: splitOf.get(sample.key)! }));
}

/** Classes by number, in the order of their names' bytes. */
function strataOf(samples: Unsplit[]): Map<string, number> {
  const names = new Set(samples.filter(({ facts }) => !facts.sealed).flatMap(({ label }) => label ?? []));
  const sorted = [...names].sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
  return new Map(sorted.map((name, index) => [name, index]));
}

/** The unit of every sample, of samples in the order of their keys' bytes, and the place of every unit by the seed. */
function unitsOf(samples: Unsplit[], seed: number) {
  const units = new Units(samples.length);
  const names = new SampleNames(samples.length);
  names.add(Buffer.from(samples.map(({ contentHash: hash }) => hash.slice(0, NAME_HEX)).join(""), "hex"));
  for (let at = 0; at < samples.length; at++) units.join(names.first(at), at);
  names.clear();
  names.add(Buffer.concat(samples.map(({ facts, contentHash: hash }) => placeName(seed, facts.group ?? hash))));
  for (const [at, { facts }] of samples.entries()) if (facts.group !== null) units.join(names.first(at), at);
  return units.finish(names);
}

/** A name of a sample is 8 bytes. */
const NAME_HEX = 16;
const placeName = (seed: number, unit: string): Buffer =>
  createHash("sha256").update(`${seed}\u001f${unit}`).digest().subarray(0, 8);

/** Every sample of a set, those of its official training part first. */
export const allSamples = (set: DataSet): Unsplit[] =>
  (["train", "test"] as const).flatMap((part) =>
    set[part].keys.map((key, index) => ({
      key,
      part,
      index,
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
    labels.map((label) => classes.get(label)!.length / samples.length),
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

function byStratum(samples: Placeable[]): Map<string, Placeable[]> {
  const classes = new Map<string, Placeable[]>();
  for (const sample of samples) {
    const known = classes.get(sample.stratum);
    if (known) known.push(sample);
    else classes.set(sample.stratum, [sample]);
  }
  return classes;
}
