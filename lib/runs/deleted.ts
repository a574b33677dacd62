/** Deleting a run: at first it is only hidden, and can be had back; purging is for good. */
import { and, desc, eq, isNotNull, isNull, sql } from "drizzle-orm";
import { connections, type Executor } from "../../db/connection.ts";
import { evaluations } from "../../db/schema/evaluations.ts";
import { tombstones } from "../../db/schema/final.ts";
import { importedRecords } from "../../db/schema/imported.ts";
import { runs } from "../../db/schema/runs.ts";
import type { Actor } from "../access/actor.ts";
import { recordAct } from "../access/audit.ts";
import { authorise } from "../access/permissions.ts";
import { removeUnusedBlobs } from "../blobs/blobs.ts";
import { noticeRun } from "../live/notices.ts";
import { countLooks } from "../looks/looks.ts";
import { ProblemError } from "../problem.ts";
import { locateRun } from "./runs.ts";

/** Hides a run; it takes no more points. May be repeated. */
export const deleteRun = (actor: Actor, runId: string): Promise<void> => setDeleted(actor, runId, true);

/** Undoes `deleteRun`. May be repeated. */
export const restoreRun = (actor: Actor, runId: string): Promise<void> => setDeleted(actor, runId, false);

async function setDeleted(actor: Actor, runId: string, deleted: boolean): Promise<void> {
  const { projectId } = await locateRun(actor, runId, "runs.delete");
  await connections().db.transaction(async (tx) => {
    const [changed] = await tx
      .update(runs)
      .set({ deletedAt: deleted ? sql`now()` : null })
      .where(and(eq(runs.id, runId), deleted ? isNull(runs.deletedAt) : isNotNull(runs.deletedAt)))
      .returning();
    if (!changed) return;
    const action = deleted ? "run.delete" : "run.restore";
    const [from, to] = deleted ? ["kept", "deleted"] : ["deleted", "kept"];
    const detail = { name: changed.name, from, to };
    await recordAct(tx, actor, { action, subject: `run:${runId}`, projectId, detail });
  });
  noticeRun(runId);
}

export type DeletedRun = { id: string; name: string; deletedAt: string };

/** A project's deleted runs that can be had back, the latest deleted first, at most 500. */
export async function listDeletedRuns(actor: Actor, projectId: string): Promise<DeletedRun[]> {
  authorise(actor, "runs.delete", projectId);
  const rows = await connections()
    .db.select({ id: runs.id, name: runs.name, deletedAt: runs.deletedAt })
    .from(runs)
    .where(and(eq(runs.projectId, projectId), isNotNull(runs.deletedAt)))
    .orderBy(desc(runs.deletedAt))
    .limit(500);
  return rows.map((row) => ({ ...row, deletedAt: row.deletedAt!.toISOString() }));
}

async function isEvaluated(tx: Executor, runId: string): Promise<boolean> {
  const found = await tx.select({ id: evaluations.id }).from(evaluations).where(eq(evaluations.runId, runId)).limit(1);
  return found.length > 0;
}

async function hasRecords(tx: Executor, runId: string): Promise<boolean> {
  const { id, runId: ofRun } = importedRecords;
  return (await tx.select({ id }).from(importedRecords).where(eq(ofRun, runId)).limit(1)).length > 0;
}

/**
 * Removes a deleted run for good: points, files, code. A tombstone with its config stays. Throws `conflict` for a run
 * that isn't deleted, or that a look, an evaluation or an imported record cites: that one goes only with its project.
 */
export async function purgeRun(actor: Actor, runId: string): Promise<void> {
  const { projectId } = await locateRun(actor, runId, "runs.purge");
  await connections().db.transaction(async (tx) => {
    const [run] = await tx.select().from(runs).where(eq(runs.id, runId)).for("update");
    if (!run) throw new ProblemError("not-found", "there is no run with that id");
    if (!run.deletedAt) throw new ProblemError("conflict", `${run.name} isn't deleted; delete it first`);
    if ((await countLooks(tx, runId)) > 0)
      throw new ProblemError("conflict", `a look at the test split cites ${run.name}; it goes only with its project`);
    if (await isEvaluated(tx, runId))
      throw new ProblemError("conflict", `an evaluation cites ${run.name}; it goes only with its project`);
    if (await hasRecords(tx, runId))
      throw new ProblemError("conflict", `what came with an import cites ${run.name}; it goes only with its project`);
    const { name, config } = run;
    await tx.insert(tombstones).values({ id: runId, kind: "run", projectId, name, config, purgedBy: actor.name });
    const detail = { name, from: "deleted", to: "purged" };
    await recordAct(tx, actor, { action: "run.purge", subject: `run:${runId}`, projectId, detail });
    await tx.delete(runs).where(eq(runs.id, runId));
  });
  await removeUnusedBlobs();
}
