/** The content-addressed store of files: which one this installation has, and what holds it and the rows together. */
import path from "node:path";
import { inArray, sql } from "drizzle-orm";
import { connections, type Executor } from "../../db/connection.ts";
import { locks } from "../../db/locks.ts";
import { blobs } from "../../db/schema/files.ts";
import type { BlobStore } from "./blob-store.ts";
import { folderStore } from "./folder-store.ts";
import { parseBucketPlace } from "./place.ts";
import { bucketStore } from "./s3-store.ts";

export type { BlobStore, ByteRange, StagedFile } from "./blob-store.ts";

const dataFolder = () => process.env.HOLDOUT_DATA_DIR ?? ".holdout";
/** The folder of files on this machine; beside a bucket it holds uploads on their way alone. */
const folderIn = (dataDir: string) => path.resolve(dataDir, "blobs");

// one a process, also where a bundler loads this module more than once: a bucket's connections are kept
const cache = globalThis as { holdoutBuckets?: Map<string, BlobStore> };

/** The store that `HOLDOUT_FILES` names; where it names none, the folder in the data folder. */
export const blobStore = (): BlobStore => storeAt(process.env.HOLDOUT_FILES || null, dataFolder());

/** The store at `s3://bucket/prefix`; null: the folder in the data folder. */
export function storeAt(given: string | null, dataDir: string): BlobStore {
  if (given === null) return folderStore(folderIn(dataDir));
  cache.holdoutBuckets ??= new Map();
  const known = cache.holdoutBuckets.get(given);
  if (known) return known;
  const place = parseBucketPlace(given);
  if (!place) throw new Error(`HOLDOUT_FILES is ${given}; s3://BUCKET/PREFIX is right`);
  const store = bucketStore(place, path.join(folderIn(dataDir), "staging"));
  cache.holdoutBuckets.set(given, store);
  return store;
}

/** Held by a transaction that puts a file in place and refers to it. */
export async function shareBlobLock(tx: Executor): Promise<void> {
  await tx.execute(sql`select pg_advisory_xact_lock_shared(${locks.files})`);
}

/** Files that are removed while nobody else may refer to one: uploads wait for so many at most. */
const SLICE = 500;
/** Removals at once: a bucket takes as long for sixteen as for one. */
const AT_ONCE = 16;

/** Removes files that nothing refers to any more, no artifact and no predictions: of `these` where they are given. */
export async function removeUnusedBlobs(store = blobStore(), these: string[] | null = null): Promise<void> {
  for (let removed = SLICE; removed === SLICE; )
    removed = await connections().db.transaction(async (tx) => {
      await tx.execute(sql`select pg_advisory_xact_lock(${locks.files})`);
      const unused = await tx.execute<{ sha256: string }>(sql`
        delete from blobs where sha256 in (
          select b.sha256 from blobs b where (${these === null}::bool or b.sha256 = any(${sql.param(these ?? [])}::text[]))
            and not exists (select 1 from artifacts a where a.sha256 = b.sha256)
            and not exists (select 1 from evaluation_predictions p where p.file = b.sha256)
            and not exists (select 1 from prediction_batches o where o.file = b.sha256)
          limit ${SLICE}::int)
        returning sha256`);
      // a crash from here on leaves files without rows, which a later upload of the same content takes over
      await removeAll(
        store,
        unused.map(({ sha256 }) => sha256),
      );
      return unused.length;
    });
}

async function removeAll(store: BlobStore, files: readonly string[]): Promise<void> {
  for (let from = 0; from < files.length; from += AT_ONCE)
    await Promise.all(files.slice(from, from + AT_ONCE).map((sha256) => store.remove(sha256)));
}

/** An upload writes all the time, and a file gets its row at once: what is older than this is nobody's. */
const LEFT_BEHIND_MS = 60 * 60_000;

/**
 * Removes what crashes left behind: staged files, and files that no row names. Any server may do it beside others that
 * share the files: the age tells an upload under way, the lock one that is being kept.
 */
export async function sweepBlobs(store = blobStore(), olderThanMs = LEFT_BEHIND_MS): Promise<void> {
  const before = new Date(Date.now() - olderThanMs);
  // files on their way lie on this machine in either case
  await folderStore(folderIn(dataFolder())).sweepStaging(before);
  await store.sweepStaging(before);
  for await (const found of store.list(before)) {
    if (found.length === 0) continue;
    await connections().db.transaction(async (tx) => {
      await tx.execute(sql`select pg_advisory_xact_lock(${locks.files})`);
      const rows = await tx.select({ sha256: blobs.sha256 }).from(blobs).where(inArray(blobs.sha256, found));
      const known = new Set(rows.map((row) => row.sha256));
      await removeAll(
        store,
        found.filter((sha256) => !known.has(sha256)),
      );
    });
  }
}
