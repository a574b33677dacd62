/** Whether the installation can do its work: the database answers, and its disks take more. */
import { statfs } from "node:fs/promises";
import { asProblem, ProblemError } from "./problem.ts";
import { readInstance } from "./workspace.ts";

/** Less room than this is none: PostgreSQL writes 16 MiB at once. */
const ROOM_BYTES_MIN = 32 * 1024 * 1024;
/** A disk that refused a write counts as full for so long: the database's own may be on another machine. */
const FULL_FOR_MS = 20_000;
const DATABASE_MS = 5_000;

// one a process, also where a bundler loads this module more than once
const cache = globalThis as { holdoutFullAt?: number };

/** Remembers that a disk refused a write, so that `readHealth` says so; any other error is let pass. */
export function noteFullDisk(error: unknown): void {
  if (asProblem(error)?.kind === "full") cache.holdoutFullAt = Date.now();
}

/** The installation's id. Throws `full` or `unavailable` where no work can be done. */
export async function readHealth(): Promise<{ instance: string }> {
  const instance = await answerInTime(readInstance());
  const { bavail, bsize } = await statfs(process.env.HOLDOUT_DATA_DIR ?? ".");
  if (bavail * bsize < ROOM_BYTES_MIN)
    throw new ProblemError("full", `the disk of the server is full: ${bavail * bsize} bytes are left for its files`);
  if (Date.now() - (cache.holdoutFullAt ?? 0) < FULL_FOR_MS)
    throw new ProblemError("full", "the disk of the server is full: it refused a write a moment ago");
  return { instance };
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
