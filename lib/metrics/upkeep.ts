/** Keeps summaries close behind the batches, and turns batches into chunks: a loop that every server may run. */
import { setTimeout } from "node:timers/promises";
import { connections } from "../../db/connection.ts";
import { noticeRun } from "../live/notices.ts";
import { listStale } from "./best.ts";
import { compactRun, refreshSummaries } from "./compact.ts";

/** A run is compacted when this much waits: reads lay it over the chunks, so it bounds what they cost. */
const BATCHES_DUE = 64;
const POINTS_DUE = 24_576;
/** … or when its oldest batch is this old, so that a run that went quiet becomes chunks too. */
const AGE_DUE_S = 20;
const STALE_A_PASS = 100;
const PAUSE_MS = 1_000;
/** After a failure, such as a database that restarts. */
const FAILED_PAUSE_MS = 2_000;

type Waiting = { run_id: string; batches: number; sequences: string; due: boolean; dead: number };
/** What was last done of each run, so that a pass touches those alone that changed. */
export type Seen = Map<string, string>;

/** One pass over every run that has batches. Returns how many runs it touched. */
export async function keepUp(seen: Seen): Promise<number> {
  const waiting = await connections().sql<Waiting[]>`
    select b.run_id, count(*) filter (where b.sequence > w.done_sequence)::int as batches,
      sum(b.sequence)::text as sequences,
      count(*) filter (where b.sequence > w.done_sequence) >= ${BATCHES_DUE}
        or sum(b.points) >= ${POINTS_DUE} or min(b.received_at) < now() - make_interval(secs => ${AGE_DUE_S}) as due,
      count(*) filter (where b.sequence <= w.done_sequence)::int as dead
    from batches b join writers w on w.run_id = b.run_id and w.number = b.writer group by b.run_id`;
  const runs = new Set(waiting.map((row) => row.run_id));
  for (const run of seen.keys()) if (!runs.has(run)) seen.delete(run);
  let touched = 0;
  for (const { run_id: runId, batches, sequences, due, dead } of waiting) {
    if (dead > 0) await forgetDead(runId);
    const state = `${batches} ${sequences} ${due}`;
    if (seen.get(runId) === state) continue;
    touched++;
    const refreshed = due ? "late" : await refreshSummaries(runId);
    // what can't be placed because a batch between is missing is left until more comes
    if (refreshed === "late") while ((await compactRun(runId)) >= BATCHES_DUE);
    if (refreshed !== "busy") seen.set(runId, state);
    noticeRun(runId);
  }
  for (const runId of await listStale(connections().db, STALE_A_PASS)) {
    if ((await refreshSummaries(runId)) === "late") await compactRun(runId);
    noticeRun(runId);
    touched++;
  }
  return touched;
}

/** Rows that a retry left while their batch was being compacted. */
async function forgetDead(runId: string): Promise<void> {
  await connections().sql`
    delete from batches b using writers w
    where b.run_id = ${runId} and w.run_id = b.run_id and w.number = b.writer and b.sequence <= w.done_sequence`;
}

/** Keeps up until `signal` aborts. A pass that fails is said, and tried again. */
export async function keepUpUntil(signal: AbortSignal): Promise<void> {
  const seen: Seen = new Map();
  while (!signal.aborted) {
    const pause = await keepUp(seen).then(
      () => PAUSE_MS,
      (error: unknown) => {
        if (!signal.aborted) console.error("holdout: points wait to be put in order:", String(error));
        return FAILED_PAUSE_MS;
      },
    );
    await setTimeout(pause, undefined, { signal }).catch(() => {});
  }
}
