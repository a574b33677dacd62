/** Tags: words that people put on runs. */
import { asc, eq, sql } from "drizzle-orm";
import { connections } from "../../db/connection.ts";
import { runTags } from "../../db/schema/runs.ts";
import type { Actor } from "../access/actor.ts";
import { authorise } from "../access/permissions.ts";
import { parse } from "../problem.ts";
import { type RunTags, runTagsChangeSchema } from "../wire/runs.ts";
import { type RunIds, tagRuns, untagRuns } from "./bulk.ts";
import { locateLivingRun, locateRun } from "./runs.ts";

/** A longer list helps nobody who chooses one. */
const TAGS_MAX = 2_000;

/** The first 2,000 tags of a project, in order: an index is read from each to the next. */
export async function listTags(actor: Actor, projectId: string): Promise<string[]> {
  authorise(actor, "runs.read", projectId);
  const rows = await connections().db.execute<{ tag: string }>(sql`
    with recursive t (tag) as (
      select min(tag) from run_tags where project_id = ${projectId}
      union all select (select min(n.tag) from run_tags n where n.project_id = ${projectId} and n.tag > t.tag) from t where t.tag is not null
    ) select tag from t where tag is not null limit ${TAGS_MAX}`);
  return rows.map(({ tag }) => tag);
}

/** The tags of a run, in order. */
export async function listTagsOfRun(actor: Actor, runId: string): Promise<string[]> {
  await locateRun(actor, runId, "runs.read");
  const rows = await connections()
    .db.select({ tag: runTags.tag })
    .from(runTags)
    .where(eq(runTags.runId, runId))
    .orderBy(asc(runTags.tag));
  return rows.map(({ tag }) => tag);
}

/** The tags of the project that a run stands in. */
export async function listTagsBesideRun(actor: Actor, runId: string): Promise<string[]> {
  const { projectId } = await locateRun(actor, runId, "runs.read");
  return listTags(actor, projectId);
}

/** Puts tags on a run and takes others off; answers with those that it has then. Each tag is an act of its own, and may be put again. */
export async function changeTags(actor: Actor, runId: string, input: unknown): Promise<RunTags> {
  const { add, remove } = parse(runTagsChangeSchema, input);
  const { projectId } = await locateLivingRun(actor, runId, "runs.update");
  for (const tag of add) await tagRuns(actor, projectId, { ids: [runId] }, tag);
  for (const tag of remove) await untagRuns(actor, projectId, { ids: [runId] }, tag);
  return { tags: await listTagsOfRun(actor, runId) };
}

/** Puts a tag on a run, or takes it off. The answer names the run where that changed anything. */
export async function changeTag(actor: Actor, runId: string, tag: string, isOn: boolean): Promise<RunIds> {
  const { projectId } = await locateLivingRun(actor, runId, "runs.update");
  return (isOn ? tagRuns : untagRuns)(actor, projectId, { ids: [runId] }, tag);
}
