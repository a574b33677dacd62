/** Trials as they are read: one, a page of the queue, and the row that an act locks. */
import { and, asc, count, desc, eq, inArray, isNull, lt, type SQL } from "drizzle-orm";
import { validate as isUuid } from "uuid";
import { z } from "zod";
import { connections, type Executor } from "../../db/connection.ts";
import { projects } from "../../db/schema/projects.ts";
import { runs } from "../../db/schema/runs.ts";
import { studies, trials, workers } from "../../db/schema/studies.ts";
import type { Actor } from "../access/actor.ts";
import { authorise, type Permission, reaches } from "../access/permissions.ts";
import { ProblemError, parse } from "../problem.ts";
import { requireProject } from "../projects/projects.ts";
import { uuid } from "../wire/base/words.ts";
import type { StudyAssignment } from "../wire/studies/parameters.ts";
import { type Trial, type TrialList, type TrialStatus, trialStatuses } from "../wire/studies/trials.ts";

export type TrialRow = typeof trials.$inferSelect;

const PAGE = 100;

const listSchema = z.object({
  status: z.array(z.enum(trialStatuses)).default([]),
  study: uuid.optional(),
  after: uuid.optional(),
});

/** A page of a project's queue, the newest trials first. `query.status`: of these alone; of all where it is empty. */
export async function listTrials(actor: Actor, projectNamed: string, query: unknown): Promise<TrialList> {
  const { status, study, after } = parse(listSchema, query);
  const project = await requireProject(actor, projectNamed);
  authorise(actor, "studies.read", project.id);
  const found = await readTrials(
    and(
      eq(trials.projectId, project.id),
      status.length > 0 ? inArray(trials.status, status) : undefined,
      study ? eq(trials.studyId, study) : undefined,
      after ? lt(trials.id, after) : undefined,
    )!,
    PAGE + 1,
  );
  const page = found.slice(0, PAGE);
  return { trials: page, next: found.length > PAGE ? page.at(-1)!.id : null };
}

/** A project's queue at one moment: a trial that is claimed meanwhile stands in one list. */
export type Queue = {
  counts: Partial<Record<TrialStatus, number>>;
  /** The newest first, a page of them, as of those that ended. */
  running: Trial[];
  /** The first in the order in which they are taken, held ones among them. */
  waiting: Trial[];
  ended: Trial[];
};

export const endedStatuses = ["finished", "failed", "stopped", "cancelled"] as const satisfies TrialStatus[];

/** Throws `forbidden` for an actor that may not read studies. */
export async function readQueue(actor: Actor, projectId: string): Promise<Queue> {
  authorise(actor, "studies.read", projectId);
  const work = async (tx: Executor): Promise<Queue> => {
    const of = (statuses: readonly TrialStatus[], order?: SQL[]) =>
      readTrials(and(eq(trials.projectId, projectId), inArray(trials.status, [...statuses]))!, PAGE, order, tx);
    // sent together: the connection answers them one after the other
    const [rows, running, waiting, ended] = await Promise.all([
      tx
        .select({ status: trials.status, count: count() })
        .from(trials)
        .where(eq(trials.projectId, projectId))
        .groupBy(trials.status),
      of(["running"]),
      of(["queued"], [desc(trials.priority), asc(trials.id)]),
      of(endedStatuses),
    ]);
    return { counts: Object.fromEntries(rows.map(({ status, count }) => [status, count])), running, waiting, ended };
  };
  return connections().db.transaction(work, { isolationLevel: "repeatable read", accessMode: "read only" });
}

/** One trial. Throws `not-found` for one that the actor may not know of. */
export async function requireTrial(actor: Actor, id: string): Promise<Trial> {
  await locateTrial(actor, id, "studies.read");
  const [trial] = await readTrials(eq(trials.id, id), 1);
  return trial!;
}

/** Where a trial stands, for acts on it. Throws `not-found` for one that the actor may not know of. */
export async function locateTrial(actor: Actor, id: string, permission: Permission): Promise<TrialRow> {
  authorise(actor, permission);
  const [found] = isUuid(id)
    ? await connections()
        .db.select({ trial: trials })
        .from(trials)
        .innerJoin(projects, and(eq(projects.id, trials.projectId), isNull(projects.deletedAt)))
        .where(eq(trials.id, id))
    : [];
  if (!found || !reaches(actor, found.trial.projectId))
    throw new ProblemError("not-found", `there is no trial ${JSON.stringify(id)} that you may read`);
  authorise(actor, permission, found.trial.projectId);
  return found.trial;
}

/** The trial, held until the transaction ends: who changes its status holds it first, and its run after it. */
export async function lockTrial(tx: Executor, id: string): Promise<TrialRow> {
  const [row] = await tx.select().from(trials).where(eq(trials.id, id)).for("update");
  if (!row) throw new ProblemError("not-found", "the trial was deleted");
  return row;
}

/** Trials as the wire has them, the newest first unless said otherwise. */
export async function readTrials(
  where: SQL,
  limit: number,
  order: SQL[] = [desc(trials.id)],
  tx: Executor = connections().db,
): Promise<Trial[]> {
  const rows = await tx
    .select({
      trial: trials,
      slug: projects.slug,
      study: { id: studies.id, number: studies.number, title: studies.title },
      run: { id: runs.id, name: runs.name, status: runs.status, deletedAt: runs.deletedAt },
      worker: { id: workers.id, name: workers.name },
    })
    .from(trials)
    .innerJoin(projects, eq(projects.id, trials.projectId))
    .leftJoin(studies, eq(studies.id, trials.studyId))
    .leftJoin(runs, eq(runs.id, trials.runId))
    .leftJoin(workers, eq(workers.id, trials.workerId))
    .where(where)
    .orderBy(...order)
    .limit(limit);
  return rows.map(toTrial);
}

type ReadRow = {
  trial: TrialRow;
  slug: string;
  study: Trial["study"];
  run: { id: string; name: string; status: NonNullable<Trial["run"]>["status"]; deletedAt: Date | null } | null;
  worker: Trial["worker"];
};

const isoOf = (at: Date | null): string | null => at?.toISOString() ?? null;

const toTrial = ({ trial: row, slug, study, run, worker }: ReadRow): Trial => ({
  id: row.id,
  project: slug,
  study,
  number: row.number,
  replicate: row.replicate,
  origin: row.origin,
  values: row.values as StudyAssignment | null,
  status: row.status,
  isHeld: row.isHeld,
  signal: row.signal,
  run: run && { id: run.id, name: run.name, status: run.status, isDeleted: run.deletedAt !== null },
  labels: row.labels,
  memoryGib: row.memoryGib,
  priority: row.priority,
  worker,
  claims: row.claims,
  infeasible: row.infeasible,
  stoppedBy: row.stoppedBy,
  createdBy: row.createdBy,
  createdAt: row.createdAt.toISOString(),
  claimedAt: isoOf(row.claimedAt),
  endedAt: isoOf(row.endedAt),
});
