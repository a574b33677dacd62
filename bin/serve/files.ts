/** The files of a start: the folder or the bucket that the settings name, found to work. */
import { Refusal } from "../../db/refusal.ts";
import type { BlobStore } from "../../lib/blobs/blob-store.ts";
import { blobStore } from "../../lib/blobs/blobs.ts";
import { ProblemError } from "../../lib/problem.ts";
import type { Settings } from "./settings.ts";

/** The store that `readSettings` found, which a command may use before the app does. Nothing is asked of it. */
export function openFiles({ dataDir }: Pick<Settings, "dataDir">): BlobStore {
  process.env.HOLDOUT_DATA_DIR = dataDir;
  return blobStore();
}

/** Tries whether files can be kept there. Throws a Refusal that says what can't be done, and who mends it. */
export async function requireFiles(store: BlobStore): Promise<void> {
  await refusing(() => store.tryOut());
}

/** What the store refuses, as a command shows it. */
export async function refusing<Answer>(work: () => Promise<Answer>): Promise<Answer> {
  try {
    return await work();
  } catch (cause) {
    if (cause instanceof ProblemError) throw new Refusal(cause.detail, { cause });
    throw cause;
  }
}
