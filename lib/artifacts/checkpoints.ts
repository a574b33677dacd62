/** Checkpoints: which files of a run are its weights, at which step, with which metrics. */
import { and, asc, eq } from "drizzle-orm";
import { v7 as uuidv7 } from "uuid";
import { connections } from "../../db/connection.ts";
import { artifacts, blobs, checkpoints } from "../../db/schema.ts";
import type { Actor } from "../access/actor.ts";
import { noticeRun } from "../live/notices.ts";
import { ProblemError, parse } from "../problem.ts";
import { locateLivingRun, locateRun } from "../runs/runs.ts";
import { type Checkpoint, checkpointCreateSchema, type WireFloat } from "../wire.ts";

/** Declares a stored file as weights at a step. The same again changes nothing. */
export async function createCheckpoint(actor: Actor, runId: string, input: unknown): Promise<Checkpoint> {
  await locateLivingRun(actor, runId, "runs.log");
  const given = parse(checkpointCreateSchema, input);
  const { db } = connections();
  const [file] = await db
    .select({ path: artifacts.path })
    .from(artifacts)
    .where(and(eq(artifacts.runId, runId), eq(artifacts.path, given.path)));
  if (!file)
    throw new ProblemError("not-found", `the run has no file ${JSON.stringify(given.path)}; PUT it first`, [
      { field: "path", detail: "is not a stored artifact of this run" },
    ]);
  await db
    .insert(checkpoints)
    .values({ id: uuidv7(), runId, ...given })
    .onConflictDoNothing();
  noticeRun(runId);
  const there = (await readCheckpoints(runId)).find((checkpoint) => checkpoint.path === given.path);
  if (there?.step !== given.step)
    throw new ProblemError("conflict", `${given.path} is the checkpoint of step ${there?.step} already`);
  return there;
}

/** A run's checkpoints by step, at most 5000. */
export async function listCheckpoints(actor: Actor, runId: string): Promise<Checkpoint[]> {
  await locateRun(actor, runId, "runs.read");
  return readCheckpoints(runId);
}

async function readCheckpoints(runId: string): Promise<Checkpoint[]> {
  const rows = await connections()
    .db.select({ checkpoint: checkpoints, sha256: artifacts.sha256, sizeBytes: blobs.sizeBytes })
    .from(checkpoints)
    .innerJoin(artifacts, and(eq(artifacts.runId, checkpoints.runId), eq(artifacts.path, checkpoints.path)))
    .innerJoin(blobs, eq(blobs.sha256, artifacts.sha256))
    .where(eq(checkpoints.runId, runId))
    .orderBy(asc(checkpoints.step), asc(checkpoints.id))
    .limit(5000);
  return rows.map(({ checkpoint, sha256, sizeBytes }) => ({
    id: checkpoint.id,
    path: checkpoint.path,
    sha256,
    sizeBytes,
    step: checkpoint.step,
    epoch: checkpoint.epoch,
    values: checkpoint.values as Record<string, WireFloat>,
    createdAt: checkpoint.createdAt.toISOString(),
  }));
}
