/** Who stands where: classes by split, sealed samples, and the manifests that a manifest came from or led to. */
import { connections } from "../../../db/connection.ts";
import type { Actor } from "../../access/actor.ts";
import { requireManifest } from "../../manifests/manifests.ts";
import { type Classes, readClasses } from "./classes.ts";

/** Samples by split and label, or by quintile where labels are numbers. Sealed labels aren't among them. */
export async function getClasses(actor: Actor, projectNamed: string, manifestId: string): Promise<Classes> {
  const { number } = await requireManifest(actor, projectNamed, manifestId);
  return (await connections().sql.begin("read only", (tx) => readClasses(tx, number))) as Classes;
}

/**
 * Sealed samples of the manifest's whole dataset. How many of each class is said nowhere: where two versions differ by a
 * sample, counts of the one less those of the other would be its label.
 */
export async function countSealed(actor: Actor, projectNamed: string, manifestId: string): Promise<number> {
  const { datasetNumber } = await requireManifest(actor, projectNamed, manifestId);
  const [row] = await connections().sql<{ samples: number }[]>`
    select count(*)::int as samples from dataset_samples where dataset_number = ${datasetNumber} and sealed`;
  return row!.samples;
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
