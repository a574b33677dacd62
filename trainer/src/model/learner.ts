/** A model, its optimizer and its set at work: batches, updates, and measures in inference mode. */

import type { LayersModel, Scalar, Tensor } from "@tensorflow/tfjs";
import type { Tf } from "../backend/tf.ts";
import type { TrainingConfig } from "../config/training.ts";
import type { DataSet } from "../data/data.ts";
import { trainedVariables } from "./blocks.ts";
import { inferenceDifference } from "./inference.ts";
import { createModel, seedDropout } from "./models.ts";
import { applyGradients, createOptimizer } from "./optimizer.ts";
import { augment, type Fitted, normalisedInputs } from "./preprocessing.ts";
import { batchWeightedMean } from "./schedule.ts";
import { agreement, lossOf, lossValue, outputsOf, Tally, targetTensor, truthsOf, type Values } from "./task.ts";

type Batch = { inputs: Tensor; targets: Tensor };

const EVALUATION_BATCH = 256;

export class Learner {
  readonly model: LayersModel;
  readonly loss: ReturnType<typeof lossOf>;
  optimizer: ReturnType<typeof createOptimizer>;
  /** Milliseconds in which the model waited for its batches, since somebody set it to 0. */
  waitedMs = 0;
  /** From what is minimised to the target's own unit. */
  readonly #lossUnit: number;

  /** Draws the weights from the config's seed. `set` is prepared; `fitted` by its training samples. */
  constructor(
    readonly tf: Tf,
    readonly set: DataSet,
    readonly config: TrainingConfig,
    readonly fitted: Fitted,
  ) {
    this.loss = lossOf(set.task, config.loss);
    this.model = createModel(tf, config, set.inputShape, outputsOf(set));
    this.optimizer = createOptimizer(tf, config.optimizer);
    const deviation = this.#deviation;
    this.#lossUnit = this.loss.name === "mse" ? deviation ** 2 : this.loss.name === "mae" ? deviation : 1;
  }

  get #deviation(): number {
    return this.fitted.target?.standardDeviation ?? 1;
  }

  /** Begins the optimizer anew: its moments are by the position of a weight among those that are trained. */
  restartOptimizer(): void {
    this.optimizer.dispose();
    this.optimizer = createOptimizer(this.tf, this.config.optimizer);
  }

  dispose(): void {
    this.tf.dispose(this.model.weights.map((weight) => weight.read()));
    this.optimizer.dispose();
  }

  /** Inputs `[n, ...inputShape]` normalised, and targets. `epoch`: of which the augmentation is; null: none. */
  batchOf(samples: Uint32Array, epoch: number | null): Batch {
    const { tf, set, config, fitted } = this;
    const startedAt = performance.now();
    const values = normalisedInputs(set, samples, fitted);
    const truths = truthsOf(set, samples);
    if (epoch !== null) augment(set, samples, values, truths instanceof Int32Array ? truths : null, config, epoch);
    if (fitted.target)
      for (const [at, truth] of truths.entries())
        truths[at] = (truth - fitted.target.mean) / fitted.target.standardDeviation;
    const batch = {
      inputs: tf.tensor(values, [samples.length, ...set.inputShape]),
      targets: targetTensor(tf, set, truths),
    };
    this.waitedMs += performance.now() - startedAt;
    return batch;
  }

  /** One optimizer update. Returns the batch's mean loss and agreement before it, and the norm of the unclipped gradients. */
  async update(samples: Uint32Array, at: { epoch: number; step: number; learningRate: number }) {
    const { tf, model, optimizer, config, set } = this;
    const { inputs, targets } = this.batchOf(samples, at.epoch);
    seedDropout(model, config.seed, at.step);
    let outputs: Tensor | null = null;
    const { value, grads } = tf.variableGrads(() => {
      outputs = tf.keep(model.apply(inputs, { training: true }) as Tensor);
      return lossValue(tf, this.loss.name, targets, outputs) as Scalar;
    }, trainedVariables(model));
    const limits = { learningRate: at.learningRate, clipNorm: config.clipNorm };
    const gradientNorm = await applyGradients(tf, optimizer, config.optimizer, grads, limits);
    const agreed = agreement(tf, set.task, targets, outputs!);
    const [loss = Number.NaN] = await value.data();
    const [share = Number.NaN] = await agreed.data();
    tf.dispose([inputs, targets, value, grads, agreed, outputs!]);
    return {
      loss: loss * this.#lossUnit,
      agreement: set.task === "regression" ? share * this.#deviation : share,
      gradientNorm,
    };
  }

  /** Loss and measures over samples, in inference mode; partial batches count by their size. */
  async evaluate(samples: Uint32Array): Promise<Values> {
    const { tf, model, set, fitted } = this;
    const [losses, sizes]: [number[], number[]] = [[], []];
    const tally = new Tally(set.task, set.classes.length);
    for (let start = 0; start < samples.length; start += EVALUATION_BATCH) {
      const part = samples.subarray(start, start + EVALUATION_BATCH);
      const { inputs, targets } = this.batchOf(part, null);
      const [mean, told] = tf.tidy(() => {
        const outputs = model.predict(inputs) as Tensor;
        const answers = set.task === "regression" ? outputs : tf.argMax(outputs, -1);
        return [lossValue(tf, this.loss.name, targets, outputs), answers];
      });
      losses.push((await mean!.data())[0]! * this.#lossUnit);
      sizes.push(part.length);
      const answers = Float64Array.from(await told!.data());
      if (fitted.target)
        for (const [at, answer] of answers.entries())
          answers[at] = answer * fitted.target.standardDeviation + fitted.target.mean;
      tally.add(truthsOf(set, part), answers);
      tf.dispose([inputs, targets, mean!, told!]);
    }
    return { loss: batchWeightedMean(losses, sizes), ...tally.values() };
  }

  /** How far passes over some samples are apart that should be the same (`inferenceDifference`). Throws where they aren't. */
  async inferenceDifference(samples: Uint32Array): Promise<number> {
    const { inputs, targets } = this.batchOf(samples, null);
    const { repeat, batchSize } = await inferenceDifference(this.tf, this.model, inputs);
    this.tf.dispose([inputs, targets]);
    return Math.max(repeat, batchSize);
  }
}
