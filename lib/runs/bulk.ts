/** Acts on many runs at once. Each answers with the runs that it changed: the opposite act on those undoes it. */
import { and, eq, inArray, isNotNull, isNull, sql } from "drizzle-orm";
import { z } from "zod";
import { connections, type Executor } from "../../db/connection.ts";
import { inPieces } from "../../db/pieces.ts";
import { runs, runTags } from "../../db/schema/runs.ts";
import type { Actor } from "../access/actor.ts";
import { type Act, recordAct, recordActs } from "../access/audit.ts";
import { authorise, type Permission } from "../access/permissions.ts";
import { noticeRun } from "../live/notices.ts";
import { parse } from "../problem.ts";

/** Runs by their ids. */
export type RunIds = { ids: string[] };
/** The runs to act on; `filter`: what they were found by, for the record. Ids of other projects change nothing. */
export type RunChoice = RunIds & { filter?: string };

/** How many ids an audit row names, and how many runs are announced: open pages need but one of theirs. */
const NAMED_MAX = 100;

const tagSchema = z
  .string()
  .trim()
  .min(1, "a tag needs a character")
  .max(100)
  .regex(/^[^\p{Cc}\p{Cs}]*$/u, "a tag has no control characters and no half of a character");

/** Puts a tag on the runs; those that have it stay as they are, and are not in the answer. */
export async function tagRuns(actor: Actor, projectId: string, choice: RunChoice, name: unknown): Promise<RunIds> {
  const tag = parse(tagSchema, name);
  const act = tagging(tag);
  return changeRuns(actor, projectId, choice, act, (tx, chosen) =>
    tx
      .insert(runTags)
      .select(
        tx
          .select({ runId: runs.id, projectId: runs.projectId, tag: sql<string>`${tag}`.as("tag") })
          .from(runs)
          .where(chosen),
      )
      .onConflictDoNothing()
      .returning({ id: runTags.runId }),
  );
}

const tagging = (tag: string) => ({ permission: "runs.update", action: "runs.tag", from: null, to: tag }) as const;

/** Puts tags on runs that were made in the caller's transaction. */
export async function tagNewRuns(
  tx: Executor,
  actor: Actor,
  projectId: string,
  tagged: { id: string; tags: string[] }[],
): Promise<void> {
  const runsOf = new Map<string, string[]>();
  for (const { id, tags } of tagged) for (const tag of new Set(tags)) runsOf.set(tag, [...(runsOf.get(tag) ?? []), id]);
  const rows = [...runsOf].flatMap(([tag, ids]) => ids.map((runId) => ({ runId, projectId, tag })));
  for (const some of inPieces(rows)) await tx.insert(runTags).values(some);
  const acts = [...runsOf].map(([tag, ids]) => recordOf(projectId, tagging(tag), ids));
  await recordActs(tx, actor, acts);
}

/** Takes a tag off the runs that have it. */
export async function untagRuns(actor: Actor, projectId: string, choice: RunChoice, tag: string): Promise<RunIds> {
  const act = { permission: "runs.update", action: "runs.untag", from: tag, to: null } as const;
  return changeRuns(actor, projectId, choice, act, (tx) =>
    tx
      .delete(runTags)
      .where(and(eq(runTags.projectId, projectId), inArray(runTags.runId, choice.ids), eq(runTags.tag, tag)))
      .returning({ id: runTags.runId }),
  );
}

/** Hides the runs from the table unless it is asked for archived ones. */
export const archiveRuns = (actor: Actor, projectId: string, choice: RunChoice): Promise<RunIds> =>
  changeRuns(actor, projectId, choice, acts.archive, (tx, chosen) =>
    tx
      .update(runs)
      .set({ archivedAt: sql`now()` })
      .where(and(chosen, isNull(runs.archivedAt)))
      .returning({ id: runs.id }),
  );

/** Undoes `archiveRuns`. */
export const unarchiveRuns = (actor: Actor, projectId: string, choice: RunChoice): Promise<RunIds> =>
  changeRuns(actor, projectId, choice, acts.unarchive, (tx, chosen) =>
    tx
      .update(runs)
      .set({ archivedAt: null })
      .where(and(chosen, isNotNull(runs.archivedAt)))
      .returning({ id: runs.id }),
  );

/** Deletes the runs: hidden until `restoreRuns`, or until they are purged. */
export const deleteRuns = (actor: Actor, projectId: string, choice: RunChoice): Promise<RunIds> =>
  changeRuns(actor, projectId, choice, acts.delete, (tx, chosen) =>
    tx
      .update(runs)
      .set({ deletedAt: sql`now()` })
      .where(and(chosen, isNull(runs.deletedAt)))
      .returning({ id: runs.id }),
  );

/** Undoes `deleteRuns`. */
export const restoreRuns = (actor: Actor, projectId: string, choice: RunChoice): Promise<RunIds> =>
  changeRuns(actor, projectId, choice, acts.restore, (tx, chosen) =>
    tx
      .update(runs)
      .set({ deletedAt: null })
      .where(and(chosen, isNotNull(runs.deletedAt)))
      .returning({ id: runs.id }),
  );

/** `from`, `to`: what each of the runs was and is. */
type BulkAct = { permission: Permission; action: string; from: string | null; to: string | null };
const acts = {
  archive: { permission: "runs.update", action: "runs.archive", from: "shown", to: "archived" },
  unarchive: { permission: "runs.update", action: "runs.unarchive", from: "archived", to: "shown" },
  delete: { permission: "runs.delete", action: "runs.delete", from: "kept", to: "deleted" },
  restore: { permission: "runs.delete", action: "runs.restore", from: "deleted", to: "kept" },
} as const satisfies Record<string, BulkAct>;
function recordOf(projectId: string, { action, from, to }: BulkAct, changed: string[], filter?: string): Act {
  const how = filter === undefined ? {} : { filter };
  const detail = { from, to, ...how, runs: changed.length, ids: changed.slice(0, NAMED_MAX) };
  return { action, subject: `project:${projectId}`, projectId, detail };
}

/** Changes the runs that are chosen; returns those that it changed. */
type Change = (tx: Executor, chosen: ReturnType<typeof and>) => PromiseLike<{ id: string }[]>;

async function changeRuns(
  actor: Actor,
  projectId: string,
  { ids, filter }: RunChoice,
  act: BulkAct,
  change: Change,
): Promise<RunIds> {
  authorise(actor, act.permission, projectId);
  if (ids.length === 0) return { ids: [] };
  const chosen = and(eq(runs.projectId, projectId), inArray(runs.id, ids));
  const changed = await connections().db.transaction(async (tx) => {
    const found = (await change(tx, chosen)).map(({ id }) => id);
    if (found.length === 0) return [];
    await recordAct(tx, actor, recordOf(projectId, act, found, filter));
    return found;
  });
  for (const id of changed.slice(0, NAMED_MAX)) noticeRun(id);
  return { ids: changed };
}
