/** What a worker is given: a trial that waits, else one that an open study's search chooses now. */
import { and, desc, eq, sql } from "drizzle-orm";
import { connections } from "../../db/connection.ts";
import { studies } from "../../db/schema/studies.ts";
import type { Actor } from "../access/actor.ts";
import { logError } from "../log.ts";
import { ProblemError, parse } from "../problem.ts";
import { type Claimer, claimTrial, claimWaiting } from "../queue/claim.ts";
import { knowWorker, locateWorker, noteSeen } from "../queue/workers.ts";
import { askSchema } from "../wire/studies/studies.ts";
import { type ClaimAnswer, type ClaimedTrial, claimInputSchema } from "../wire/studies/trials.ts";
import { addTrial, planTrial } from "./ask.ts";
import { requireStudy } from "./studies.ts";

/** Claims the next trial that fits a worker. `trial` null: there is none now, or the worker is to end. */
export async function claimNext(actor: Actor, input: unknown): Promise<ClaimAnswer> {
  const { worker: id } = parse(claimInputSchema, input);
  const { projectId, labels, memoryGib } = await knowWorker(actor, id);
  await noteSeen(id);
  const claimer = { projectId, workerId: id, labels, memoryGib, studyId: null };
  const waiting = await claimWaiting(claimer);
  if (waiting) return { trial: waiting, isDraining: false };
  const { isDraining } = await locateWorker(actor, id, "trials.work");
  return { trial: isDraining ? null : await askStudies(claimer), isDraining };
}

/** Open studies whose demands the claimer meets, in the order of priority, then age, until one has a trial for it. */
async function askStudies(claimer: Claimer): Promise<ClaimedTrial | null> {
  const labels = claimer.labels ?? [];
  const asked = await connections()
    .db.select({ id: studies.id })
    .from(studies)
    .where(
      and(
        eq(studies.projectId, claimer.projectId),
        eq(studies.status, "open"),
        sql`${studies.labels} <@ ${sql.param(labels)}::text[]`,
        sql`coalesce(${studies.memoryGib}, 0) <= ${claimer.memoryGib ?? 0}`,
        isUnspent,
      ),
    )
    .orderBy(desc(studies.priority), studies.id);
  for (const { id } of asked) {
    const claimed = await askOne(id, claimer).catch((error: unknown) => passOver(id, error));
    if (claimed) return claimed;
  }
  return null;
}

/** A study that can't be asked, as where its manifest was blocked since, keeps no other waiting. */
function passOver(id: string, error: unknown): null {
  if (!(error instanceof ProblemError) || error.status >= 500) throw error;
  logError(`study ${id} gives no trial`, error.message);
  return null;
}

/** Said without a lock, so that workers without work don't hold up those that ask: a study's budget, or a seed, is left. */
const isUnspent = sql`(
  ${studies.mode} <> 'loop' and (select count(distinct t.number) from trials t
    where t.study_id = ${studies.id} and t.status <> 'cancelled') < ${studies.trialsBudget}
  or exists (select 1 from trials t where t.study_id = ${studies.id}
    group by t.number having count(*) < ${studies.replicates}))`;

/** A trial that was just made may be taken by another worker meanwhile: then the study is asked again. */
async function askOne(studyId: string, claimer: Claimer): Promise<ClaimedTrial | null> {
  for (;;) {
    const planned = await planTrial(studyId);
    if (!planned) return null;
    const claimed = await claimTrial(planned.id, claimer);
    if (claimed) return claimed;
  }
}

/**
 * Claims the next trial of a study for a program that is its own worker: one that waits or whose worker died, else the
 * next of the search; with values of its own, a trial of these.
 */
export async function askStudy(actor: Actor, studyId: string, input: unknown): Promise<{ trial: ClaimedTrial | null }> {
  const study = await requireStudy(actor, studyId, "trials.work");
  const { values } = parse(askSchema, input);
  if (study.status !== "open") {
    const detail = `the study is ${study.status}: it gives no trials; open it first`;
    throw new ProblemError("conflict", detail, [{ field: "study", detail }]);
  }
  const { projectId } = await projectOf(studyId);
  const claimer = { projectId, workerId: null, labels: null, memoryGib: null, studyId };
  if (values) return { trial: await claimTrial((await addTrial(actor, studyId, values)).id, claimer) };
  return { trial: (await claimWaiting(claimer)) ?? (await askOne(studyId, claimer)) };
}

async function projectOf(studyId: string): Promise<{ projectId: string }> {
  const [row] = await connections()
    .db.select({ projectId: studies.projectId })
    .from(studies)
    .where(eq(studies.id, studyId));
  return row!;
}
