/**
 * Work that outlives a request: a row that a worker claims with SKIP LOCKED and holds under a lease. A worker that dies
 * lets the lease lapse, and another takes the job from the beginning; so a job may be repeated.
 */
import { setTimeout } from "node:timers/promises";
import { and, desc, eq } from "drizzle-orm";
import { v7 as uuidv7 } from "uuid";
import { connections, type Executor } from "../../db/connection.ts";
import { jobs } from "../../db/schema/jobs.ts";
import { logError } from "../log.ts";
import { asProblem, ProblemError } from "../problem.ts";
import { beginSpan, duringSpan } from "../traces.ts";
import type { JobFailure } from "../wire/data/job-failures.ts";

export type JobRow = typeof jobs.$inferSelect;
/** Says how far a job is: share in 0–1, and what it is at. */
export type Report = (share: number, stage: string) => Promise<void>;
/** Does a job. What it throws is kept with the job, and the job is failed; where the database was away, it waits again. */
export type JobProgram = (job: Pick<JobRow, "subject" | "input">, report: Report) => Promise<void>;

const LEASE_S = 30;
const RENEW_MS = 10_000;
const IDLE_MS = 500;
/** After so many workers that died with it, or lost the database, a job is given up. */
const ATTEMPTS_MAX = 3;

/** Thrown by a program that did what it could for now: its job waits so long, and is taken anew. */
export class TryLater extends Error {
  constructor(readonly afterMs: number) {
    super(`again in ${afterMs} ms`);
  }
}

/** After so long a job asks again for what was away. */
const AWAY_MS = 5_000;

/** Adds a job, unless one of this kind and subject waits or runs. */
export async function enqueueJob(
  tx: Executor,
  { kind, subject, input = {} }: { kind: string; subject: string; input?: unknown },
): Promise<void> {
  await tx.insert(jobs).values({ id: uuidv7(), kind, subject, input }).onConflictDoNothing();
}

/** The newest job of a kind about a subject; null: there never was one. */
export async function findJob(kind: string, subject: string): Promise<JobRow | null> {
  const [job] = await connections()
    .db.select()
    .from(jobs)
    .where(and(eq(jobs.kind, kind), eq(jobs.subject, subject)))
    .orderBy(desc(jobs.createdAt))
    .limit(1);
  return job ?? null;
}

/** The kinds of jobs that a worker takes: those alone, or all but those. */
export type Lane = { only: readonly string[] } | { but: readonly string[] };
const EVERYTHING: Lane = { but: [] };

type ClaimedJob = { id: string; kind: string; subject: string; input: unknown; attempts: number };

/** Takes the job that has waited longest, or whose worker fell silent; null: there is none. */
async function claimJob(lane: Lane): Promise<ClaimedJob | null> {
  const { sql } = connections();
  const isInLane = "only" in lane ? sql`kind = any(${[...lane.only]})` : sql`kind <> all(${[...lane.but]})`;
  const [claimed] = await sql<ClaimedJob[]>`
    update jobs set status = 'running', attempts = attempts + 1, lease_until = now() + make_interval(secs => ${LEASE_S})
    where id = (
      select id from jobs
      where ${isInLane} and ((status = 'queued' and (not_before is null or not_before <= now()))
        or (status = 'running' and lease_until < now()))
      order by created_at limit 1 for update skip locked)
    returning id, kind, subject, input, attempts`;
  return claimed ?? null;
}

/** Does the next job of the lane, if there is one. Returns whether there was. */
export async function runNextJob(programs: Record<string, JobProgram>, lane = EVERYTHING): Promise<boolean> {
  const job = await claimJob(lane);
  if (!job) return false;
  const { sql } = connections();
  const renew = setInterval(() => {
    void sql`update jobs set lease_until = now() + make_interval(secs => ${LEASE_S})
      where id = ${job.id} and status = 'running'`.catch(() => undefined);
  }, RENEW_MS);
  try {
    const program = programs[job.kind];
    if (job.attempts > ATTEMPTS_MAX) throw new JobFailed({ kind: "workers-died", figures: { workers: ATTEMPTS_MAX } });
    if (!program) throw new JobFailed({ kind: "no-program", figures: { job: job.kind } });
    await traced(job, () =>
      program(job, async (share, stage) => {
        await sql`update jobs set progress = ${share}, stage = ${stage} where id = ${job.id}`;
      }),
    );
    await sql`update jobs set status = 'done', progress = 1, stage = '', ended_at = now() where id = ${job.id}`;
  } catch (error) {
    const later = error instanceof TryLater ? error : laterWhereAway(error);
    if (later) {
      await sql`update jobs set status = 'queued', lease_until = null, attempts = 0,
        not_before = now() + make_interval(secs => ${later.afterMs / 1000}) where id = ${job.id}`;
      return true;
    }
    logError(`job ${job.kind} ${job.subject}`, error);
    if (asProblem(error)?.kind === "unavailable" && job.attempts < ATTEMPTS_MAX)
      await sql`update jobs set status = 'queued', lease_until = null where id = ${job.id}`;
    else await failJob(job.id, failureOf(error, job.attempts));
  } finally {
    clearInterval(renew);
  }
  return true;
}

/** What a program needs and can't reach, such as the bucket of files, is no fault of the job: it waits for it. */
function laterWhereAway(error: unknown): TryLater | null {
  if (!(error instanceof ProblemError) || error.kind !== "unavailable") return null;
  logError("a job waits", error.detail);
  return new TryLater(AWAY_MS);
}

/** Does the job's work as a span of its own. */
async function traced({ id, kind, attempts }: ClaimedJob, work: () => Promise<void>): Promise<void> {
  const attributes = { "holdout.job": id, "holdout.job.attempt": attempts };
  const span = beginSpan({ name: `job ${kind}`, kind: "internal", attributes, parent: null });
  try {
    await duringSpan(span, work);
    span?.end();
  } catch (error) {
    span?.end(error);
    throw error;
  }
}

/** What a job fails by before its program has begun. */
class JobFailed extends Error {
  constructor(readonly failure: JobFailure) {
    super(failure.kind);
  }
}

function failureOf(error: unknown, attempts: number): JobFailure {
  if (error instanceof JobFailed) return error.failure;
  const known = asProblem(error)?.kind;
  if (known === "full") return { kind: "disk-full", figures: {} };
  if (known === "unavailable") return { kind: "database-away", figures: { attempts } };
  return { kind: "unforeseen", figures: { text: error instanceof Error ? error.message : String(error) } };
}

async function failJob(id: string, failure: JobFailure): Promise<void> {
  const { sql } = connections();
  await sql`update jobs set status = 'failed', failure = ${sql.json(failure)}, ended_at = now() where id = ${id}`;
}

/** Why a job failed, also where that was kept in words; null: it didn't. */
export const readFailure = ({ failure, error }: Pick<JobRow, "failure" | "error">): JobFailure | null =>
  (failure as JobFailure | null) ?? (error === null ? null : { kind: "earlier-text", figures: { text: error } });

/** Does a lane's jobs as they come until `signal` aborts; the one under way is ended first. */
export async function runJobsUntil(
  signal: AbortSignal,
  programs: Record<string, JobProgram>,
  lane = EVERYTHING,
): Promise<void> {
  while (!signal.aborted) {
    const worked = await runNextJob(programs, lane).catch((error: unknown) => {
      if (!signal.aborted) logError("jobs wait", String(error));
      return false;
    });
    if (!worked) await setTimeout(IDLE_MS, undefined, { signal }).catch(() => {});
  }
}
