/** What answers a reference case: each `fn` of the cases by the product's own code. */
import { createHash } from "node:crypto";
import { systemActor } from "../access/actor.ts";
import { getReport } from "../checks/report.ts";
import { addSamples, completeDataset, createDataset } from "../datasets/datasets.ts";
import { jobPrograms } from "../job-programs.ts";
import { runNextJob } from "../jobs/jobs.ts";
import { jaccard, lshCollision, shingles } from "../likeness/minhash.ts";
import { dhash, hammingHex } from "../likeness/perceptual.ts";
import { diffManifests } from "../manifests/diff.ts";
import { readCanonicalText } from "../manifests/manifests.ts";
import { registerManifest } from "../manifests/register.ts";
import { ProblemError } from "../problem.ts";
import { createProject } from "../projects/projects.ts";
import { largestRemainder } from "../splitting/split.ts";
import type { Split } from "../wire/base/words.ts";
import type { CheckName } from "../wire/data/checks.ts";
import type { Adapter } from "./answers.ts";
import { inferenceAdapters } from "./inference.ts";
import { measureAdapters } from "./measures.ts";
import { refereeAdapters } from "./referees.ts";
import { searchAdapters } from "./searches.ts";
import { selectionAdapters } from "./selections.ts";

/** Answers by `fn`. One throws where the case must be refused. */
export const adapters: Record<string, Adapter> = {
  ...measureAdapters,
  ...inferenceAdapters,
  ...selectionAdapters,
  ...searchAdapters,
  ...refereeAdapters,
  stratified_quota: ({ class_counts, fractions }) => ({
    quota: class_counts.map((count: number) => largestRemainder(fractions, count)),
  }),
  lsh_collision: ({ jaccard, bands, rows }) => lshCollision(jaccard, bands, rows),
  jaccard_shingles: ({ a, b }, { k }) => ({ jaccard: jaccard(shingles(a, k), shingles(b, k)) }),
  hamming_hex64: ({ a, b }) => ({ distance: hammingHex(a, b) }),
  dhash_9x8: ({ pixels }) => ({ hash: dhash(pixels.flat()).toString("hex") }),
  manifest_digest: async ({ entries }) => {
    const { project, id } = await registerEntries(entries);
    let canonical = "";
    for await (const part of readCanonicalText(systemActor, project, id)) canonical += part;
    return { digest: id, canonical };
  },
  manifest_diff: async ({ before, after }) => {
    const first = await registerEntries(before);
    const second = await registerEntries(after, first.project);
    const diff = await diffManifests(systemActor, first.project, first.id, second.id);
    const keys = (list: { key: string }[]) => list.map(({ key }) => key);
    return {
      added: diff.added,
      removed: diff.removed,
      renamed: diff.renamed,
      content_changed: diff.changed,
      moved: keys(diff.moved),
      relabelled: keys(diff.relabelled),
      leak_risk: keys(diff.leakRisk),
    };
  },
  split_audit: async ({ rows }) => audit(rows),
};

type Entry = { id: string; sha256: string; subset: string; label: string | null; group: string | null };
const splitOf = (subset: string): Split => (subset === "val" ? "validation" : (subset as Split));
let datasets = 0;

/** Registers entries as a manifest, through a dataset of their own. */
async function registerEntries(entries: Entry[], into?: string): Promise<{ project: string; id: string }> {
  const project = into ?? (await createProject(systemActor, { name: `Reference ${++datasets}` })).id;
  const dataset = { name: "reference", version: String(++datasets) };
  await createDataset(systemActor, { project, ...dataset });
  const { id } = await registerManifest(systemActor, {
    project,
    name: "reference",
    dataset,
    method: "given",
    samples: {
      key: entries.map(({ id }) => id),
      split: entries.map(({ subset }) => splitOf(subset)),
      label: entries.map(({ label }) => label),
      group: entries.map(({ group }) => group),
      contentHash: entries.map(({ sha256 }) => sha256),
    },
  });
  return { project, id };
}

type AuditRow = { id: string; hash: string; subset: string; label: unknown; group: string | null; time: number | null };
const DAY = 86_400_000;

/**
 * Has rows checked as a manifest. A key in two splits is refused before there is one: the refusal names it, and the rows
 * are checked under keys that are told apart.
 */
async function audit(rows: AuditRow[]) {
  const twice = await refusedKeys(rows);
  const keys = rows.map(({ id }, at) => (rows.findIndex((row) => row.id === id) === at ? id : `${id} (${at})`));
  const hashes = new Map(keys.map((key, at) => [key, rows[at]!.hash]));
  const project = await createProject(systemActor, { name: `Reference ${++datasets}` });
  const dataset = { name: "audited", version: String(++datasets) };
  const { id } = await createDataset(systemActor, { project: project.id, ...dataset });
  await addSamples(systemActor, id, columnsOf(rows, keys));
  await completeDataset(systemActor, id);
  const given = { project: project.id, name: "audited", dataset, method: "given" };
  const manifest = await registerManifest(systemActor, given);
  while (await runNextJob(jobPrograms));
  const report = await getReport(systemActor, project.id, manifest.id);
  const check = (name: CheckName) => report.checks.find((one) => one.name === name)!;
  const contents = (name: CheckName) =>
    [...new Set(check(name).findings.map(({ keys }) => hashes.get(keys[0]!)!))].sort();
  const duplicates = check("exact-duplicates").figures;
  const times = check("time-order").figures;
  return {
    ids_in_several_subsets: twice,
    hashes_in_several_subsets: contents("exact-duplicates"),
    test_rows_in_train: duplicates.testSamplesInTrain,
    test_share_in_train: duplicates.testShareInTrain,
    groups_spanning: check("groups")
      .findings.flatMap((finding) => (finding.kind === "same-group" ? [finding.figures.group] : []))
      .sort(),
    temporal_overlap: times.testEarlierShare,
    duplicate_time: times.testEqualShare,
    conflicting_labels: contents("label-conflicts"),
  };
}

const columnsOf = (rows: AuditRow[], keys: string[]) => ({
  key: keys,
  split: rows.map(({ subset }) => splitOf(subset)),
  label: rows.map(({ label }) => (label === null ? null : String(label))),
  group: rows.map(({ group }) => group),
  time: rows.map(({ time }) => (time === null ? null : new Date(time * DAY).toISOString())),
  contentHash: rows.map(({ hash }) => createHash("sha256").update(hash).digest("hex")),
});

/** Keys that the registration of the rows refuses because they are there twice, one after the other. */
async function refusedKeys(rows: AuditRow[]): Promise<string[]> {
  const refused = new Set<string>();
  const project = (await createProject(systemActor, { name: `Reference ${++datasets}` })).id;
  for (;;) {
    const left = rows.filter(({ id }, at) => !refused.has(id) || rows.findIndex((row) => row.id === id) === at);
    const { id } = await createDataset(systemActor, { project, name: "refused", version: String(++datasets) });
    try {
      await addSamples(
        systemActor,
        id,
        columnsOf(
          left,
          left.map((row) => row.id),
        ),
      );
      return [...refused].sort();
    } catch (error) {
      const key = error instanceof ProblemError && /"(.*)"/.exec(error.message)?.[1];
      if (!key || refused.has(key)) throw error;
      refused.add(key);
    }
  }
}
