/** Who stands where: classes by split, sealed samples, and the manifests that a manifest came from or led to. */
import { connections } from "../../db/connection.ts";
import type { Actor } from "../access/actor.ts";
import { type Balance, readBalance } from "./checks.ts";
import { requireManifest } from "./manifests.ts";

/** Samples by split and label; null where there are no classes. Sealed labels aren't among them. */
export async function getBalance(actor: Actor, projectNamed: string, manifestId: string): Promise<Balance | null> {
  const { number } = await requireManifest(actor, projectNamed, manifestId);
  return connections().sql.begin("read only", (tx) => readBalance(tx, number));
}

/** Fewer sealed samples than this, or one class alone, and counts of classes would tell labels. */
const SEALED_COUNTED_MIN = 20;
export type Sealed = {
  samples: number /** By class; null: so few that counts would tell labels. */;
  classes: Map<string, number> | null;
};

/** Sealed samples of the manifest's whole dataset: of a part, counts of two manifests could be subtracted. */
export async function getSealed(actor: Actor, projectNamed: string, manifestId: string): Promise<Sealed> {
  const { datasetNumber } = await requireManifest(actor, projectNamed, manifestId);
  const rows = await connections().sql<{ label: string | null; n: number }[]>`
    select label, count(*)::int as n from dataset_samples
    where dataset_number = ${datasetNumber} and sealed group by label order by label collate "C" limit 1001`;
  const [dataset] = await connections().sql`
    select from datasets where number = ${datasetNumber} and completed_at is not null`;
  const samples = rows.reduce((sum, { n }) => sum + n, 0);
  // of a dataset that grows, counts before and after a sample came would tell its label
  const counted = dataset && samples >= SEALED_COUNTED_MIN && rows.length > 1 && rows.length <= 1000;
  return { samples, classes: counted ? new Map(rows.map(({ label, n }) => [label ?? "", n])) : null };
}

export type Relative = { id: string; name: string };

/** The manifest that this one came from, and those that came from it in the project, at most 100. */
export async function getLineage(
  actor: Actor,
  projectNamed: string,
  manifestId: string,
): Promise<{ parent: Relative | null; children: Relative[] }> {
  const { project, manifest } = await requireManifest(actor, projectNamed, manifestId);
  const { sql } = connections();
  const [parent] = await sql<Relative[]>`
    select manifest_id as id, name from manifest_registrations
    where project_id = ${project.id} and manifest_id = ${manifest.parent}`;
  const children = await sql<Relative[]>`
    select manifest_id as id, name from manifest_registrations
    where project_id = ${project.id} and header->>'parent' = ${manifestId} order by created_at, name limit 100`;
  return { parent: parent ?? null, children };
}
