/** Claims: a trial is given to one worker, under a lease that the worker renews. */
import { eq, sql } from "drizzle-orm";
import { v4 as uuidv4 } from "uuid";
import { connections } from "../../db/connection.ts";
import { runs } from "../../db/schema/runs.ts";
import { studies, trials } from "../../db/schema/studies.ts";
import { systemActor } from "../access/actor.ts";
import type { Config } from "../wire/base/config.ts";
import type { StudyAssignment } from "../wire/studies/parameters.ts";
import { type ClaimedTrial, LEASE_S, RENEW_MS } from "../wire/studies/trials.ts";
import { CLAIMS_MAX, endTrial } from "./end-trial.ts";
import { noticeQueue } from "./notice-queue.ts";
import { lockTrial } from "./trials.ts";

/** Who takes a trial, and which ones it may take. */
export type Claimer = {
  projectId: string;
  /** Null: a program that is its own worker. */
  workerId: string | null;
  /** Trials that demand others are left; null: demands don't count. */
  labels: string[] | null;
  /** As `labels`; null: it said nothing, and takes what demands none. */
  memoryGib: number | null;
  /** Of this study alone; null: of any, and runs by themselves. */
  studyId: string | null;
};

/** A server counts as away after so long without a tick; leases are counted anew from when it is back. */
const AWAY_S = 15;

/**
 * The lease of trial `t` lapsed while some server was up to renew it. In a statement that locks `t`.
 */
export const hasLapsed =
  "t.lease_until < now() and exists (select 1 from workspace w where w.id = 1" +
  ` and w.alive_at > now() - interval '${AWAY_S} seconds' and w.up_since < now() - interval '${LEASE_S} seconds')`;

/** Takes a trial whose worker died, else the first that waits; null: there is none. Each is taken by one, however many ask. */
export async function claimWaiting(claimer: Claimer): Promise<ClaimedTrial | null> {
  for (;;) {
    const taken = await take(claimer);
    if (!taken) return null;
    const claimed = await readClaimed(taken);
    noticeQueue(claimer.projectId, taken.runId);
    if (claimed) return claimed;
    await giveBack(taken);
  }
}

/** Takes one trial that waits, whatever it demands; null: another has taken it. */
export async function claimTrial(
  id: string,
  { projectId, workerId }: Pick<Claimer, "projectId" | "workerId">,
): Promise<ClaimedTrial | null> {
  const [taken] = await connections().sql<Taken[]>`
    update trials set status = 'running', worker_id = ${workerId}, lease = ${uuidv4()}, claims = claims + 1,
      lease_until = now() + make_interval(secs => ${LEASE_S}), claimed_at = now()
    where id = ${id} and status = 'queued' and not is_held
    returning id, run_id as "runId"`;
  if (!taken) return null;
  noticeQueue(projectId, taken.runId);
  return readClaimed(taken);
}

type Taken = { id: string; runId: string };

async function take({ projectId, workerId, labels, memoryGib, studyId }: Claimer): Promise<Taken | null> {
  const { sql } = connections();
  const fits = sql`t.project_id = ${projectId} and (${studyId}::uuid is null or t.study_id = ${studyId}::uuid)
    and (${labels === null} or (t.labels <@ ${labels ?? []}::text[] and coalesce(t.memory_gib, 0) <= ${memoryGib ?? 0}))
    and (t.study_id is null or exists (select 1 from studies s where s.id = t.study_id and s.status = 'open'))`;
  const [taken] = await sql<Taken[]>`
    with lapsed as (
      select t.id from trials t
      where t.status = 'running' and t.signal = 'none' and t.claims < ${CLAIMS_MAX} and ${fits}
        and ${sql.unsafe(hasLapsed)}
      order by t.lease_until limit 1 for update skip locked
    ), waiting as (
      select t.id from trials t
      where t.status = 'queued' and not t.is_held and ${fits} and not exists (select 1 from lapsed)
      order by t.priority desc, t.id limit 1 for update skip locked
    )
    update trials set status = 'running', worker_id = ${workerId}, lease = ${uuidv4()}, claims = claims + 1,
      lease_until = now() + make_interval(secs => ${LEASE_S}), claimed_at = now()
    where id = coalesce((select id from lapsed), (select id from waiting))
    returning id, run_id as "runId"`;
  return taken ?? null;
}

/** What a worker needs of the trial that it holds; null: its run was deleted. */
async function readClaimed({ id }: Taken): Promise<ClaimedTrial | null> {
  const [row] = await connections()
    .db.select({
      trial: trials,
      run: runs,
      study: studies,
      isBegun: sql<boolean>`exists (select 1 from attempts a where a.run_id = ${runs.id})`,
    })
    .from(trials)
    .innerJoin(runs, eq(runs.id, trials.runId))
    .leftJoin(studies, eq(studies.id, trials.studyId))
    .where(eq(trials.id, id));
  if (!row || row.run.deletedAt) return null;
  return toClaimed(row);
}

type ClaimedRow = {
  trial: typeof trials.$inferSelect;
  run: typeof runs.$inferSelect;
  study: typeof studies.$inferSelect | null;
  isBegun: boolean;
};

export const toClaimed = ({ trial, run, study, isBegun }: ClaimedRow): ClaimedTrial => ({
  trial: trial.id,
  lease: trial.lease!,
  leaseSeconds: LEASE_S,
  renewMilliseconds: RENEW_MS,
  study: study && { id: study.id, number: study.number, title: study.title },
  number: trial.number,
  replicate: trial.replicate,
  values: trial.values as StudyAssignment | null,
  run: {
    id: run.id,
    name: run.name,
    config: run.config as Config,
    seed: run.seed,
    manifest: run.manifestId,
    isBegun,
  },
  objective: study && { metric: study.metric, split: study.split, direction: study.direction },
  stepsBudget: study?.stepsBudget ?? null,
});

/** A trial whose run was deleted isn't trained: it stays as a tombstone. */
async function giveBack({ id, runId }: Taken): Promise<void> {
  await connections().db.transaction(async (tx) => {
    const trial = await lockTrial(tx, id);
    const [run] = await tx.select({ startedAt: runs.startedAt }).from(runs).where(eq(runs.id, runId));
    const outcome = run?.startedAt ? "stopped" : "cancelled";
    await endTrial(tx, systemActor, trial, { outcome, by: "deletion of its run" });
  });
}
