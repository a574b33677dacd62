/** Keeps summaries close behind the batches, and turns batches into chunks: a loop that every server may run. */
import { setTimeout } from "node:timers/promises";
import { connections } from "../../db/connection.ts";
import { noticeRun } from "../live/notices.ts";
import { asProblem } from "../problem.ts";
import { compactRun, refreshSummaries } from "./compact.ts";
import { listStale } from "./values-at-best.ts";

/** A run is compacted when this much waits: reads lay it over the chunks, so it bounds what they cost. */
const BATCHES_DUE = 64;
const POINTS_DUE = 24_576;
/** … or when its oldest batch is this old, so that a run that went quiet becomes chunks too. */
const AGE_DUE_S = 20;
const STALE_A_PASS = 100;
const PAUSE_MS = 1_000;
/** After a failure, such as a database that restarts. */
const FAILED_PAUSE_MS = 2_000;

type RunBacklog = { run_id: string; batches: number; sequences: string; due: boolean; dead: number };
/** What was last done of each run, so that a pass touches those alone that changed. */
export type RunStates = Map<string, string>;

/** Runs whose upkeep failed: how often, and until when each is left alone. */
export type RunFailures = Map<string, { times: number; until: number }>;

/** A run that failed is left alone for two seconds, then four, up to five minutes. */
const BACK_OFF_MS = 2_000;
const BACK_OFF_MAX_MS = 300_000;

/** One pass over every run that has batches; one that fails is said, and left alone. Returns how many runs it touched. */
export async function keepUp(seen: RunStates, failed: RunFailures = new Map()): Promise<number> {
  const waiting = await connections().sql<RunBacklog[]>`
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
    const state = `${batches} ${sequences} ${due}`;
    if (seen.get(runId) === state && dead === 0) continue;
    const isDone = await alone(runId, failed, async () => {
      if (dead > 0) await forgetDead(runId);
      if (seen.get(runId) === state) return;
      const refreshed = due ? "late" : await refreshSummaries(runId);
      // what can't be placed because a batch between is missing is left until more comes
      if (refreshed === "late") while ((await compactRun(runId)) >= BATCHES_DUE);
      if (refreshed !== "busy") seen.set(runId, state);
      noticeRun(runId);
    });
    if (isDone) touched++;
  }
  for (const runId of await listStale(connections().db, STALE_A_PASS)) {
    const isDone = await alone(runId, failed, async () => {
      if ((await refreshSummaries(runId)) === "late") await compactRun(runId);
      noticeRun(runId);
    });
    if (isDone) touched++;
  }
  return touched;
}

/** Does a run's work; where that fails, others go on. False: it failed, or is left alone still. */
async function alone(runId: string, failed: RunFailures, work: () => Promise<void>): Promise<boolean> {
  const before = failed.get(runId);
  if (before && before.until > Date.now()) return false;
  try {
    await work();
    failed.delete(runId);
    return true;
  } catch (error) {
    // a database that is away is away for all of them
    if (asProblem(error)?.kind === "unavailable") throw error;
    const times = (before?.times ?? 0) + 1;
    const pause = Math.min(BACK_OFF_MS * 2 ** (times - 1), BACK_OFF_MAX_MS);
    failed.set(runId, { times, until: Date.now() + pause });
    console.error(`holdout: points of run ${runId} wait to be put in order, ${pause / 1000} s:`, shortened(error));
    return false;
  }
}

const MESSAGE_CHARACTERS = 300;

/** What went wrong at the root: the message of a query repeats all of its parameters. */
function shortened(error: unknown): string {
  let root = error;
  while (root instanceof Error && root.cause !== undefined) root = root.cause;
  const text = String(root);
  return text.length > MESSAGE_CHARACTERS ? `${text.slice(0, MESSAGE_CHARACTERS)}…` : text;
}

/** Rows that a retry left while their batch was being compacted. */
async function forgetDead(runId: string): Promise<void> {
  await connections().sql`
    delete from batches b using writers w
    where b.run_id = ${runId} and w.run_id = b.run_id and w.number = b.writer and b.sequence <= w.done_sequence`;
}

/** Keeps up until `signal` aborts. A pass that fails is said, and tried again. */
export async function keepUpUntil(signal: AbortSignal): Promise<void> {
  const seen: RunStates = new Map();
  const failed: RunFailures = new Map();
  while (!signal.aborted) {
    const pause = await keepUp(seen, failed).then(
      () => PAUSE_MS,
      (error: unknown) => {
        if (!signal.aborted) console.error("holdout: points wait to be put in order:", shortened(error));
        return FAILED_PAUSE_MS;
      },
    );
    await setTimeout(pause, undefined, { signal }).catch(() => {});
  }
}
