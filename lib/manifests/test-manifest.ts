/** A small split manifest for tests. */
import { createHash } from "node:crypto";
import { systemActor } from "../access/actor.ts";
import { createDataset } from "../datasets/datasets.ts";
import type { Split } from "../wire/base/words.ts";
import type { Manifest } from "../wire/data/manifests.ts";
import type { Project } from "../wire/projects.ts";
import { registerManifest } from "./register.ts";

const hashOf = (text: string) => createHash("sha256").update(text).digest("hex");

export const samplesOf = (splitOf: Record<string, Split>) => ({
  key: Object.keys(splitOf),
  split: Object.values(splitOf),
  label: Object.keys(splitOf).map(() => "cat"),
  contentHash: Object.keys(splitOf).map(hashOf),
});

/** Registers a dataset and a manifest of three samples, or of those given. */
export async function newManifest(
  project: Project,
  splitOf: Record<string, Split> = { a: "train", b: "validation", c: "test" },
): Promise<Manifest> {
  const dataset = { name: "cats", version: "1" };
  await createDataset(systemActor, { project: project.id, ...dataset });
  const samples = samplesOf(splitOf);
  return registerManifest(systemActor, { project: project.id, name: "cats", dataset, method: "given", samples });
}
