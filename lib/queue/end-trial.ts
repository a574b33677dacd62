/** How trials end, or wait again: each with its run, in one transaction. */
import { and, eq, sql } from "drizzle-orm";
import { connections, type Executor } from "../../db/connection.ts";
import { runs } from "../../db/schema/runs.ts";
import { trials } from "../../db/schema/studies.ts";
import { type Actor, systemActor } from "../access/actor.ts";
import { recordAct } from "../access/audit.ts";
import { noticeRun } from "../live/notices.ts";
import { catchUp } from "../metrics/compact.ts";
import { endRun } from "../metrics/end-run.ts";
import type { RunDetail, RunRecord } from "../runs/runs.ts";
import { storeEnd } from "../runs/status.ts";
import type { FailureReason } from "../wire/base/words.ts";
import type { Failure } from "../wire/runs.ts";
import { lockTrial, type TrialRow } from "./trials.ts";

export type Ending =
  | { outcome: "finished"; told?: number | null }
  | { outcome: "failed"; reason: FailureReason; message: string }
  | { outcome: "stopped" | "cancelled"; by: string; told?: number | null };

/** After so many claims that died a trial fails. */
export const CLAIMS_MAX = 5;

/** Ends a trial that the transaction holds, and its run where it hasn't ended by itself: what the run says of itself counts. */
export async function endTrial(tx: Executor, actor: Actor, trial: TrialRow, asked: Ending): Promise<void> {
  const run = await lockRun(tx, trial.runId);
  const ending = withRun(asked, run);
  await tx
    .update(trials)
    .set({ status: ending.outcome, ...factsOf(ending), isHeld: false, signal: "none", endedAt: sql`now()` })
    .where(eq(trials.id, trial.id));
  if (!run || run.deletedAt || !["queued", "running", "lost"].includes(run.status)) return;
  await tx
    .update(runs)
    .set({ startedAt: sql`coalesce(${runs.startedAt}, ${trial.claimedAt?.toISOString() ?? null}::timestamptz)` })
    .where(eq(runs.id, run.id));
  await storeEnd(tx, actor, run, { writer: null, pointsLost: 0, ...runEnd(ending) });
}

async function lockRun(tx: Executor, id: string): Promise<RunRecord | undefined> {
  const [run] = await tx.select().from(runs).where(eq(runs.id, id)).for("update");
  return run;
}

/** A run that failed or finished before anybody told is what happened. */
function withRun(asked: Ending, run: RunRecord | undefined): Ending {
  if (run?.status === "failed" && asked.outcome !== "failed") {
    const failure = run.failure as Failure | null;
    return { outcome: "failed", reason: failure?.reason ?? "other", message: failure?.message ?? "" };
  }
  if (run?.status === "failed" && asked.outcome === "failed")
    return { ...asked, reason: (run.failure as Failure | null)?.reason ?? asked.reason };
  if (run?.status === "finished" && asked.outcome === "stopped")
    return { outcome: "finished", told: asked.told ?? null };
  return asked;
}

function factsOf(ending: Ending): Partial<TrialRow> {
  if (ending.outcome === "failed") return { infeasible: ending.reason, stoppedBy: null };
  const told = ending.told ?? null;
  const isLost = told !== null && !Number.isFinite(told);
  return {
    // what isn't finite ranks nothing: the trial counts as diverged
    told: isLost ? null : told,
    infeasible: isLost ? "diverged" : null,
    stoppedBy: ending.outcome === "finished" ? null : ending.by,
  };
}

function runEnd(ending: Ending) {
  if (ending.outcome === "finished") return { status: "finished" as const, failure: null };
  const about = { stack: "", signal: null };
  if (ending.outcome === "failed")
    return { status: "failed" as const, failure: { reason: ending.reason, message: ending.message, ...about } };
  const message = `${ending.outcome} by ${ending.by}`;
  return { status: "killed" as const, failure: { reason: "other" as const, message, ...about } };
}

/** Puts a trial that the transaction holds back into the queue. Its run waits too, and goes on from its newest checkpoint. */
export async function requeueTrial(tx: Executor, trial: TrialRow, { isHeld }: { isHeld: boolean }): Promise<void> {
  await tx
    .update(trials)
    .set({
      status: "queued",
      isHeld,
      signal: "none",
      leaseUntil: null,
      claims: 0,
      infeasible: null,
      stoppedBy: null,
      told: null,
      endedAt: null,
    })
    .where(eq(trials.id, trial.id));
  await tx.update(runs).set({ status: "queued", failure: null, endedAt: null }).where(eq(runs.id, trial.runId));
}

/** Cancels the waiting trials of a study, in the caller's transaction. One that was begun before is stopped. */
export async function cancelWaiting(tx: Executor, actor: Actor, studyId: string, by: string): Promise<void> {
  const waiting = await tx
    .select()
    .from(trials)
    .where(and(eq(trials.studyId, studyId), eq(trials.status, "queued")))
    .orderBy(trials.id)
    .for("update");
  for (const trial of waiting) await endTrial(tx, actor, trial, { outcome: wouldEnd(trial), by });
}

/** What a waiting trial becomes where somebody stops it. */
export const wouldEnd = ({ claimedAt }: Pick<TrialRow, "claimedAt">): "stopped" | "cancelled" =>
  claimedAt === null ? "cancelled" : "stopped";

/** Ends a run as its own program does, and with it the trial that it was made for. */
export async function endRunAndTrial(actor: Actor, runId: string, input: unknown): Promise<RunDetail> {
  const ended = await endRun(actor, runId, input);
  // a run that was killed may go on elsewhere: its worker tells, or its lease lapses
  if (ended.status !== "killed") await settleEnded(runId);
  return ended;
}

/** Ends the running trial of a run that has finished or failed; does nothing where there is none. */
async function settleEnded(runId: string): Promise<void> {
  const { db } = connections();
  const [found] = await db.select({ id: trials.id }).from(trials).where(eq(trials.runId, runId));
  if (!found) return;
  await db.transaction(async (tx) => {
    const trial = await lockTrial(tx, found.id);
    if (trial.status === "running") await endTrial(tx, systemActor, trial, { outcome: "finished" });
  });
  noticeRun(runId);
}

/** Brings what a trial's run has logged up to its last point: the next is asked for by it. */
export async function sumUp(runId: string): Promise<void> {
  try {
    await catchUp(runId);
  } catch {
    // the trial has ended all the same; the upkeep tries again, and says what is wrong
  }
  noticeRun(runId);
}

/** As `lapsed.ts` ends what nobody holds any more. */
export async function failDead(tx: Executor, trial: TrialRow): Promise<void> {
  const message = `${trial.claims} workers died with it, one after the other`;
  await recordAct(tx, systemActor, {
    action: "trial.give-up",
    subject: `run:${trial.runId}`,
    projectId: trial.projectId,
    detail: { claims: trial.claims },
  });
  await endTrial(tx, systemActor, trial, { outcome: "failed", reason: "crashed", message });
}
