/** Registers split manifests: what a request gives, what a method makes of a dataset, and what mends another. */
import { connections } from "../../db/connection.ts";
import type { Actor } from "../access/actor.ts";
import { authorise } from "../access/permissions.ts";
import { findDataset, storeSamples } from "../datasets/datasets.ts";
import { invalid, parse } from "../problem.ts";
import { requireProject } from "../projects/projects.ts";
import {
  foldSplit,
  isFolded,
  LEFT_OUT,
  makeFolds,
  makeSplit,
  mendSplit,
  type SplitInput,
  type SplitWay,
  UNDECIDED,
  versionOf,
} from "../splitting/split.ts";
import { type Split, splits } from "../wire/base/words.ts";
import {
  type Manifest,
  type ManifestSamples,
  manifestCreateSchema,
  splitOptionsSchema,
} from "../wire/data/manifests.ts";
import { headerOf, type ManifestInput } from "./header.ts";
import { readSplitInput } from "./split-input.ts";
import { grown, type ManifestScope, storeManifest, storeWhole } from "./store.ts";

/**
 * Makes or takes a split and registers it for a project; the checks follow as a job. The same content again returns
 * what is there, and stores nothing twice. Returns one manifest, or of a k-fold the whole and then its folds in order.
 */
export async function registerManifests(actor: Actor, input: unknown): Promise<Manifest[]> {
  authorise(actor, "manifests.register");
  const given = parse(manifestCreateSchema, input);
  const project = await requireProject(actor, given.project);
  authorise(actor, "manifests.register", project.id);
  const dataset = await findDataset(project.id, given.dataset.name, given.dataset.version);
  if (!dataset)
    throw invalid(
      "dataset",
      `${given.dataset.name} ${given.dataset.version} is no dataset of this project; POST it to /api/v1/datasets, or ask an admin to give the project another's`,
    );
  const scope = { actor, project, dataset };
  if (!given.samples) return makeManifests(scope, given);
  const { split, ...samples } = given.samples;
  await storeSamples(dataset, {
    ...samples,
    split: null,
    sealed: null,
    thumbnail: null,
    mask: null,
    imageHash: null,
    text: null,
    features: null,
  });
  const header = headerOf(given);
  for (let attempt = 1; ; attempt++) {
    const splits = await placeGiven(dataset.number, given.samples);
    const stored = await storeManifest(scope, splits, header);
    if (stored !== "grown") return [stored];
    if (attempt === GROWN_AGAIN) throw grown(dataset);
  }
}

/** How often a split is placed anew because samples came to its dataset meanwhile. */
const GROWN_AGAIN = 20;

/** `registerManifests` of one split. */
export async function registerManifest(actor: Actor, input: unknown): Promise<Manifest> {
  return (await registerManifests(actor, input))[0]!;
}

/** Makes the split of a complete dataset by the method; `joined` are pairs of keys that go together besides. */
export async function makeManifests(
  scope: ManifestScope,
  input: ManifestInput,
  { joined = [], parent }: { joined?: [string, string][]; parent?: string } = {},
): Promise<Manifest[]> {
  const { dataset } = scope;
  const { name, method, seed, options, methodVersion } = input;
  if (!dataset.completedAt)
    throw invalid("dataset", `${dataset.name} ${dataset.version} isn't complete: its last sample may still come`);
  if (method !== "given" && method !== "time" && seed === null)
    throw invalid("seed", `is missing; ${method} needs an integer, so that anybody can make the same split`);
  if (methodVersion !== null && methodVersion > versionOf(method))
    throw invalid("methodVersion", `is ${methodVersion}; ${method} has versions 1 to ${versionOf(method)} here`);
  const { whole, folds } = await placeSamples(dataset.number, input, joined);
  const header = {
    ...headerOf({ ...input, methodVersion: methodVersion ?? versionOf(method) }),
    ...(parent ? { parent } : {}),
    ...(joined.length > 0 ? { joinedPairs: joined.length } : {}),
  };
  const first = await storeWhole(scope, whole, header);
  if (!folds) return [first];
  const made = [first];
  for (let fold = 0; fold < options.folds; fold++) {
    const named = {
      ...header,
      name: `${name}, fold ${fold + 1} of ${options.folds}`,
      parent: first.id,
      fold: fold + 1,
    };
    made.push(await storeWhole(scope, foldSplit(whole, folds, fold), named));
  }
  return made;
}

/**
 * The split of every sample of the dataset, and of a k-fold the fold of every training sample: all that is made is made
 * before the first is stored, which stays. What it is made of, hundreds of megabytes at 10⁷ samples, goes with the call.
 */
async function placeSamples(datasetNumber: number, input: ManifestInput, joined: [string, string][]) {
  const { method, seed, options } = input;
  const way = { method, options, version: input.methodVersion ?? versionOf(method) };
  const columns = await readSplitInput({ datasetNumber, seed: seed ?? 0, method, options, joined });
  if (method === "given") {
    const whole = columns.fixed.map((split) => (split === UNDECIDED ? LEFT_OUT : split));
    if (whole.every((split) => split === LEFT_OUT))
      throw invalid(
        "method",
        "given takes the samples' own splits, and none has one; a column split, or another method, is right",
      );
    return { whole, folds: null };
  }
  const whole = makeSplit(way, columns);
  refuseEmpty(whole, way, columns.place.length);
  return { whole, folds: isFolded(method) ? foldsOf(way, columns, whole) : null };
}

/** The fold of every training sample of the whole. Throws `invalid` where a fold would be empty. */
function foldsOf(way: SplitWay, input: SplitInput, whole: Uint8Array): Uint8Array {
  const { options } = way;
  const folds = makeFolds(way, input, whole);
  for (let fold = 0; fold < options.folds; fold++)
    if (!folds.includes(fold))
      throw invalid(
        "options.folds",
        `${options.folds} folds leave one without samples: ${together(input.place.length)}`,
      );
  return folds;
}

const together = (units: number): string =>
  `samples that share a group or content go together, and so there are ${units} to share out`;

/** A split that was asked for has samples. */
function refuseEmpty(made: Uint8Array, { method, options }: SplitWay, units: number): void {
  const { train, validation, test } = options.fractions;
  const wanted = isFolded(method) ? [train + validation, 0, test] : [train, validation, test];
  for (const [code, fraction] of wanted.entries())
    if (fraction > 0 && !made.includes(code))
      throw invalid("options.fractions", `${splits[code]} would have no sample: ${together(units)}`);
}

/**
 * The same split, but that samples that share a content or group, or were `joined`, go together: where they are in
 * several splits they all go to test, or else to validation.
 */
export async function mendManifest(
  scope: ManifestScope,
  { manifest, number }: { manifest: Manifest; number: number },
  { joined, ...named }: { name: string; notes: string; joined: [string, string][] },
): Promise<Manifest> {
  const { dataset } = scope;
  const source = { datasetNumber: dataset.number, seed: 0, method: "given" as const, joined };
  const { unit } = await readSplitInput({ ...source, options: splitOptionsSchema.parse({}) });
  const splits = await readSplits(dataset.number, number);
  if (splits.length !== unit.length) throw grown(dataset);
  const header = { ...named, method: "given" as const, seed: manifest.seed, dataset: manifest.dataset };
  const made = { ...header, joinedPairs: joined.length, parent: manifest.id };
  return storeWhole(scope, mendSplit(splits, unit), made);
}

/** The split of each of the dataset's samples in a manifest, in the order of their keys. */
async function readSplits(datasetNumber: number, manifestNumber: number): Promise<Uint8Array> {
  const [{ packed } = { packed: null }] = await connections().sql<{ packed: Buffer | null }[]>`
    select string_agg(set_byte('\\x00'::bytea, 0, case m.split when 'train' then 0 when 'validation' then 1
      when 'test' then 2 else ${LEFT_OUT}::int end), ''::bytea order by d.key) as packed
    from dataset_samples d left join manifest_samples m on m.manifest_number = ${manifestNumber} and m.key = d.key
    where d.dataset_number = ${datasetNumber}`;
  return packed ?? new Uint8Array(0);
}

/** The split of each of the dataset's samples, as a request gave it by key; what it doesn't name is left out. */
async function placeGiven(datasetNumber: number, samples: ManifestSamples): Promise<Uint8Array> {
  const codes: Record<Split, number> = { train: 0, validation: 1, test: 2 };
  const [{ packed } = { packed: null }] = await connections().sql<{ packed: Buffer | null }[]>`
    select string_agg(set_byte('\\x00'::bytea, 0, coalesce(given.split, ${LEFT_OUT}::int)), ''::bytea order by d.key) as packed
    from dataset_samples d
    left join unnest(${samples.key}::text[], ${samples.split.map((split) => codes[split])}::int[]) given(key, split)
      on given.key = d.key
    where d.dataset_number = ${datasetNumber}`;
  return packed ?? new Uint8Array(0);
}
