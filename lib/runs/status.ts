/** Signs of life, endings, and runs that fell silent. */
import { and, eq, sql } from "drizzle-orm";
import type { z } from "zod";
import { connections, type Executor } from "../../db/connection.ts";
import { workspace } from "../../db/schema/projects.ts";
import { runs, writers } from "../../db/schema/runs.ts";
import { type Actor, systemActor } from "../access/actor.ts";
import { type Act, recordAct } from "../access/audit.ts";
import { endRunTokens } from "../access/run-tokens.ts";
import { noticeRun } from "../live/notices.ts";
import { ProblemError, parse } from "../problem.ts";
import { HEARTBEAT_LOST_MS, type RunStatus } from "../wire/base/words.ts";
import { heartbeatSchema, runFinishSchema } from "../wire/runs.ts";
import { locateRun, type RunDetail, requireRun } from "./runs.ts";

/** A sign of life of a writer: a lost run is running again. Returns the run's status, for the trainer to heed. */
export async function heartbeat(actor: Actor, runId: string, input: unknown): Promise<{ status: RunStatus }> {
  const run = await locateRun(actor, runId, "points.log");
  const given = parse(heartbeatSchema, input);
  await connections().db.transaction(async (tx) => {
    await countLost(tx, runId, given.writer, given.pointsLost);
    await touchRun(tx, runId);
  });
  if (run.status === "lost") noticeRun(runId);
  return { status: run.status === "lost" ? "running" : run.status };
}

/**
 * Marks a run as alive now, by the server's clock. Writes at most every two seconds, so that many batches a second
 * don't rewrite one row; a lost run returns at once.
 */
export async function touchRun(tx: Executor, runId: string): Promise<void> {
  const returned = await tx.execute<{ id: string; project_id: string; lost: boolean }>(sql`
    update runs set heartbeat_at = now(), status = 'running'
    from (select id, status = 'lost' as lost from runs where id = ${runId} for update skip locked) before
    where runs.id = before.id and runs.status in ('running', 'lost')
      and (before.lost or runs.heartbeat_at is null or runs.heartbeat_at < now() - interval '2 seconds')
    returning runs.id, runs.project_id, before.lost`);
  for (const { id, project_id: projectId, lost } of returned)
    if (lost) await recordAct(tx, systemActor, { action: "run.return", subject: `run:${id}`, projectId });
}

async function countLost(tx: Executor, runId: string, writer: string, pointsLost: number): Promise<void> {
  const [known] = await tx
    .select({ pointsLost: writers.pointsLost })
    .from(writers)
    .where(and(eq(writers.runId, runId), eq(writers.id, writer)));
  if (!known)
    throw new ProblemError("not-found", `writer ${writer} is not registered with this run`, [
      { field: "writer", detail: "POST it to /writers first" },
    ]);
  if (pointsLost <= known.pointsLost) return;
  await tx
    .update(writers)
    .set({ pointsLost })
    .where(and(eq(writers.runId, runId), eq(writers.id, writer)));
  const [all] = await tx
    .select({ pointsLost: sql<number>`sum(${writers.pointsLost})`.mapWith(Number) })
    .from(writers)
    .where(eq(writers.runId, runId));
  await tx.update(runs).set({ pointsLost: all!.pointsLost }).where(eq(runs.id, runId));
}

/**
 * Ends a run, now, or when the source of an imported one says that it ended. The same ending sent again changes nothing; another one is a `conflict`, because the first ending is
 * what happened.
 */
export async function finishRun(actor: Actor, runId: string, input: unknown): Promise<RunDetail> {
  const { projectId } = await locateRun(actor, runId, "points.log");
  const given = parse(runFinishSchema, input);
  await connections().db.transaction((tx) => storeEnd(tx, actor, { id: runId, projectId }, given));
  noticeRun(runId);
  // who may end a run is told how it ended, even by a token that reads nothing
  return requireRun(systemActor, runId);
}

export type RunEnd = z.output<typeof runFinishSchema>;

/** Writes the end of a run in the caller's transaction, as `finishRun` promises. */
export async function storeEnd(
  tx: Executor,
  actor: Actor,
  { id, projectId }: { id: string; projectId: string },
  end: RunEnd,
): Promise<void> {
  const { status, writer, pointsLost } = end;
  const [locked] = await tx.select().from(runs).where(eq(runs.id, id)).for("update");
  if (!locked || locked.deletedAt) throw new ProblemError("gone", "this run has been deleted");
  if (writer) await countLost(tx, id, writer, pointsLost);
  if (locked.status === status) return;
  if (!["queued", "running", "lost"].includes(locked.status))
    throw new ProblemError("conflict", `the run is ${locked.status} already; it can't become ${status}`, [
      { field: "status", detail: `expected ${locked.status}, received ${status}` },
    ]);
  await tx.update(runs).set(endColumns(end)).where(eq(runs.id, id));
  await endRunTokens(tx, actor, id);
  await recordAct(tx, actor, endAct({ id, projectId }, end));
}

/** What the row of a run has from its end on. */
export function endColumns({ status, failure, ran }: RunEnd) {
  const times = ran ? { startedAt: new Date(ran.startedAt), endedAt: new Date(ran.endedAt) } : { endedAt: sql`now()` };
  return { status, failure, ...times, heartbeatAt: sql`now()` };
}

/** The end of a run, for the record. */
export function endAct({ id, projectId }: { id: string; projectId: string }, { status, failure, ran }: RunEnd): Act {
  const detail = {
    status,
    ...(failure ? { reason: failure.reason, message: failure.message } : {}),
    ...(ran && { ran }),
  };
  return { action: "run.end", subject: `run:${id}`, projectId, detail };
}

/** A run whose client sends no signs of life may be silent for so long: between two epochs, say. */
const QUIET_LOST_S = 24 * 3600;

/** A server that hasn't ticked for this long was down; silence is counted anew from when it is back. */
const DOWN_AFTER_S = 15;

/**
 * One tick of the server's clock: marks running runs as lost that were silent for a minute in which the server was
 * up (a day where their client sends no signs of life). Called every few seconds by every server; returns the runs that it marked.
 */
export async function markLostRuns(lostAfterMs = HEARTBEAT_LOST_MS): Promise<string[]> {
  const lost = await connections().db.transaction(async (tx) => {
    const [clock] = await tx
      .update(workspace)
      .set({
        upSince: sql`case when alive_at < clock_timestamp() - make_interval(secs => ${DOWN_AFTER_S})
          then clock_timestamp() else up_since end`,
        aliveAt: sql`clock_timestamp()`,
      })
      .where(eq(workspace.id, 1))
      .returning({ upSince: workspace.upSince });
    if (!clock) return [];
    const marked = await tx
      .update(runs)
      .set({ status: "lost" })
      .where(
        sql`${runs.status} = 'running' and greatest(${runs.heartbeatAt}, ${clock.upSince.toISOString()}::timestamptz)
          < clock_timestamp() - make_interval(secs => case when ${runs.quiet} then ${QUIET_LOST_S}::float8 else ${lostAfterMs / 1000}::float8 end)`,
      )
      .returning({ id: runs.id, projectId: runs.projectId });
    for (const { id, projectId } of marked)
      await recordAct(tx, systemActor, { action: "run.lost", subject: `run:${id}`, projectId });
    return marked.map((row) => row.id);
  });
  for (const id of lost) noticeRun(id);
  return lost;
}
