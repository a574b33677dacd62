/** Small files of many runs at once. */
import { Readable } from "node:stream";
import type { Executor } from "../../db/connection.ts";
import { inPieces } from "../../db/pieces.ts";
import { artifacts, blobs } from "../../db/schema/files.ts";
import { blobStore, type StagedFile, shareBlobLock } from "../blobs/blobs.ts";

export type StagedArtifact = StagedFile;

/** Files at once: a disk that has to be waited for takes them together. */
const AT_ONCE = 16;

/** Brings contents to the store, those that are the same once; by their hash. Who called keeps or discards them. */
export async function stageFiles(
  files: { sha256: string; content: Uint8Array }[],
): Promise<Map<string, StagedArtifact>> {
  const contents = new Map(files.map(({ sha256, content }) => [sha256, content]));
  const staged = new Map<string, StagedArtifact>();
  try {
    await inTurns([...contents], async ([sha256, content]) => {
      staged.set(sha256, await blobStore().stage(Readable.from([content]), content.length, sha256));
    });
  } catch (error) {
    for (const file of staged.values()) await file.discard();
    throw error;
  }
  return staged;
}

/** Puts staged files in place and gives them to runs that were made in the caller's transaction. */
export async function keepFiles(
  tx: Executor,
  files: { runId: string; path: string; contentType: string; sha256: string }[],
  staged: Map<string, StagedArtifact>,
): Promise<void> {
  if (files.length === 0) return;
  const kept = [...new Set(files.map(({ sha256 }) => sha256))].sort();
  await shareBlobLock(tx);
  await inTurns(kept, (sha256) => staged.get(sha256)!.keep());
  const sizes = kept.map((sha256) => ({ sha256, sizeBytes: staged.get(sha256)!.sizeBytes }));
  for (const some of inPieces(sizes)) await tx.insert(blobs).values(some).onConflictDoNothing();
  const rows = files.map(({ runId, path, contentType, sha256 }) => ({ runId, path, contentType, sha256 }));
  for (const some of inPieces(rows)) await tx.insert(artifacts).values(some);
}

/** Throws what went wrong first, once nothing of that turn is under way any longer. */
async function inTurns<Item>(items: Item[], act: (item: Item) => Promise<void>): Promise<void> {
  for (let at = 0; at < items.length; at += AT_ONCE) {
    const turn = await Promise.allSettled(items.slice(at, at + AT_ONCE).map(act));
    for (const one of turn) if (one.status === "rejected") throw one.reason;
  }
}
