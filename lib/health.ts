/** Whether the installation can do its work: the database answers, its disks take more, and its bucket of files is there. */
import { statfs } from "node:fs/promises";
import { blobStore } from "./blobs/blobs.ts";
import { asProblem, ProblemError } from "./problem.ts";
import { readInstance } from "./workspace.ts";

/** Less room than this is none: PostgreSQL writes 16 MiB at once. */
const ROOM_BYTES_MIN = 32 * 1024 * 1024;
/** A disk that refused a write counts as full for so long: the database's own may be on another machine. */
const FULL_FOR_MS = 20_000;
const DATABASE_MS = 5_000;
/** The bucket is asked no more often: anybody may ask for health, and each question costs. */
const FILES_ASKED_MS = 5_000;

// one a process, also where a bundler loads this module more than once
const cache = globalThis as {
  holdoutFullAt?: number;
  holdoutFilesAsked?: { place: string; at: number; answer: Promise<string | null> };
};

/** Remembers that a disk refused a write, so that `readHealth` says so; any other error is let pass. */
export function noteFullDisk(error: unknown): void {
  if (asProblem(error)?.kind === "full") cache.holdoutFullAt = Date.now();
}

/**
 * The installation's id. Throws `full` or `unavailable` where no work can be done. A bucket that is away is said in `files`, and
 * is no reason to send requests elsewhere: every server has the same, and points and pages go on without it.
 */
export async function readHealth(): Promise<{ instance: string; files?: string }> {
  const instance = await answerInTime(readInstance());
  const { bavail, bsize } = await statfs(process.env.HOLDOUT_DATA_DIR ?? ".");
  if (bavail * bsize < ROOM_BYTES_MIN)
    throw new ProblemError("full", `the disk of the server is full: ${bavail * bsize} bytes are left for its files`);
  if (Date.now() - (cache.holdoutFullAt ?? 0) < FULL_FOR_MS)
    throw new ProblemError("full", "the disk of the server is full: it refused a write a moment ago");
  const trouble = await whatAilsFiles();
  return trouble === null ? { instance } : { instance, files: trouble };
}

/** Why files can't be reached, as it was at most five seconds ago; null: they can. */
function whatAilsFiles(): Promise<string | null> {
  const store = blobStore();
  const known = cache.holdoutFilesAsked;
  if (known?.place === store.place && Date.now() - known.at < FILES_ASKED_MS) return known.answer;
  const answer = store.reach().then(
    () => null,
    (error: unknown) => asProblem(error)?.detail ?? String(error),
  );
  cache.holdoutFilesAsked = { place: store.place, at: Date.now(), answer };
  return answer;
}

async function answerInTime<Answer>(answer: Promise<Answer>): Promise<Answer> {
  const { promise, timer } = deadline();
  try {
    return await Promise.race([answer, promise]);
  } finally {
    clearTimeout(timer);
  }
}

function deadline(): { promise: Promise<never>; timer: NodeJS.Timeout | undefined } {
  let timer: NodeJS.Timeout | undefined;
  const promise = new Promise<never>((_, reject) => {
    const late = new ProblemError("unavailable", `the database is away (no answer within ${DATABASE_MS / 1000} s)`);
    timer = setTimeout(reject, DATABASE_MS, late);
  });
  return { promise, timer };
}
