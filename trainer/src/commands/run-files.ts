/** Files of runs that a training begins with, and where this machine keeps a run's own. */
import path from "node:path";
import { Refused } from "../../../lib/sending/answers.ts";
import { download } from "../client/ask.ts";
import type { TrainingConfig } from "../config/training.ts";
import { type CommandContext, unlessStopped } from "./context.ts";

/** Inside the spool's folder: it is the one place that the user named for what a trainer keeps. */
export const checkpointFolder = ({ spoolDir }: CommandContext, runId: string) =>
  path.join(spoolDir, "checkpoints", runId);

/** The checkpoint that a training starts from; null where it starts from nothing. Throws where it isn't there. */
export async function parentOf(context: CommandContext, { transfer }: TrainingConfig): Promise<Buffer | null> {
  if (!transfer) return null;
  const file = await unlessStopped(context, () => downloadCheckpoint(context, transfer.run, transfer.checkpoint));
  if (!file)
    throw new Error(
      `transfer: run ${transfer.run} has no file ${transfer.checkpoint}; one of its checkpoints is right`,
    );
  return file;
}

/** Null where the run has no such file. */
export async function downloadCheckpoint(
  { target, signal }: Pick<CommandContext, "target" | "signal">,
  runId: string,
  file: string,
): Promise<Buffer | null> {
  try {
    return await download(target, `/api/v1/runs/${runId}/artifacts/${file}`, signal);
  } catch (error) {
    if (error instanceof Refused && error.status === 404) return null;
    throw error;
  }
}
