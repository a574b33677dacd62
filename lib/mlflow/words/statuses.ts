/** Statuses in MLflow's words. Pure. */
import type { RunStatus } from "../../wire/base/words.ts";

/** A run that fell silent may go on: to a client it is running. */
export const statusWords: Record<RunStatus, string> = {
  queued: "SCHEDULED",
  running: "RUNNING",
  lost: "RUNNING",
  finished: "FINISHED",
  failed: "FAILED",
  killed: "KILLED",
};
