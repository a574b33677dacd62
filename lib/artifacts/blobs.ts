/** The content-addressed store of files: one small interface, and a folder behind it. */
import { createHash, randomUUID } from "node:crypto";
import { createReadStream } from "node:fs";
import { mkdir, open, rename, rm, stat } from "node:fs/promises";
import path from "node:path";
import { type Readable, Transform } from "node:stream";
import { pipeline } from "node:stream/promises";
import { sql } from "drizzle-orm";
import { connections, type Executor } from "../../db/connection.ts";
import { ProblemError } from "../problem.ts";

/** A file that has arrived whole, and is kept or discarded next. */
export type Staged = {
  sha256: string;
  sizeBytes: number;
  /** Puts the file in its place, durably. May be repeated; a file already there stays. */
  keep(): Promise<void>;
  discard(): Promise<void>;
};

export interface BlobStore {
  /** Takes in a stream of at most `maxBytes`, hashing it. Throws `too-large` beyond. */
  stage(content: Readable, maxBytes: number): Promise<Staged>;
  /** The content; its stream fails at the end if the bytes no longer have this hash. Throws `not-found`. */
  read(sha256: string): Promise<Readable>;
  /** May be repeated. */
  remove(sha256: string): Promise<void>;
}

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
    async read(sha256) {
      const place = placeOf(sha256);
      const found = await stat(place).catch(() => null);
      if (!found) throw new ProblemError("not-found", `the file ${sha256} is missing from the store`);
      return createReadStream(place).compose(verifying(sha256)) as Readable;
    },
    remove: (sha256) => rm(placeOf(sha256), { force: true }),
  };
}

export const blobStore = (): BlobStore =>
  folderStore(path.resolve(process.env.HOLDOUT_DATA_DIR ?? ".holdout", "blobs"));

function hashing(maxBytes: number): { meter: Transform; result: () => { sha256: string; sizeBytes: number } } {
  const hash = createHash("sha256");
  let sizeBytes = 0;
  const meter = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      sizeBytes += chunk.length;
      hash.update(chunk);
      if (sizeBytes > maxBytes) done(new ProblemError("too-large", `the file has more than ${maxBytes} bytes`));
      else done(null, chunk);
    },
  });
  return { meter, result: () => ({ sha256: hash.digest("hex"), sizeBytes }) };
}

function verifying(sha256: string): Transform {
  const hash = createHash("sha256");
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      hash.update(chunk);
      done(null, chunk);
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

/** Removes files that no artifact refers to any more. */
export async function removeUnusedBlobs(store = blobStore()): Promise<void> {
  await connections().db.transaction(async (tx) => {
    await tx.execute(sql`select pg_advisory_xact_lock(${BLOB_LOCK})`);
    const unused = await tx.execute<{ sha256: string }>(sql`
      delete from blobs where not exists (select 1 from artifacts a where a.sha256 = blobs.sha256) returning sha256`);
    // a crash from here on leaves files without rows, which a later upload of the same content takes over
    for (const { sha256 } of unused) await store.remove(sha256);
  });
}
