/** The list of a project's manifests as CSV for people, in the words of the pages. */
import type { Actor } from "../access/actor.ts";
import { toCsv } from "../csv.ts";
import { countCitingRuns, listManifests } from "../manifests/manifests.ts";
import { checksFailedWords, manifestWords } from "../words/verdicts.ts";
import { listFailedChecks } from "./report.ts";

const header = [
  ...["name", "checks", "override", "dataset", "version", "method", "seed", "train", "validation", "test", "runs"],
  ...["registered", "parent", "test digest", "id", "notes"],
];

/** A line a manifest, in the order of the page: the newest first, at most 500. */
export async function exportManifestList(actor: Actor, projectId: string): Promise<string> {
  const [manifests, failed, citing] = await Promise.all([
    listManifests(actor, projectId),
    listFailedChecks(actor, projectId),
    countCitingRuns(actor, projectId),
  ]);
  const rows = manifests.map((manifest) => {
    const { dataset, counts, override } = manifest;
    const why = override && `${override.by}, ${override.at}: ${override.reason}`;
    return [
      ...[manifest.name, failed.has(manifest.id) ? checksFailedWords : manifestWords(manifest), why],
      ...[dataset.name, dataset.version, manifest.method, manifest.seed, counts.train, counts.validation, counts.test],
      ...[citing.get(manifest.id) ?? 0, manifest.createdAt, manifest.parent, manifest.splitDigests.test, manifest.id],
      manifest.notes,
    ];
  });
  return toCsv(header, rows);
}
