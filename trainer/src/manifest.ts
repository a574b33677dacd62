/** The split manifest of a training: registered before the first step, read back, and held against the images. */
import { createHash } from "node:crypto";
import { setTimeout as pause } from "node:timers/promises";
import {
  type Manifest,
  type ManifestCreate,
  type ManifestReport,
  manifestReportSchema,
  manifestSchema,
  type Split,
} from "../../lib/wire.ts";
import { ask, download } from "./ask.ts";
import { contentHash, type DataSet, labelAt } from "./data.ts";
import { datasetPosts, registerDataset } from "./dataset.ts";
import { json, type Target } from "./http.ts";
import type { Sample } from "./split.ts";
import type { Post } from "./spool.ts";

export type Registration = {
  name: string;
  dataset: { name: string; version: string; description: string };
  seed: number;
  notes: string;
};

/** The first line of the canonical text: a line a sample follows, of key, hash, split, label and group. */
const HEADER = "holdout-manifest v1\n";

/** Registers dataset and manifest; the same content again returns what is there. Waits a minute for the server. */
export async function registerManifest(
  target: Target,
  set: DataSet,
  samples: Sample[],
  given: Registration,
  signal?: AbortSignal,
): Promise<Manifest> {
  await registerDataset(target, set, samples, given.dataset, signal);
  const request = { method: "POST", path: "/api/v1/manifests", ...json(bodyOf(samples, given)), signal } as const;
  return manifestSchema.parse(await ask(target, request));
}

function bodyOf(samples: Sample[], { name, seed, notes, dataset }: Registration): ManifestCreate {
  const columns = {
    key: samples.map((sample) => sample.key),
    split: samples.map((sample) => sample.split),
    label: samples.map((sample) => sample.label),
    contentHash: samples.map((sample) => sample.contentHash),
  };
  const { description: _, ...version } = dataset;
  return { name, dataset: version, method: "stratified", seed, notes, samples: columns };
}

/** A manifest that no server knows yet: its id, what of it is trained on, and the requests that will register it. */
export function manifestHere(
  set: DataSet,
  samples: Sample[],
  given: Registration,
): { id: string; indexes: TrainingIndexes; posts: Post[] } {
  const written = { train: "train", validation: "val", test: "test" };
  const lines = samples
    .map(({ key, contentHash: hash, split, label, index }) => ({
      bytes: Buffer.from(key),
      line: `${key}\t${hash}\t${written[split]}\t${label ?? ""}\t\n`,
      split,
      index,
    }))
    .sort((a, b) => Buffer.compare(a.bytes, b.bytes));
  const digest = (some: typeof lines) => {
    const hash = createHash("sha256").update(HEADER);
    for (const { line } of some) hash.update(line);
    return hash.digest("hex");
  };
  // in the order in which the text has them, so that the same batches come as after reading it back
  const indexesOf = (split: Split) =>
    Uint32Array.from(
      lines.filter((line) => line.split === split),
      ({ index }) => index,
    );
  const trainDigest = digest(lines.filter(({ split }) => split === "train"));
  return {
    id: digest(lines),
    indexes: { train: indexesOf("train"), validation: indexesOf("validation"), trainDigest },
    posts: [...datasetPosts(set, samples, given.dataset), { path: "/api/v1/manifests", body: bodyOf(samples, given) }],
  };
}

const REPORT_AGAIN_MS = 500;
/** Checks of ten million samples take minutes; a training doesn't wait for ever. */
const REPORT_WAIT_MS = 15 * 60_000;

/** What the checks of a manifest found, as soon as they are done; null: they failed, or take too long. */
export async function awaitReport(target: Target, id: string, signal?: AbortSignal): Promise<ManifestReport | null> {
  const give = Date.now() + REPORT_WAIT_MS;
  for (;;) {
    const answer = await ask(target, { method: "GET", path: `/api/v1/manifests/${id}/report`, signal });
    const report = manifestReportSchema.parse(answer);
    if (report.progress.status === "done") return report;
    if (report.progress.status === "failed" || Date.now() > give) return null;
    await pause(REPORT_AGAIN_MS, undefined, { signal });
  }
}

/** How the server is to split a dataset that is complete. */
export type SplitRequest = Pick<ManifestCreate, "name" | "dataset" | "method" | "seed" | "notes" | "options">;

/** Has the server make and register the split. */
export async function requestSplit(target: Target, given: SplitRequest, signal?: AbortSignal): Promise<Manifest> {
  const request = { method: "POST", path: "/api/v1/manifests", ...json(given), signal } as const;
  return manifestSchema.parse(await ask(target, request));
}

/** Indexes into the official training part, by what they are for. Test samples are in none: training never sees them. */
export type TrainingIndexes = {
  train: Uint32Array;
  validation: Uint32Array;
  /** Digest of the manifest's training split: the canonical text with its lines alone. */
  trainDigest: string;
};

/**
 * Reads a manifest and finds its training and validation samples in the set. Throws where the text doesn't have the
 * manifest's digest, a sample isn't there, its content or label isn't what the manifest says, or it has nothing to train
 * on, or to validate with.
 */
export async function readManifest(
  target: Target,
  id: string,
  set: DataSet,
  signal?: AbortSignal,
): Promise<TrainingIndexes> {
  const text = (await download(target, `/api/v1/manifests/${id}/samples`, signal)).toString("utf8");
  const digest = createHash("sha256").update(text).digest("hex");
  if (digest !== id) throw new Error(`the server's text of manifest ${id} has the digest ${digest}`);
  if (!text.startsWith(HEADER)) throw new Error(`manifest ${id} isn't written as ${JSON.stringify(HEADER)} has it`);
  const found: Record<"train" | "validation", number[]> = { train: [], validation: [] };
  const places = new Map(set.train.keys.map((key, index) => [key, index]));
  const trainHash = createHash("sha256").update(HEADER);
  for (const line of text.split("\n").slice(1, -1)) {
    const [key = "", hash = "", written = "", label = ""] = line.split("\t");
    const split: Split = written === "val" ? "validation" : (written as Split);
    if (split === "test") continue;
    if (split === "train") trainHash.update(`${line}\n`);
    found[split].push(checkedIndex(set, places.get(key), key, hash, label));
  }
  for (const split of ["train", "validation"] as const)
    if (found[split].length === 0) throw new Error(`manifest ${id} has no ${split} samples; a training needs some`);
  return {
    train: Uint32Array.from(found.train),
    validation: Uint32Array.from(found.validation),
    trainDigest: trainHash.digest("hex"),
  };
}

function checkedIndex(set: DataSet, index: number | undefined, key: string, hash: string, label: string): number {
  if (index === undefined)
    throw new Error(
      `the manifest's sample ${JSON.stringify(key)} is not among the ${set.train.count} training samples of ${set.name}`,
    );
  const actual = contentHash(set, set.train, index);
  if (actual !== hash) throw new Error(`${key} of ${set.name} has the content ${actual}; the manifest says ${hash}`);
  const actualLabel = labelAt(set, set.train, index) ?? "";
  if (label !== "" && actualLabel !== label)
    throw new Error(`${key} of ${set.name} has the label ${actualLabel}; the manifest says ${JSON.stringify(label)}`);
  return index;
}
