/** Workers: training processes that poll for trials. */
import { and, desc, eq, isNull, sql } from "drizzle-orm";
import { validate as isUuid, v7 as uuidv7 } from "uuid";
import { z } from "zod";
import { connections } from "../../db/connection.ts";
import { projects } from "../../db/schema/projects.ts";
import { workers } from "../../db/schema/studies.ts";
import type { Actor } from "../access/actor.ts";
import { recordAct } from "../access/audit.ts";
import { authorise, type Permission, reaches } from "../access/permissions.ts";
import { BoundedMap } from "../bounded-map.ts";
import { ProblemError, parse } from "../problem.ts";
import { requireProject } from "../projects/projects.ts";
import { type Worker, workerCreateSchema } from "../wire/studies/trials.ts";

export type WorkerRow = typeof workers.$inferSelect;

/** Heard of within so long a worker is alive: it asks every two seconds at the least. */
const ALIVE_S = 60;
/** One that was silent for longer is in no list. */
const LISTED_HOURS = 24;
const LISTED_MAX = 500;
/** How often it is written that a worker was heard of. */
const SEEN_MS = 5_000;

/** Says that a worker is there. Each start of one is another. */
export async function registerWorker(actor: Actor, input: unknown): Promise<Worker> {
  authorise(actor, "trials.work");
  const { project: named, ...given } = parse(workerCreateSchema, input);
  const project = await requireProject(actor, named);
  authorise(actor, "trials.work", project.id);
  const id = uuidv7();
  await connections().db.transaction(async (tx) => {
    await tx.insert(workers).values({ ...given, id, projectId: project.id, createdBy: actor.name });
    await recordAct(tx, actor, {
      action: "worker.register",
      subject: `worker:${id}`,
      projectId: project.id,
      detail: { name: given.name, labels: given.labels },
    });
  });
  return requireWorker(actor, id);
}

const facts = {
  worker: workers,
  isAlive: sql<boolean>`${workers.seenAt} > now() - make_interval(secs => ${ALIVE_S})`,
  trials: sql<string[]>`array(select t.id from trials t where t.worker_id = ${workers.id} and t.status = 'running'
    and t.project_id = ${workers.projectId} order by t.id)`,
};

/** A project's workers that were heard of within the last day, the latest first. */
export async function listWorkers(actor: Actor, projectNamed: string): Promise<Worker[]> {
  const project = await requireProject(actor, projectNamed);
  authorise(actor, "studies.read", project.id);
  const rows = await connections()
    .db.select(facts)
    .from(workers)
    .innerJoin(projects, eq(projects.id, workers.projectId))
    .where(
      and(eq(workers.projectId, project.id), sql`${workers.seenAt} > now() - make_interval(hours => ${LISTED_HOURS})`),
    )
    .orderBy(desc(workers.seenAt))
    .limit(LISTED_MAX);
  return rows.map(toWorker);
}

async function requireWorker(actor: Actor, id: string): Promise<Worker> {
  await locateWorker(actor, id, "trials.work");
  const [row] = await connections()
    .db.select(facts)
    .from(workers)
    .innerJoin(projects, eq(projects.id, workers.projectId))
    .where(eq(workers.id, id));
  return toWorker(row!);
}

/** The row of a worker. Throws `not-found` for one that the actor may not know of. */
export async function locateWorker(actor: Actor, id: string, permission: Permission): Promise<WorkerRow> {
  authorise(actor, permission);
  const [row] = isUuid(id)
    ? await connections()
        .db.select({ worker: workers })
        .from(workers)
        .innerJoin(projects, and(eq(projects.id, workers.projectId), isNull(projects.deletedAt)))
        .where(eq(workers.id, id))
    : [];
  if (!row || !reaches(actor, row.worker.projectId))
    throw new ProblemError("not-found", `there is no worker ${JSON.stringify(id)} that you may know of`);
  authorise(actor, permission, row.worker.projectId);
  return row.worker;
}

const updateSchema = z.object({ isDraining: z.boolean() });

const KNOWN_MAX = 10_000;

/** What never changes of a worker. */
export type KnownWorker = Pick<WorkerRow, "projectId" | "labels" | "memoryGib">;

const knownWorkers = new BoundedMap<string, KnownWorker>(KNOWN_MAX);

/** A worker that asks: read once, then known. Whether it is there still, and draining, is for a claim to see. */
export async function knowWorker(actor: Actor, id: string): Promise<KnownWorker> {
  const known = knownWorkers.get(id);
  if (known) {
    authorise(actor, "trials.work", known.projectId);
    return known;
  }
  const { projectId, labels, memoryGib } = await locateWorker(actor, id, "trials.work");
  const found = { projectId, labels, memoryGib };
  knownWorkers.set(id, found);
  return found;
}

/** Drains a worker: it ends what it has, and takes nothing more. Or lets it take trials again. */
export async function updateWorker(actor: Actor, id: string, input: unknown): Promise<Worker> {
  const { projectId, name } = await locateWorker(actor, id, "trials.queue");
  const { isDraining } = parse(updateSchema, input);
  await connections().db.transaction(async (tx) => {
    await tx.update(workers).set({ isDraining }).where(eq(workers.id, id));
    const action = isDraining ? "worker.drain" : "worker.undrain";
    await recordAct(tx, actor, { action, subject: `worker:${id}`, projectId, detail: { name } });
  });
  return requireWorker(actor, id);
}

/** When this process last wrote that a worker was heard of. */
const notedAtMs = new BoundedMap<string, number>(KNOWN_MAX);

/** Notes that a worker was heard of, now and then. */
export async function noteSeen(id: string): Promise<void> {
  const now = performance.now();
  if (now - (notedAtMs.get(id) ?? -Infinity) < SEEN_MS) return;
  notedAtMs.set(id, now);
  await connections().db.update(workers).set({ seenAt: sql`now()` }).where(eq(workers.id, id));
}

const toWorker = ({ worker, isAlive, trials }: { worker: WorkerRow; isAlive: boolean; trials: string[] }): Worker => ({
  id: worker.id,
  name: worker.name,
  labels: worker.labels,
  memoryGib: worker.memoryGib,
  isDraining: worker.isDraining,
  isAlive,
  trials,
  createdBy: worker.createdBy,
  createdAt: worker.createdAt.toISOString(),
  seenAt: worker.seenAt.toISOString(),
});
