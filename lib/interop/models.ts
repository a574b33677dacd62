/** Models that clients stored: what they say of them. Their files are artifacts of the run that made them. */
import { desc, eq, inArray, sql } from "drizzle-orm";
import { v7 as uuidv7 } from "uuid";
import { connections } from "../../db/connection.ts";
import { loggedModels, runModels } from "../../db/schema/interop.ts";
import type { Actor } from "../access/actor.ts";
import { authorise, reaches } from "../access/permissions.ts";
import { noticeRun } from "../live/notices.ts";
import { locateLivingRun } from "../runs/runs.ts";
import { changedTexts } from "./texts.ts";

export type ModelStatus = "unspecified" | "pending" | "ready" | "failed";
export type LoggedModel = {
  id: string;
  projectId: string;
  runId: string | null;
  name: string;
  modelType: string | null;
  status: ModelStatus;
  params: Record<string, string>;
  tags: Record<string, string>;
  createdAt: Date;
  updatedAt: Date;
};
export type NewModel = Pick<LoggedModel, "projectId" | "runId" | "modelType" | "params" | "tags"> & {
  /** Null: one is made. */
  name: string | null;
};

/** Stores a model whose files come next. */
export async function createModel(actor: Actor, given: NewModel): Promise<LoggedModel> {
  authorise(actor, "runs.log", given.projectId);
  if (given.runId !== null) await locateLivingRun(actor, given.runId, "runs.log");
  const id = uuidv7();
  const name = given.name ?? `model-${id.slice(-6)}`;
  const [row] = await connections()
    .db.insert(loggedModels)
    .values({ ...given, id, name, status: "pending" })
    .returning();
  return toModel(row!);
}

/** One model; null: there is none that the actor may read. */
export async function findModel(actor: Actor, id: string): Promise<LoggedModel | null> {
  authorise(actor, "runs.read");
  const [row] = await connections().db.select().from(loggedModels).where(eq(loggedModels.id, id));
  return row && reaches(actor, row.projectId) ? toModel(row) : null;
}

const MODELS_MAX = 5_000;

/** The models of projects, the newest first, at most 5,000. */
export async function listModels(actor: Actor, projectIds: string[]): Promise<LoggedModel[]> {
  for (const id of projectIds) authorise(actor, "runs.read", id);
  if (projectIds.length === 0) return [];
  const rows = await connections()
    .db.select()
    .from(loggedModels)
    .where(inArray(loggedModels.projectId, projectIds))
    .orderBy(desc(loggedModels.createdAt), desc(loggedModels.id))
    .limit(MODELS_MAX);
  return rows.map(toModel);
}

/** The models that a run stored, the newest first, at most 100. The caller knows that they may be read. */
export async function listModelsOf(runId: string): Promise<LoggedModel[]> {
  const rows = await connections()
    .db.select()
    .from(loggedModels)
    .where(eq(loggedModels.runId, runId))
    .orderBy(desc(loggedModels.createdAt), desc(loggedModels.id))
    .limit(100);
  return rows.map(toModel);
}

export type ModelChange = {
  status?: ModelStatus;
  /** Added to what is there; a text of null takes the key away. */
  tags?: Record<string, string | null>;
  params?: Record<string, string>;
};

/** Changes what is said of a model; null: there is none that the actor may read. */
export async function changeModel(actor: Actor, id: string, change: ModelChange): Promise<LoggedModel | null> {
  const found = await findModel(actor, id);
  if (!found) return null;
  authorise(actor, "runs.log", found.projectId);
  const { status, tags = {}, params = {} } = change;
  const [row] = await connections()
    .db.update(loggedModels)
    .set({
      ...(status ? { status } : {}),
      tags: changedTexts(loggedModels.tags, tags),
      params: changedTexts(loggedModels.params, params),
      updatedAt: sql`now()`,
    })
    .where(eq(loggedModels.id, id))
    .returning();
  return row ? toModel(row) : null;
}

/** Forgets a model; its files stay with its run. Says whether there was one. */
export async function removeModel(actor: Actor, id: string): Promise<boolean> {
  const found = await findModel(actor, id);
  if (!found) return false;
  authorise(actor, "runs.log", found.projectId);
  await connections().db.delete(loggedModels).where(eq(loggedModels.id, id));
  return true;
}

/** Says which models a run read or made. The same again changes nothing but the step. */
export async function linkModels(
  actor: Actor,
  runId: string,
  role: "input" | "output",
  models: { model: string; step: number | null }[],
): Promise<void> {
  await locateLivingRun(actor, runId, "runs.log");
  const once = [...new Map(models.map((one) => [one.model, one])).values()];
  if (once.length === 0) return;
  await connections()
    .db.insert(runModels)
    .values(once.map((one) => ({ runId, role, ...one })))
    .onConflictDoUpdate({
      target: [runModels.runId, runModels.role, runModels.model],
      set: { step: sql`excluded.step` },
    });
  noticeRun(runId);
}

function toModel(row: typeof loggedModels.$inferSelect): LoggedModel {
  const { statusMessage: _, params, tags, ...facts } = row;
  return { ...facts, params: params as Record<string, string>, tags: tags as Record<string, string> };
}
