import { checkpointListSchema } from "../../../lib/wire/checkpoints.ts";
import { runSchema } from "../../../lib/wire/runs.ts";
import { loadBackend } from "../backend/backend.ts";
import { ask } from "../client/ask.ts";
import { resumeRun } from "../client/client.ts";
import type { Settings } from "../config/settings.ts";
import { type TrainingConfig, trainingOf } from "../config/training.ts";
import { readFacts, readLocal } from "../model/checkpoint.ts";
import { type CommandContext, unlessStopped } from "./context.ts";
import { environmentOf, sourceOf } from "./environment.ts";
import { follow } from "./follow.ts";
import { readSet } from "./read-set.ts";
import { findSamples } from "./register.ts";
import { checkpointFolder, downloadCheckpoint, parentOf } from "./run-files.ts";

/**
 * Goes on with a run from its newest checkpoint, here or on the server. A run whose images aren't here, or that is
 * finished, stays as it is. `stepsMax`: updates after which it ends, whatever its config says. Returns the exit code.
 */
export async function resumeCommand(
  context: CommandContext,
  runId: string,
  settings: { data: Parameters<typeof sourceOf>[0]; backend: Settings["backend"] },
  stepsMax: number | null = null,
): Promise<number> {
  const { target, signal } = context;
  const request = { method: "GET", path: `/api/v1/runs/${runId}`, signal } as const;
  const run = runSchema.parse(await unlessStopped(context, () => ask(target, request)));
  if (!run.manifest) throw new Error(`run ${runId} cites no split manifest, so its samples aren't known`);
  const training = trainingOf(run, stepsMax);
  const data = sourceOf(settings.data, run.environment);
  const set = await readSet(data);
  const samples = await findSamples(context, run.manifest, set);
  const restore = await unlessStopped(context, () => newestCheckpoint(context, runId));
  const facts = restore && readFacts(restore);
  if (run.status === "finished" && facts && isTrained(training, facts)) {
    const length = training.steps === null ? `${training.epochs} epochs` : `${training.steps} steps`;
    console.log(`Run ${runId} is finished: all of its ${length} are trained.`);
    return 0;
  }
  const backend = await loadBackend(settings.backend);
  const before = run.environment.backend ?? backend.name;
  if (before !== backend.name)
    console.log(`The run began on ${before} and goes on on ${backend.name}: not the same to the bit.`);
  const step = facts?.step ?? 0;
  console.log(facts ? `Going on from the checkpoint at step ${step}.` : "There is no checkpoint: from the beginning.");
  const handle = await resumeRun(runId, {
    url: target.url,
    token: target.token,
    spoolDir: context.spoolDir,
    resumeStep: step,
    environment: environmentOf(backend, data),
  });
  const parent = await parentOf(context, training);
  return follow(context, { run: handle, training, backend, ...samples, parent, restore });
}

const isTrained = ({ epochs, steps }: TrainingConfig, at: { epoch: number; step: number }): boolean =>
  steps === null ? at.epoch >= epochs : at.step >= steps;

/** The newest checkpoint of a run, this machine's own unless the server has a later one; null where there is none. */
async function newestCheckpoint(context: CommandContext, runId: string): Promise<Buffer | null> {
  const { target, signal } = context;
  const here = readLocal(checkpointFolder(context, runId));
  const answer = await ask(target, { method: "GET", path: `/api/v1/runs/${runId}/checkpoints`, signal });
  const newest = checkpointListSchema.parse(answer).checkpoints.at(-1);
  if (!newest || (here && readFacts(here).step >= newest.step)) return here;
  return (await downloadCheckpoint({ target, signal }, runId, newest.path)) ?? here;
}
