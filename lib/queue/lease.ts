/** A claimed trial is renewed, and told of; and what nobody renews any more is ended where it needs no worker. */
import { and, eq, sql } from "drizzle-orm";
import { connections } from "../../db/connection.ts";
import { runs } from "../../db/schema/runs.ts";
import { trials } from "../../db/schema/studies.ts";
import { type Actor, systemActor } from "../access/actor.ts";
import { noticeRun } from "../live/notices.ts";
import { invalid, ProblemError, parse } from "../problem.ts";
import { touchRun } from "../runs/status.ts";
import { fromWireFloat } from "../wire/base/words.ts";
import { LEASE_S, leaseSchema, type Renewal, type Trial, tellSchema } from "../wire/studies/trials.ts";
import { hasLapsed } from "./claim.ts";
import { CLAIMS_MAX, type Ending, endTrial, failDead, requeueTrial, sumUp } from "./end-trial.ts";
import { locateTrial, lockTrial, requireTrial, type TrialRow } from "./trials.ts";
import { noteSeen } from "./workers.ts";

const lost = () =>
  new ProblemError("conflict", "lease: another claim holds the trial, or it has ended; end this training", [
    { field: "lease", detail: "is lost" },
  ]);

/**
 * Renews the lease of a trial, and says whether its training is to end. Throws `conflict` where the lease is lost: who had
 * it ends its training without a word more, for another may have taken the trial.
 */
export async function renewLease(actor: Actor, id: string, input: unknown): Promise<Renewal> {
  const { runId } = await locateTrial(actor, id, "trials.work");
  const { lease } = parse(leaseSchema, input);
  const { db } = connections();
  const [renewed] = await db
    .update(trials)
    .set({ leaseUntil: sql`now() + make_interval(secs => ${LEASE_S})` })
    .where(and(eq(trials.id, id), eq(trials.lease, lease), eq(trials.status, "running")))
    .returning({ signal: trials.signal, workerId: trials.workerId });
  if (!renewed) throw lost();
  const [run] = await db.select({ deletedAt: runs.deletedAt }).from(runs).where(eq(runs.id, runId));
  await touchRun(db, runId);
  if (renewed.workerId) await noteSeen(renewed.workerId);
  const isGone = !run || run.deletedAt !== null;
  return { leaseSeconds: LEASE_S, signal: isGone ? "stop" : renewed.signal };
}

/**
 * Says how a trial ended, under its lease; the same said again changes nothing. `paused` puts it back into the queue, where
 * it stays held if somebody paused it. What the run said of itself counts: one that failed has failed.
 */
export async function tellTrial(actor: Actor, id: string, input: unknown): Promise<Trial> {
  const { studyId, runId } = await locateTrial(actor, id, "trials.work");
  const given = parse(tellSchema, input);
  const told = given.value === null ? null : fromWireFloat(given.value);
  if (told !== null && studyId === null)
    throw invalid("value", "is the objective of a study; a run by itself has none, and logs what it measures");
  const { db } = connections();
  await db.transaction(async (tx) => {
    const trial = await lockTrial(tx, id);
    if (trial.lease !== given.lease) throw lost();
    if (trial.status === "running") await settle(trial);
    else if (trial.status === "finished" && told !== null && trial.told === null)
      // its run's own end came first
      await endTrial(tx, actor, trial, { outcome: "finished", told });

    async function settle(held: TrialRow): Promise<void> {
      const [run] = await tx.select({ status: runs.status }).from(runs).where(eq(runs.id, held.runId));
      const isOver = run === undefined || run.status === "finished" || run.status === "failed";
      if (given.outcome === "paused" && held.signal !== "stop" && !isOver)
        await requeueTrial(tx, held, { isHeld: held.signal === "pause" });
      else await endTrial(tx, actor, held, endingOf(held));
    }

    function endingOf(held: TrialRow): Ending {
      if (given.outcome === "finished") return { outcome: "finished", told };
      if (given.outcome !== "failed") return { outcome: "stopped", by: held.stoppedBy ?? actor.name, told };
      return { outcome: "failed", reason: given.failure?.reason ?? "other", message: given.failure?.message ?? "" };
    }
  });
  await sumUp(runId);
  return requireTrial(actor, id);
}

/** Most trials that one look ends. */
const SWEPT_MAX = 200;

/**
 * Ends the trials that nobody renews and no worker shall take: those that somebody stopped or paused, whose run has ended
 * or was deleted, and those that too many workers died with. Called every few seconds by every server.
 */
export async function endLapsed(): Promise<void> {
  const { db } = connections();
  const found = await db.execute<{ id: string }>(sql`
    select t.id from trials t left join runs r on r.id = t.run_id
    where t.status = 'running' and ${sql.raw(hasLapsed)}
      and (t.signal <> 'none' or t.claims >= ${CLAIMS_MAX} or r.id is null or r.deleted_at is not null
        or r.status in ('finished', 'failed'))
    limit ${SWEPT_MAX}`);
  for (const { id } of found) {
    const runId = await db.transaction(async (tx) => {
      const trial = await lockTrial(tx, id);
      if (trial.status !== "running" || (trial.leaseUntil?.getTime() ?? 0) > Date.now()) return trial.runId;
      const [run] = await tx.select().from(runs).where(eq(runs.id, trial.runId));
      const isGone = !run || run.deletedAt !== null;
      const isOver = run?.status === "finished" || run?.status === "failed";
      if (isOver) await endTrial(tx, systemActor, trial, { outcome: "finished" });
      else if (isGone || trial.signal === "stop")
        await endTrial(tx, systemActor, trial, { outcome: "stopped", by: trial.stoppedBy ?? "deletion of its run" });
      else if (trial.signal === "pause") await requeueTrial(tx, trial, { isHeld: true });
      else await failDead(tx, trial);
      return trial.runId;
    });
    await sumUp(runId);
  }
}

/** Has a running trial end: its worker hears it with its next renewal, within a second. Does nothing where it has ended. */
export async function stopTrial(id: string, by: string): Promise<void> {
  const [stopped] = await connections()
    .db.update(trials)
    .set({ signal: "stop", stoppedBy: by })
    .where(and(eq(trials.id, id), eq(trials.status, "running")))
    .returning({ runId: trials.runId });
  if (stopped) noticeRun(stopped.runId);
}
