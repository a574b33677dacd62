/** The list of a project's manifests as CSV for people, and what its checks say of one in the words of the pages. */
import type { Actor } from "../access/actor.ts";
import { toCsv } from "../csv.ts";
import { countCitingRuns, listManifests } from "../manifests/manifests.ts";
import type { Manifest } from "../wire/manifests.ts";
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
      ...[manifest.name, failed.has(manifest.id) ? "checks failed" : standingWords(manifest), why],
      ...[dataset.name, dataset.version, manifest.method, manifest.seed, counts.train, counts.validation, counts.test],
      ...[citing.get(manifest.id) ?? 0, manifest.createdAt, manifest.parent, manifest.splitDigests.test, manifest.id],
      manifest.notes,
    ];
  });
  return toCsv(header, rows);
}

/** What its checks say of the manifest. */
export function standingWords({ verdict, override }: Pick<Manifest, "verdict" | "override">): string {
  if (verdict === null) return "not checked yet";
  if (verdict === "block") return override ? "blocked, overridden" : "blocked";
  return verdict.replace("-", " ");
}
