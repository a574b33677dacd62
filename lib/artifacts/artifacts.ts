/** Files of runs. A path is written once, unless who writes replaces it: the same content again changes nothing. */
import type { Readable } from "node:stream";
import { and, asc, eq } from "drizzle-orm";
import { z } from "zod";
import { connections, type Executor } from "../../db/connection.ts";
import { artifacts, blobs, checkpoints } from "../../db/schema/files.ts";
import { runs } from "../../db/schema/runs.ts";
import type { Actor } from "../access/actor.ts";
import { type ByteRange, blobStore, shareBlobLock } from "../blobs/blobs.ts";
import { noticeRun } from "../live/notices.ts";
import { ProblemError, parse } from "../problem.ts";
import { locateLivingRun, locateRun } from "../runs/runs.ts";
import { type Artifact, artifactLinkSchema } from "../wire/artifacts.ts";
import { artifactPathSchema, mediaTypeSchema } from "../wire/base/text.ts";
import { ARTIFACT_BYTES_MAX } from "../wire/base/words.ts";

type Upload = {
  path: string;
  contentType: string | null;
  /** What the sender says the SHA-256 is; null where it doesn't. */
  expectedSha256: string | null;
  content: Readable;
  /** Whether it takes the place of other content at its path, as clients of other protocols have it. */
  replaces?: boolean;
};

const placeSchema = z.object({ path: artifactPathSchema, contentType: mediaTypeSchema });

/** Stores a file of a run. Throws `conflict` where the path holds other content, `invalid` where the hash disagrees. */
export async function putArtifact(actor: Actor, runId: string, upload: Upload): Promise<Artifact> {
  await locateLivingRun(actor, runId, "runs.log");
  const { path, contentType } = parse(placeSchema, {
    path: upload.path,
    contentType: upload.contentType ?? "application/octet-stream",
  });
  const staged = await blobStore().stage(upload.content, ARTIFACT_BYTES_MAX, upload.expectedSha256);
  try {
    if (upload.expectedSha256 !== null && upload.expectedSha256 !== staged.sha256)
      throw new ProblemError(
        "invalid",
        `x-content-sha256 is ${upload.expectedSha256}, the bytes have ${staged.sha256}`,
        [{ field: "x-content-sha256", detail: `expected ${staged.sha256}, received ${upload.expectedSha256}` }],
      );
    await connections().db.transaction(async (tx) => {
      await shareBlobLock(tx);
      await staged.keep();
      await tx.insert(blobs).values({ sha256: staged.sha256, sizeBytes: staged.sizeBytes }).onConflictDoNothing();
      if (upload.replaces) await makeRoom(tx, runId, path, staged.sha256);
      await addArtifact(tx, runId, path, staged.sha256, contentType);
    });
  } finally {
    await staged.discard();
  }
  noticeRun(runId);
  return requireArtifact(runId, path);
}

/** Gives a run a file that its project holds already. Throws `not-found` where it has to be sent. */
export async function linkArtifact(actor: Actor, runId: string, input: unknown): Promise<Artifact> {
  const run = await locateLivingRun(actor, runId, "runs.log");
  const given = parse(artifactLinkSchema, input);
  await connections().db.transaction(async (tx) => {
    await shareBlobLock(tx);
    // asked within the project alone: an answer about others would tell what they hold
    const [held] = await tx
      .select({ sha256: artifacts.sha256 })
      .from(artifacts)
      .innerJoin(runs, eq(runs.id, artifacts.runId))
      .where(and(eq(artifacts.sha256, given.sha256), eq(runs.projectId, run.projectId)))
      .limit(1);
    if (!held) throw new ProblemError("not-found", "this project doesn't hold that file; send it with PUT");
    await addArtifact(tx, runId, given.path, given.sha256, given.contentType);
  });
  noticeRun(runId);
  return requireArtifact(runId, given.path);
}

/** Takes away what a path holds, if it is other content. A checkpoint's file stays: what it scored was computed by it. */
async function makeRoom(tx: Executor, runId: string, path: string, sha256: string): Promise<void> {
  const here = and(eq(artifacts.runId, runId), eq(artifacts.path, path));
  const [there] = await tx.select({ sha256: artifacts.sha256 }).from(artifacts).where(here).for("update");
  if (!there || there.sha256 === sha256) return;
  const held = await tx
    .select({ id: checkpoints.id })
    .from(checkpoints)
    .where(and(eq(checkpoints.runId, runId), eq(checkpoints.path, path)))
    .limit(1);
  if (held.length > 0) throw new ProblemError("conflict", `${path} is a checkpoint; its file is written once`);
  await tx.delete(artifacts).where(here);
}

async function addArtifact(tx: Executor, runId: string, path: string, sha256: string, contentType: string) {
  await tx.insert(artifacts).values({ runId, path, sha256, contentType }).onConflictDoNothing();
  const [there] = await tx
    .select({ sha256: artifacts.sha256 })
    .from(artifacts)
    .where(and(eq(artifacts.runId, runId), eq(artifacts.path, path)));
  if (there?.sha256 !== sha256)
    throw new ProblemError("conflict", `${path} is stored already, with other content; give the file another path`);
}

const columns = {
  path: artifacts.path,
  sha256: artifacts.sha256,
  sizeBytes: blobs.sizeBytes,
  contentType: artifacts.contentType,
  createdAt: artifacts.createdAt,
};

async function requireArtifact(runId: string, path: string): Promise<Artifact> {
  const [row] = await connections()
    .db.select(columns)
    .from(artifacts)
    .innerJoin(blobs, eq(blobs.sha256, artifacts.sha256))
    .where(and(eq(artifacts.runId, runId), eq(artifacts.path, path)));
  if (!row) throw new ProblemError("not-found", `the run has no file ${JSON.stringify(path)}`);
  return { ...row, createdAt: row.createdAt.toISOString() };
}

/** A run's files by path, at most 5000. */
export async function listArtifacts(actor: Actor, runId: string): Promise<Artifact[]> {
  await locateRun(actor, runId, "runs.read");
  const rows = await connections()
    .db.select(columns)
    .from(artifacts)
    .innerJoin(blobs, eq(blobs.sha256, artifacts.sha256))
    .where(eq(artifacts.runId, runId))
    .orderBy(asc(artifacts.path))
    .limit(5000);
  return rows.map((row) => ({ ...row, createdAt: row.createdAt.toISOString() }));
}

/** One file of a run. Throws `not-found`. */
export async function getArtifact(actor: Actor, runId: string, path: string): Promise<Artifact> {
  await locateRun(actor, runId, "runs.read");
  const stored = await requireArtifact(runId, path);
  // what was stored before types were checked must be readable
  const contentType = mediaTypeSchema.catch("application/octet-stream").parse(stored.contentType);
  return { ...stored, contentType };
}

/** What a file holds, or a part of it; see `BlobStore.read`. */
export const readContent = ({ sha256 }: Artifact, part?: ByteRange): Promise<Readable> =>
  blobStore().read(sha256, part);

/** One file with its content, whose hash is checked while it is read. */
export async function readArtifact(
  actor: Actor,
  runId: string,
  path: string,
): Promise<{ artifact: Artifact; content: Readable }> {
  const artifact = await getArtifact(actor, runId, path);
  return { artifact, content: await readContent(artifact) };
}
