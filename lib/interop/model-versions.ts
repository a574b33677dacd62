/** Versions of registered models, by their clients' word: where the files are, which run made them, in which stage they are. */
import { and, desc, eq, inArray, isNull, ne, type SQL, sql } from "drizzle-orm";
import { connections, type Executor } from "../../db/connection.ts";
import { modelVersions, registeredModels } from "../../db/schema/interop.ts";
import type { Actor } from "../access/actor.ts";
import { authorise } from "../access/permissions.ts";
import { reachable } from "../access/reach.ts";
import { noticeRun } from "../live/notices.ts";
import { ProblemError } from "../problem.ts";
import { locateRun } from "../runs/runs.ts";
import { groupedBy } from "./grouped.ts";
import {
  authoriseThere,
  isThere,
  type RegisteredModel,
  recordModelAct,
  requireRegistered,
  touchRegistered,
  type WordsChange,
} from "./registered-models.ts";
import { changedTexts } from "./texts.ts";

export type ModelStage = "none" | "staging" | "production" | "archived";
export type ModelVersion = Omit<typeof modelVersions.$inferSelect, "tags"> & {
  name: string;
  tags: Record<string, string>;
  /** Of its run here; null: it has none, or one that is deleted. */
  runName: string | null;
  /** The names that point to it, in their order. */
  aliases: string[];
};
export type NewVersion = {
  /** A run here, by id, where the client named one. */
  runId: string | null;
  /** The project of the logged model that the client named; null: of none here. */
  modelProjectId: string | null;
} & Pick<ModelVersion, "runWord" | "modelWord" | "source" | "filesAt" | "runLink" | "description" | "tags">;

function noVersion(name: string, version: number): ProblemError {
  const detail = `there is no version ${version} of the model ${JSON.stringify(name)} that you may read`;
  return new ProblemError("not-found", detail, [{ field: "version", detail }]);
}

/**
 * Adds a version to a model. It is of its run's project; a model of no project yet becomes one of that. A run that the actor
 * may not log to is kept as the client's word alone.
 */
export async function addVersion(actor: Actor, name: string, given: NewVersion): Promise<ModelVersion> {
  const model = await requireRegistered(actor, name, "runs.log");
  const { modelProjectId, runId: named, ...words } = given;
  const run = named === null ? null : await locateRun(actor, named, "runs.log").catch(noneIfMissing);
  const projectId = run?.projectId ?? modelProjectId ?? model.projectId;
  const runId = run ? named : null;
  const version = await connections().db.transaction(async (tx) => {
    const [counted] = await tx
      .update(registeredModels)
      .set({ versionsMade: sql`${registeredModels.versionsMade} + 1`, updatedAt: sql`now()` })
      .where(eq(registeredModels.id, model.id))
      .returning({ version: registeredModels.versionsMade });
    const { version } = counted!;
    await tx
      .insert(modelVersions)
      .values({ ...words, modelId: model.id, version, projectId, runId, createdBy: actor.name });
    if (model.projectId === null && projectId !== null) await adopt(tx, model, projectId);
    await recordModelAct(tx, actor, { ...model, projectId }, "model.version", { version, run: words.runWord });
    return version;
  });
  if (runId) noticeRun(runId);
  return requireVersion(actor, name, version, "runs.read");
}

function noneIfMissing(error: unknown): null {
  if (error instanceof ProblemError && error.kind === "not-found") return null;
  throw error;
}

/** Gives a model to the project of its first version there, unless the project has one of the name. */
async function adopt(tx: Executor, { id, name }: RegisteredModel, projectId: string): Promise<void> {
  const isFree = sql`not exists (select 1 from registered_models o where o.project_id = ${projectId}::uuid and o.name = ${name})`;
  const [adopted] = await tx
    .update(registeredModels)
    .set({ projectId })
    .where(and(eq(registeredModels.id, id), isFree))
    .returning({ id: registeredModels.id });
  if (!adopted) return;
  await tx
    .update(modelVersions)
    .set({ projectId })
    .where(and(eq(modelVersions.modelId, id), isNull(modelVersions.projectId)));
}

/** One version. Throws `not-found`. */
export async function requireVersion(
  actor: Actor,
  name: string,
  version: number,
  permission: "runs.read" | "runs.log" | "runs.delete",
): Promise<ModelVersion> {
  const model = await requireRegistered(actor, name, permission);
  const [found] = await selectVersions(
    actor,
    and(eq(modelVersions.modelId, model.id), eq(modelVersions.version, version)),
  );
  if (!found) throw noVersion(name, version);
  authoriseThere(actor, permission, found.projectId);
  return found;
}

const VERSIONS_MAX = 20_000;

/** Versions of the models that are there for the actor, the last changed first, at most 20,000; `name`: of one. */
export async function listVersions(actor: Actor, { name }: { name?: string } = {}): Promise<ModelVersion[]> {
  return selectVersions(actor, name === undefined ? undefined : eq(registeredModels.name, name));
}

/** The versions that a run made, the newest first. The caller knows that it may be read. */
export const listVersionsOf = (actor: Actor, runId: string): Promise<ModelVersion[]> =>
  selectVersions(actor, eq(modelVersions.runId, runId));

/** The versions that are of a project. */
export function listVersionsIn(actor: Actor, projectId: string): Promise<ModelVersion[]> {
  authorise(actor, "runs.read", projectId);
  return selectVersions(actor, eq(modelVersions.projectId, projectId));
}

/** The newest version in each stage, by the model's id. */
export async function listLatest(actor: Actor, modelIds: string[]): Promise<Map<string, ModelVersion[]>> {
  if (modelIds.length === 0) return new Map();
  const newest = sql`${modelVersions.version} = (select max(o.version) from model_versions o
    where o.model_id = ${modelVersions.modelId} and o.stage = ${modelVersions.stage})`;
  const rows = await selectVersions(actor, and(inArray(modelVersions.modelId, modelIds), newest));
  return groupedBy(
    rows,
    ({ modelId }) => modelId,
    (row) => row,
  );
}

export async function selectVersions(actor: Actor, more: SQL | undefined): Promise<ModelVersion[]> {
  authorise(actor, "runs.read");
  const living = sql`not exists (select 1 from projects p where p.id in (${modelVersions.projectId}, ${registeredModels.projectId})
    and p.deleted_at is not null)`;
  const aliases = sql<string[]>`array(select a.alias from model_aliases a
    where a.model_id = ${modelVersions.modelId} and a.version = ${modelVersions.version} order by a.alias)`;
  const runName = sql<
    string | null
  >`(select r.name from runs r where r.id = ${modelVersions.runId} and r.deleted_at is null)`;
  const rows = await connections()
    .db.select({ version: modelVersions, name: registeredModels.name, aliases, runName })
    .from(modelVersions)
    .innerJoin(registeredModels, eq(registeredModels.id, modelVersions.modelId))
    .where(and(living, reachable(actor, modelVersions.projectId), more))
    .orderBy(desc(modelVersions.updatedAt), registeredModels.name, desc(modelVersions.version))
    .limit(VERSIONS_MAX);
  return rows.flatMap(({ version: { tags, ...facts }, ...more }) =>
    isThere(actor, facts.projectId) ? [{ ...facts, ...more, tags: tags as Record<string, string> }] : [],
  );
}

const here = ({ modelId, version }: ModelVersion) =>
  and(eq(modelVersions.modelId, modelId), eq(modelVersions.version, version));
export const modelOf = ({ modelId: id, name, projectId }: ModelVersion) => ({ id, name, projectId });

/** Changes what is said of a version. Throws `not-found`. */
export async function describeVersion(
  actor: Actor,
  name: string,
  number: number,
  { description, tags }: WordsChange,
): Promise<ModelVersion> {
  const version = await requireVersion(actor, name, number, "runs.log");
  await connections().db.transaction(async (tx) => {
    const set = {
      ...(description === undefined ? {} : { description, updatedAt: sql`now()` }),
      ...(tags ? { tags: changedTexts(modelVersions.tags, tags) } : {}),
    };
    if (Object.keys(set).length === 0) return;
    await tx.update(modelVersions).set(set).where(here(version));
    await recordModelAct(tx, actor, modelOf(version), "model.update", { version: number, to: { description, tags } });
  });
  return requireVersion(actor, name, number, "runs.read");
}

/** Puts a version into a stage; `archives`: those that were in it go to the archive. Throws `not-found`. */
export async function moveToStage(
  actor: Actor,
  name: string,
  number: number,
  { stage, archives }: { stage: ModelStage; archives: boolean },
): Promise<ModelVersion> {
  const version = await requireVersion(actor, name, number, "runs.log");
  await connections().db.transaction(async (tx) => {
    const others = and(
      eq(modelVersions.modelId, version.modelId),
      eq(modelVersions.stage, stage),
      ne(modelVersions.version, number),
      reachable(actor, modelVersions.projectId),
    );
    if (archives) await tx.update(modelVersions).set({ stage: "archived", updatedAt: sql`now()` }).where(others);
    await tx.update(modelVersions).set({ stage, updatedAt: sql`now()` }).where(here(version));
    await touchRegistered(tx, version.modelId);
    const detail = { version: number, from: version.stage, to: stage, archives };
    await recordModelAct(tx, actor, modelOf(version), "model.stage", detail);
  });
  if (version.runId) noticeRun(version.runId);
  return requireVersion(actor, name, number, "runs.read");
}

/** Forgets a version and the aliases that point to it; the files stay with its run. Throws `not-found`. */
export async function removeVersion(actor: Actor, name: string, number: number): Promise<void> {
  const version = await requireVersion(actor, name, number, "runs.delete");
  await connections().db.transaction(async (tx) => {
    await tx.delete(modelVersions).where(here(version));
    await touchRegistered(tx, version.modelId);
    await recordModelAct(tx, actor, modelOf(version), "model.delete", { version: number });
  });
  if (version.runId) noticeRun(version.runId);
}
