/** Brings the files of a database from one store to another. */
import { pipeline } from "node:stream/promises";
import { connect } from "../../db/connection.ts";
import { Refusal } from "../../db/refusal.ts";
import type { BlobStore } from "../../lib/blobs/blob-store.ts";
import { ProblemError } from "../../lib/problem.ts";
import { readFilesId } from "../serve/shared/files-id.ts";

export type Moved = {
  copied: number;
  wereThere: number;
  /** Hashes of what the first store lacks, or has damaged. */
  missing: string[];
  /** Files that are no longer where they were; null: they were left. */
  removed: number | null;
};

type Move = { from: BlobStore; to: BlobStore; removes: boolean; say: (line: string) => void };
type File = { sha256: string; sizeBytes: number };

/** Files that are on their way at once. */
const AT_ONCE = 4;
const PAGE = 1_000;

/**
 * Copies what `to` lacks, each file read back there and checked by its hash, and then says to both that the database's files
 * are there. May be repeated: what broke off goes on, and what was done stays. Throws a Refusal where neither has the files.
 */
export async function moveFiles(ownerUrl: string, { from, to, removes, say }: Move): Promise<Moved> {
  const client = connect(ownerUrl, { max: 1 });
  try {
    const [workspace] = await client<{ id: string | null }[]>`select files_id as id from workspace where id = 1`;
    const id = workspace?.id ?? null;
    const isThere = id !== null && (await readFilesId(to)) === id;
    if (id !== null && !isThere && (await readFilesId(from)) !== id)
      throw new Refusal(
        `The files of this database are neither in ${from.place} nor in ${to.place}: set HOLDOUT_FILES to where they are.`,
      );
    const moved: Moved = { copied: 0, wereThere: 0, missing: [], removed: null };
    const [all] = await client<{ files: number; bytes: number }[]>`
      select count(*)::float8 as files, coalesce(sum(size_bytes), 0)::float8 as bytes from blobs`;
    let [files, bytes] = [0, 0];
    const told = (file: File) => {
      files++;
      bytes += file.sizeBytes;
      say(`${files} of ${all!.files} files, ${Math.floor((bytes / Math.max(1, all!.bytes)) * 100)} % of their bytes`);
    };
    await eachFile(client, async (file) => {
      await bring(file, { from, to }, moved);
      told(file);
    });
    if (id !== null) {
      await to.writeId(id);
      await from.writeId(null);
    }
    if (removes) moved.removed = await removeMoved(client, from, new Set(moved.missing));
    return moved;
  } finally {
    await client.end({ timeout: 5 });
  }
}

async function bring(file: File, { from, to }: Pick<Move, "from" | "to">, moved: Moved): Promise<void> {
  const { sha256, sizeBytes } = file;
  // a store shows a file when all of it is there
  if ((await to.sizeOf(sha256)) === sizeBytes) return void moved.wereThere++;
  if ((await from.sizeOf(sha256)) !== sizeBytes) return void moved.missing.push(sha256);
  const staged = await to.stage(await from.read(sha256), Number.POSITIVE_INFINITY, sha256).catch((error: unknown) => {
    // the bucket's or the disk's trouble ends the move; a file whose bytes have changed is named, and the others go on
    if (error instanceof ProblemError || (error as NodeJS.ErrnoException).code) throw error;
    return null;
  });
  if (!staged) return void moved.missing.push(sha256);
  try {
    await staged.keep();
  } finally {
    await staged.discard();
  }
  await pipeline(await to.read(sha256), async (pieces: AsyncIterable<unknown>) => {
    for await (const _piece of pieces);
  });
  moved.copied++;
}

/** Does `work` with every file that the database names, a few at a time. */
async function eachFile(client: ReturnType<typeof connect>, work: (file: File) => Promise<void>): Promise<void> {
  for (let last = ""; ; ) {
    const page = await client<File[]>`
      select sha256, size_bytes::float8 as "sizeBytes" from blobs where sha256 > ${last} order by sha256 limit ${PAGE}`;
    const waiting = [...page];
    const lane = async () => {
      for (let file = waiting.shift(); file; file = waiting.shift()) await work(file);
    };
    await Promise.all(Array.from({ length: AT_ONCE }, lane));
    if (page.length < PAGE) return;
    last = page.at(-1)!.sha256;
  }
}

/** Whatever the database names and the other store has. */
async function removeMoved(client: ReturnType<typeof connect>, from: BlobStore, kept: Set<string>): Promise<number> {
  let removed = 0;
  await eachFile(client, async ({ sha256 }) => {
    if (kept.has(sha256) || (await from.sizeOf(sha256)) === null) return;
    await from.remove(sha256);
    removed++;
  });
  return removed;
}
