/** One training, from top to bottom: images in, a run on the server out. */
import type { Scalar, Tensor, Tensor2D, Tensor4D } from "@tensorflow/tfjs";
import type { Backend } from "./backend.ts";
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
import type { TrainingConfig } from "./config.ts";
import type { ImageSet } from "./data.ts";
import { say } from "./delivery.ts";
import type { TrainingIndexes } from "./manifest.ts";
import { createModel, seedDropout } from "./models.ts";
import { applyGradients, createOptimizer } from "./optimizer.ts";
import { seededRandom, shuffled } from "./random.ts";
import { batchWeightedMean, earlyStop, learningRateAt } from "./schedule.ts";

export type Training = {
  backend: Backend;
  run: RunHandle;
  config: TrainingConfig;
  set: ImageSet;
  indexes: TrainingIndexes;
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
  imagesPerSecond: number;
  trainLoss: number;
  validation: { loss: number; accuracy: number } | null;
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

/** Trains, logging loss and accuracy each step, and on the validation split, in inference mode, after each epoch. */
export async function train(training: Training): Promise<Outcome> {
  const { backend, run, config, set, indexes, signal } = training;
  const { tf } = backend;
  const { batchSize, epochs, seed } = config;
  const shape: [number, number, number] = [set.train.height, set.train.width, set.train.channels];
  const size = shape[0] * shape[1] * shape[2];
  const preprocessing = { ...fitPreprocessing(set, indexes.train), fittedOn: indexes.trainDigest };
  const model = createModel(tf, config, shape, set.classes);
  const optimizer = createOptimizer(tf, config.optimizer);
  const done = training.restore
    ? await restoreCheckpoint(tf, training.restore, model, optimizer)
    : { epoch: 0, step: 0, best: null, history: [] };
  const stepsPerEpoch = Math.ceil(indexes.train.length / batchSize);
  const steps = epochs * stepsPerEpoch;
  const history = [...done.history];
  let { step, best } = done;
  let lastLoss = Number.NaN;
  let bestFile: Buffer | null = null;

  /** Images and labels of some samples: `[n, height, width, channels]` normalised, and `[n, classes]` one-hot. */
  function batchOf(samples: Uint32Array): { images: Tensor4D; labels: Tensor2D } {
    const values = new Float32Array(samples.length * size);
    for (const [row, sample] of samples.entries())
      for (let pixel = 0; pixel < size; pixel++)
        values[row * size + pixel] =
          (set.train.pixels[sample * size + pixel]! - preprocessing.mean) / preprocessing.standardDeviation;
    const classes = Int32Array.from(samples, (sample) => set.train.labels[sample]!);
    const labels = tf.tidy(() => tf.oneHot(tf.tensor1d(classes, "int32"), set.classes).toFloat() as Tensor2D);
    return { images: tf.tensor4d(values, [samples.length, ...shape]), labels };
  }

  /** One optimizer update; returns the batch's mean loss and accuracy before it, and the norm of the unclipped gradients. */
  async function update(samples: Uint32Array, learningRate: number) {
    const { images, labels } = batchOf(samples);
    seedDropout(model, seed, step);
    let logits: Tensor | null = null;
    const { value, grads } = tf.variableGrads(() => {
      logits = tf.keep(model.apply(images, { training: true }) as Tensor); // [n, classes]
      return tf.losses.softmaxCrossEntropy(labels, logits) as Scalar;
    });
    const { clipNorm } = config;
    const gradientNorm = await applyGradients(tf, optimizer, config.optimizer, grads, { learningRate, clipNorm });
    const hits = countHits(logits!, labels);
    const [loss = Number.NaN] = await value.data();
    const accuracy = (await hits.data())[0]! / samples.length;
    tf.dispose([images, labels, value, grads, hits, logits!]);
    return { loss, accuracy, gradientNorm };
  }

  const countHits = (logits: Tensor, labels: Tensor): Tensor =>
    tf.tidy(() => tf.sum(tf.equal(tf.argMax(logits, 1), tf.argMax(labels, 1)).toInt()));

  /** Mean loss and accuracy over a split, in inference mode; partial batches count by their size. */
  async function evaluate(samples: Uint32Array): Promise<{ loss: number; accuracy: number }> {
    const [losses, sizes]: [number[], number[]] = [[], []];
    let hits = 0;
    for (let start = 0; start < samples.length; start += EVALUATION_BATCH) {
      const part = samples.subarray(start, start + EVALUATION_BATCH);
      const { images, labels } = batchOf(part);
      const [mean, hit] = tf.tidy(() => {
        const logits = model.predict(images) as Tensor;
        return [tf.losses.softmaxCrossEntropy(labels, logits) as Tensor, countHits(logits, labels)];
      });
      losses.push((await mean!.data())[0]!);
      sizes.push(part.length);
      hits += (await hit!.data())[0]!;
      tf.dispose([images, labels, mean!, hit!]);
    }
    return { loss: batchWeightedMean(losses, sizes), accuracy: hits / samples.length };
  }

  /**
   * How far two passes over some validation samples are apart, whole and in pieces: in inference mode neither chance nor
   * the rest of a batch has a say. Throws where they are.
   */
  async function checkInference(): Promise<number> {
    const { images, labels } = batchOf(indexes.validation.subarray(0, CHECKED_SAMPLES));
    const apart = tf.tidy(() => {
      const whole = model.predict(images) as Tensor;
      const again = tf.concat([
        model.predict(images.slice(0, 1)) as Tensor,
        ...(images.shape[0] > 1 ? [model.predict(images.slice(1)) as Tensor] : []),
      ]);
      return tf.max(tf.abs(tf.sub(whole, again)).div(tf.maximum(tf.abs(whole), 1)));
    });
    const [difference = Number.NaN] = await apart.data();
    tf.dispose([images, labels, apart]);
    if (difference > INFERENCE_DIFFERENCE_MAX)
      throw new Error(`two passes in inference mode are ${difference} apart: a layer acts as in training`);
    return difference;
  }

  const rateAt = (at: number): number => {
    const watched = history.map(({ loss }) => loss);
    return learningRateAt(config.schedule, { base: config.optimizer.learningRate, total: steps, step: at, watched });
  };
  /** After which epoch, counted from 1, early stopping ends the training; null: it goes on. */
  const stoppedEarly = (): number | null => {
    if (!config.earlyStopping) return null;
    const { metric } = config.earlyStopping;
    const { stoppedAt } = earlyStop(
      history.map((validation) => validation[metric]),
      config.earlyStopping,
    );
    return stoppedAt === null ? null : stoppedAt + 1;
  };

  for (let epoch = done.epoch; epoch < epochs && stoppedEarly() === null; epoch++) {
    // the order follows from seed and epoch alone, so that a resumed training sees the same batches
    const order = shuffled(indexes.train.length, seededRandom(seed, "shuffle", epoch)).map((at) => indexes.train[at]!);
    const startedAt = performance.now();
    for (let batch = 0; batch < stepsPerEpoch; batch++) {
      if (signal.aborted) return { kind: "interrupted" };
      const samples = order.subarray(batch * batchSize, (batch + 1) * batchSize);
      const learningRate = rateAt(step);
      const { loss, accuracy, gradientNorm } = await update(samples, learningRate);
      run.log({ split: "train", step, metrics: { loss, accuracy } });
      run.log({
        step,
        metrics: { learning_rate: learningRate, gradient_norm: gradientNorm, epoch: epoch + batch / stepsPerEpoch },
      });
      if (!Number.isFinite(loss)) return { kind: "diverged", message: `the training loss is ${loss} at step ${step}` };
      step++;
      const images = (batch * batchSize + samples.length) / ((performance.now() - startedAt) / 1000);
      lastLoss = loss;
      report(epoch, images, loss, null);
      // lets timers run: the spool is written, the server hears from us
      await new Promise((resolve) => setImmediate(resolve));
    }
    const imagesPerSecond = order.length / ((performance.now() - startedAt) / 1000);
    const validation = await evaluate(indexes.validation);
    run.log({ split: "validation", step, metrics: validation });
    run.log({ step, metrics: { images_per_second: imagesPerSecond, inference_difference: await checkInference() } });
    report(epoch, imagesPerSecond, lastLoss, validation);
    if (!Number.isFinite(validation.loss))
      return { kind: "diverged", message: `the validation loss is ${validation.loss} at step ${step}` };
    history.push(validation);
    if (!best || isBetter(validation, best)) best = { epoch: epoch + 1, ...validation };
    await saveCheckpoint(epoch + 1, validation);
  }
  if (best) await storeBest(best);
  tf.dispose(model.weights.map((weight) => weight.read()));
  return { kind: "finished", best, stoppedEarly: stoppedEarly() };

  /** By what early stopping watches, where it does; else by accuracy. */
  function isBetter(validation: { loss: number; accuracy: number }, than: BestEpoch): boolean {
    const { metric, direction } = config.earlyStopping ?? { metric: "accuracy", direction: "max" };
    const [now, before] = [validation[metric], than[metric]];
    return direction === "max" ? now > before : now < before;
  }

  async function saveCheckpoint(epoch: number, validation: { loss: number; accuracy: number }): Promise<void> {
    // training goes on while the file is on its way: what is said of it is fixed now
    const at = step;
    const facts: CheckpointFacts = { epoch, step: at, best, config, history: [...history], preprocessing };
    const file = await encodeCheckpoint(model, optimizer, facts);
    const isBest = best?.epoch === epoch;
    if (isBest) bestFile = file;
    try {
      keepLocally(training.checkpointFolder, epoch, file, isBest);
    } catch (error) {
      say(`the checkpoint of epoch ${epoch} isn't kept on this machine: ${(error as Error).message}`);
    }
    const path = checkpointPath(epoch);
    const values = { "validation/loss": validation.loss, "validation/accuracy": validation.accuracy };
    const { fittedOn, ...fitted } = preprocessing;
    const declared = { path, step: at, epoch, values, preprocessing: { fittedOn, values: fitted } };
    // delivery goes on beside the training; finish() waits for it
    void run.artifact(path, file).then((stored) => stored && run.checkpoint(declared));
  }

  /** Stores the best epoch's checkpoint under a name of its own; its bytes are on the server once. */
  async function storeBest({ epoch }: BestEpoch): Promise<void> {
    const here = bestFile ?? readBest(training.checkpointFolder, epoch); // from an earlier attempt on this machine
    const file = here ?? (await training.fetchCheckpoint(checkpointPath(epoch)));
    if (file) void run.artifact(BEST_PATH, file);
  }

  function report(epoch: number, imagesPerSecond: number, trainLoss: number, validation: Progress["validation"]): void {
    training.onProgress({ epoch, epochs, step, steps, imagesPerSecond, trainLoss, validation });
  }
}

/** Mean and standard deviation of the training split's pixels, 0–255; no other split is looked at. */
function fitPreprocessing(set: ImageSet, samples: Uint32Array): { mean: number; standardDeviation: number } {
  const size = set.train.height * set.train.width * set.train.channels;
  let [sum, squares] = [0, 0];
  for (const sample of samples)
    for (let pixel = sample * size; pixel < (sample + 1) * size; pixel++) {
      const value = set.train.pixels[pixel]!;
      sum += value;
      squares += value * value;
    }
  const count = samples.length * size;
  const mean = sum / count;
  return { mean, standardDeviation: Math.sqrt(Math.max(squares / count - mean * mean, 1e-12)) };
}
