/** Split manifests as projects registered them: immutable, named by their content. */
import { and, desc, eq, sql } from "drizzle-orm";
import { connections } from "../../db/connection.ts";
import { datasets } from "../../db/schema/datasets.ts";
import { manifestOverrides, manifestRegistrations, manifests, manifestVerdicts } from "../../db/schema/manifests.ts";
import type { Actor } from "../access/actor.ts";
import { authorise } from "../access/permissions.ts";
import { SAMPLES_A_PAGE } from "../datasets/key-pages.ts";
import { oncePerPage } from "../once.ts";
import { ProblemError } from "../problem.ts";
import { requireProject } from "../projects/projects.ts";
import type { Manifest, ManifestMethod, ManifestVerdict } from "../wire/data/manifests.ts";
import type { Project } from "../wire/projects.ts";
import { ManifestDigest } from "./canonical.ts";
import type { HeaderParts } from "./header.ts";

/** One manifest as a project registered it; null if it didn't. */
export async function getManifest(
  actor: Actor,
  projectNamed: string | undefined,
  id: string,
): Promise<Manifest | null> {
  const project = await requireProject(actor, projectNamed);
  authorise(actor, "manifests.read", project.id);
  return findManifest(project, id);
}

/** `getManifest` that throws `not-found`. Also gives what the rows of its samples know it by. */
export async function requireManifest(
  actor: Actor,
  projectNamed: string | undefined,
  id: string,
): Promise<{ manifest: Manifest; project: Project; number: number; datasetNumber: number }> {
  const project = await requireProject(actor, projectNamed);
  authorise(actor, "manifests.read", project.id);
  const row = await readRegistration(project.id, id);
  if (!row) throw new ProblemError("not-found", "this project has registered no manifest with that id");
  const { number } = row.manifests;
  return { manifest: toManifest(project, row), project, number, datasetNumber: row.datasets.number };
}

/** `getManifest` for who may read the project. */
export async function findManifest(project: Pick<Project, "id" | "slug">, id: string): Promise<Manifest | null> {
  const row = await readRegistration(project.id, id);
  return row ? toManifest(project, row) : null;
}

/** The manifests of a project, the newest first, at most 500. */
export async function listManifests(actor: Actor, projectNamed: string | undefined): Promise<Manifest[]> {
  const project = await requireProject(actor, projectNamed);
  authorise(actor, "manifests.read", project.id);
  return (await selectRegistrations(project.id)).map((row) => toManifest(project, row));
}

/** Whether a project has registered any manifest: where it hasn't, that a run cites none says nothing of the run. */
export async function hasManifests(actor: Actor, projectId: string): Promise<boolean> {
  authorise(actor, "manifests.read", projectId);
  const found = await connections()
    .db.select({ id: manifestRegistrations.manifestId })
    .from(manifestRegistrations)
    .where(eq(manifestRegistrations.projectId, projectId))
    .limit(1);
  return found.length > 0;
}

const readRegistration = oncePerPage(async (projectId: string, id: string) => {
  const [found] = await selectRegistrations(projectId, eq(manifestRegistrations.manifestId, id));
  return found;
});

async function selectRegistrations(projectId: string, only?: ReturnType<typeof eq>): Promise<RegistrationRow[]> {
  return connections()
    .db.select()
    .from(manifestRegistrations)
    .innerJoin(manifests, eq(manifests.id, manifestRegistrations.manifestId))
    .innerJoin(datasets, eq(datasets.id, manifestRegistrations.datasetId))
    .leftJoin(manifestVerdicts, eq(manifestVerdicts.manifestId, manifests.id))
    .leftJoin(
      manifestOverrides,
      and(
        eq(manifestOverrides.projectId, manifestRegistrations.projectId),
        eq(manifestOverrides.manifestId, manifestRegistrations.manifestId),
      ),
    )
    .where(and(eq(manifestRegistrations.projectId, projectId), only))
    .orderBy(desc(manifestRegistrations.createdAt), sql`${manifests.number} desc`)
    .limit(500);
}

type RegistrationRow = {
  manifests: typeof manifests.$inferSelect;
  manifest_registrations: typeof manifestRegistrations.$inferSelect;
  datasets: typeof datasets.$inferSelect;
  manifest_verdicts: { verdict: ManifestVerdict } | null;
  manifest_overrides: typeof manifestOverrides.$inferSelect | null;
};

function toManifest(project: Pick<Project, "id" | "slug">, row: RegistrationRow): Manifest {
  const { manifests: content, manifest_registrations: registration, datasets: dataset } = row;
  const { parent = null, joinedPairs } = registration.header as HeaderParts;
  return {
    id: content.id,
    project: project.slug,
    name: registration.name,
    dataset: { name: dataset.name, version: dataset.version },
    method: registration.method as ManifestMethod,
    seed: registration.seed,
    notes: registration.notes,
    headerDigest: registration.headerDigest,
    splitDigests: { train: content.trainDigest, validation: content.validationDigest, test: content.testDigest },
    counts: { train: content.trainCount, validation: content.validationCount, test: content.testCount },
    parent,
    ...(joinedPairs === undefined ? {} : { joinedPairs }),
    verdict: row.manifest_verdicts?.verdict ?? null,
    override: row.manifest_overrides && toOverride(row.manifest_overrides),
    createdAt: registration.createdAt.toISOString(),
  };
}

export const toOverride = (row: typeof manifestOverrides.$inferSelect): NonNullable<Manifest["override"]> => ({
  reason: row.reason,
  by: row.overriddenBy,
  at: row.createdAt.toISOString(),
});

/** The canonical text of a manifest, piece by piece in the order of the keys' bytes. */
export async function* readCanonicalText(
  actor: Actor,
  projectNamed: string | undefined,
  id: string,
): AsyncGenerator<string> {
  const { number } = await requireManifest(actor, projectNamed, id);
  yield ManifestDigest.header;
  let after = "";
  for (;;) {
    const [page] = await connections().sql<{ last: string | null; rows: number; text: string }[]>`
      select max(key) as last, count(*)::int as rows, string_agg(key || E'\t' || encode(content_hash, 'hex') || E'\t' ||
        case split when 'validation' then 'val' else split end || E'\t' || coalesce(label, '') || E'\t' ||
        coalesce("group", '') || E'\n', '') as text
      from (select key, content_hash, split, label, "group" from manifest_samples
        where manifest_number = ${number} and key > ${after} order by key limit ${SAMPLES_A_PAGE}) page`;
    if (!page || page.last === null) return;
    yield page.text;
    if (page.rows < SAMPLES_A_PAGE) return;
    after = page.last;
  }
}

/** The folds of a k-fold's whole as the project registered them, in order; of another manifest none. */
export async function listFolds(
  actor: Actor,
  projectNamed: string,
  id: string,
): Promise<{ id: string; name: string }[]> {
  const { project } = await requireManifest(actor, projectNamed, id);
  return connections().sql<{ id: string; name: string }[]>`
    select manifest_id as id, name from manifest_registrations
    where project_id = ${project.id} and header->>'parent' = ${id} and header ? 'fold'
    order by (header->>'fold')::int`;
}

/** How many runs of a project cite each manifest. */
export async function countCitingRuns(actor: Actor, projectId: string): Promise<Map<string, number>> {
  authorise(actor, "manifests.read", projectId);
  const rows = await connections().sql<{ id: string; n: number }[]>`
    select manifest_id as id, count(*)::int as n from runs
    where project_id = ${projectId} and manifest_id is not null and deleted_at is null group by 1`;
  return new Map(rows.map(({ id, n }) => [id, n]));
}
