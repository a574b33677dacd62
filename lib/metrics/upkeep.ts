/** Keeps summaries close behind the batches, and turns batches into chunks: a loop that every server may run. */
import { setTimeout } from "node:timers/promises";
import { connections } from "../../db/connection.ts";
import { noticeRun } from "../live/notices.ts";
import { logError } from "../log.ts";
import { asProblem } from "../problem.ts";
import { compactRun, isUnsummedBatch, refreshSummaries } from "./compact.ts";
import { listStale } from "./values-at-best.ts";

/**
 * A run is compacted when this much waits. Reads lay it over the chunks, so it bounds what they cost; each pass writes
 * the last chunk of every level anew, so fewer points would leave more dead room in the files (measured: 10 % at 24,576).
 */
const BATCHES_DUE = 64;
const POINTS_DUE = 65_536;
/** … or when its oldest batch is this old, so that a run that went quiet becomes chunks too. */
const AGE_DUE_S = 20;
const STALE_A_PASS = 100;
const PAUSE_MS = 1_000;
/** After a failure, such as a database that restarts. */
const FAILED_PAUSE_MS = 2_000;

export type RunBacklog = {
  run_id: string;
  project_id: string;
  /** Whether it has ended. */
  ended: boolean;
  batches: number;
  /** Of these, how many no summary counts. */
  unsummed: number;
  sequences: string;
  due: boolean;
  dead: number;
  /** When the oldest of the batches came, in seconds. */
  since: number;
};
/** What was last done of each run, so that a pass touches those alone that changed. */
export type RunStates = Map<string, string>;

/** Runs whose upkeep failed: how often, and until when each is left alone. */
export type RunFailures = Map<string, { times: number; until: number }>;

/** A run that failed is left alone for two seconds, then four, up to five minutes. */
const BACK_OFF_MS = 2_000;
const BACK_OFF_MAX_MS = 300_000;

/** After this long what waits is read anew: what came meanwhile may go first. */
const SLICE_MS = 1_000;

/**
 * One pass over every run that has batches, unless `signal` aborts; one that fails is said, and left alone. Returns how
 * many runs it touched.
 */
export async function keepUp(seen: RunStates, failed: RunFailures = new Map(), signal?: AbortSignal): Promise<number> {
  let touched = 0;
  for (let isCut = true; isCut && !signal?.aborted; ) {
    const waiting = await readBacklog();
    const runs = new Set(waiting.map((row) => row.run_id));
    for (const run of seen.keys()) if (!runs.has(run)) seen.delete(run);
    const until = performance.now() + SLICE_MS;
    isCut = false;
    for (const run of inTurn(waiting)) {
      if (seen.get(run.run_id) === stateOf(run) && run.dead === 0) continue;
      isCut = performance.now() > until;
      if (isCut) break;
      if (await alone(run.run_id, failed, () => keepUpRun(run, seen))) touched++;
    }
    touched += await findBestAnew(failed);
  }
  return touched;
}

const readBacklog = () => connections().sql<RunBacklog[]>`
  with waiting as materialized (
    select b.run_id,
      count(*) filter (where b.sequence > w.done_sequence)::int as batches,
      count(*) filter (where ${connections().sql.unsafe(isUnsummedBatch)})::int as unsummed,
      sum(b.sequence) as sequences, sum(b.points) as points,
      count(*) filter (where b.sequence <= w.done_sequence)::int as dead,
      min(b.received_at) as since
    from batches b join writers w on w.run_id = b.run_id and w.number = b.writer
    group by b.run_id
  )
  select b.run_id, r.project_id, r.ended_at is not null as ended, b.batches, b.unsummed, b.sequences::text as sequences, b.dead,
    b.batches >= ${BATCHES_DUE} or b.points >= ${POINTS_DUE}
      or b.since < now() - make_interval(secs => ${AGE_DUE_S}) as due,
    extract(epoch from b.since)::float8 as since
  from waiting b join runs r on r.id = b.run_id`;

/**
 * In the order of need: runs with points that no summary counts, of them those that have ended, of them those that wait
 * longest. Projects take turns, so that none holds up another.
 */
export function inTurn(waiting: readonly RunBacklog[]): RunBacklog[] {
  const needs = (run: RunBacklog) => [run.unsummed > 0 ? 0 : 1, run.ended ? 0 : 1, run.since] as const;
  const sorted = waiting
    .map((run) => ({ run, need: needs(run) }))
    .sort(({ need: a }, { need: b }) => a[0] - b[0] || a[1] - b[1] || a[2] - b[2]);
  const taken = new Map<string, number>();
  const turns = sorted.map(({ run, need }) => {
    const turn = taken.get(run.project_id) ?? 0;
    taken.set(run.project_id, turn + 1);
    return { run, need: need[0], turn };
  });
  return turns.sort((a, b) => a.need - b.need || a.turn - b.turn).map(({ run }) => run);
}

const stateOf = ({ batches, sequences, due }: RunBacklog): string => `${batches} ${sequences} ${due}`;

async function keepUpRun(run: RunBacklog, seen: RunStates): Promise<void> {
  const { run_id: runId, due, dead, unsummed } = run;
  if (dead > 0) await forgetDead(runId);
  if (seen.get(runId) === stateOf(run)) return;
  // its end summed it up already
  const refreshed = due ? "late" : unsummed === 0 ? "done" : await refreshSummaries(runId);
  // what can't be placed because a batch between is missing is left until more comes
  if (refreshed === "late") while ((await compactRun(runId)) >= BATCHES_DUE);
  if (refreshed !== "busy") seen.set(runId, stateOf(run));
  noticeRun(runId);
}

/** Of some runs whose project has another primary metric now. */
async function findBestAnew(failed: RunFailures): Promise<number> {
  let touched = 0;
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
    logError(`points of run ${runId} wait to be put in order, ${pause / 1000} s`, shortened(error));
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
    const pause = await keepUp(seen, failed, signal).then(
      () => PAUSE_MS,
      (error: unknown) => {
        if (!signal.aborted) logError("points wait to be put in order", shortened(error));
        return FAILED_PAUSE_MS;
      },
    );
    await setTimeout(pause, undefined, { signal }).catch(() => {});
  }
}
