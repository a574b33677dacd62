/** Samples for tests: registered as a dataset, split, and checked. */
import { createHash } from "node:crypto";
import { systemActor } from "../access/actor.ts";
import { listNearFamilies } from "../checks/near/near-pairs.ts";
import { getReport } from "../checks/report.ts";
import { jobPrograms } from "../job-programs.ts";
import { runNextJob } from "../jobs/jobs.ts";
import { registerManifest } from "../manifests/register.ts";
import { newProject } from "../test-workspace.ts";
import type { Split } from "../wire/base/words.ts";
import type { Check, CheckName } from "../wire/data/checks.ts";
import type { ManifestCreate } from "../wire/data/manifests.ts";
import type { StatementFigures } from "../wire/data/statements.ts";
import type { Project } from "../wire/projects.ts";
import { addSamples, completeDataset, createDataset } from "./datasets.ts";

const hashOf = (text: string) => createHash("sha256").update(text).digest("hex");
export type Row = {
  key: string;
  split?: Split | null;
  label?: string;
  group?: string;
  time?: string;
  content?: string;
  file?: string | undefined;
  thumbnail?: Uint8Array;
  /** PNG. */
  mask?: Uint8Array;
  text?: string;
  features?: Record<string, string | number>;
  sealed?: boolean;
};
let versions = 0;
const texts = (features: Record<string, string | number>) =>
  Object.fromEntries(Object.entries(features).map(([name, value]) => [name, String(value)]));

/** Registers samples as a dataset, makes a manifest of it, has it checked, and gives the report. */
export async function check(rows: Row[], given: Partial<ManifestCreate> = {}, temporal = false, into?: Project) {
  const project = into ?? (await newProject());
  const named = given.dataset ?? { name: "planted", version: String(++versions) };
  const dataset = await createDataset(systemActor, { project: project.id, ...named, temporal });
  await addSamples(systemActor, dataset.id, {
    key: rows.map(({ key }) => key),
    split: rows.map(({ split }) => split ?? null),
    label: rows.map(({ label }) => label ?? null),
    group: rows.map(({ group }) => group ?? null),
    time: rows.map(({ time }) => time ?? null),
    contentHash: rows.map(({ key, content }) => hashOf(content ?? key)),
    byteHash: rows.map(({ file }) => (file === undefined ? null : hashOf(file))),
    thumbnail: rows.map(({ thumbnail }) => (thumbnail ? Buffer.from(thumbnail).toString("base64") : null)),
    mask: rows.map(({ mask }) => (mask ? Buffer.from(mask).toString("base64") : null)),
    text: rows.map(({ text }) => text ?? null),
    features: rows.map(({ features }) => (features ? JSON.stringify(texts(features)) : null)),
    sealed: rows.map(({ sealed }) => sealed ?? false),
  });
  await completeDataset(systemActor, dataset.id);
  const manifest = await registerManifest(systemActor, {
    project: project.id,
    name: "planted",
    dataset: named,
    method: "given",
    ...given,
  });
  while (await runNextJob(jobPrograms));
  return { project, manifest, report: await getReport(systemActor, project.id, manifest.id) };
}

/** The first page of near duplicates, whichever families they are of. */
export const pairsOf = async (project: Project, manifestId: string) =>
  (await listNearFamilies(systemActor, project.id, manifestId)).families.flatMap(({ pairs }) => pairs);

export const found = <One extends Check>({ checks }: { checks: One[] }, name: CheckName): One =>
  checks.find((one) => one.name === name)!;
/** Kinds of what a check says, in their order. */
export const kindsOf = ({ statements }: Check) => statements.map(({ kind }) => kind);

/** The figures of a check's statement of one kind; undefined: it says nothing of the kind. */
export const said = <Kind extends keyof StatementFigures>({ statements }: Check, kind: Kind) =>
  statements.find((one) => one.kind === kind)?.figures as StatementFigures[Kind] | undefined;

const splitsOf: Split[] = ["train", "train", "train", "train", "train", "train", "train", "validation", "test", "test"];
/** Clean samples: `classes` labels in turn, each split in the same shares. */
export const clean = (n: number, classes = 2): Row[] =>
  Array.from({ length: n }, (_, at) => ({
    key: `s${String(at).padStart(5, "0")}`,
    split: splitsOf[Math.floor(at / classes) % 10]!,
    label: String(at % classes),
  }));
