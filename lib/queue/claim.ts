/** Claims: a trial is given to one worker, under a lease that the worker renews. */
import { eq } from "drizzle-orm";
import type { PendingQuery, Row } from "postgres";
import { v4 as uuidv4 } from "uuid";
import { connections } from "../../db/connection.ts";
import { runs } from "../../db/schema/runs.ts";
import { systemActor } from "../access/actor.ts";
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
    noticeQueue(claimer.projectId, taken.trial.runId);
    const claimed = toClaimed(taken);
    if (claimed) return claimed;
    await giveBack(taken.trial);
  }
}

/** Takes one trial that waits, whatever it demands; null: another has taken it. */
export async function claimTrial(
  id: string,
  { projectId, workerId }: Pick<Claimer, "projectId" | "workerId">,
): Promise<ClaimedTrial | null> {
  const { sql } = connections();
  const one = sql`select t.id from trials t where t.id = ${id} and t.status = 'queued' and not t.is_held for update`;
  const taken = await assign(workerId, one);
  if (!taken) return null;
  noticeQueue(projectId, taken.trial.runId);
  return toClaimed(taken);
}

async function take({ projectId, workerId, labels, memoryGib, studyId }: Claimer): Promise<ClaimedRow | null> {
  const { sql } = connections();
  // one statement, and what it needs of the worker is read in it: claims are asked for by many workers, many times a second
  const mayTake = sql`(${workerId}::uuid is null or exists (select 1 from workers w join projects p on p.id = w.project_id
    where w.id = ${workerId} and not w.is_draining and p.deleted_at is null))`;
  const fits = sql`t.project_id = ${projectId} and (${studyId}::uuid is null or t.study_id = ${studyId}::uuid) and ${mayTake}
    and (${labels === null} or (t.labels <@ ${labels ?? []}::text[] and coalesce(t.memory_gib, 0) <= ${memoryGib ?? 0}))
    and (t.study_id is null or exists (select 1 from studies s where s.id = t.study_id and s.status = 'open'))`;
  const lapsed = sql`select t.id from trials t
    where t.status = 'running' and t.signal = 'none' and t.claims < ${CLAIMS_MAX} and ${fits} and ${sql.unsafe(hasLapsed)}
    order by t.lease_until limit 1 for update skip locked`;
  const waiting = sql`select t.id from trials t
    where t.status = 'queued' and not t.is_held and ${fits} and not exists (select 1 from lapsed)
    order by t.priority desc, t.id limit 1 for update skip locked`;
  return assign(
    workerId,
    sql`with lapsed as (${lapsed}), waiting as (${waiting}) select id from lapsed union all select id from waiting`,
  );
}

/** Gives the trial that `chosen` selects and locks to a worker, under a new lease; null: it selects none. */
async function assign(workerId: string | null, chosen: PendingQuery<Row[]>): Promise<ClaimedRow | null> {
  const { sql } = connections();
  const [row] = await sql<ClaimedRow[]>`
    with chosen as (${chosen}), taken as (
      update trials set status = 'running', worker_id = ${workerId}, lease = ${uuidv4()}, claims = claims + 1,
        lease_until = now() + make_interval(secs => ${LEASE_S}), claimed_at = now()
      where id = (select id from chosen)
      returning id, lease, study_id, number, replicate, values, run_id
    )
    select jsonb_build_object('id', t.id, 'lease', t.lease, 'number', t.number, 'replicate', t.replicate,
        'values', t.values, 'runId', t.run_id) as trial,
      case when r.id is not null then jsonb_build_object('id', r.id, 'name', r.name, 'config', r.config, 'seed', r.seed,
        'manifest', r.manifest_id, 'isDeleted', r.deleted_at is not null,
        'isBegun', exists (select 1 from attempts a where a.run_id = r.id)) end as run,
      case when s.id is not null then jsonb_build_object('id', s.id, 'number', s.number, 'title', s.title,
        'metric', s.metric, 'split', s.split, 'direction', s.direction, 'stepsBudget', s.steps_budget) end as study
    from taken t left join runs r on r.id = t.run_id left join studies s on s.id = t.study_id`;
  return row ?? null;
}

type ClaimedRow = {
  trial: Pick<ClaimedTrial, "lease" | "number" | "replicate" | "values"> & { id: string; runId: string };
  /** Null: it was purged. */
  run: (ClaimedTrial["run"] & { isDeleted: boolean }) | null;
  study: (NonNullable<ClaimedTrial["study"] & ClaimedTrial["objective"]> & Pick<ClaimedTrial, "stepsBudget">) | null;
};

/** What a worker needs of the trial that it holds; null: its run was deleted. */
function toClaimed({ trial, run, study }: ClaimedRow): ClaimedTrial | null {
  if (!run || run.isDeleted) return null;
  return {
    trial: trial.id,
    lease: trial.lease,
    leaseSeconds: LEASE_S,
    renewMilliseconds: RENEW_MS,
    study: study && { id: study.id, number: study.number, title: study.title },
    number: trial.number,
    replicate: trial.replicate,
    values: trial.values,
    run: {
      id: run.id,
      name: run.name,
      config: run.config,
      seed: run.seed,
      manifest: run.manifest,
      isBegun: run.isBegun,
    },
    objective: study && { metric: study.metric, split: study.split, direction: study.direction },
    stepsBudget: study?.stepsBudget ?? null,
  };
}

/** A trial whose run was deleted isn't trained: it stays as a tombstone. */
async function giveBack({ id, runId }: ClaimedRow["trial"]): Promise<void> {
  await connections().db.transaction(async (tx) => {
    const trial = await lockTrial(tx, id);
    const [run] = await tx.select({ startedAt: runs.startedAt }).from(runs).where(eq(runs.id, runId));
    const outcome = run?.startedAt ? "stopped" : "cancelled";
    await endTrial(tx, systemActor, trial, { outcome, by: "deletion of its run" });
  });
}
