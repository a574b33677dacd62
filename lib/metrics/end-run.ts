/** The end of a run, with which what the table shows of it is final. */
import type { Actor } from "../access/actor.ts";
import { noticeRun } from "../live/notices.ts";
import type { RunDetail } from "../runs/runs.ts";
import { finishRun } from "../runs/status.ts";
import { catchUp } from "./compact.ts";

/**
 * Ends a run as `finishRun` does, and brings its summaries up to its last point before it answers: in the upkeep's turn
 * they would wait for other runs, and for a processor that trains.
 */
export async function endRun(actor: Actor, runId: string, input: unknown): Promise<RunDetail> {
  const ended = await finishRun(actor, runId, input);
  try {
    await catchUp(runId);
  } catch {
    // the run has ended all the same; the upkeep tries again, and says what is wrong
  }
  noticeRun(runId);
  return ended;
}
