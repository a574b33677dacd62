/** The content-addressed store of files: one small interface, and a folder behind it. */
import { createHash, randomUUID } from "node:crypto";
import { createReadStream } from "node:fs";
import { mkdir, open, readdir, rename, rm, stat } from "node:fs/promises";
import path from "node:path";
import { type Readable, Transform } from "node:stream";
import { pipeline } from "node:stream/promises";
import { inArray, sql } from "drizzle-orm";
import { connections, type Executor } from "../../db/connection.ts";
import { blobs } from "../../db/schema/files.ts";
import { ProblemError } from "../problem.ts";

/** A file that has arrived whole, and is kept or discarded next. */
export type StagedFile = {
  sha256: string;
  sizeBytes: number;
  /** Puts the file in its place, durably. May be repeated; a file already there stays. */
  keep(): Promise<void>;
  discard(): Promise<void>;
};

export interface BlobStore {
  /** Takes in a stream of at most `maxBytes`, hashing it. Throws `too-large` beyond. */
  stage(content: Readable, maxBytes: number): Promise<StagedFile>;
  /**
   * The content, or the bytes from `first` to `last` of it. The stream of the whole fails at the end if the bytes no
   * longer have this hash; whoever reads a part checks what it belongs to. Throws `not-found`.
   */
  read(sha256: string, part?: ByteRange): Promise<Readable>;
  /** May be repeated. */
  remove(sha256: string): Promise<void>;
  /** Removes what was staged before `before` and never kept: a crash left it. */
  sweepStaging(before: Date): Promise<void>;
  /** Hashes of files that were put in place before `before`, a folder of them at a time. */
  list(before: Date): AsyncGenerator<string[]>;
}

/** Both ends count from 0 and belong to the part. */
export type ByteRange = { first: number; last: number };

/** Files in `folder`, each under its hash: `ab/abcd…`. */
export function folderStore(folder: string): BlobStore {
  const placeOf = (sha256: string) => path.join(folder, sha256.slice(0, 2), sha256);
  return {
    async stage(content, maxBytes) {
      const staging = path.join(folder, "staging");
      await mkdir(staging, { recursive: true, mode: 0o700 });
      const temporary = path.join(staging, randomUUID());
      const discard = () => rm(temporary, { force: true });
      const { meter, result } = hashing(maxBytes);
      // a stream that opens its file by itself may make it after it was discarded
      const file = await open(temporary, "wx", 0o600);
      try {
        await pipeline(content, meter, file.createWriteStream({ flush: true }));
      } catch (error) {
        await discard();
        throw error;
      }
      const { sha256, sizeBytes } = result();
      const place = placeOf(sha256);
      const keep = async () => {
        await mkdir(path.dirname(place), { recursive: true, mode: 0o700 });
        await rename(temporary, place).catch(async (error: NodeJS.ErrnoException) => {
          if (error.code !== "ENOENT") throw error;
          await stat(place);
        });
        await syncFolder(path.dirname(place));
      };
      return { sha256, sizeBytes, keep, discard };
    },
    async read(sha256, part) {
      const place = placeOf(sha256);
      const found = await stat(place).catch(() => null);
      if (!found) throw new ProblemError("not-found", `the file ${sha256} is missing from the store`);
      if (part) return createReadStream(place, { start: part.first, end: part.last });
      return createReadStream(place).compose(verifying(sha256)) as Readable;
    },
    remove: (sha256) => rm(placeOf(sha256), { force: true }),
    async sweepStaging(before) {
      for (const file of await filesIn(path.join(folder, "staging"), before)) await rm(file, { force: true });
    },
    async *list(before) {
      const folders = await readdir(folder, { withFileTypes: true }).catch(() => []);
      for (const { name } of folders.filter((entry) => entry.isDirectory() && /^[0-9a-f]{2}$/.test(entry.name))) {
        const files = (await filesIn(path.join(folder, name), before)).map((file) => path.basename(file));
        yield files.filter((file) => /^[0-9a-f]{64}$/.test(file));
      }
    },
  };
}

/** Files of a folder, which may be missing, that nobody has written to since `before`. */
async function filesIn(folder: string, before: Date): Promise<string[]> {
  const files: string[] = [];
  for (const name of await readdir(folder).catch(() => [])) {
    const file = path.join(folder, name);
    const found = await stat(file).catch(() => null);
    if (found?.isFile() && found.mtime < before) files.push(file);
  }
  return files;
}

export const blobStore = (): BlobStore =>
  folderStore(path.resolve(process.env.HOLDOUT_DATA_DIR ?? ".holdout", "blobs"));

function hashing(maxBytes: number): { meter: Transform; result: () => { sha256: string; sizeBytes: number } } {
  const hash = createHash("sha256");
  const isTurnOver = turns();
  let sizeBytes = 0;
  const meter = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      sizeBytes += chunk.length;
      hash.update(chunk);
      if (sizeBytes > maxBytes) done(new ProblemError("too-large", `the file has more than ${maxBytes} bytes`));
      else if (isTurnOver(chunk.length)) setImmediate(done, null, chunk);
      else done(null, chunk);
    },
  });
  return { meter, result: () => ({ sha256: hash.digest("hex"), sizeBytes }) };
}

/** Bytes that pass before other requests have their turn: a stream whose bytes are all here goes on without. */
const TURN_BYTES = 512 * 1024;

/** Says of each piece whether it is the last of its turn. */
function turns(): (bytes: number) => boolean {
  let passed = 0;
  return (bytes) => {
    passed += bytes;
    if (passed < TURN_BYTES) return false;
    passed = 0;
    return true;
  };
}

function verifying(sha256: string): Transform {
  const hash = createHash("sha256");
  const isTurnOver = turns();
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      hash.update(chunk);
      if (isTurnOver(chunk.length)) setImmediate(done, null, chunk);
      else done(null, chunk);
    },
    flush(done) {
      const now = hash.digest("hex");
      done(now === sha256 ? null : new Error(`the stored file ${sha256} is damaged: its SHA-256 is now ${now}`));
    },
  });
}

async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, "r");
  await handle.sync().finally(() => handle.close());
}

/** Any number: uploads share this lock, the removal of unused files takes it alone. */
const BLOB_LOCK = 4_861_701;

/** Held by a transaction that puts a file in place and refers to it. */
export async function shareBlobLock(tx: Executor): Promise<void> {
  await tx.execute(sql`select pg_advisory_xact_lock_shared(${BLOB_LOCK})`);
}

/** Removes files that nothing refers to any more, no artifact and no predictions: of `these` where they are given. */
export async function removeUnusedBlobs(store = blobStore(), these: string[] | null = null): Promise<void> {
  await connections().db.transaction(async (tx) => {
    await tx.execute(sql`select pg_advisory_xact_lock(${BLOB_LOCK})`);
    const unused = await tx.execute<{ sha256: string }>(sql`
      delete from blobs where (${these === null}::bool or sha256 = any(${sql.param(these ?? [])}::text[]))
        and not exists (select 1 from artifacts a where a.sha256 = blobs.sha256)
        and not exists (select 1 from evaluation_predictions p where p.file = blobs.sha256)
        and not exists (select 1 from prediction_batches b where b.file = blobs.sha256)
      returning sha256`);
    // a crash from here on leaves files without rows, which a later upload of the same content takes over
    for (const { sha256 } of unused) await store.remove(sha256);
  });
}

/** An upload writes all the time, and a file gets its row at once: what is older than this is nobody's. */
const LEFT_BEHIND_MS = 60 * 60_000;

/**
 * Removes what crashes left behind: staged files, and files that no row names. Any server may do it beside others that
 * share the folder: the age tells an upload under way, the lock one that is being kept.
 */
export async function sweepBlobs(store = blobStore(), olderThanMs = LEFT_BEHIND_MS): Promise<void> {
  const before = new Date(Date.now() - olderThanMs);
  await store.sweepStaging(before);
  for await (const found of store.list(before)) {
    if (found.length === 0) continue;
    await connections().db.transaction(async (tx) => {
      await tx.execute(sql`select pg_advisory_xact_lock(${BLOB_LOCK})`);
      const rows = await tx.select({ sha256: blobs.sha256 }).from(blobs).where(inArray(blobs.sha256, found));
      const known = new Set(rows.map((row) => row.sha256));
      for (const sha256 of found) if (!known.has(sha256)) await store.remove(sha256);
    });
  }
}
