/** How runs of clients begin and end: their word for when, and as often as they like. */
import { and, eq, sql } from "drizzle-orm";
import { connections } from "../../db/connection.ts";
import { runs } from "../../db/schema/runs.ts";
import type { Actor } from "../access/actor.ts";
import { recordAct } from "../access/audit.ts";
import { noticeRun } from "../live/notices.ts";
import { locateLivingRun, locateRun } from "../runs/runs.ts";
import type { RunStatus } from "../wire/base/words.ts";

/** Whether a run has ended: it takes no new writer then, unless it is reopened. */
export const hasEnded = (status: RunStatus): boolean =>
  status === "finished" || status === "failed" || status === "killed";

/**
 * Lets `enter` take part in a run. One that has ended is reopened for it and ended as it was: its client adds to what it
 * logged, and both are in the audit.
 */
export async function keepingItsEnd(
  actor: Actor,
  runId: string,
  enter: (reopen: boolean) => Promise<void>,
): Promise<void> {
  const { status, projectId } = await locateRun(actor, runId, "points.log");
  if (!hasEnded(status)) return enter(false);
  const { db } = connections();
  const end = { status: runs.status, failure: runs.failure, endedAt: runs.endedAt };
  const [before] = await db.select(end).from(runs).where(eq(runs.id, runId));
  await enter(true);
  await db.transaction(async (tx) => {
    await tx.update(runs).set(before!).where(eq(runs.id, runId));
    const detail = { status: before!.status };
    await recordAct(tx, actor, { action: "run.end", subject: `run:${runId}`, projectId, detail });
  });
  noticeRun(runId);
}

/** Writes when a run began or ended by its client's clock. */
export async function setTimes(
  actor: Actor,
  runId: string,
  times: { startedAt?: Date; endedAt?: Date },
): Promise<void> {
  await locateLivingRun(actor, runId, "runs.log");
  if (Object.keys(times).length === 0) return;
  const ended = "endedAt" in times ? sql`${runs.endedAt} is not null` : undefined;
  await connections()
    .db.update(runs)
    .set(times)
    .where(and(eq(runs.id, runId), ended));
  noticeRun(runId);
}
