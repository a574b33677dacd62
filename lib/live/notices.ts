/**
 * Tells every server which runs changed, and whose reviews: at most one NOTIFY of each every 100 ms from each process. A
 * notice is a hint.
 */
import { connections } from "../../db/connection.ts";
import { logError } from "../log.ts";

export const NOTICE_CHANNEL = "holdout_runs";
/** Of projects, by id: something of their reviews, threads or notifications changed. */
export const REVIEWS_CHANNEL = "holdout_reviews";
type Channel = typeof NOTICE_CHANNEL | typeof REVIEWS_CHANNEL;
const QUIET_MS = 100;

type NoticePause = { timer: NodeJS.Timeout; again: boolean };
const cache = globalThis as { holdoutNotices?: Map<string, NoticePause> };
cache.holdoutNotices ??= new Map();
const waiting = cache.holdoutNotices;

/**
 * Announces, after a commit, that a run changed. Returns at once: the notice goes out now, or with others of this run
 * at the end of a 100 ms pause. (NOTIFY inside each commit takes a lock on the whole database.)
 */
export const noticeRun = (runId: string): void => notice(NOTICE_CHANNEL, runId);

/** Announces, after a commit, that a project's reviews, threads or what its members were told changed. */
export const noticeReviews = (projectId: string): void => notice(REVIEWS_CHANNEL, projectId);

function notice(channel: Channel, id: string): void {
  const key = `${channel} ${id}`;
  const held = waiting.get(key);
  if (held) {
    held.again = true;
    return;
  }
  send(channel, id);
  const timer = setTimeout(() => {
    const { again } = waiting.get(key) ?? { again: false };
    waiting.delete(key);
    if (again) notice(channel, id);
  }, QUIET_MS);
  timer.unref();
  waiting.set(key, { timer, again: false });
}

/** Drops what has not been announced yet, for a process that is about to close its connections. */
export function dropNotices(): void {
  for (const { timer } of waiting.values()) clearTimeout(timer);
  waiting.clear();
}

function send(channel: Channel, id: string): void {
  // a lost notice costs a page one refresh, which its next notice or its reconnect makes good
  connections()
    .sql.notify(channel, id)
    .catch((error: unknown) => logError("a notice was not sent", error));
}
