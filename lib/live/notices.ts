/** Tells every server which runs changed: at most one NOTIFY a run every 100 ms from each process. A notice is a hint. */
import { connections } from "../../db/connection.ts";

export const NOTICE_CHANNEL = "holdout_runs";
const QUIET_MS = 100;

type NoticePause = { timer: NodeJS.Timeout; again: boolean };
const cache = globalThis as { holdoutNotices?: Map<string, NoticePause> };
cache.holdoutNotices ??= new Map();
const waiting = cache.holdoutNotices;

/**
 * Announces, after a commit, that a run changed. Returns at once: the notice goes out now, or with others of this run
 * at the end of a 100 ms pause. (NOTIFY inside each commit takes a lock on the whole database.)
 */
export function noticeRun(runId: string): void {
  const held = waiting.get(runId);
  if (held) {
    held.again = true;
    return;
  }
  send(runId);
  const timer = setTimeout(() => {
    const { again } = waiting.get(runId) ?? { again: false };
    waiting.delete(runId);
    if (again) noticeRun(runId);
  }, QUIET_MS);
  timer.unref();
  waiting.set(runId, { timer, again: false });
}

/** Drops what has not been announced yet, for a process that is about to close its connections. */
export function dropNotices(): void {
  for (const { timer } of waiting.values()) clearTimeout(timer);
  waiting.clear();
}

function send(runId: string): void {
  // a lost notice costs a page one refresh, which its next notice or its reconnect makes good
  connections()
    .sql.notify(NOTICE_CHANNEL, runId)
    .catch((error: unknown) => console.error("holdout: a notice was not sent:", error));
}
