/** Checkpoints: which files of a run are its weights, at which step, with which metrics. */
import { and, asc, eq, sql } from "drizzle-orm";
import { v7 as uuidv7 } from "uuid";
import { connections } from "../../db/connection.ts";
import { artifacts, blobs, checkpoints } from "../../db/schema/files.ts";
import { manifests } from "../../db/schema/manifests.ts";
import type { Actor } from "../access/actor.ts";
import { noticeRun } from "../live/notices.ts";
import { invalid, ProblemError, parse } from "../problem.ts";
import { locateLivingRun, locateRun } from "../runs/runs.ts";
import { type Checkpoint, checkpointCreateSchema, type Measured } from "../wire/checkpoints.ts";

/** Declares a stored file as weights at a step. The same again changes nothing. */
export async function createCheckpoint(actor: Actor, runId: string, input: unknown): Promise<Checkpoint> {
  const run = await locateLivingRun(actor, runId, "runs.log");
  const given = parse(checkpointCreateSchema, input);
  if (given.preprocessing && run.manifestId) await requireTrainSplit(run.manifestId, given.preprocessing.fittedOn);
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

/** What is fitted to validation or test samples has seen them: its numbers there would be too good. */
async function requireTrainSplit(manifestId: string, fittedOn: string): Promise<void> {
  const [manifest] = await connections()
    .db.select({
      train: manifests.trainDigest,
      validation: manifests.validationDigest,
      test: manifests.testDigest,
    })
    .from(manifests)
    .where(eq(manifests.id, manifestId));
  if (!manifest || fittedOn === manifest.train) return;
  const named = (["validation", "test"] as const).find((split) => manifest[split] === fittedOn);
  const detail = `names ${named ? `the ${named} split` : "no split of the run's manifest"}; expected the digest of its train split, ${manifest.train}`;
  throw invalid("preprocessing.fittedOn", detail);
}

/** A run's checkpoints by step, at most 5000. */
export async function listCheckpoints(actor: Actor, runId: string): Promise<Checkpoint[]> {
  await locateRun(actor, runId, "runs.read");
  return readCheckpoints(runId);
}

export type CheckpointPlace = Pick<Checkpoint, "path" | "step" | "epoch">;

/** The checkpoint at a step, or the one nearest to it, the earlier of two; null where the run has none. */
export async function findCheckpointNear(actor: Actor, runId: string, step: number): Promise<CheckpointPlace | null> {
  await locateRun(actor, runId, "runs.read");
  const [nearest] = await connections()
    .db.select({ path: checkpoints.path, step: checkpoints.step, epoch: checkpoints.epoch })
    .from(checkpoints)
    .where(eq(checkpoints.runId, runId))
    .orderBy(sql`abs(${checkpoints.step} - ${step}::bigint)`, asc(checkpoints.step), asc(checkpoints.id))
    .limit(1);
  return nearest ?? null;
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
    values: checkpoint.values as Record<string, Measured>,
    preprocessing: checkpoint.preprocessing as Checkpoint["preprocessing"],
    createdAt: checkpoint.createdAt.toISOString(),
  }));
}
