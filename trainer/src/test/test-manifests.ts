/** For tests: takes datasets and manifests as the server does, and gives their canonical text back; splits it only asks for. */
import { createHash } from "node:crypto";
import type { WordedReport } from "../../../lib/wire/data/checks.ts";
import {
  type Dataset,
  type DatasetCreate,
  type DatasetSamples,
  datasetSamplesSchema,
} from "../../../lib/wire/data/datasets.ts";
import { type Manifest, type ManifestCreate, manifestCreateSchema } from "../../../lib/wire/data/manifests.ts";
import type { RefereeSplit } from "../../../lib/wire/data/referee-splits.ts";
import type { TestServer } from "./test-server.ts";

export type Lines = { key: string; contentHash: string; split: string; label: string; group?: string }[];

/** The canonical text of samples whose keys are ASCII, and its digest. */
export function canonical(lines: Lines): { id: string; text: Buffer } {
  const sorted = lines.toSorted((a, b) => (a.key < b.key ? -1 : 1));
  const rows = sorted.map(
    ({ key, contentHash, split, label, group = "" }) => `${key}\t${contentHash}\t${split}\t${label}\t${group}\n`,
  );
  const text = Buffer.from(`holdout-manifest v1\n${rows.join("")}`);
  return { id: createHash("sha256").update(text).digest("hex"), text };
}

const datasetOf = ({ name, version }: DatasetCreate): Dataset => ({
  id: "0199f3a2-1c00-7000-8000-000000000001",
  name,
  version,
  description: "",
  temporal: false,
  imageSide: null,
  completedAt: null,
  createdAt: new Date().toISOString(),
});
const passing = (manifest: string): WordedReport => ({
  manifest,
  verdict: "pass",
  checks: [],
  progress: { status: "done", share: 1, stage: "", error: null },
});

/** Why the server refuses to split a dataset's samples so; null: it doesn't. */
function refusalOf({ method }: ManifestCreate, samples: DatasetSamples[]): string | null {
  const column = (name: "group" | "time" | "label") =>
    samples.flatMap((some) => some[name] ?? some.key.map(() => null));
  if (method.includes("group") && column("group").every((group) => group === null))
    return `method: ${method} needs samples with a group`;
  if (method === "time" && column("time").includes(null)) return "method: time needs a time for every sample";
  if (method.startsWith("stratified") && column("label").includes(null))
    return `method: ${method} needs a label for every sample`;
  return null;
}

const idOf = (text: string): string => createHash("sha256").update(text).digest("hex");

/**
 * Lets a test server take manifests. Returns what it holds, text by id, the datasets that were named, the samples that
 * were added to any, and the registrations in their order.
 */
export function acceptManifests(server: TestServer) {
  const texts = new Map<string, Buffer>();
  const registered: ManifestCreate[] = [];
  const datasets: DatasetCreate[] = [];
  const samples: DatasetSamples[] = [];
  /** Keys of referee splits, by manifest. */
  const hidden = new Map<string, string[]>();
  const folds = new Map<string, Manifest>();
  const split = (given: ManifestCreate): [number, unknown] => {
    const refusal = refusalOf(given, samples);
    if (refusal) return [400, refusal];
    const whole = manifestOf(given, idOf(given.name), { train: 0, validation: 0, test: 0 });
    const { method, options } = manifestCreateSchema.parse(given);
    const made = Array.from({ length: method.endsWith("k-fold") ? options.folds : 0 }, (_, fold) => {
      const name = `${given.name}, fold ${fold + 1} of ${options.folds}`;
      return { ...whole, name, id: idOf(name), parent: whole.id };
    });
    for (const fold of made) folds.set(fold.id, fold);
    return [200, { ...whole, folds: made.map(({ id }) => id) }];
  };
  server.answers = (method, path, bytes) => {
    if (path === "/api/v1/datasets") {
      const given = JSON.parse(bytes.toString()) as DatasetCreate;
      datasets.push(given);
      return [200, datasetOf(given)];
    }
    if (/^\/api\/v1\/datasets\/[^/]+\/samples$/.test(path)) {
      samples.push(datasetSamplesSchema.parse(JSON.parse(bytes.toString())));
      return [200, { added: 0, there: 0 }];
    }
    if (/^\/api\/v1\/datasets\/[^/]+\/complete$/.test(path)) return [200, datasetOf(datasets.at(-1)!)];
    const fold = folds.get(path.split("/").at(-1)!);
    if (method === "GET" && fold) return [200, fold];
    const checked = /^\/api\/v1\/manifests\/(\w+)\/report$/.exec(path)?.[1];
    if (checked) return [200, passing(checked)];
    const refereed = /^\/api\/v1\/manifests\/(\w+)\/referee-split$/.exec(path)?.[1];
    if (refereed) return hidden.has(refereed) ? [200, refereeSplitOf(refereed, hidden.get(refereed)!)] : [404, {}];
    const wanted = /^\/api\/v1\/manifests\/(\w+)\/samples$/.exec(path)?.[1];
    if (wanted) return texts.has(wanted) ? [200, texts.get(wanted)] : [404, { detail: "no such manifest" }];
    if (method !== "POST" || path !== "/api/v1/manifests") return null;
    const given = JSON.parse(bytes.toString()) as ManifestCreate;
    manifestCreateSchema.parse(given);
    registered.push(given);
    if (!given.samples) return split(given);
    const { key, split: splitOf, label, contentHash, group } = given.samples;
    const sealed = new Set(samples.flatMap((some) => some.key.filter((_, at) => some.sealed?.[at])));
    const { id, text } = canonical(
      key.map((name, at) => ({
        key: name,
        contentHash: contentHash[at]!,
        split: splitOf[at] === "validation" ? "val" : splitOf[at]!,
        label: sealed.has(name) ? "" : (label[at] ?? ""),
        group: group?.[at] ?? "",
      })),
    );
    texts.set(id, text);
    const count = (wanted: string) => splitOf.filter((one) => one === wanted).length;
    return [
      200,
      manifestOf(given, id, { train: count("train"), validation: count("validation"), test: count("test") }),
    ];
  };
  return { texts, registered, datasets, samples, hidden };
}

const refereeSplitOf = (manifest: string, keys: string[]): RefereeSplit => ({
  manifest,
  seed: 1,
  share: 0.5,
  samples: keys.length,
  digest: "0".repeat(64),
  isSealed: true,
  keys,
  registeredBy: "somebody",
  registeredAt: "2026-01-05T09:00:00.000Z",
});

function manifestOf(given: ManifestCreate, id: string, counts: Manifest["counts"]): Manifest {
  const { name, dataset, method, seed = null, notes = "" } = given;
  const splitDigests = { train: id, validation: id, test: id };
  const header = { name, dataset, method, seed, notes, headerDigest: id, splitDigests, counts };
  const standing = { parent: null, verdict: null, override: null };
  return { id, project: "p", ...header, ...standing, createdAt: new Date().toISOString() };
}
