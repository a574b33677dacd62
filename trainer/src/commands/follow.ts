/** A training from its first step to the end of its run, however it ends. */
import type { loadBackend } from "../backend/backend.ts";
import type { RunHandle } from "../client/client.ts";
import type { Settings } from "../config/settings.ts";
import { defaultName } from "../config/training.ts";
import type { TrainingSamples } from "../manifests/manifest.ts";
import { agreementName, chosenBy } from "../model/task.ts";
import { train } from "../train.ts";
import { type CommandContext, exitCodeOf } from "./context.ts";
import { formatSeconds, showProgress, wordsOf } from "./progress.ts";
import { checkpointFolder, downloadCheckpoint } from "./run-files.ts";

/** How long the end of an offline training waits for a server that may be there after all. */
const OFFLINE_FINISH_MS = 2_000;

/** The exit code of a training whose loss was no longer a number. */
export const DIVERGED = 3;

/** The id of the run that `follow` says it trains; null: it says none. */
export const runIn = (said: string): string | null => /: run ([0-9a-f-]{36}) on /.exec(said)?.[1] ?? null;

export type FollowInput = TrainingSamples & {
  run: RunHandle;
  training: Settings["training"];
  backend: Awaited<ReturnType<typeof loadBackend>>;
  parent: Buffer | null;
  restore: Buffer | null;
};

export async function follow(context: CommandContext, input: FollowInput): Promise<number> {
  const { run, training, backend, set, indexes, parent, restore } = input;
  const startedAt = Date.now();
  const label = defaultName(training);
  console.log(`${label}: run ${run.id} on ${backend.name}, at ${context.target.url}/runs/${run.id}`);
  try {
    const outcome = await train({
      backend,
      run,
      config: training,
      set,
      indexes,
      parent,
      restore,
      checkpointFolder: checkpointFolder(context, run.id),
      fetchCheckpoint: (file) => downloadCheckpoint(context, run.id, file),
      onProgress: showProgress(label),
      signal: context.signal,
    });
    const took = formatSeconds((Date.now() - startedAt) / 1000);
    if (outcome.kind === "interrupted") return await endKilled(context, run, label);
    if (outcome.kind === "diverged") {
      await run.fail({ reason: "diverged", message: outcome.message });
      console.log(`${label}: diverged after ${took}: ${outcome.message}`);
      return DIVERGED;
    }
    const { delivered } = await run.finish(context.offline ? { timeoutMs: OFFLINE_FINISH_MS } : {});
    const { best, stoppedEarly, majority } = outcome;
    const { metric } = training.earlyStopping ?? chosenBy[set.task];
    const beside =
      majority && metric === agreementName[set.task]
        ? `, where always saying ${majority.name} reaches ${majority.share.toFixed(4)}`
        : "";
    const score = best
      ? `best validation ${wordsOf(metric)} ${best.values[metric]?.toFixed(4)} in epoch ${best.epoch}${beside}`
      : "nothing left to train";
    const early = stoppedEarly === null ? "" : `, stopped early after epoch ${stoppedEarly}`;
    console.log(`${label}: done in ${took}, ${score}${early}${delivered ? "" : "; the rest waits in the spool"}`);
    return 0;
  } catch (error) {
    if (context.signal.aborted) return endKilled(context, run, label);
    const { message, stack = "" } = error as Error;
    await run.fail({ reason: "crashed", message, stack });
    throw error;
  }
}

/** Tells the server within three seconds; what it doesn't take waits in the spool. */
async function endKilled(context: CommandContext, run: RunHandle, label: string): Promise<number> {
  const signal = String(context.signal.reason);
  await run.kill(signal, { timeoutMs: 3_000 });
  console.log(`${label}: stopped; npx --no-install holdout resume ${run.id}  goes on from the last checkpoint.`);
  return exitCodeOf(signal);
}
