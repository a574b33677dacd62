/** A registered model of another tracker comes in: its versions under the numbers and times that they had there. */
import { and, eq, inArray, sql } from "drizzle-orm";
import { v7 as uuidv7 } from "uuid";
import type { z } from "zod";
import { connections, type Executor } from "../../db/connection.ts";
import { modelAliases, modelVersions, registeredModels } from "../../db/schema/interop.ts";
import { runs } from "../../db/schema/runs.ts";
import type { Actor } from "../access/actor.ts";
import { authorise } from "../access/permissions.ts";
import { noticeRun } from "../live/notices.ts";
import { parse } from "../problem.ts";
import { requireProject } from "../projects/projects.ts";
import { type ImportedModelAnswer, importedModelSchema } from "../wire/imports.ts";
import { artifactUri } from "./artifact-uri.ts";
import { recordModelAct } from "./registered-models.ts";

type Given = z.output<typeof importedModelSchema>;
type GivenVersion = Given["versions"][number];

/**
 * Stores what isn't there: the name in the project, versions, and names that point to them. May be repeated; what is there
 * stays as it is, and a version of the same number that comes from elsewhere is named in the answer.
 */
export async function importModel(actor: Actor, named: string, input: unknown): Promise<ImportedModelAnswer> {
  authorise(actor, "runs.log");
  const { id: projectId } = await requireProject(actor, named);
  authorise(actor, "runs.log", projectId);
  const given = parse(importedModelSchema, input);
  const { answer, noticed } = await connections().db.transaction(async (tx) => {
    const { model, isNew } = await registeredIn(tx, actor, projectId, given);
    const there = await versionsOf(tx, model.id);
    const runsHere = await runsIn(tx, projectId, given.versions);
    const fresh = given.versions.filter(({ version }) => !there.has(version));
    await addVersions(tx, actor, { modelId: model.id, projectId, runsHere }, fresh);
    await pointAliases(tx, actor, model.id, given.aliases, fresh);
    const known = given.versions.filter(({ version }) => there.has(version));
    const isSame = ({ version, source }: GivenVersion) => there.get(version) === source;
    const stored = fresh.map(({ version }) => version);
    if (isNew || stored.length > 0) await recordModelAct(tx, actor, model, "model.import", { versions: stored.length });
    const answer: ImportedModelAnswer = {
      name: given.name,
      outcome: isNew ? "stored" : "there",
      versions: {
        stored,
        there: known.filter(isSame).map(({ version }) => version),
        other: known.filter((one) => !isSame(one)).map(({ version }) => version),
      },
    };
    return { answer, noticed: fresh.flatMap(({ run }) => (run && runsHere.has(run) ? [run] : [])) };
  });
  for (const run of new Set(noticed)) noticeRun(run);
  return answer;
}

/** The project's model of the name, which nobody else changes until the transaction is over. */
async function registeredIn(tx: Executor, actor: Actor, projectId: string, given: Given) {
  const { name, description, tags, createdAt } = given;
  const at = createdAt === null ? {} : { createdAt: new Date(createdAt) };
  const values = { id: uuidv7(), projectId, name, description, tags, createdBy: actor.name, ...at };
  const [made] = await tx.insert(registeredModels).values(values).onConflictDoNothing().returning();
  if (made) return { model: made, isNew: true };
  const [model] = await tx
    .select()
    .from(registeredModels)
    .where(and(eq(registeredModels.projectId, projectId), eq(registeredModels.name, name)))
    .for("update");
  return { model: model!, isNew: false };
}

/** By number the source of each version. */
async function versionsOf(tx: Executor, modelId: string): Promise<Map<number, string>> {
  const rows = await tx
    .select({ version: modelVersions.version, source: modelVersions.source })
    .from(modelVersions)
    .where(eq(modelVersions.modelId, modelId));
  return new Map(rows.map(({ version, source }) => [version, source]));
}

/** Of the runs that versions name, those that are the project's. */
async function runsIn(tx: Executor, projectId: string, versions: GivenVersion[]): Promise<Set<string>> {
  const named = [...new Set(versions.flatMap(({ run }) => run ?? []))];
  if (named.length === 0) return new Set();
  const rows = await tx
    .select({ id: runs.id })
    .from(runs)
    .where(and(eq(runs.projectId, projectId), inArray(runs.id, named)));
  return new Set(rows.map(({ id }) => id));
}

type Place = { modelId: string; projectId: string; runsHere: Set<string> };

async function addVersions(
  tx: Executor,
  actor: Actor,
  { modelId, projectId, runsHere }: Place,
  fresh: GivenVersion[],
): Promise<void> {
  if (fresh.length === 0) return;
  const rows = fresh.map(({ run, files, createdAt, ...said }) => {
    const runId = run !== null && runsHere.has(run) ? run : null;
    const isHere = runId !== null && files !== null;
    const filesAt = isHere
      ? [artifactUri(projectId, runId), files].filter((part) => part !== "").join("/")
      : said.source;
    const at = createdAt === null ? {} : { createdAt: new Date(createdAt), updatedAt: new Date(createdAt) };
    // a client asks for the run by this word; what it was called there stands in the run's own facts
    const runWord = runId?.replaceAll("-", "") ?? said.runWord;
    return { ...said, modelId, projectId, runId, runWord, filesAt, createdBy: actor.name, ...at };
  });
  await tx.insert(modelVersions).values(rows);
  const highest = Math.max(...fresh.map(({ version }) => version));
  await tx
    .update(registeredModels)
    .set({ versionsMade: sql`greatest(${registeredModels.versionsMade}, ${highest}::int)`, updatedAt: sql`now()` })
    .where(eq(registeredModels.id, modelId));
}

/** Names that point to versions which came now; one that somebody here let point elsewhere stays. */
async function pointAliases(
  tx: Executor,
  actor: Actor,
  modelId: string,
  aliases: Given["aliases"],
  fresh: GivenVersion[],
): Promise<void> {
  const numbers = new Set(fresh.map(({ version }) => version));
  const rows = aliases
    .filter(({ version }) => numbers.has(version))
    .map((one) => ({ ...one, modelId, setBy: actor.name }));
  if (rows.length > 0) await tx.insert(modelAliases).values(rows).onConflictDoNothing();
}
