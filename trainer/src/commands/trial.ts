/** `trial`: what a worker starts for each trial that it holds. A queued run is trained, or gone on with where it was begun. */

import { Unreachable } from "../../../lib/sending/answers.ts";
import { type Run, runSchema } from "../../../lib/wire/runs.ts";
import { loadBackend } from "../backend/backend.ts";
import { ask } from "../client/ask.ts";
import { startRun } from "../client/client.ts";
import type { TrialSettings } from "../config/settings.ts";
import { trainingOf } from "../config/training.ts";
import { countClasses } from "../model/baseline.ts";
import { requireClasses } from "../model/shape-contract.ts";
import { type CommandContext, Stopped, unlessStopped } from "./context.ts";
import { environmentOf } from "./environment.ts";
import { predictIfRefereed } from "./evaluate.ts";
import { follow } from "./follow.ts";
import { readSet } from "./read-set.ts";
import { findSamples } from "./register.ts";
import { resumeCommand } from "./resume.ts";
import { parentOf } from "./run-files.ts";
import { declarationsOf, modelFacts } from "./train.ts";

/** Exit codes: a training that can't be (its config, samples or manifest are refused), and a server that isn't there. */
export const REFUSED = 4;
export const AWAY = 75;

/** Trains a run that waits in the queue, on its own manifest's samples. Returns the exit code. */
export async function trialCommand(context: CommandContext, runId: string, settings: TrialSettings): Promise<number> {
  dieWithWorker();
  try {
    const request = { method: "GET", path: `/api/v1/runs/${runId}`, signal: context.signal } as const;
    const run = runSchema.parse(await unlessStopped(context, () => ask(context.target, request)));
    const goesOn = { ...settings, data: settings };
    const code = await (run.attempts > 0
      ? resumeCommand(context, runId, goesOn, settings.steps)
      : begin(context, run, settings));
    if (code === 0) await predictIfRefereed(context, { id: runId, manifest: run.manifest! }, goesOn);
    return code;
  } catch (error) {
    if (error instanceof Stopped) throw error;
    console.error(`holdout: ${(error as Error).message}`);
    return error instanceof Unreachable ? AWAY : REFUSED;
  }
}

async function begin(context: CommandContext, run: Run, settings: TrialSettings): Promise<number> {
  const { backend, training, parent, facts, samples } = await prepare(context, run, settings);
  const handle = await startRun(run.id, {
    url: context.target.url,
    token: context.target.token,
    spoolDir: context.spoolDir,
    code: context.code,
    metrics: declarationsOf(samples.set, training),
    environment: { ...environmentOf(backend, settings), ...facts },
  });
  return follow(context, { run: handle, training, backend, ...samples, parent, restore: null });
}

async function prepare(context: CommandContext, run: Run, settings: TrialSettings) {
  const { manifest } = run;
  if (!manifest)
    throw new Error(`run ${run.id} cites no split manifest, so its samples aren't known; queue one that does`);
  const training = trainingOf(run, settings.steps);
  const set = await readSet(settings);
  const backend = await loadBackend(settings.backend);
  const facts = await modelFacts(backend, training, set);
  const parent = await parentOf(context, training);
  const samples = await findSamples(context, manifest, set);
  requireClasses(samples.set, countClasses(samples.set, samples.indexes.train));
  return { training, backend, facts, parent, samples };
}

/** A worker that is gone can't hold its trial: another takes it, and this training would be a second one. */
function dieWithWorker(): void {
  if (process.connected) process.once("disconnect", () => process.kill(process.pid, "SIGKILL"));
}
