import { modelRecordPath } from "../../lib/wire/models.ts";
import type { Backend } from "./backend/backend.ts";
import type { RunHandle } from "./client/client.ts";
import { say } from "./client/say.ts";
import type { TrainingConfig, ValidationMetric } from "./config/training.ts";
import type { DataSet, Task } from "./data/data.ts";
import { seededRandom, shuffled } from "./data/random.ts";
import type { TrainingIndexes } from "./manifests/manifest.ts";
import { baselineOf, type Majority, majorityOf } from "./model/baseline.ts";
import {
  carryOver,
  changeOf,
  freezeBlocks,
  recordModel,
  requireStill,
  type Snapshot,
  snapshot,
  stageAt,
  stagesOf,
} from "./model/blocks.ts";
import {
  BEST_PATH,
  type BestEpoch,
  type CheckpointFacts,
  checkpointPath,
  encodeCheckpoint,
  keepLocally,
  readBest,
  restoreCheckpoint,
} from "./model/checkpoint.ts";
import { convergenceOf } from "./model/convergence.ts";
import { Learner } from "./model/learner.ts";
import { pictureFilters, picturePredictions, pictureSamples } from "./model/pictures.ts";
import { constantFeatures, declaredValues, fitNormalisation, prepareSet } from "./model/preprocessing.ts";
import { earlyStop, learningRateAt } from "./model/schedule.ts";
import { requireFit } from "./model/shape-contract.ts";
import { agreementName, chosenBy, measures, type Values } from "./model/task.ts";

export type Training = {
  backend: Backend;
  run: RunHandle;
  config: TrainingConfig;
  set: DataSet;
  indexes: TrainingIndexes;
  /** The checkpoint of another run that `config.transfer` names; null without transfer. */
  parent: Buffer | null;
  /** The checkpoint to go on from; null: from the beginning. */
  restore: Buffer | null;
  /** Where the newest checkpoint is kept on this machine. */
  checkpointFolder: string;
  /** Gets an earlier attempt's checkpoint, which isn't on this machine, from the server; null where it isn't there. */
  fetchCheckpoint: (path: string) => Promise<Buffer | null>;
  onProgress: (progress: Progress) => void;
  /** Ends the training between two steps. */
  signal: AbortSignal;
};
export type Progress = {
  epoch: number;
  epochs: number;
  /** Optimizer updates done, and in all. */
  step: number;
  steps: number;
  samplesPerSecond: number;
  trainLoss: number;
  validation: Values | null;
  majority: Majority | null;
};
export type Outcome =
  /** `stoppedEarly`: after which epoch early stopping ended it; null: it ran its length. */
  | { kind: "finished"; best: BestEpoch | null; stoppedEarly: number | null; majority: Majority | null }
  | { kind: "diverged"; message: string }
  | { kind: "interrupted" };

/** Validation samples by which inference mode is checked each epoch. */
const CHECKED_SAMPLES = 16;

/** Trains, logging loss and one measure each step, and on the validation split, in inference mode, after each epoch. */
export async function train(training: Training): Promise<Outcome> {
  const { backend, run, config, indexes, signal } = training;
  const { tf } = backend;
  const { batchSize, seed } = config;
  const set = await prepareSet(tf, training.set, config.preprocessing);
  requireFit(set, config);
  const chosen = config.earlyStopping ?? chosenBy[set.task];
  requireMeasured(set, indexes.validation, chosen.metric);
  sayConstants(set, indexes.train);
  const majority = majorityOf(set, indexes);
  const fitted = fitNormalisation(set, indexes.train, config.preprocessing, indexes.trainDigest);

  const learner = new Learner(tf, set, config, fitted);
  const { model, loss } = learner;
  const lossName = loss.kind === "meaningful" ? "loss" : "surrogate_loss";
  const carried = config.transfer && training.parent ? carryOver(tf, model, training.parent) : [];
  const initial = await snapshot(model);
  const baseline = baselineOf(tf, set, indexes.train, loss.name);
  const stages = stagesOf(config, model);
  let stage = stageAt(stages, 0);
  freezeBlocks(model, stage.frozen);
  const done = training.restore ? await restore(training.restore) : { epoch: 0, step: 0, best: null, history: [] };
  let beforeStage = training.restore ? await snapshot(model) : initial;

  const stepsPerEpoch = Math.ceil(indexes.train.length / batchSize);
  const steps = config.steps ?? config.epochs * stepsPerEpoch;
  // the last epoch of a training by steps may end within it
  const epochs = Math.ceil(steps / stepsPerEpoch);
  const history: Values[] = [...done.history];
  let { step, best } = done;
  /** Of each step of this attempt. */
  const losses: number[] = [];
  let bestFile: Buffer | null = null;

  if (done.epoch === 0) {
    storeRecord(initial, null);
    await pictureSamples(run, learner, indexes.train);
    await pictureFilters(run, learner, 0);
  }
  for (let epoch = done.epoch; epoch < epochs && stoppedEarly() === null; epoch++) {
    if (stageAt(stages, epoch) !== stage) {
      stage = stageAt(stages, epoch);
      freezeBlocks(model, stage.frozen);
      learner.restartOptimizer();
      beforeStage = await snapshot(model);
    }
    const pace = await trainEpoch(epoch);
    if (pace === null) return { kind: "interrupted" };
    const trainLoss = losses.at(-1)!;
    if (!Number.isFinite(trainLoss))
      return { kind: "diverged", message: `the training loss is ${trainLoss} at step ${step}` };
    const validation = await validate(epoch, pace);
    if (!Number.isFinite(validation.loss))
      return { kind: "diverged", message: `the validation loss is ${validation.loss} at step ${step}` };
    history.push(validation);
    if (!best || isBetter(validation, best.values)) best = { epoch: epoch + 1, values: validation };
    await saveCheckpoint(epoch + 1, validation);
  }
  if (history.length > done.epoch) storeRecord(await snapshot(model), convergenceOf(losses));
  if (best) await storeBest(best);
  learner.dispose();
  return { kind: "finished", best, stoppedEarly: stoppedEarly(), majority };

  /** Puts a checkpoint into model and optimizer, whose state counts where the next epoch freezes the same blocks. */
  async function restore(file: Buffer): Promise<CheckpointFacts> {
    const facts = await restoreCheckpoint(tf, file, model, null);
    stage = stageAt(stages, Math.max(0, facts.epoch - 1));
    freezeBlocks(model, stage.frozen);
    return stageAt(stages, facts.epoch) === stage ? restoreCheckpoint(tf, file, model, learner.optimizer) : facts;
  }

  /** Every batch once, up to a loss that is no number; null where the signal ended it. */
  async function trainEpoch(epoch: number): Promise<Pace | null> {
    // the order follows from seed and epoch alone, so that a resumed training sees the same batches
    const order = shuffled(indexes.train.length, seededRandom(seed, "shuffle", epoch)).map((at) => indexes.train[at]!);
    const startedAt = performance.now();
    const took = () => performance.now() - startedAt;
    learner.waitedMs = 0;
    for (let batch = 0; batch < stepsPerEpoch && step < steps; batch++) {
      if (signal.aborted) return null;
      const samples = order.subarray(batch * batchSize, (batch + 1) * batchSize);
      const learningRate = rateAt(step);
      const { loss: batchLoss, agreement, gradientNorm } = await learner.update(samples, { epoch, step, learningRate });
      losses.push(batchLoss);
      run.log({ split: "train", step, metrics: { [lossName]: batchLoss, [agreementName[set.task]]: agreement } });
      run.log({
        step,
        metrics: { learning_rate: learningRate, gradient_norm: gradientNorm, epoch: epoch + batch / stepsPerEpoch },
      });
      if (!Number.isFinite(batchLoss)) break;
      step++;
      report(epoch, (batch * batchSize + samples.length) / (took() / 1000), null);
      // lets timers run: the spool is written, the server hears from us
      await new Promise((resolve) => setImmediate(resolve));
    }
    return { samplesPerSecond: order.length / (took() / 1000), dataWait: learner.waitedMs / took() };
  }

  /** Measures the validation split, and holds the epoch to what was promised: frozen weights, inference mode. */
  async function validate(epoch: number, { samplesPerSecond, dataWait }: Pace): Promise<Values> {
    const validation = await learner.evaluate(indexes.validation);
    const { loss: validationLoss, ...measured } = validation;
    // a straight line beside the accuracy, in charts and tables
    const beside = majority ? { [majorityName(set.task)]: majority.share } : {};
    run.log({ split: "validation", step, metrics: { [lossName]: validationLoss, ...measured, ...beside } });
    const now = await snapshot(model);
    requireStill(model, beforeStage, now, stage.frozen);
    const inference = await learner.inferenceDifference(indexes.validation.subarray(0, CHECKED_SAMPLES));
    const pace = { images_per_second: samplesPerSecond, data_wait: dataWait };
    run.log({ step, metrics: { ...pace, inference_difference: inference, ...weightChanges(initial, now) } });
    report(epoch, samplesPerSecond, validation);
    return validation;
  }

  function rateAt(at: number): number {
    const watched = history.map((validation) => validation.loss);
    const base = config.optimizer.learningRate;
    return stage.rateFactor * learningRateAt(config.schedule, { base, total: steps, step: at, watched });
  }

  /** After which epoch, counted from 1, early stopping ends the training; null: it goes on. */
  function stoppedEarly(): number | null {
    if (!config.earlyStopping) return null;
    const { stoppedAt } = earlyStop(history.map(chosenValue), config.earlyStopping);
    return stoppedAt === null ? null : stoppedAt + 1;
  }

  function chosenValue(validation: Values): number {
    return validation[chosen.metric] ?? Number.NaN;
  }

  function isBetter(now: Values, before: Values): boolean {
    return chosen.direction === "max" ? chosenValue(now) > chosenValue(before) : chosenValue(now) < chosenValue(before);
  }

  async function saveCheckpoint(epoch: number, validation: Values): Promise<void> {
    // training goes on while the file is on its way: what is said of it is fixed now
    const at = step;
    const facts: CheckpointFacts = { epoch, step: at, best, config, history: [...history], preprocessing: fitted };
    const file = await encodeCheckpoint(model, learner.optimizer, facts);
    const isBest = best?.epoch === epoch;
    if (isBest) bestFile = file;
    const path = checkpointPath(epoch);
    const values = Object.fromEntries(Object.entries(validation).map(([name, value]) => [`validation/${name}`, value]));
    const preprocessing = { fittedOn: fitted.fittedOn, values: declaredValues(fitted) };
    // delivery goes on beside the training; finish() waits for it
    void run.checkpoint({ path, step: at, epoch, values, preprocessing }, file);
    // after that, as what was logged is on disk now: a resume from this file must not miss it
    try {
      keepLocally(training.checkpointFolder, epoch, file, isBest);
    } catch (error) {
      say(`the checkpoint of epoch ${epoch} isn't kept on this machine: ${(error as Error).message}`);
    }
  }

  /** Stores the best epoch's checkpoint under a name of its own; its bytes are on the server once. */
  async function storeBest({ epoch }: BestEpoch): Promise<void> {
    const here = bestFile ?? readBest(training.checkpointFolder, epoch); // from an earlier attempt on this machine
    const file = here ?? (await training.fetchCheckpoint(checkpointPath(epoch)));
    if (!file) return;
    void run.artifact(BEST_PATH, file);
    const { step: at } = await restoreCheckpoint(tf, file, model, null);
    await pictureFilters(run, learner, at);
    await picturePredictions(run, learner, indexes.validation, at);
  }

  function report(epoch: number, samplesPerSecond: number, validation: Values | null): void {
    const trainLoss = losses.at(-1) ?? Number.NaN;
    training.onProgress({ epoch, epochs, step, steps, samplesPerSecond, trainLoss, validation, majority });
  }

  /** The model as it is, for the run's page; its weights begin as `initial`. */
  function storeRecord(now: Snapshot, convergence: ReturnType<typeof convergenceOf>): void {
    const epoch = history.length;
    const facts = { loss: { ...loss, baseline, convergence }, before: initial, now, epoch };
    const record = recordModel({ model, config, stages, carried, ...facts });
    const content = Buffer.from(JSON.stringify(record));
    void run.artifact(modelRecordPath(epoch), content, { contentType: "application/json" });
  }
}

type Pace = { samplesPerSecond: number; dataWait: number };

/** What the accuracy of always saying the most frequent class is logged as. */
export const majorityName = (task: Task): string => `${agreementName[task]}_majority`;

function requireMeasured({ task, train }: DataSet, validation: Uint32Array, metric: ValidationMetric): void {
  const known = ["loss", ...Object.keys(measures[task])];
  if (!known.includes(metric))
    throw new Error(`earlyStopping.metric: ${metric} isn't measured in ${task}; ${known.join(", ")} are`);
  const only = train.targets[validation[0]!]!;
  if (task !== "regression" || validation.some((sample) => train.targets[sample] !== only)) return;
  const why = `all ${validation.length} validation samples have the number ${only}, for which r2 is undefined`;
  if (metric === "r2") throw new Error(`earlyStopping.metric: ${why}; loss or mae is right`);
  say(`${why}: it is left out`);
}

const NAMED = 5;

/** A feature without a deviation tells nothing here, and anything elsewhere. */
function sayConstants(set: DataSet, samples: Uint32Array): void {
  const still = constantFeatures(set, samples);
  if (still.length === 0) return;
  const what = set.inputShape.length === 3 ? "channel" : "feature";
  const names = still.slice(0, NAMED).map((at) => set.features?.[at] ?? `${what} ${at}`);
  const more = still.length > NAMED ? ` and ${still.length - NAMED} others` : "";
  say(
    `${names.join(", ")}${more}: the same in all training samples, so nothing is learnt there; the deviation counts as 1`,
  );
}

/** How far each layer's kernel has come from where it began. */
function weightChanges(initial: Snapshot, now: Snapshot): Record<string, number> {
  const kernels = [...now].filter(([name]) => name.endsWith("/kernel"));
  const changes = kernels.flatMap(([name, tensor]) => {
    const change = changeOf(initial.get(name)!, tensor);
    return change === null ? [] : [[`weight_change/${name.slice(0, -"/kernel".length)}`, change] as const];
  });
  return Object.fromEntries(changes);
}
