/** Names that clients let point to versions of models, such as `champion`: their word, and no claim. */
import { and, eq, inArray, sql } from "drizzle-orm";
import { connections } from "../../db/connection.ts";
import { modelAliases, modelVersions } from "../../db/schema/interop.ts";
import type { Actor } from "../access/actor.ts";
import { authorise } from "../access/permissions.ts";
import { noticeRun } from "../live/notices.ts";
import { groupedBy } from "./grouped.ts";
import { type ModelVersion, modelOf, requireVersion, selectVersions } from "./model-versions.ts";
import { isThere, recordModelAct, requireRegistered } from "./registered-models.ts";

/** Lets a name point to a version; it points to no other of the model from then on. Throws `not-found`. */
export async function setAlias(actor: Actor, name: string, alias: string, number: number): Promise<void> {
  const version = await requireVersion(actor, name, number, "runs.log");
  await connections().db.transaction(async (tx) => {
    const row = { modelId: version.modelId, alias, version: number, setBy: actor.name };
    await tx
      .insert(modelAliases)
      .values(row)
      .onConflictDoUpdate({
        target: [modelAliases.modelId, modelAliases.alias],
        set: { version: number, setBy: actor.name, setAt: sql`now()` },
      });
    await recordModelAct(tx, actor, modelOf(version), "model.alias", { alias, version: number });
  });
  if (version.runId) noticeRun(version.runId);
}

/** The version that an alias points to; null: it points nowhere. Throws `not-found` where there is no model. */
export async function findByAlias(actor: Actor, name: string, alias: string): Promise<ModelVersion | null> {
  const model = await requireRegistered(actor, name, "runs.read");
  const pointed = sql`exists (select 1 from model_aliases a where a.model_id = ${modelVersions.modelId}
    and a.version = ${modelVersions.version} and a.alias = ${alias})`;
  const [found] = await selectVersions(actor, and(eq(modelVersions.modelId, model.id), pointed));
  return found ?? null;
}

/** Takes an alias away, where it is there. Throws `not-found` where there is no model. */
export async function removeAlias(actor: Actor, name: string, alias: string): Promise<void> {
  await requireRegistered(actor, name, "runs.log");
  const version = await findByAlias(actor, name, alias);
  if (!version) return;
  await connections().db.transaction(async (tx) => {
    await tx.delete(modelAliases).where(and(eq(modelAliases.modelId, version.modelId), eq(modelAliases.alias, alias)));
    await recordModelAct(tx, actor, modelOf(version), "model.alias", { alias, version: null });
  });
  if (version.runId) noticeRun(version.runId);
}

/** Where aliases point, by the model's id, in the order of their names: to versions that are there for the actor. */
export async function listAliases(
  actor: Actor,
  modelIds: string[],
): Promise<Map<string, { alias: string; version: number }[]>> {
  authorise(actor, "runs.read");
  if (modelIds.length === 0) return new Map();
  const rows = await connections()
    .db.select({ alias: modelAliases, projectId: modelVersions.projectId })
    .from(modelAliases)
    .innerJoin(
      modelVersions,
      and(eq(modelVersions.modelId, modelAliases.modelId), eq(modelVersions.version, modelAliases.version)),
    )
    .where(inArray(modelAliases.modelId, modelIds))
    .orderBy(modelAliases.modelId, modelAliases.alias);
  return groupedBy(
    rows.filter(({ projectId }) => isThere(actor, projectId)),
    (row) => row.alias.modelId,
    ({ alias: { alias, version } }) => ({ alias, version }),
  );
}
