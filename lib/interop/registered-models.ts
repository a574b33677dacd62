/** Names under which clients register versions of models. By their word alone: no check looks at them, and none is a claim. */
import { and, asc, eq, isNull, or, type SQL, sql } from "drizzle-orm";
import { v7 as uuidv7 } from "uuid";
import { connections, type Executor } from "../../db/connection.ts";
import { registeredModels } from "../../db/schema/interop.ts";
import { projects } from "../../db/schema/projects.ts";
import type { Actor } from "../access/actor.ts";
import { changeOf, recordAct } from "../access/audit.ts";
import { authorise, type Permission, reaches } from "../access/permissions.ts";
import { reachable } from "../access/reach.ts";
import { ProblemError } from "../problem.ts";
import { changedTexts } from "./texts.ts";

export type RegisteredModel = {
  id: string;
  /** Null: it is of no project yet. */
  projectId: string | null;
  name: string;
  description: string;
  tags: Record<string, string>;
  createdBy: string;
  createdAt: Date;
  updatedAt: Date;
};
export type NewRegistration = Pick<RegisteredModel, "projectId" | "name" | "description" | "tags">;
/** A tag of null is taken away; the others are added to what is there. */
export type WordsChange = { description?: string; tags?: Record<string, string | null> };

/** Whether what lies in a project is there for the actor; what lies in none yet is for tokens of the workspace. */
export function isThere(actor: Actor, projectId: string | null): boolean {
  if (projectId !== null) return reaches(actor, projectId);
  return actor.kind === "system" || (actor.kind === "token" && actor.scope === "workspace");
}

export const authoriseThere = (actor: Actor, permission: Permission, projectId: string | null): void =>
  authorise(actor, permission, projectId ?? undefined);

function noModel(name: string): ProblemError {
  const detail = `there is no registered model ${JSON.stringify(name)} that you may read`;
  return new ProblemError("not-found", detail, [{ field: "name", detail }]);
}

/** A condition of their rows on what lies in a living project, or in none. */
const isOfLiving = or(isNull(registeredModels.projectId), isNull(projects.deletedAt));

function selectModels(actor: Actor, more?: SQL) {
  const isReached = reachable(actor, registeredModels.projectId);
  return connections()
    .db.select({ model: registeredModels })
    .from(registeredModels)
    .leftJoin(projects, eq(projects.id, registeredModels.projectId))
    .where(and(isOfLiving, isReached, more));
}

/** The model of a name; of several that a token of the workspace reaches the oldest. Throws `not-found`. */
export async function requireRegistered(actor: Actor, name: string, permission: Permission): Promise<RegisteredModel> {
  const found = await findRegistered(actor, name);
  if (!found) throw noModel(name);
  authoriseThere(actor, permission, found.projectId);
  return found;
}

async function findRegistered(actor: Actor, name: string): Promise<RegisteredModel | null> {
  authorise(actor, "runs.read");
  const rows = await selectModels(actor, eq(registeredModels.name, name)).orderBy(
    asc(registeredModels.createdAt),
    asc(registeredModels.id),
  );
  const found = rows.find(({ model }) => isThere(actor, model.projectId));
  return found ? toRegistered(found.model) : null;
}

const MODELS_MAX = 5_000;

/** The registered models that are there for the actor, by name, at most 5,000. */
export async function listRegistered(actor: Actor): Promise<RegisteredModel[]> {
  authorise(actor, "runs.read");
  const rows = await selectModels(actor).orderBy(asc(registeredModels.name)).limit(MODELS_MAX);
  return rows.flatMap(({ model }) => (isThere(actor, model.projectId) ? [toRegistered(model)] : []));
}

/** Takes a name for models. Throws `conflict` where the actor knows one of the name. */
export async function register(actor: Actor, given: NewRegistration): Promise<RegisteredModel> {
  authoriseThere(actor, "runs.log", given.projectId);
  if (await findRegistered(actor, given.name)) throw taken(given.name);
  return connections().db.transaction(async (tx) => {
    const values = { ...given, id: uuidv7(), createdBy: actor.name };
    const [row] = await tx.insert(registeredModels).values(values).onConflictDoNothing().returning();
    if (!row) throw taken(given.name);
    await recordModelAct(tx, actor, toRegistered(row), "model.register", {});
    return toRegistered(row);
  });
}

const taken = (name: string) =>
  new ProblemError("conflict", `a registered model has the name ${JSON.stringify(name)} already`);

/** Renames a model. Throws `conflict` where the actor knows another of the name. */
export async function renameRegistered(actor: Actor, name: string, to: string): Promise<RegisteredModel> {
  const model = await requireRegistered(actor, name, "runs.log");
  if (to === name) return model;
  if (await findRegistered(actor, to)) throw taken(to);
  return change(actor, model, { set: { name: to, updatedAt: sql`now()` }, said: changeOf(model, { name: to }) });
}

/** Changes what is said of a model. Throws `not-found`. */
export async function describeRegistered(
  actor: Actor,
  name: string,
  { description, tags }: WordsChange,
): Promise<RegisteredModel> {
  const model = await requireRegistered(actor, name, "runs.log");
  if (description !== undefined)
    return change(actor, model, {
      set: { description, updatedAt: sql`now()` },
      said: changeOf(model, { description }),
    });
  return change(actor, model, {
    set: { tags: changedTexts(registeredModels.tags, tags ?? {}) },
    said: { to: { tags } },
  });
}

type Change = { set: Record<string, unknown>; said: { from?: object; to: object } };

async function change(actor: Actor, model: RegisteredModel, { set, said }: Change): Promise<RegisteredModel> {
  return connections().db.transaction(async (tx) => {
    const [row] = await tx
      .update(registeredModels)
      .set(set)
      .where(eq(registeredModels.id, model.id))
      .returning()
      .catch((error: unknown) => {
        throw isOfUsedName(error) ? taken(String(set.name)) : error;
      });
    if (!row) throw noModel(model.name);
    await recordModelAct(tx, actor, model, "model.update", said);
    return toRegistered(row);
  });
}

const isOfUsedName = (error: unknown): boolean => (error as { cause?: { code?: unknown } }).cause?.code === "23505";

/** Forgets a model with its versions; the files stay with their runs. Throws `not-found`. */
export async function removeRegistered(actor: Actor, name: string): Promise<void> {
  const model = await requireRegistered(actor, name, "runs.delete");
  await connections().db.transaction(async (tx) => {
    await tx.delete(registeredModels).where(eq(registeredModels.id, model.id));
    await recordModelAct(tx, actor, model, "model.delete", {});
  });
}

/** A change of its versions is one of the model. */
export async function touchRegistered(tx: Executor, id: string): Promise<void> {
  await tx.update(registeredModels).set({ updatedAt: sql`now()` }).where(eq(registeredModels.id, id));
}

/** Puts an act on a registered model into the audit. */
export async function recordModelAct(
  tx: Executor,
  actor: Actor,
  { id, name, projectId }: Pick<RegisteredModel, "id" | "name" | "projectId">,
  action: `model.${string}`,
  detail: Record<string, unknown>,
): Promise<void> {
  await recordAct(tx, actor, { action, subject: `model:${id}`, projectId, detail: { name, ...detail } });
}

function toRegistered({ versionsMade: _, tags, ...facts }: typeof registeredModels.$inferSelect): RegisteredModel {
  return { ...facts, tags: tags as Record<string, string> };
}
