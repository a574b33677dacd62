/** `evaluate`: a checkpoint's predictions of a split go to the server, which makes the report. */
import { createHash } from "node:crypto";
import { fromWireFloat } from "../../../lib/wire/base/words.ts";
import { type Checkpoint, checkpointListSchema } from "../../../lib/wire/checkpoints.ts";
import { refereeSplitsRoutes } from "../../../lib/wire/data/referee-splits.ts";
import { type Evaluation, evaluationsRoutes } from "../../../lib/wire/evaluations/evaluations.ts";
import { type Run, runSchema } from "../../../lib/wire/runs.ts";
import { loadBackend } from "../backend/backend.ts";
import { ask } from "../client/ask.ts";
import { type EvaluationHandle, openEvaluation, type PredictedRows } from "../client/evaluation.ts";
import { json } from "../client/http.ts";
import type { EvaluationSettings } from "../config/data.ts";
import { type TrainingConfig, trainingSchema } from "../config/training.ts";
import type { DataSet } from "../data/data.ts";
import { readRefereeKeys, readSplitSamples, type SplitSamples } from "../manifests/manifest.ts";
import { readFacts } from "../model/checkpoint.ts";
import { formOf, Predictor } from "../model/predictor.ts";
import { chosenBy } from "../model/task.ts";
import { type CommandContext, unlessStopped } from "./context.ts";
import { sourceOf } from "./environment.ts";
import { wordsOf } from "./progress.ts";
import { readSet } from "./read-set.ts";
import { downloadCheckpoint } from "./run-files.ts";

/** Samples that are predicted before they are sent: the same in each attempt, so that batches are the same. */
const ROWS = 4_096;

type Say = (line: string) => void;

/**
 * Has a run evaluated on a split of its manifest, by one of its checkpoints. Going on with an evaluation that broke off, it
 * sends the same predictions again. Returns the exit code.
 */
export async function evaluateCommand(
  context: CommandContext,
  runId: string,
  settings: EvaluationSettings,
): Promise<number> {
  const { split } = settings;
  await unlessStopped<unknown>(context, () =>
    split === "referee"
      ? predictForReferee(context, runId, settings, console.log)
      : evaluateRun(context, runId, settings, console.log),
  );
  return 0;
}

type Source = Parameters<typeof sourceOf>[0];
type Predicted = Source & Pick<EvaluationSettings, "split" | "checkpoint" | "backend">;

/**
 * After a training: sends its predictions of the manifest's referee split, where there is one. A failure is said, with the
 * command that sends them, and leaves the run as it is.
 */
export async function predictIfRefereed(
  context: CommandContext,
  { id, manifest }: { id: string; manifest: string },
  { data, backend }: { data: Source; backend: EvaluationSettings["backend"] },
): Promise<void> {
  try {
    if ((await readRefereeKeys(context.target, manifest, context.signal)).size === 0) return;
    await predictForReferee(context, id, { ...data, split: "referee", checkpoint: null, backend }, console.log);
  } catch (error) {
    const again = `npx --no-install holdout evaluate ${id} --split referee`;
    console.error(`holdout: no predictions of the referee split: ${(error as Error).message}; ${again}  sends them`);
  }
}

/** Sends what a run's best checkpoint predicts of its referee split. What it comes to is told to nobody. */
async function predictForReferee(context: CommandContext, runId: string, settings: Predicted, say: Say): Promise<void> {
  const { target, signal } = context;
  const { set, keys, chosen, predictor } = await prepare(context, runId, settings);
  say(chosen.words);
  await predictor.soundness();
  const rows = await predictor.predict(0, predictor.count);
  predictor.dispose();
  const path = refereeSplitsRoutes.postRefereePredictions.path.replace("{run}", runId);
  const body = { keys, ...saidOf(rows, set.classes) };
  await ask(target, { method: "POST", path, signal, ...json(body) });
  say(`${keys.length} predictions of the referee split are sent; what they come to is told in rulings alone`);
}

/** Labels by the highest score, or numbers. */
function saidOf(rows: PredictedRows, classes: string[]): { classes: string[] } | { values: number[] } {
  if ("values" in rows && rows.values) return { values: Array.from(rows.values) };
  if (!("scores" in rows && rows.scores)) throw new Error("masks aren't scored by a referee: classes and numbers are");
  const { scores } = rows;
  return {
    classes: Array.from(scores[0]!, (_, at) => {
      const best = scores.reduce((top, column, index) => (column[at]! > scores[top]![at]! ? index : top), 0);
      return classes[best]!;
    }),
  };
}

/** `measured`: what the checkpoint was chosen by; NaN: it was named. */
export type EvaluatedRun = { evaluation: string; measured: number };

export async function evaluateRun(
  context: CommandContext,
  runId: string,
  settings: EvaluationSettings,
  say: Say,
): Promise<EvaluatedRun> {
  const { target, signal } = context;
  const { split, purpose, reason } = settings;
  if (split === "referee") throw new Error("split: of a referee split there is no report");
  const { run, set, keys, chosen, predictor } = await prepare(context, runId, settings);
  const { checkpoint, measured, words } = chosen;
  say(words);
  say(
    `${predictor.count} ${split} samples of manifest ${run.manifest!.slice(0, 12)}, prepared as the training split was`,
  );
  const soundness = await predictor.soundness();
  const { repeatDifference, batchSizeDifference } = soundness;
  say(`In inference mode: two passes are ${repeatDifference} apart, batches of another size ${batchSizeDifference}`);
  const { task } = set;
  const asked = { checkpoint: checkpoint.id, split, task, form: formOf[task], purpose, reason };
  const before = await findBefore(context, runId, asked);
  if (before?.status === "done") {
    const words = `evaluation ${before.id} of ${before.createdAt}; another reason makes another look`;
    say(`Evaluated already, for the same reason: ${words}`);
    return { evaluation: before.id, measured };
  }
  const handle = await openEvaluation(runId, {
    ...asked,
    url: target.url,
    token: target.token,
    signal,
    ...(before ? { id: before.id } : {}),
    classes: task === "regression" ? null : set.classes,
    scoresAre: task === "classification" ? "logits" : null,
    keys,
    soundness,
    cost: await predictor.cost(),
  });
  say(openedWords(handle, before));
  for (let from = 0; from < predictor.count; from += ROWS)
    await handle.add(await predictor.predict(from, Math.min(predictor.count, from + ROWS)));
  say(`${predictor.count} predictions are sent; the server makes the report …`);
  predictor.dispose();
  await handle.complete();
  say(`The report is made: ${run.url}/evaluations/${handle.id}`);
  return { evaluation: handle.id, measured };
}

/** Run, set, checkpoint and model, held against each other: nothing is opened before they fit. */
async function prepare(context: CommandContext, runId: string, settings: Predicted) {
  const { target, signal } = context;
  const run = runSchema.parse(await ask(target, { method: "GET", path: `/api/v1/runs/${runId}`, signal }));
  const training = trainingOf(run);
  const set = await readSet(sourceOf(settings, run.environment));
  const samples = await readSplitSamples(target, { manifest: run.manifest!, split: settings.split }, set, signal);
  const chosen = await chooseCheckpoint(context, run, settings.checkpoint, bestBy(training, set));
  const file = await readCheckpoint(context, run, chosen.checkpoint, samples);
  const predictor = await Predictor.load(await loadBackend(settings.backend), training, samples.set, file);
  return { run, set, keys: samples.set.train.keys, chosen, predictor };
}

/** The config of a run that this trainer made. Throws for another's, and for a run without a manifest. */
function trainingOf(run: Run): TrainingConfig {
  if (!run.manifest)
    throw new Error(
      `run ${run.id} cites no split manifest, so nobody knows what it was trained on; train it again: train registers one`,
    );
  const parsed = trainingSchema.safeParse(run.config);
  if (parsed.success) return parsed.data;
  const { path, message } = parsed.error.issues[0]!;
  throw new Error(
    `run ${run.id} isn't this trainer's, as its config says: ${path.join(".") || "config"}: ${message}; ` +
      "its own program can send predictions (README, The trainer)",
  );
}

type Best = { name: string; direction: "min" | "max" };

/** By which of its validation metrics a training chooses its best epoch. */
function bestBy({ earlyStopping }: TrainingConfig, { task }: DataSet): Best {
  const { metric, direction } = earlyStopping ?? chosenBy[task];
  return { name: metric, direction };
}

type Chosen = { checkpoint: Checkpoint; measured: number; words: string };

/** The named checkpoint, or the first of those that are best by validation. */
async function chooseCheckpoint(
  { target, signal }: CommandContext,
  run: Run,
  named: string | null,
  { name, direction }: Best,
): Promise<Chosen> {
  const request = { method: "GET", path: `/api/v1/runs/${run.id}/checkpoints`, signal } as const;
  const { checkpoints } = checkpointListSchema.parse(await ask(target, request));
  if (checkpoints.length === 0) throw new Error(`run ${run.id} has no checkpoint yet: nothing can predict`);
  const paths = checkpoints.map(({ path }) => path).join(", ");
  if (named !== null) {
    const found = checkpoints.find(({ path }) => path === named);
    if (!found) throw new Error(`checkpoint: run ${run.id} has none at ${named}; ${paths} are there`);
    return { checkpoint: found, measured: Number.NaN, words: `Checkpoint ${named}, of step ${found.step}, as named` };
  }
  const measuredAt = ({ values }: Checkpoint): number => {
    const value = values[`validation/${name}`] ?? Number.NaN;
    return typeof value === "object" ? Number.NaN : fromWireFloat(value);
  };
  const [first, ...others] = checkpoints.filter((one) => Number.isFinite(measuredAt(one)));
  if (!first)
    throw new Error(`checkpoint: none says its validation ${wordsOf(name)}; --checkpoint names one of ${paths}`);
  const isBetter = (one: number, other: number) => (direction === "max" ? one > other : one < other);
  const best = others.reduce((at, one) => (isBetter(measuredAt(one), measuredAt(at)) ? one : at), first);
  const measured = measuredAt(best);
  const words = `Checkpoint ${best.path}, of step ${best.step}: the best of ${checkpoints.length} by validation, with ${wordsOf(name)} ${measured.toFixed(4)}`;
  return { checkpoint: best, measured, words };
}

/** The checkpoint's file. Throws where it is another, or its preprocessing was fitted on other samples than may be. */
async function readCheckpoint(
  context: CommandContext,
  run: Run,
  { path, sha256 }: Checkpoint,
  { trainDigest }: SplitSamples,
): Promise<Buffer> {
  const file = await downloadCheckpoint(context, run.id, path);
  if (!file) throw new Error(`run ${run.id} has no file ${path}`);
  const found = createHash("sha256").update(file).digest("hex");
  if (found !== sha256) throw new Error(`${path} has the SHA-256 ${found}; the checkpoint was declared with ${sha256}`);
  const { fittedOn } = readFacts(file).preprocessing;
  if (fittedOn !== trainDigest)
    throw new Error(
      `the preprocessing of ${path} was fitted on a split with the digest ${fittedOn}; ` +
        `the training split of the run's manifest has ${trainDigest}: its numbers would mean something else`,
    );
  return file;
}

type Asked = Pick<Evaluation, "split" | "form" | "purpose" | "reason"> & { checkpoint: string };

/**
 * The newest evaluation of the same checkpoint for the same reason: one that broke off goes on, so that a crash opens the
 * test split no second time. On validation, whose evaluations are free, a complete one is made again.
 */
async function findBefore({ target, signal }: CommandContext, runId: string, asked: Asked): Promise<Evaluation | null> {
  const path = evaluationsRoutes.listEvaluations.path.replace("{run}", runId);
  const answer = await ask(target, { method: "GET", path, signal });
  const { evaluations } = evaluationsRoutes.listEvaluations.response.parse(answer);
  const open = asked.split === "test" ? ["receiving", "computing", "done"] : ["receiving", "computing"];
  return (
    evaluations.find(
      ({ checkpoint, status, split, form, purpose, reason }) =>
        open.includes(status) &&
        checkpoint.id === asked.checkpoint &&
        split === asked.split &&
        form === asked.form &&
        purpose === asked.purpose &&
        reason === asked.reason,
    ) ?? null
  );
}

function openedWords({ opened }: EvaluationHandle, before: Evaluation | null): string {
  const { id, split, received, samples, purpose } = opened;
  if (before)
    return `Going on with evaluation ${id}, which has ${received} of ${samples} predictions: they are sent again`;
  if (split === "test") return `The test split is open for evaluation ${id} (${purpose}): a look, which counts`;
  return `Evaluation ${id} takes predictions`;
}
