/** Which projects reach a dataset: an admin gives it to them, and takes it away while they have no manifest of it. */
import { and, asc, eq, inArray, sql } from "drizzle-orm";
import { z } from "zod";
import { connections, type Executor } from "../../db/connection.ts";
import { datasets, projectDatasets } from "../../db/schema/datasets.ts";
import { manifestRegistrations } from "../../db/schema/manifests.ts";
import { projects } from "../../db/schema/projects.ts";
import type { Actor } from "../access/actor.ts";
import { recordAct } from "../access/audit.ts";
import { authorise } from "../access/permissions.ts";
import { requireStill } from "../access/standing.ts";
import { ProblemError, parse } from "../problem.ts";

export type Holder = { id: string; name: string; isDeleted: boolean; manifestCount: number };
export type GivenDataset = {
  id: string;
  name: string;
  version: string;
  completedAt: string | null;
  createdAt: string;
  projects: Holder[];
};

/** `q`: words that stand in name and version, in either case; `limit`: 1 to 500. */
export type GivenDatasetsQuery = { q?: string; limit?: number };
/** `isCut`: there are more. */
export type GivenDatasets = { datasets: GivenDataset[]; isCut: boolean };

const GIVEN_MAX = 500;

/** Datasets with the projects that have each: first those that no project has, then the newest. */
export async function listGivenDatasets(
  actor: Actor,
  { q = "", limit = GIVEN_MAX }: GivenDatasetsQuery = {},
): Promise<GivenDatasets> {
  authorise(actor, "datasets.give");
  const { db } = connections();
  const size = Math.min(Math.max(1, limit), GIVEN_MAX);
  // PostgreSQL has no text with NUL
  const words = q
    .slice(0, 200)
    .split(/[\s\0]+/)
    .filter(Boolean);
  const found = await db
    .select()
    .from(datasets)
    .where(
      and(
        ...words.map((word) => sql`strpos(lower(${datasets.name} || ' ' || ${datasets.version}), lower(${word})) > 0`),
      ),
    )
    .orderBy(
      sql`exists (select from project_datasets p where p.dataset_id = datasets.id)`,
      sql`created_at desc`,
      asc(datasets.id),
    )
    .limit(size + 1);
  const rows = found.slice(0, size);
  const holders = await listHolders(rows.map(({ id }) => id));
  const given = rows.map(({ id, name, version, completedAt, createdAt }) => ({
    id,
    name,
    version,
    completedAt: completedAt?.toISOString() ?? null,
    createdAt: createdAt.toISOString(),
    projects: holders.get(id) ?? [],
  }));
  return { datasets: given, isCut: found.length > size };
}

async function listHolders(datasetIds: string[]): Promise<Map<string, Holder[]>> {
  if (datasetIds.length === 0) return new Map();
  const rows = await connections()
    .db.select({
      datasetId: projectDatasets.datasetId,
      id: projects.id,
      name: projects.name,
      isDeleted: sql<boolean>`${projects.deletedAt} is not null`,
      manifestCount: sql<number>`(select count(*)::int from manifest_registrations r
        where r.project_id = ${projectDatasets.projectId} and r.dataset_id = ${projectDatasets.datasetId})`,
    })
    .from(projectDatasets)
    .innerJoin(projects, eq(projects.id, projectDatasets.projectId))
    .where(inArray(projectDatasets.datasetId, datasetIds))
    .orderBy(asc(projects.name), asc(projects.id));
  const holders = new Map<string, Holder[]>();
  for (const { datasetId, ...holder } of rows) holders.set(datasetId, [...(holders.get(datasetId) ?? []), holder]);
  return holders;
}

const giftSchema = z.object({ dataset: z.uuid("a dataset's id"), project: z.uuid("a project's id") });

/**
 * Gives a dataset to a project: its members and tokens reach its samples. May be repeated. Throws `conflict` where the
 * project has another dataset of that name and version.
 */
export async function giveDataset(actor: Actor, input: { dataset: string; project: string }): Promise<void> {
  authorise(actor, "datasets.give");
  const ids = parse(giftSchema, input);
  await connections().db.transaction(async (tx) => {
    await requireStill(tx, actor, "datasets.give");
    const { dataset, project } = await requireBoth(tx, ids);
    const { name, version } = dataset;
    const given = { projectId: project.id, datasetId: dataset.id, name, version, givenBy: actor.name };
    const added = await tx.insert(projectDatasets).values(given).onConflictDoNothing().returning();
    if (added.length > 0) return record(tx, actor, "dataset.give", given);
    const [there] = await tx.select().from(projectDatasets).where(giftOf(ids));
    if (there) return;
    const detail = `${project.name} has another dataset named ${name} ${version}; one of a name and version is right`;
    throw new ProblemError("conflict", detail, [{ field: "project", detail }]);
  });
}

/**
 * Takes a dataset away from a project, which then doesn't reach its samples. May be repeated. Throws `conflict` where the
 * project has manifests of it: what is registered stays readable.
 */
export async function takeDatasetAway(actor: Actor, input: { dataset: string; project: string }): Promise<void> {
  authorise(actor, "datasets.give");
  const ids = parse(giftSchema, input);
  await connections().db.transaction(async (tx) => {
    await requireStill(tx, actor, "datasets.give");
    const { dataset, project } = await requireBoth(tx, ids);
    // nobody registers a manifest of it until this is done
    const [there] = await tx.select().from(projectDatasets).where(giftOf(ids)).for("update");
    if (!there) return;
    const [made] = await tx
      .select({ count: sql<number>`count(*)::int` })
      .from(manifestRegistrations)
      .where(and(eq(manifestRegistrations.projectId, project.id), eq(manifestRegistrations.datasetId, dataset.id)));
    if (made!.count > 0) {
      const manifests = made!.count === 1 ? "1 manifest" : `${made!.count} manifests`;
      const detail = `${project.name} has ${manifests} of ${dataset.name} ${dataset.version}, which stay readable: it goes with the project alone`;
      throw new ProblemError("conflict", detail, [{ field: "project", detail }]);
    }
    await tx.delete(projectDatasets).where(giftOf(ids));
    await record(tx, actor, "dataset.take-away", there);
  });
}

type Gift = z.infer<typeof giftSchema>;
const giftOf = ({ dataset, project }: Gift) =>
  and(eq(projectDatasets.projectId, project), eq(projectDatasets.datasetId, dataset));

async function requireBoth(tx: Executor, ids: Gift) {
  const [dataset] = await tx.select().from(datasets).where(eq(datasets.id, ids.dataset));
  if (!dataset) throw new ProblemError("not-found", `there is no dataset with the id ${ids.dataset}`);
  const [project] = await tx.select().from(projects).where(eq(projects.id, ids.project));
  if (!project) throw new ProblemError("not-found", `there is no project with the id ${ids.project}`);
  return { dataset, project };
}

const record = (
  tx: Executor,
  actor: Actor,
  action: "dataset.give" | "dataset.take-away",
  {
    datasetId,
    projectId,
    name,
    version,
  }: Pick<typeof projectDatasets.$inferSelect, "datasetId" | "projectId" | "name" | "version">,
): Promise<void> =>
  recordAct(tx, actor, {
    action,
    subject: `dataset:${datasetId}`,
    projectId,
    detail: { name, version, ...(action === "dataset.give" ? given : taken) },
  });
const given = { from: "not given", to: "given" };
const taken = { from: "given", to: "not given" };
