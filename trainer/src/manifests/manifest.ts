/** The split manifest of a training: registered before the first step, read back, and held against the images. */
import { createHash } from "node:crypto";
import { setTimeout as pause } from "node:timers/promises";
import { z } from "zod";
import { Refused } from "../../../lib/sending/answers.ts";
import { versionOf } from "../../../lib/splitting/split.ts";
import { numberText } from "../../../lib/wire/alike/canonical-row.ts";
import type { Split } from "../../../lib/wire/base/words.ts";
import { checkSchema, manifestReportSchema } from "../../../lib/wire/data/checks.ts";
import {
  type Manifest,
  type ManifestCreate,
  manifestRegisteredSchema,
  manifestSchema,
} from "../../../lib/wire/data/manifests.ts";
import { refereeSplitSchema, refereeSplitsRoutes } from "../../../lib/wire/data/referee-splits.ts";
import { ask, download } from "../client/ask.ts";
import { json, type Target } from "../client/http.ts";
import type { Post } from "../client/spool.ts";
import { contentHash, type DataSet, labelAt, pickSamples, type SamplePlace } from "../data/data.ts";
import type { SetSplit } from "../data/split.ts";
import { datasetPosts, earlierHashesOf, registerDataset, requireSamples, saidOf } from "./dataset.ts";
import { requireManifest } from "./registrable.ts";

export type Registration = {
  name: string;
  dataset: { name: string; version: string; description: string };
  notes: string;
};

/** The first line of the canonical text: a line a sample follows, of key, hash, split, label and group. */
const HEADER = "holdout-manifest v1\n";

/** Registers dataset and manifest; the same content again returns what is there. Waits a minute for the server. */
export async function registerManifest(
  target: Target,
  set: DataSet,
  split: SetSplit,
  given: Registration,
  signal?: AbortSignal,
): Promise<Manifest> {
  await registerDataset(target, set, split.samples, given.dataset, signal);
  const request = { method: "POST", path: "/api/v1/manifests", ...json(bodyOf(split, given)), signal } as const;
  return manifestSchema.parse(await ask(target, request));
}

function bodyOf({ samples, method, seed, options }: SetSplit, { name, notes, dataset }: Registration): ManifestCreate {
  const columns = {
    key: samples.map((sample) => sample.key),
    split: samples.map((sample) => sample.split),
    label: samples.map((sample) => sample.label),
    group: saidOf(samples, "group"),
    time: saidOf(samples, "time"),
    contentHash: samples.map((sample) => sample.contentHash),
    earlierHashes: earlierHashesOf(samples),
  };
  const { description: _, ...version } = dataset;
  return {
    name,
    dataset: version,
    method,
    seed,
    notes,
    options,
    methodVersion: versionOf(method),
    samples: columns,
  };
}

/** Throws where no server can take this split of a set, naming what is wrong: before hours are spent on it. */
export function requireTakeable(split: SetSplit, given: Registration): void {
  requireSamples(split.samples, given.dataset);
  requireManifest(bodyOf(split, given));
}

/** A manifest that no server knows yet: its id, what of it is trained on, and the requests that will register it. */
export function manifestHere(
  set: DataSet,
  split: SetSplit,
  given: Registration,
): TrainingSamples & { id: string; posts: Post[] } {
  const { samples } = split;
  const written = { train: "train", validation: "val", test: "test" };
  const lines = samples
    .map(({ key, contentHash: hash, split, label, facts, part, index }) => ({
      bytes: Buffer.from(key),
      line: `${key}\t${hash}\t${written[split]}\t${facts.sealed ? "" : (label ?? "")}\t${facts.group ?? ""}\n`,
      split,
      place: { part, index },
    }))
    .sort((a, b) => Buffer.compare(a.bytes, b.bytes));
  const digest = (some: typeof lines) => {
    const hash = createHash("sha256").update(HEADER);
    for (const { line } of some) hash.update(line);
    return hash.digest("hex");
  };
  // in the order in which the text has them, so that the same batches come as after reading it back
  const placesOf = (split: Split) => lines.filter((line) => line.split === split).map(({ place }) => place);
  const places = { train: placesOf("train"), validation: placesOf("validation") };
  return {
    id: digest(lines),
    ...trainingSamples(set, places, digest(lines.filter(({ split }) => split === "train"))),
    posts: [...datasetPosts(set, samples, given.dataset), { path: "/api/v1/manifests", body: bodyOf(split, given) }],
  };
}

const REPORT_AGAIN_MS = 500;
/** Checks of ten million samples take minutes; a training doesn't wait for ever. */
const REPORT_WAIT_MS = 15 * 60_000;

/** What a trainer reads of a report: the sentences alone, as servers of other versions know other checks and kinds. */
const foundSchema = manifestReportSchema.pick({ verdict: true, progress: true }).extend({
  checks: z.array(checkSchema.pick({ detail: true }).extend({ name: z.string(), verdict: z.string() })),
});

/** What the checks of a manifest found, as soon as they are done; null: they failed, or take too long. */
export async function awaitReport(
  target: Target,
  id: string,
  signal?: AbortSignal,
): Promise<z.infer<typeof foundSchema> | null> {
  const give = Date.now() + REPORT_WAIT_MS;
  for (;;) {
    const answer = await ask(target, { method: "GET", path: `/api/v1/manifests/${id}/report`, signal });
    const report = foundSchema.parse(answer);
    if (report.progress.status === "done") return report;
    if (report.progress.status === "failed" || Date.now() > give) return null;
    await pause(REPORT_AGAIN_MS, undefined, { signal });
  }
}

/** How the server is to split a dataset that is complete. */
export type SplitRequest = Pick<ManifestCreate, "name" | "dataset" | "method" | "seed" | "notes" | "options">;

/** Has the server make and register the split: one manifest, or of a k-fold the whole and then its folds in order. */
export async function requestSplit(target: Target, given: SplitRequest, signal?: AbortSignal): Promise<Manifest[]> {
  const request = { method: "POST", path: "/api/v1/manifests", ...json(given), signal } as const;
  const { folds, ...whole } = manifestRegisteredSchema.parse(await ask(target, request));
  const made: Manifest[] = [whole];
  for (const fold of folds)
    made.push(manifestSchema.parse(await ask(target, { method: "GET", path: `/api/v1/manifests/${fold}`, signal })));
  return made;
}

/**
 * What a manifest has for a training: a set of its training and validation samples alone, wherever the set's maker put
 * them, and which of them are for what. Its test samples are not in it: training never sees them.
 */
export type TrainingSamples = { set: DataSet; indexes: TrainingIndexes };
/** Indexes into a training part, by what they are for. */
export type TrainingIndexes = {
  train: Uint32Array;
  validation: Uint32Array;
  /** Digest of the manifest's training split: the canonical text with its lines alone. */
  trainDigest: string;
};

function trainingSamples(
  set: DataSet,
  { train, validation }: Record<"train" | "validation", SamplePlace[]>,
  trainDigest: string,
): TrainingSamples {
  const indexes = {
    train: Uint32Array.from(train, (_, index) => index),
    validation: Uint32Array.from(validation, (_, index) => train.length + index),
    trainDigest,
  };
  return { set: pickSamples(set, [...train, ...validation]), indexes };
}

/**
 * Reads a manifest and finds its training and validation samples in the set. Throws where the text doesn't have the
 * manifest's digest, a sample isn't there, its content or label isn't what the manifest says, or it has nothing to train
 * on, or to validate with. What the manifest's referee split has is left out of validation.
 */
export async function readManifest(
  target: Target,
  id: string,
  set: DataSet,
  signal?: AbortSignal,
): Promise<TrainingSamples> {
  const { lines, trainDigest } = await readManifestLines(target, id, signal);
  const hidden = await readRefereeKeys(target, id, signal);
  const found: Record<"train" | "validation", SamplePlace[]> = { train: [], validation: [] };
  const places = placesIn(set);
  for (const { key, hash, split, label } of lines)
    if (split !== "test" && !hidden.has(key))
      found[split].push(checkedPlace(set, places.get(key), { key, hash, label }));
  for (const split of ["train", "validation"] as const)
    if (found[split].length === 0) throw new Error(`manifest ${id} has no ${split} samples; a training needs some`);
  return trainingSamples(set, found, trainDigest);
}

/** Samples of one split, in the order of their keys' bytes. Their targets are zeros: whoever predicts knows none. */
export type SplitSamples = { set: DataSet; trainDigest: string };

/** The keys that a manifest's referee split has; none where it has no such split. */
export async function readRefereeKeys(target: Target, id: string, signal?: AbortSignal): Promise<Set<string>> {
  try {
    const path = refereeSplitsRoutes.getRefereeSplit.path.replace("{manifest}", id);
    return new Set(refereeSplitSchema.parse(await ask(target, { method: "GET", path, signal })).keys);
  } catch (error) {
    // servers of earlier versions know of none
    if (error instanceof Refused && error.status === 404) return new Set();
    throw error;
  }
}

/** Reads a manifest and finds the samples of one split in the set. Throws as `readManifest` does; no label is looked at. */
export async function readSplitSamples(
  target: Target,
  { manifest, split }: { manifest: string; split: Split | "referee" },
  set: DataSet,
  signal?: AbortSignal,
): Promise<SplitSamples> {
  const { lines, trainDigest } = await readManifestLines(target, manifest, signal);
  const hidden = split === "referee" ? await readRefereeKeys(target, manifest, signal) : null;
  const places = placesIn(set);
  const found = lines
    .filter((line) => (hidden ? hidden.has(line.key) : line.split === split))
    .map(({ key, hash }) => checkedPlace(set, places.get(key), { key, hash, label: "" }));
  if (found.length === 0) throw new Error(`manifest ${manifest} has no ${split} samples`);
  const picked = pickSamples(set, found);
  const { labels: _, targets, ...train } = picked.train;
  return { set: { ...picked, train: { ...train, targets: targets.fill(0) } }, trainDigest };
}

type ManifestLine = { key: string; hash: string; split: Split; label: string };

/** The lines of a manifest's canonical text, and the digest of its training split. */
async function readManifestLines(
  target: Target,
  id: string,
  signal?: AbortSignal,
): Promise<{ lines: ManifestLine[]; trainDigest: string }> {
  const text = (await download(target, `/api/v1/manifests/${id}/samples`, signal)).toString("utf8");
  const digest = createHash("sha256").update(text).digest("hex");
  if (digest !== id) throw new Error(`the server's text of manifest ${id} has the digest ${digest}`);
  if (!text.startsWith(HEADER)) throw new Error(`manifest ${id} isn't written as ${JSON.stringify(HEADER)} has it`);
  const trainHash = createHash("sha256").update(HEADER);
  const lines = text
    .split("\n")
    .slice(1, -1)
    .map((line): ManifestLine => {
      const [key = "", hash = "", written = "", label = ""] = line.split("\t");
      if (written === "train") trainHash.update(`${line}\n`);
      return { key, hash, split: written === "val" ? "validation" : (written as Split), label };
    });
  return { lines, trainDigest: trainHash.digest("hex") };
}

const placesIn = (set: DataSet): Map<string, SamplePlace> =>
  new Map(
    (["test", "train"] as const).flatMap((part) => set[part].keys.map((key, index) => [key, { part, index }] as const)),
  );

function checkedPlace(
  set: DataSet,
  place: SamplePlace | undefined,
  { key, hash, label }: Omit<ManifestLine, "split">,
): SamplePlace {
  if (place === undefined)
    throw new Error(
      `the manifest's sample ${JSON.stringify(key)} is not among the ${set.train.count + set.test.count} samples of ${set.name}`,
    );
  const actual = contentHash(set, set[place.part], place.index);
  const earlier = set[place.part].contents?.[place.index]?.earlier ?? [];
  if (actual !== hash && !earlier.includes(hash))
    throw new Error(`${key} of ${set.name} has the content ${actual}; the manifest says ${hash}`);
  const actualLabel = labelAt(set, set[place.part], place.index) ?? "";
  if (label !== "" && !isSameLabel(label, actualLabel))
    throw new Error(`${key} of ${set.name} has the label ${actualLabel}; the manifest says ${JSON.stringify(label)}`);
  return place;
}

/** A manifest of an earlier version holds a table's labels as they were written, or as float32: 0.0 is 0, True is true. */
function isSameLabel(said: string, actual: string): boolean {
  if (said === actual || said.trim().toLowerCase() === actual.toLowerCase()) return true;
  const [a, b] = [numberText(said), numberText(actual)];
  return a !== null && b !== null && Math.fround(Number(a)) === Math.fround(Number(b));
}
