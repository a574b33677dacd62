/** For tests: registers manifests as the server does, and gives their canonical text back. */
import { createHash } from "node:crypto";
import type { Dataset, DatasetCreate, ManifestCreate, ManifestReport } from "../../lib/wire.ts";
import type { TestServer } from "./test-server.ts";

export type Lines = { key: string; contentHash: string; split: string; label: string }[];

/** The canonical text of samples whose keys are ASCII, and its digest. */
export function canonical(lines: Lines): { id: string; text: Buffer } {
  const sorted = lines.toSorted((a, b) => (a.key < b.key ? -1 : 1));
  const rows = sorted.map(({ key, contentHash, split, label }) => `${key}\t${contentHash}\t${split}\t${label}\t\n`);
  const text = Buffer.from(`holdout-manifest v1\n${rows.join("")}`);
  return { id: createHash("sha256").update(text).digest("hex"), text };
}

const datasetOf = ({ name, version }: DatasetCreate): Dataset => ({
  ...{ id: "0199f3a2-1c00-7000-8000-000000000001", name, version, description: "", temporal: false },
  ...{ completedAt: null, createdAt: new Date().toISOString() },
});
const passing = (manifest: string): ManifestReport => ({
  ...{ manifest, verdict: "pass", checks: [] },
  progress: { status: "done", share: 1, stage: "", error: null },
});

/** Lets a test server take manifests. Returns what it holds, text by id, and the registrations in their order. */
export function acceptManifests(server: TestServer) {
  const texts = new Map<string, Buffer>();
  const registered: ManifestCreate[] = [];
  server.answers = (method, path, bytes) => {
    if (path === "/api/v1/datasets") return [200, datasetOf(JSON.parse(bytes.toString()) as DatasetCreate)];
    if (/^\/api\/v1\/datasets\/[^/]+\/samples$/.test(path)) return [200, { added: 0, there: 0 }];
    const checked = /^\/api\/v1\/manifests\/(\w+)\/report$/.exec(path)?.[1];
    if (checked) return [200, passing(checked)];
    const wanted = /^\/api\/v1\/manifests\/(\w+)\/samples$/.exec(path)?.[1];
    if (wanted) return texts.has(wanted) ? [200, texts.get(wanted)] : [404, { detail: "no such manifest" }];
    if (method !== "POST" || path !== "/api/v1/manifests") return null;
    const given = JSON.parse(bytes.toString()) as ManifestCreate;
    registered.push(given);
    const { key, split, label, contentHash } = given.samples!;
    const { id, text } = canonical(
      key.map((name, at) => ({
        key: name,
        contentHash: contentHash[at]!,
        split: split[at] === "validation" ? "val" : split[at]!,
        label: label[at] ?? "",
      })),
    );
    texts.set(id, text);
    const count = (wantedSplit: string) => split.filter((one) => one === wantedSplit).length;
    const digests = { train: id, validation: id, test: id };
    const counts = { train: count("train"), validation: count("validation"), test: count("test") };
    const { name, dataset, method: how, seed = null, notes = "" } = given;
    const header = { name, dataset, method: how, seed, notes, headerDigest: id, splitDigests: digests, counts };
    const standing = { parent: null, verdict: null, override: null };
    return [200, { id, project: "p", ...header, ...standing, createdAt: new Date().toISOString() }];
  };
  return { texts, registered };
}
