/** Notices of claims: many a second, of which the pages of a project need one now and then. */
import { noticeRun } from "../live/notices.ts";

const QUIET_MS = 200;

type Pause = { latest: string | null };
const cache = globalThis as { holdoutQueueNotices?: Map<string, Pause> };
cache.holdoutQueueNotices ??= new Map();
const pauses = cache.holdoutQueueNotices;

/** Announces that a project's queue changed by this run's trial: at once, or with others at the end of a pause. */
export function noticeQueue(projectId: string, runId: string): void {
  const held = pauses.get(projectId);
  if (held) {
    held.latest = runId;
    return;
  }
  noticeRun(runId);
  const pause: Pause = { latest: null };
  pauses.set(projectId, pause);
  setTimeout(() => {
    pauses.delete(projectId);
    if (pause.latest !== null) noticeQueue(projectId, pause.latest);
  }, QUIET_MS).unref();
}
