/** What people do with a trial: stop, pause, go on, retry, reprioritise. */
import { eq } from "drizzle-orm";
import { connections, type Executor } from "../../db/connection.ts";
import { runs } from "../../db/schema/runs.ts";
import { studies, trials } from "../../db/schema/studies.ts";
import type { Actor } from "../access/actor.ts";
import { changeOf, recordAct } from "../access/audit.ts";
import { requireStill } from "../access/standing.ts";
import { noticeRun } from "../live/notices.ts";
import { ProblemError, parse } from "../problem.ts";
import { type Trial, type TrialUpdate, trialUpdateSchema } from "../wire/studies/trials.ts";
import { endTrial, requeueTrial, wouldEnd } from "./end-trial.ts";
import { locateTrial, lockTrial, requireTrial, type TrialRow } from "./trials.ts";

type Act = NonNullable<TrialUpdate["act"]>;

/** Does one act, or changes the priority, or both. Throws `conflict` where the trial is past it. */
export async function updateTrial(actor: Actor, id: string, input: unknown): Promise<Trial> {
  const { projectId, runId } = await locateTrial(actor, id, "trials.queue");
  const { act, priority } = parse(trialUpdateSchema, input);
  await connections().db.transaction(async (tx) => {
    await requireStill(tx, actor, "trials.queue", projectId);
    const trial = await lockTrial(tx, id);
    if (priority !== undefined) await tx.update(trials).set({ priority }).where(eq(trials.id, id));
    if (act) await acts[act](tx, actor, trial);
    const [now] = await tx.select().from(trials).where(eq(trials.id, id));
    await recordAct(tx, actor, {
      action: act ? `trial.${act}` : "trial.reprioritise",
      subject: `run:${runId}`,
      projectId,
      detail: { trial: id, ...changeOf(standing(trial), standing(now!)) },
    });
  });
  noticeRun(runId);
  return requireTrial(actor, id);
}

const standing = ({ status, signal, isHeld, priority }: TrialRow) => ({ status, signal, isHeld, priority });

type Doing = (tx: Executor, actor: Actor, trial: TrialRow) => Promise<void>;

const signal = async (tx: Executor, { id }: TrialRow, change: Partial<typeof trials.$inferInsert>): Promise<void> =>
  void (await tx.update(trials).set(change).where(eq(trials.id, id)));

const acts: Record<Act, Doing> = {
  stop: async (tx, actor, trial) => {
    if (trial.status === "queued") return endTrial(tx, actor, trial, { outcome: wouldEnd(trial), by: actor.name });
    requireRunning(trial, "stopped");
    await signal(tx, trial, { signal: "stop", stoppedBy: actor.name });
  },
  pause: async (tx, _actor, trial) => {
    if (trial.status === "queued") return signal(tx, trial, { isHeld: true });
    requireRunning(trial, "paused");
    if (trial.signal === "stop") throw refusal("it is being stopped; go on with it first");
    await signal(tx, trial, { signal: "pause" });
  },
  go: async (tx, _actor, trial) => {
    if (trial.status === "queued") return signal(tx, trial, { isHeld: false });
    requireRunning(trial, "gone on with");
    await signal(tx, trial, { signal: "none", stoppedBy: null });
  },
  retry: async (tx, _actor, trial) => {
    if (trial.status === "queued" || trial.status === "running")
      throw refusal(`it is ${trial.status}: only what has ended is tried again`);
    if (trial.status === "finished") throw refusal("it is finished; queue a copy of its run");
    await requireLiving(tx, trial);
    await requeueTrial(tx, trial, { isHeld: false });
  },
};

function requireRunning(trial: TrialRow, what: string): void {
  if (trial.status !== "running") throw refusal(`it is ${trial.status}; what has ended can't be ${what}`);
}

const refusal = (detail: string) => new ProblemError("conflict", `act: ${detail}`, [{ field: "act", detail }]);

/** What is tried again needs its run, and a study that still asks. */
async function requireLiving(tx: Executor, trial: TrialRow): Promise<void> {
  const [run] = await tx.select({ deletedAt: runs.deletedAt }).from(runs).where(eq(runs.id, trial.runId));
  if (!run || run.deletedAt)
    throw new ProblemError("gone", "its run has been deleted; restore it in the project's settings");
  if (!trial.studyId) return;
  const [study] = await tx.select({ status: studies.status }).from(studies).where(eq(studies.id, trial.studyId));
  if (study?.status === "concluded") throw refusal("its study is concluded; make one that follows it");
}
