/** What a study's trials came to: each with its run and the objective's best value, and configurations over their seeds. */
import { sql } from "drizzle-orm";
import { connections, type Executor } from "../../db/connection.ts";
import type { Outcome } from "../search/history.ts";
import { mean, standardDeviation } from "../statistics/moments.ts";
import type { Config } from "../wire/base/config.ts";
import type { RunStatus } from "../wire/base/words.ts";
import type { StudyAssignment } from "../wire/studies/parameters.ts";
import type { Objective } from "../wire/studies/studies.ts";
import type { TrialOrigin, TrialStatus } from "../wire/studies/trials.ts";

export type TrialResult = {
  id: string;
  /** Of its configuration, from 1. */
  number: number;
  replicate: number;
  origin: TrialOrigin;
  status: TrialStatus;
  values: StudyAssignment;
  /** Null: the run was purged. */
  run: TrialRun | null;
  runId: string;
  /** The objective at its best, or what a program told; null while there is none, or none is finite. */
  value: number | null;
  /** The step of that value, and the last step of the objective's series. Null without a series. */
  bestStep: number | null;
  lastStep: number | null;
  /** Why it says nothing of its configuration: crashed, diverged, refused. Null: it does, or may yet. */
  infeasible: string | null;
  stoppedBy: string | null;
  createdAt: string;
  endedAt: string | null;
  /** From the run's start to its end, or to its last sign of life; null: it never began. */
  seconds: number | null;
};

export type TrialRun = {
  id: string;
  name: string;
  status: RunStatus;
  seed: number | null;
  config: Config;
  isDeleted: boolean;
  /** SHA-256 of what was captured of its code, hexadecimal; null: nothing was. */
  codeDigest: string | null;
};

/** One configuration over its seeds. */
export type Configuration = {
  number: number;
  values: StudyAssignment;
  origin: TrialOrigin;
  trials: TrialResult[];
  /** Values of the trials that ended with one, in the order of their seeds. */
  results: number[];
  /** Their mean, and the spread where there are two; null: none has ended with a value. */
  value: number | null;
  spread: number | null;
  /** Why it is infeasible: each trial that ended was. Null: it isn't. */
  infeasible: string | null;
};

type Row = {
  id: string;
  number: number;
  replicate: number;
  origin: TrialOrigin;
  status: TrialStatus;
  values: StudyAssignment;
  run_id: string;
  name: string | null;
  run_status: RunStatus;
  seed: string | null;
  config: Config;
  is_deleted: boolean;
  code_digest: string | null;
  value: number | null;
  told: number | null;
  best_step: string | null;
  last_step: string | null;
  count: string | null;
  infeasible: string | null;
  stopped_by: string | null;
  created_at: string;
  ended_at: string | null;
  seconds: number | null;
};

/** The trials of a study in the order of their numbers and seeds, cancelled ones aside, those of deleted runs among them. */
export async function readResults(
  studyId: string,
  { metric, split, direction }: Objective,
  db: Executor = connections().db,
): Promise<TrialResult[]> {
  const best = sql.raw(direction);
  const rows = await db.execute<Row>(sql`
    select t.id, t.number, t.replicate, t.origin, t.status, t.values, t.run_id, t.infeasible, t.stopped_by, t.told,
      t.created_at, t.ended_at, r.name, r.status as run_status, r.seed, r.config, r.deleted_at is not null as is_deleted,
      encode(r.code_digest, 'hex') as code_digest, s.${best} as value, s.${best}_step as best_step,
      s.step_last as last_step, s.count,
      extract(epoch from coalesce(r.ended_at, r.heartbeat_at) - r.started_at)::float8 as seconds
    from trials t
    left join runs r on r.id = t.run_id
    left join series s on s.run_id = r.id and s.split = ${split} and s.metric = ${metric} and not s.quarantined
    where t.study_id = ${studyId} and t.status <> 'cancelled'
    order by t.number, t.replicate`);
  return rows.map(toResult);
}

function toResult(row: Row): TrialResult {
  const value = row.told ?? row.value;
  const hasEnded = row.status === "finished" || row.status === "stopped";
  // points, and none of them finite: the run diverged
  const isLost = hasEnded && !Number.isFinite(value) && (row.told !== null || Number(row.count ?? 0) > 0);
  return {
    id: row.id,
    number: row.number,
    replicate: row.replicate,
    origin: row.origin,
    status: row.status,
    values: row.values,
    runId: row.run_id,
    run: row.name === null ? null : toRun(row),
    value: value !== null && Number.isFinite(value) ? value : null,
    bestStep: row.best_step === null ? null : Number(row.best_step),
    lastStep: row.last_step === null ? null : Number(row.last_step),
    infeasible: row.infeasible ?? (isLost ? "diverged" : null),
    stoppedBy: row.stopped_by,
    createdAt: new Date(row.created_at).toISOString(),
    endedAt: row.ended_at === null ? null : new Date(row.ended_at).toISOString(),
    seconds: row.seconds,
  };
}

const toRun = (row: Row): TrialRun => ({
  id: row.run_id,
  name: row.name!,
  status: row.run_status,
  seed: row.seed === null ? null : Number(row.seed),
  config: row.config,
  isDeleted: row.is_deleted,
  codeDigest: row.code_digest,
});

/** Configurations in the order of their numbers. Pure. */
export function configurationsOf(results: readonly TrialResult[]): Configuration[] {
  const byNumber = new Map<number, [TrialResult, ...TrialResult[]]>();
  for (const result of results) {
    const others = byNumber.get(result.number);
    if (others) others.push(result);
    else byNumber.set(result.number, [result]);
  }
  return [...byNumber.entries()].map(([number, trials]) => {
    const [first] = trials;
    const values = trials.flatMap((trial) => (hasResult(trial) ? [trial.value!] : []));
    const failed = trials.filter(({ infeasible }) => infeasible !== null);
    return {
      number,
      values: first.values,
      origin: first.origin,
      trials,
      results: values,
      value: values.length === 0 ? null : mean(values),
      spread: values.length < 2 ? null : standardDeviation(values),
      infeasible: values.length === 0 && failed.length > 0 ? failed[0]!.infeasible : null,
    };
  });
}

/** Whether a trial has ended with a value that counts. */
export const hasResult = ({ status, infeasible, value }: TrialResult): boolean =>
  (status === "finished" || status === "stopped") && infeasible === null && value !== null;

/** What the search is told of a configuration. */
export const outcomeOf = ({ value, infeasible }: Configuration): Outcome =>
  value ?? (infeasible === null ? "pending" : "infeasible");
