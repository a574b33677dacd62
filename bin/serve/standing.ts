/** Whether this server may go on: a newer one may have changed the database under it. */
import { connections } from "../../db/connection.ts";
import { isTooOld, newestMigration } from "../../db/versions.ts";

const LOOK_MS = 1_000;

/** Calls `onTooOld` once, within a second or two of the change. Returns what stops the watch. */
export function watchStanding(onTooOld: () => void, mine = newestMigration()): () => void {
  let isLooking = false;
  const timer = setInterval(async () => {
    if (isLooking) return;
    isLooking = true;
    // a database that is away is said by whoever asks something of it
    const over = await isTooOld(connections().sql, mine).catch(() => false);
    isLooking = false;
    if (!over) return;
    clearInterval(timer);
    onTooOld();
  }, LOOK_MS);
  timer.unref();
  return () => clearInterval(timer);
}
