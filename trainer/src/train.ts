/** One training, from top to bottom: samples in, a run on the server out. */
import type { LayersModel, Scalar, Tensor } from "@tensorflow/tfjs";
import { modelRecordPath } from "../../lib/wire.ts";
import type { Backend } from "./backend.ts";
import {
  carryOver,
  changeOf,
  freezeBlocks,
  recordModel,
  requireStill,
  snapshot,
  stageAt,
  stagesOf,
  trainedVariables,
} from "./blocks.ts";
import {
  BEST_PATH,
  type BestEpoch,
  type CheckpointFacts,
  checkpointPath,
  encodeCheckpoint,
  keepLocally,
  readBest,
  restoreCheckpoint,
} from "./checkpoint.ts";
import type { RunHandle } from "./client.ts";
import type { TrainingConfig, ValidationMetric } from "./config.ts";
import { convergenceOf } from "./convergence.ts";
import { type DataSet, sizeOf } from "./data.ts";
import { say } from "./delivery.ts";
import { gridOf } from "./images.ts";
import type { TrainingIndexes } from "./manifest.ts";
import { createModel, seedDropout } from "./models.ts";
import { applyGradients, createOptimizer } from "./optimizer.ts";
import { augment, declaredValues, fitNormalisation, normalisedInputs, prepareSet } from "./preprocessing.ts";
import { seededRandom, shuffled } from "./random.ts";
import { batchWeightedMean, earlyStop, learningRateAt } from "./schedule.ts";
import { requireFit } from "./shape-contract.ts";
import {
  agreement,
  agreementName,
  baselineOf,
  chosenBy,
  lossOf,
  lossValue,
  measures,
  outputsOf,
  Tally,
  targetTensor,
  truthsOf,
  type Values,
} from "./task.ts";

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
};
export type Outcome =
  /** `stoppedEarly`: after which epoch early stopping ended it; null: it ran its length. */
  | { kind: "finished"; best: BestEpoch | null; stoppedEarly: number | null }
  | { kind: "diverged"; message: string }
  | { kind: "interrupted" };

const EVALUATION_BATCH = 256;
/** Validation samples by which inference mode is checked each epoch. */
const CHECKED_SAMPLES = 16;
/** Relative; what float32 may differ by where sums are taken in another order. */
const INFERENCE_DIFFERENCE_MAX = 1e-4;
const PICTURED_SAMPLES = 16;

/** Trains, logging loss and one measure each step, and on the validation split, in inference mode, after each epoch. */
export async function train(training: Training): Promise<Outcome> {
  const { backend, run, config, indexes, signal } = training;
  const { tf } = backend;
  const { batchSize, epochs, seed } = config;
  const set = await prepareSet(tf, training.set, config.preprocessing);
  requireFit(set, config);
  const { task, inputShape } = set;
  const fitted = fitNormalisation(set, indexes.train, config.preprocessing, indexes.trainDigest);
  const loss = lossOf(task, config.loss);
  const deviation = fitted.target?.standardDeviation ?? 1;
  /** From what is minimised to the target's own unit. */
  const lossUnit = loss.name === "mse" ? deviation ** 2 : loss.name === "mae" ? deviation : 1;
  const lossName = loss.kind === "meaningful" ? "loss" : "surrogate_loss";
  const chosen = config.earlyStopping ?? chosenBy[task];
  requireMeasure(chosen.metric);

  const model = createModel(tf, config, inputShape, outputsOf(set));
  const carried = config.transfer && training.parent ? carryOver(tf, model, training.parent) : [];
  const initial = await snapshot(model);
  const stages = stagesOf(config, model);
  let stage = stageAt(stages, 0);
  freezeBlocks(model, stage.frozen);
  let optimizer = createOptimizer(tf, config.optimizer);
  const done = training.restore ? await restore(training.restore) : { epoch: 0, step: 0, best: null, history: [] };
  let beforeStage = training.restore ? await snapshot(model) : initial;
  const baseline = baselineOf(tf, set, indexes.train, loss.name);

  const stepsPerEpoch = Math.ceil(indexes.train.length / batchSize);
  const steps = epochs * stepsPerEpoch;
  const history: Values[] = [...done.history];
  let { step, best } = done;
  /** Of each step of this attempt. */
  const losses: number[] = [];
  let bestFile: Buffer | null = null;
  /** Milliseconds of this epoch in which the model waited for its batch. */
  let waited = 0;

  /** Puts a checkpoint into model and optimizer, whose state counts where the next epoch freezes the same blocks. */
  async function restore(file: Buffer): Promise<CheckpointFacts> {
    const facts = await restoreCheckpoint(tf, file, model, null);
    stage = stageAt(stages, Math.max(0, facts.epoch - 1));
    freezeBlocks(model, stage.frozen);
    return stageAt(stages, facts.epoch) === stage ? restoreCheckpoint(tf, file, model, optimizer) : facts;
  }

  function requireMeasure(metric: ValidationMetric): void {
    const known = ["loss", ...Object.keys(measures[task])];
    if (!known.includes(metric))
      throw new Error(`earlyStopping.metric: ${metric} isn't measured in ${task}; ${known.join(", ")} are`);
  }

  /** Inputs `[n, ...inputShape]` normalised, and targets. `epoch`: of which the augmentation is; null: none. */
  function batchOf(samples: Uint32Array, epoch: number | null): { inputs: Tensor; targets: Tensor } {
    const startedAt = performance.now();
    const values = normalisedInputs(set, samples, fitted);
    const truths = truthsOf(set, samples);
    if (epoch !== null) augment(set, samples, values, task === "segmentation" ? truths : null, config, epoch);
    if (fitted.target)
      for (const [at, truth] of truths.entries())
        truths[at] = (truth - fitted.target.mean) / fitted.target.standardDeviation;
    const batch = {
      inputs: tf.tensor(values, [samples.length, ...inputShape]),
      targets: targetTensor(tf, set, truths),
    };
    waited += performance.now() - startedAt;
    return batch;
  }

  /** One optimizer update; returns the batch's mean loss and agreement before it, and the norm of the unclipped gradients. */
  async function update(samples: Uint32Array, epoch: number, learningRate: number) {
    const { inputs, targets } = batchOf(samples, epoch);
    seedDropout(model, seed, step);
    let outputs: Tensor | null = null;
    const { value, grads } = tf.variableGrads(() => {
      outputs = tf.keep(model.apply(inputs, { training: true }) as Tensor);
      return lossValue(tf, loss.name, targets, outputs) as Scalar;
    }, trainedVariables(model));
    const { clipNorm } = config;
    const gradientNorm = await applyGradients(tf, optimizer, config.optimizer, grads, { learningRate, clipNorm });
    const agreed = agreement(tf, task, targets, outputs!);
    const [batchLoss = Number.NaN] = await value.data();
    const [share = Number.NaN] = await agreed.data();
    tf.dispose([inputs, targets, value, grads, agreed, outputs!]);
    return {
      [lossName]: batchLoss * lossUnit,
      [agreementName[task]]: task === "regression" ? share * deviation : share,
      gradientNorm,
      loss: batchLoss * lossUnit,
    };
  }

  /** Loss and measures over a split, in inference mode; partial batches count by their size. */
  async function evaluate(samples: Uint32Array): Promise<Values> {
    const [losses, sizes]: [number[], number[]] = [[], []];
    const tally = new Tally(task, set.classes.length);
    for (let start = 0; start < samples.length; start += EVALUATION_BATCH) {
      const part = samples.subarray(start, start + EVALUATION_BATCH);
      const { inputs, targets } = batchOf(part, null);
      const [mean, told] = tf.tidy(() => {
        const outputs = model.predict(inputs) as Tensor;
        return [lossValue(tf, loss.name, targets, outputs), task === "regression" ? outputs : tf.argMax(outputs, -1)];
      });
      losses.push((await mean!.data())[0]! * lossUnit);
      sizes.push(part.length);
      const answers = Float32Array.from(await told!.data());
      if (fitted.target)
        for (const [at, answer] of answers.entries())
          answers[at] = answer * fitted.target.standardDeviation + fitted.target.mean;
      tally.add(truthsOf(set, part), answers);
      tf.dispose([inputs, targets, mean!, told!]);
    }
    return { loss: batchWeightedMean(losses, sizes), ...tally.values() };
  }

  /**
   * How far two passes over some validation samples are apart, whole and in pieces: in inference mode neither chance nor
   * the rest of a batch has a say. Throws where they are.
   */
  async function checkInference(): Promise<number> {
    const { inputs, targets } = batchOf(indexes.validation.subarray(0, CHECKED_SAMPLES), null);
    const apart = tf.tidy(() => {
      const whole = model.predict(inputs) as Tensor;
      const again = tf.concat([
        model.predict(inputs.slice(0, 1)) as Tensor,
        ...(inputs.shape[0]! > 1 ? [model.predict(inputs.slice(1)) as Tensor] : []),
      ]);
      return tf.max(tf.abs(tf.sub(whole, again)).div(tf.maximum(tf.abs(whole), 1)));
    });
    const [difference = Number.NaN] = await apart.data();
    tf.dispose([inputs, targets, apart]);
    if (difference > INFERENCE_DIFFERENCE_MAX)
      throw new Error(`two passes in inference mode are ${difference} apart: a layer acts as in training`);
    return difference;
  }

  const rateAt = (at: number): number => {
    const watched = history.map((validation) => validation.loss);
    const base = config.optimizer.learningRate;
    return stage.rateFactor * learningRateAt(config.schedule, { base, total: steps, step: at, watched });
  };
  /** After which epoch, counted from 1, early stopping ends the training; null: it goes on. */
  const stoppedEarly = (): number | null => {
    if (!config.earlyStopping) return null;
    const { stoppedAt } = earlyStop(history.map(chosenValue), config.earlyStopping);
    return stoppedAt === null ? null : stoppedAt + 1;
  };
  const chosenValue = (validation: Values): number => validation[chosen.metric] ?? Number.NaN;

  if (done.epoch === 0) {
    await recordStart();
    await pictureFilters(0);
  }
  for (let epoch = done.epoch; epoch < epochs && stoppedEarly() === null; epoch++) {
    if (stageAt(stages, epoch) !== stage) {
      stage = stageAt(stages, epoch);
      freezeBlocks(model, stage.frozen);
      // its moments are by the position of a weight among those that are trained
      optimizer.dispose();
      optimizer = createOptimizer(tf, config.optimizer);
      beforeStage = await snapshot(model);
    }
    // the order follows from seed and epoch alone, so that a resumed training sees the same batches
    const order = shuffled(indexes.train.length, seededRandom(seed, "shuffle", epoch)).map((at) => indexes.train[at]!);
    const startedAt = performance.now();
    waited = 0;
    for (let batch = 0; batch < stepsPerEpoch; batch++) {
      if (signal.aborted) return { kind: "interrupted" };
      const samples = order.subarray(batch * batchSize, (batch + 1) * batchSize);
      const learningRate = rateAt(step);
      const { gradientNorm, loss: batchLoss, ...rest } = await update(samples, epoch, learningRate);
      const metrics = lossName === "loss" ? { loss: batchLoss, ...rest } : rest;
      run.log({ split: "train", step, metrics: metrics as Record<string, number> });
      run.log({
        step,
        metrics: { learning_rate: learningRate, gradient_norm: gradientNorm!, epoch: epoch + batch / stepsPerEpoch },
      });
      if (!Number.isFinite(batchLoss))
        return { kind: "diverged", message: `the training loss is ${batchLoss} at step ${step}` };
      step++;
      losses.push(batchLoss!);
      report(epoch, (batch * batchSize + samples.length) / ((performance.now() - startedAt) / 1000), null);
      // lets timers run: the spool is written, the server hears from us
      await new Promise((resolve) => setImmediate(resolve));
    }
    const took = performance.now() - startedAt;
    const samplesPerSecond = order.length / (took / 1000);
    const dataWait = waited / took;
    const validation = await evaluate(indexes.validation);
    const { loss: validationLoss, ...measured } = validation;
    run.log({ split: "validation", step, metrics: { [lossName]: validationLoss, ...measured } });
    const now = await snapshot(model);
    requireStill(model, beforeStage, now, stage.frozen);
    const common = {
      images_per_second: samplesPerSecond,
      data_wait: dataWait,
      inference_difference: await checkInference(),
    };
    run.log({ step, metrics: { ...common, ...weightChanges(now) } });
    report(epoch, samplesPerSecond, validation);
    if (!Number.isFinite(validationLoss))
      return { kind: "diverged", message: `the validation loss is ${validationLoss} at step ${step}` };
    history.push(validation);
    if (!best || isBetter(validation, best.values)) best = { epoch: epoch + 1, values: validation };
    await saveCheckpoint(epoch + 1, validation);
  }
  const end = await snapshot(model);
  if (history.length > done.epoch) {
    const facts = {
      model,
      config,
      stages,
      carried,
      before: initial,
      now: end,
      epoch: history.length,
      loss: { ...loss, baseline, convergence: convergenceOf(losses) },
    };
    storeJson(modelRecordPath(history.length), recordModel(facts));
  }
  if (best) await storeBest(best);
  tf.dispose(model.weights.map((weight) => weight.read()));
  optimizer.dispose();
  return { kind: "finished", best, stoppedEarly: stoppedEarly() };

  /** How far each layer's kernel has come from where it began. */
  function weightChanges(now: typeof initial): Record<string, number> {
    const kernels = [...now].filter(([name]) => name.endsWith("/kernel"));
    const changes = kernels.flatMap(([name, tensor]) => {
      const change = changeOf(initial.get(name)!, tensor);
      return change === null ? [] : [[`weight_change/${name.slice(0, -"/kernel".length)}`, change] as const];
    });
    return Object.fromEntries(changes);
  }

  function isBetter(now: Values, before: Values): boolean {
    return chosen.direction === "max" ? chosenValue(now) > chosenValue(before) : chosenValue(now) < chosenValue(before);
  }

  async function saveCheckpoint(epoch: number, validation: Values): Promise<void> {
    // training goes on while the file is on its way: what is said of it is fixed now
    const at = step;
    const facts: CheckpointFacts = { epoch, step: at, best, config, history: [...history], preprocessing: fitted };
    const file = await encodeCheckpoint(model, optimizer, facts);
    const isBest = best?.epoch === epoch;
    if (isBest) bestFile = file;
    const path = checkpointPath(epoch);
    const values = Object.fromEntries(Object.entries(validation).map(([name, value]) => [`validation/${name}`, value]));
    const preprocessing = { fittedOn: fitted.fittedOn, values: declaredValues(fitted) };
    const declared = { path, step: at, epoch, values, preprocessing };
    // delivery goes on beside the training; finish() waits for it
    void run.checkpoint(declared, file);
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
    await pictureFilters(at);
    await picturePredictions(at);
  }

  function report(epoch: number, samplesPerSecond: number, validation: Values | null): void {
    training.onProgress({
      epoch,
      epochs,
      step,
      steps,
      samplesPerSecond,
      trainLoss: losses.at(-1) ?? Number.NaN,
      validation,
    });
  }

  function storeJson(path: string, content: object): void {
    void run.artifact(path, Buffer.from(JSON.stringify(content)), { contentType: "application/json" });
  }

  /** The model as it begins, and what it will see. */
  async function recordStart(): Promise<void> {
    const facts = {
      model,
      config,
      stages,
      carried,
      before: initial,
      now: initial,
      epoch: 0,
      loss: { ...loss, baseline, convergence: null },
    };
    storeJson(modelRecordPath(0), recordModel(facts));
    if (inputShape.length !== 3) return;
    const some = indexes.train.subarray(0, PICTURED_SAMPLES);
    const { inputs, targets } = batchOf(some, 0);
    run.image("samples", 0, gridOf(await inputs.data(), inputShape as [number, number, number], { columns: 8 }));
    tf.dispose([inputs, targets]);
  }

  /** The first layer's filters, where it looks at pixels. */
  async function pictureFilters(at: number): Promise<void> {
    const kernel = firstKernel(model);
    // recurrent layers look at rows, not at pixels
    if (inputShape.length !== 3 || !kernel || (kernel.rank === 2 && kernel.shape[0] !== sizeOf(inputShape))) return;
    const values = await tf.tidy(() => filtersOf(kernel, inputShape as [number, number, number])).data();
    const shape: [number, number, number] =
      kernel.rank === 4
        ? [kernel.shape[0]!, kernel.shape[1]!, kernel.shape[2]!]
        : (inputShape as [number, number, number]);
    const zoom = Math.max(1, Math.floor(32 / shape[0]));
    run.image("filters", at, gridOf(values.slice(0, 64 * sizeOf(shape)), shape, { columns: 8, zoom }));
  }

  /** Validation images, below each the true mask, below that the one that is told. */
  async function picturePredictions(at: number): Promise<void> {
    if (task !== "segmentation") return;
    const some = indexes.validation.subarray(0, 8);
    const { inputs, targets } = batchOf(some, null);
    const [height, width] = inputShape as [number, number, number];
    const told = tf.tidy(() => tf.argMax(model.predict(inputs) as Tensor, -1));
    const grey = tf.tidy(() => {
      const image = inputs.mean(-1);
      const least = image.min();
      return image
        .sub(least)
        .div(image.max().sub(least))
        .mul(set.classes.length - 1);
    });
    const rows = [await grey.data(), truthsOf(set, some), await told.data()].flatMap((values) => [...values]);
    tf.dispose([inputs, targets, told, grey]);
    const range: [number, number] = [0, set.classes.length - 1];
    run.image("predictions", at, gridOf(rows, [height, width, 1], { columns: 8, range, zoom: 2 }));
  }
}

/** The kernel of the first layer that has one. */
function firstKernel(model: LayersModel): Tensor | null {
  const weight = model.weights.find(({ originalName }) => originalName.endsWith("/kernel"));
  return weight ? weight.read() : null;
}

/** Filters `[n, height, width, channels]` of a kernel `[height, width, channels, n]`, or `[height·width·channels, n]`. */
const filtersOf = (kernel: Tensor, input: [number, number, number]): Tensor =>
  kernel.rank === 4 ? kernel.transpose([3, 0, 1, 2]) : kernel.transpose().reshape([-1, ...input]);
