/** One run: creating it, reading it, changing its label. */
import { and, desc, eq, inArray, isNull, lt, sql } from "drizzle-orm";
import { validate as isUuid } from "uuid";
import { z } from "zod";
import { connections } from "../../db/connection.ts";
import { manifests } from "../../db/schema/manifests.ts";
import { projects } from "../../db/schema/projects.ts";
import { runs } from "../../db/schema/runs.ts";
import type { Actor } from "../access/actor.ts";
import { changeOf, recordAct } from "../access/audit.ts";
import { authorise, type Permission, reaches, reachesRun } from "../access/permissions.ts";
import { noticeRun } from "../live/notices.ts";
import { absentSplits } from "../manifests/absent-splits.ts";
import { findManifest } from "../manifests/manifests.ts";
import { oncePerPage } from "../once.ts";
import { runLink } from "../origin.ts";
import { ProblemError, parse } from "../problem.ts";
import { requireProject } from "../projects/projects.ts";
import type { Config } from "../wire/base/config.ts";
import type { RunStatus, Split } from "../wire/base/words.ts";
import type { Manifest } from "../wire/data/manifests.ts";
import { type Code, type Environment, type Failure, type Run, type RunList, runUpdateSchema } from "../wire/runs.ts";
import { listRelatives, type Relatives } from "./lineage.ts";
import { insertRun, prepareRun } from "./new-run.ts";

export type RunRecord = typeof runs.$inferSelect;
export type RunDetail = Run & {
  projectId: string;
  projectName: string;
  slug: string;
  createdBy: string;
  deletedAt: string | null;
  attemptList: { number: number; resumeStep: number | null; startedAt: string }[];
  /** Null where the run cites none: it is shown as uncited. */
  citedManifest: Manifest | null;
  relatives: Relatives;
};

/**
 * Creates a run in the token's project, or the one that `project` names. Sent again with the same id and content it
 * returns the run that is there; with other content it is a `conflict`.
 */
export async function createRun(actor: Actor, input: unknown): Promise<RunDetail> {
  const run = await prepareRun(actor, input);
  await connections().db.transaction((tx) => insertRun(tx, actor, run));
  noticeRun(run.id);
  return requireRun(actor, run.id);
}

/** One run; null if there is none that the actor may read. Deleted runs are found: they say so. */
export async function getRun(actor: Actor, runId: string): Promise<RunDetail | null> {
  authorise(actor, "runs.read");
  if (!isUuid(runId)) return null;
  const { db } = connections();
  const [found] = await db
    .select({ run: runs, project: projects })
    .from(runs)
    .innerJoin(projects, and(eq(projects.id, runs.projectId), isNull(projects.deletedAt)))
    .where(eq(runs.id, runId));
  if (!found || !reaches(actor, found.project.id)) return null;
  const { run, project } = found;
  const [starts, citedManifest, relatives] = await Promise.all([
    db.query.attempts.findMany({
      where: (attempt, { eq }) => eq(attempt.runId, runId),
      orderBy: (attempt, { asc }) => asc(attempt.number),
      limit: 1000,
    }),
    run.manifestId ? findManifest(project, run.manifestId) : null,
    listRelatives(run),
  ]);
  return {
    ...toRun(run, project.slug, starts.length, (starts.at(-1)?.environment ?? {}) as Environment),
    projectId: project.id,
    projectName: project.name,
    slug: project.slug,
    createdBy: run.createdBy,
    deletedAt: run.deletedAt?.toISOString() ?? null,
    attemptList: starts.map(({ number, resumeStep, startedAt }) => ({
      number,
      resumeStep,
      startedAt: startedAt.toISOString(),
    })),
    citedManifest,
    relatives,
  };
}

/** As `getRun`, but throws `not-found`. */
export async function requireRun(actor: Actor, runId: string): Promise<RunDetail> {
  const run = await getRun(actor, runId);
  if (!run) throw new ProblemError("not-found", `there is no run ${JSON.stringify(runId)} that you may read`);
  return run;
}

/** Where a run stands; what most acts on a run need to know of it. */
export type RunPlace = {
  projectId: string;
  slug: string;
  manifestId: string | null;
  /** Splits that the run's manifest has no samples of. */
  absentSplits: Split[];
  deletedAt: Date | null;
  status: RunStatus;
};

/** Where a run stands, for acts on what it holds. Throws `not-found` for one that the actor may not know of. */
export async function locateRun(actor: Actor, runId: string, permission: Permission): Promise<RunPlace> {
  authorise(actor, permission);
  return placesFor(actor, [runId], permission, await readPlaceOnce(runId)).get(runId)!;
}

const readPlaceOnce = oncePerPage((runId: string) => readPlaces([runId]));

/** As `locateRun`, of many at once, by id. */
export async function locateRuns(
  actor: Actor,
  runIds: string[],
  permission: Permission,
): Promise<Map<string, RunPlace>> {
  authorise(actor, permission);
  return placesFor(actor, runIds, permission, await readPlaces(runIds));
}

type PlaceRow = RunPlace & { id: string };

async function readPlaces(runIds: string[]): Promise<PlaceRow[]> {
  return connections()
    .db.select({
      id: runs.id,
      projectId: runs.projectId,
      slug: projects.slug,
      manifestId: runs.manifestId,
      absentSplits,
      deletedAt: runs.deletedAt,
      status: runs.status,
    })
    .from(runs)
    .innerJoin(projects, and(eq(projects.id, runs.projectId), isNull(projects.deletedAt)))
    .leftJoin(manifests, eq(manifests.id, runs.manifestId))
    .where(inArray(runs.id, runIds.filter(isUuid)));
}

/** Of the rows what the actor may know of. Throws as `locateRun`. */
function placesFor(actor: Actor, runIds: string[], permission: Permission, rows: PlaceRow[]): Map<string, RunPlace> {
  const readable = rows.filter((row) => reachesRun(actor, row));
  const places = new Map(readable.map(({ id, ...place }) => [id, place]));
  const missing = runIds.find((id) => !places.has(id));
  if (missing !== undefined)
    throw new ProblemError("not-found", `there is no run ${JSON.stringify(missing)} that you may read`);
  for (const { projectId } of places.values()) authorise(actor, permission, projectId);
  return places;
}

/** As `locateRun`, for acts that change what a run holds: throws `gone` for a deleted one. */
export async function locateLivingRun(actor: Actor, runId: string, permission: Permission): Promise<RunPlace> {
  const place = await locateRun(actor, runId, permission);
  if (place.deletedAt)
    throw new ProblemError("gone", "this run has been deleted; restore it in its project's settings");
  return place;
}

/** A run's row as the wire has it. */
export function toRun(row: RunRecord, slug: string, attempts: number, environment: Environment): Run {
  return {
    id: row.id,
    project: slug,
    name: row.name,
    notes: row.notes,
    status: row.status,
    failure: row.failure as Failure | null,
    config: row.config as Config,
    seed: row.seed,
    manifest: row.manifestId,
    parent:
      row.parentId === null
        ? null
        : {
            run: row.parentId,
            checkpoint: row.parentCheckpoint ?? "",
            sha256: row.parentSha256 ?? "",
            testSamplesSeen: row.testSeenCount,
          },
    code: row.code as Code | null,
    environment,
    createdAt: row.createdAt.toISOString(),
    startedAt: row.startedAt?.toISOString() ?? null,
    endedAt: row.endedAt?.toISOString() ?? null,
    heartbeatAt: row.heartbeatAt?.toISOString() ?? null,
    attempts,
    pointsLost: row.pointsLost,
    color: row.color,
    url: runLink(slug, row.id),
  };
}

const listSchema = z.object({
  project: z.string().max(100).optional(),
  before: z.uuid().optional(),
  limit: z.coerce.number().int().min(1).max(200).default(50),
});

/** A page of a project's runs, newest first, for programs. */
export async function listRuns(actor: Actor, query: unknown): Promise<RunList> {
  const { project: named, before, limit } = parse(listSchema, query);
  const project = await requireProject(actor, named);
  authorise(actor, "runs.read", project.id);
  const rows = await connections()
    .db.select({
      run: runs,
      attempts: sql<number>`(select count(*)::int from attempts a where a.run_id = runs.id)`,
      environment: sql<Environment | null>`(select a.environment from attempts a where a.run_id = runs.id
        order by a.number desc limit 1)`,
    })
    .from(runs)
    .where(and(eq(runs.projectId, project.id), isNull(runs.deletedAt), before ? lt(runs.id, before) : undefined))
    .orderBy(desc(runs.id))
    .limit(limit + 1);
  const page = rows.slice(0, limit);
  return {
    runs: page.map(({ run, attempts, environment }) => toRun(run, project.slug, attempts, environment ?? {})),
    next: rows.length > limit ? (page.at(-1)?.run.id ?? null) : null,
  };
}

/** Renames a run, or changes its notes or its colour. */
export async function updateRun(actor: Actor, runId: string, input: unknown): Promise<RunDetail> {
  const run = await requireRun(actor, runId);
  authorise(actor, "runs.update", run.projectId);
  const change = parse(runUpdateSchema, input);
  if (Object.keys(change).length > 0)
    await connections().db.transaction(async (tx) => {
      const [before] = await tx.select().from(runs).where(eq(runs.id, runId)).for("update");
      await tx.update(runs).set(change).where(eq(runs.id, runId));
      const detail = changeOf(before ?? {}, change);
      await recordAct(tx, actor, { action: "run.update", subject: `run:${runId}`, projectId: run.projectId, detail });
    });
  noticeRun(runId);
  return requireRun(actor, runId);
}
