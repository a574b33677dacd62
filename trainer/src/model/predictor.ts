/** A checkpoint at work on samples that nobody has told it anything of: predictions, their cost, and that they are sound. */
import { cpus } from "node:os";
import type { LayersModel, Tensor } from "@tensorflow/tfjs";
import type { Cost, PredictionForm, Soundness } from "../../../lib/wire/evaluations/evaluations.ts";
import type { Backend } from "../backend/backend.ts";
import type { PredictedRows } from "../client/evaluation.ts";
import { encodeMask } from "../client/images.ts";
import type { TrainingConfig } from "../config/training.ts";
import type { DataSet, Task } from "../data/data.ts";
import { readFacts, restoreCheckpoint } from "./checkpoint.ts";
import { inferenceDifference } from "./inference.ts";
import { createModel } from "./models.ts";
import { type Fitted, normalisedInputs, prepareSet, restoreMask } from "./preprocessing.ts";
import { requireFit } from "./shape-contract.ts";
import { outputsOf } from "./task.ts";

/** What is predicted in each task: logits, numbers in the target's own unit, masks. */
export const formOf: Record<Task, PredictionForm> = {
  classification: "scores",
  regression: "value",
  segmentation: "mask",
};

/** As many as in training: what was measured in validation is predicted again to the bit. */
const BATCH = 256;
const CHECKED_SAMPLES = 32;
/** Passes over one sample that are timed, after those that warm up; fewer where they take longer than `TIMED_MS` in all. */
const TIMED = { passes: 50, warmUp: 5 };
const TIMED_MS = 1_000;

export class Predictor {
  private constructor(
    readonly backend: Backend,
    /** Prepared as the checkpoint has it. */
    readonly set: DataSet,
    readonly model: LayersModel,
    readonly fitted: Fitted,
    /** Of a sample as it is registered. */
    readonly registeredShape: number[],
  ) {}

  /** Builds the model of a config with a checkpoint's weights and its preprocessing. Throws where set, config and file don't fit. */
  static async load(backend: Backend, config: TrainingConfig, given: DataSet, file: Buffer): Promise<Predictor> {
    const { preprocessing } = readFacts(file);
    const set = await prepareSet(backend.tf, given, preprocessing);
    requireFit(set, config);
    const model = createModel(backend.tf, config, set.inputShape, outputsOf(set));
    await restoreCheckpoint(backend.tf, file, model, null);
    return new Predictor(backend, set, model, preprocessing, given.inputShape);
  }

  dispose(): void {
    this.backend.tf.dispose(this.model.weights.map((weight) => weight.read()));
  }

  get count(): number {
    return this.set.train.count;
  }

  /** Predictions of the samples from `from` to before `to`. */
  async predict(from: number, to: number): Promise<PredictedRows> {
    const { set, fitted } = this;
    const outputs = outputsOf(set);
    const scores = Array.from(
      { length: outputs },
      () => new Float32Array(set.task === "classification" ? to - from : 0),
    );
    const values = new Float64Array(set.task === "regression" ? to - from : 0);
    const masks: Uint8Array[] = [];
    for (let start = from; start < to; start += BATCH) {
      const told = await this.#outputs(start, Math.min(to, start + BATCH));
      if (set.task === "classification")
        for (let at = 0; at < told.length; at++)
          scores[at % outputs]![start - from + Math.floor(at / outputs)] = told[at]!;
      else if (set.task === "segmentation") masks.push(...this.#masksOf(told));
      else {
        const { mean, standardDeviation } = fitted.target!;
        for (const [at, value] of told.entries()) values[start - from + at] = value * standardDeviation + mean;
      }
    }
    if (set.task === "classification") return { scores };
    return set.task === "regression" ? { values } : { masks };
  }

  /** Flat: logits or numbers; of segmentation the class of each pixel. */
  async #outputs(from: number, to: number): Promise<Float32Array | Int32Array> {
    const { tf } = this.backend;
    const inputs = this.#inputs(from, to);
    const told = tf.tidy(() => {
      const outputs = this.model.predict(inputs) as Tensor;
      return this.set.task === "segmentation" ? tf.argMax(outputs, -1) : outputs;
    });
    const values = (await told.data()) as Float32Array | Int32Array;
    tf.dispose([inputs, told]);
    return values;
  }

  #inputs(from: number, to: number): Tensor {
    const { set, fitted, backend } = this;
    const samples = Uint32Array.from({ length: to - from }, (_, at) => from + at);
    return backend.tf.tensor(normalisedInputs(set, samples, fitted), [samples.length, ...set.inputShape]);
  }

  #masksOf(pixels: ArrayLike<number>): Uint8Array[] {
    const [height = 0, width = 0] = this.set.inputShape;
    const [toHeight = 0, toWidth = 0] = this.registeredShape;
    const size = height * width;
    return Array.from({ length: pixels.length / size }, (_, image) => {
      const mask = Uint8Array.from({ length: size }, (_, at) => pixels[image * size + at]!);
      const restored = restoreMask(mask, [height, width], this.fitted, [toHeight, toWidth]);
      return encodeMask({ height: toHeight, width: toWidth, pixels: restored });
    });
  }

  /** What was tried before anything is sent. Throws where the model doesn't predict as in inference. */
  async soundness(): Promise<Soundness> {
    const { tf } = this.backend;
    const inputs = this.#inputs(0, Math.min(this.count, CHECKED_SAMPLES));
    const { repeat, batchSize } = await inferenceDifference(tf, this.model, inputs);
    inputs.dispose();
    const { fittedOn } = this.fitted;
    return {
      inferenceMode: true,
      repeatDifference: repeat,
      batchSizeDifference: batchSize,
      preprocessingFittedOn: fittedOn,
    };
  }

  /** What a prediction of one sample takes, from its numbers to its outputs. */
  async cost(): Promise<Cost> {
    const took: number[] = [];
    const until = performance.now() + TIMED_MS;
    for (let pass = 0; pass < TIMED.warmUp + TIMED.passes && (took.length === 0 || performance.now() < until); pass++) {
      const startedAt = performance.now();
      await this.#outputs(pass % this.count, (pass % this.count) + 1);
      if (pass >= TIMED.warmUp) took.push(performance.now() - startedAt);
    }
    took.sort((a, b) => a - b);
    const quantile = (share: number) => took[Math.ceil(share * took.length) - 1]!;
    return {
      parameters: this.model.countParams(),
      latencyMsP50: quantile(0.5),
      latencyMsP95: quantile(0.95),
      batchSize: 1,
      device: `${this.backend.name}, ${cpus()[0]?.model ?? process.arch}`.slice(0, 200),
    };
  }
}
