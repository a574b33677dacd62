/** Which runs somebody looks at: those whose points were read lately, in this process. A hint for how often to send. */
const LATELY_MS = 10_000;
const REMEMBERED_MAX = 10_000;

// of the process: routes have modules of their own
const cache = globalThis as { holdoutWatched?: Map<string, number> };
cache.holdoutWatched ??= new Map();
const readAt = cache.holdoutWatched;

export function noteWatched(runIds: string[]): void {
  if (readAt.size + runIds.length > REMEMBERED_MAX) readAt.clear();
  for (const id of runIds) readAt.set(id, performance.now());
}

export const isWatched = (runId: string): boolean =>
  performance.now() - (readAt.get(runId) ?? Number.NEGATIVE_INFINITY) < LATELY_MS;
