/** Acts on many runs at once. Each answers with the runs that it changed: the opposite act on those undoes it. */
import { and, eq, inArray, isNotNull, isNull, sql } from "drizzle-orm";
import { validate as isUuid } from "uuid";
import { z } from "zod";
import { connections, type Executor } from "../../db/connection.ts";
import { runs, runTags } from "../../db/schema/runs.ts";
import type { Actor } from "../access/actor.ts";
import { recordAct } from "../access/audit.ts";
import { authorise, type Permission } from "../access/permissions.ts";
import { noticeRun } from "../live/notices.ts";
import { ProblemError, parse } from "../problem.ts";
import { conditionOf } from "./filter-sql.ts";
import { withTimeout } from "./rows.ts";

/** At most `SELECTED_MAX` runs: these, or all that match a filter; `archived`: archived ones too. */
export type Selection = { ids: string[] } | { filter: string; archived?: boolean | undefined };
export type Changed = { ids: string[] };

export const SELECTED_MAX = 10_000;
/** How many ids an audit row names, and how many runs are announced: open pages need but one of theirs. */
const NAMED_MAX = 100;

const selectionSchema = z.union([
  z.strictObject({ ids: z.array(z.string()).max(SELECTED_MAX, `at most ${SELECTED_MAX} runs at once`) }),
  z.strictObject({ filter: z.string(), archived: z.boolean().optional() }),
]);
const tagSchema = z
  .string()
  .trim()
  .min(1, "a tag needs a character")
  .max(100)
  .regex(/^[^\p{Cc}\p{Cs}]*$/u, "a tag has no control characters and no half of a character");

/** Puts a tag on the runs; those that have it stay as they are, and are not in the answer. */
export async function tagRuns(actor: Actor, projectId: string, selection: unknown, name: unknown): Promise<Changed> {
  const tag = parse(tagSchema, name);
  return act(
    actor,
    projectId,
    selection,
    { permission: "runs.update", action: "runs.tag", detail: { tag } },
    (tx, ids) =>
      tx
        .insert(runTags)
        .select(
          tx
            .select({ runId: runs.id, projectId: runs.projectId, tag: sql<string>`${tag}`.as("tag") })
            .from(runs)
            .where(inArray(runs.id, ids)),
        )
        .onConflictDoNothing()
        .returning({ id: runTags.runId }),
  );
}

/** Takes a tag off the runs that have it. */
export async function untagRuns(actor: Actor, projectId: string, selection: unknown, tag: string): Promise<Changed> {
  return act(
    actor,
    projectId,
    selection,
    { permission: "runs.update", action: "runs.untag", detail: { tag } },
    (tx, ids) =>
      tx
        .delete(runTags)
        .where(and(inArray(runTags.runId, ids), eq(runTags.tag, tag)))
        .returning({ id: runTags.runId }),
  );
}

/** Hides the runs from the table unless it is asked for archived ones. */
export const archiveRuns = (actor: Actor, projectId: string, selection: unknown): Promise<Changed> =>
  act(actor, projectId, selection, { permission: "runs.update", action: "runs.archive" }, (tx, ids) =>
    tx
      .update(runs)
      .set({ archivedAt: sql`now()` })
      .where(and(inArray(runs.id, ids), isNull(runs.archivedAt)))
      .returning({ id: runs.id }),
  );

/** Undoes `archiveRuns`. */
export const unarchiveRuns = (actor: Actor, projectId: string, selection: unknown): Promise<Changed> =>
  act(actor, projectId, selection, { permission: "runs.update", action: "runs.unarchive" }, (tx, ids) =>
    tx
      .update(runs)
      .set({ archivedAt: null })
      .where(and(inArray(runs.id, ids), isNotNull(runs.archivedAt)))
      .returning({ id: runs.id }),
  );

/** Deletes the runs: hidden until `restoreRuns`, or until they are purged. */
export const deleteRuns = (actor: Actor, projectId: string, selection: unknown): Promise<Changed> =>
  act(actor, projectId, selection, { permission: "runs.delete", action: "runs.delete" }, (tx, ids) =>
    tx
      .update(runs)
      .set({ deletedAt: sql`now()` })
      .where(and(inArray(runs.id, ids), isNull(runs.deletedAt)))
      .returning({ id: runs.id }),
  );

/** Undoes `deleteRuns`, of runs by their ids. */
export const restoreRuns = (actor: Actor, projectId: string, selection: { ids: string[] }): Promise<Changed> =>
  act(actor, projectId, selection, { permission: "runs.delete", action: "runs.restore" }, (tx, ids) =>
    tx
      .update(runs)
      .set({ deletedAt: null })
      .where(and(inArray(runs.id, ids), isNotNull(runs.deletedAt)))
      .returning({ id: runs.id }),
  );

type Act = { permission: Permission; action: string; detail?: Record<string, unknown> };
type Change = (tx: Executor, ids: string[]) => PromiseLike<{ id: string }[]>;

async function act(actor: Actor, projectId: string, input: unknown, facts: Act, change: Change): Promise<Changed> {
  authorise(actor, facts.permission, projectId);
  const selection: Selection = parse(selectionSchema, input);
  const selected = await withTimeout((tx) => readSelected(tx, projectId, selection, facts.action === "runs.restore"));
  if (selected.length === 0) return { ids: [] };
  const ids = await connections().db.transaction(async (tx) => {
    const changed = (await change(tx, selected)).map(({ id }) => id);
    if (changed.length === 0) return [];
    const how = "filter" in selection ? { filter: selection.filter } : {};
    const detail = { ...facts.detail, ...how, runs: changed.length, ids: changed.slice(0, NAMED_MAX) };
    await recordAct(tx, actor, { action: facts.action, subject: `project:${projectId}`, projectId, detail });
    return changed;
  });
  for (const id of ids.slice(0, NAMED_MAX)) noticeRun(id);
  return { ids };
}

/** Throws `not-found` for an id that isn't in the project, `invalid` where more than `SELECTED_MAX` match. */
async function readSelected(
  tx: Executor,
  projectId: string,
  selection: Selection,
  deleted: boolean,
): Promise<string[]> {
  const life = deleted ? sql`` : sql`and r.deleted_at is null`;
  if ("ids" in selection) {
    const unknown = (id: string) =>
      new ProblemError("not-found", `there is no run ${JSON.stringify(id)} in the project`);
    const malformed = selection.ids.find((id) => !isUuid(id));
    if (malformed !== undefined) throw unknown(malformed);
    const rows = await tx.execute<{ id: string }>(sql`
      select r.id from runs r where r.id = any(${sql.param(selection.ids)}::uuid[]) and r.project_id = ${projectId} ${life}`);
    const found = new Set(rows.map(({ id }) => id));
    const missing = selection.ids.find((id) => !found.has(id.toLowerCase()));
    if (missing !== undefined) throw unknown(missing);
    return [...found];
  }
  const condition = await conditionOf(tx, projectId, selection.filter);
  const rows = await tx.execute<{ id: string }>(sql`
    select r.id from runs r where r.project_id = ${projectId} ${life}
      ${selection.archived ? sql`` : sql`and r.archived_at is null`} and ${condition.set}
    order by r.id desc limit ${SELECTED_MAX + 1}`);
  if (rows.length > SELECTED_MAX)
    throw new ProblemError("invalid", `filter: more than ${SELECTED_MAX} runs match; narrow it down`, [
      { field: "filter", detail: `expected at most ${SELECTED_MAX} runs that match` },
    ]);
  return rows.map(({ id }) => id);
}
