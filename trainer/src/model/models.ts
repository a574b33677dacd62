/**
 * Small models. A layer's name begins with the name of its block (`encoder1_convolution1` is of the block `encoder1`): what
 * is frozen, carried over to another model or drawn is a block. The output is logits, or numbers in regression.
 */

import type { LayersModel, SymbolicTensor } from "@tensorflow/tfjs";
import type { Tf } from "../backend/tf.ts";
import type { TrainingConfig } from "../config/training.ts";
import { seededRandom } from "../data/random.ts";

type Of<Family> = Extract<TrainingConfig, { family: Family }>;
/** The library's own 0.99 lags behind the weights of a small training: its averages take hundreds of steps to arrive. */
const BATCH_NORM_MOMENTUM = 0.9;
type Layer = { apply: (x: SymbolicTensor) => unknown };

/** Builds the model of a config, its weights drawn from the seed: inputs `[n, ...input]`, `outputs` for each sample or pixel. */
export function createModel(tf: Tf, config: TrainingConfig, input: number[], outputs: number): LayersModel {
  const build = new Build(tf, config.seed);
  switch (config.family) {
    case "mlp":
      return fullyConnected(build, config, input, outputs);
    case "cnn":
      return convolutional(build, config, input, outputs);
    case "rnn":
      return recurrent(build, config, input, outputs);
    case "unet":
      return unet(build, config, input, outputs);
  }
}

/** Hands each layer a seed of its own, in their order. */
class Build {
  #layers = 0;

  constructor(
    readonly tf: Tf,
    readonly seed: number,
  ) {}

  /** For ReLU (He et al. 2015). */
  heNormal = () => this.tf.initializers.heNormal({ seed: this.#next() });
  /** For what is linear or saturates (Glorot and Bengio 2010). */
  glorot = () => this.tf.initializers.glorotNormal({ seed: this.#next() });
  #next = () => this.seed * 1000 + this.#layers++;

  input = (shape: number[]) => this.tf.input({ shape, name: "input" });
  model = (name: string, inputs: SymbolicTensor, outputs: SymbolicTensor) => this.tf.model({ name, inputs, outputs });
  /** Its mask is drawn by `seedDropout`. */
  dropout = (block: string, rate: number) => this.tf.layers.dropout({ name: `${block}_dropout`, rate, seed: 0 });
  logits = (units: number) => this.tf.layers.dense({ name: "head_logits", units, kernelInitializer: this.glorot() });
}

const after = (x: SymbolicTensor, ...layers: Layer[]): SymbolicTensor =>
  layers.reduce((at, layer) => layer.apply(at) as SymbolicTensor, x);

function fullyConnected(build: Build, { units, dropout }: Of<"mlp">, input: number[], outputs: number): LayersModel {
  const { layers } = build.tf;
  const start = build.input(input);
  let x = input.length > 1 ? after(start, layers.flatten({ name: "input_flatten" })) : start; // [n, size]
  for (const [index, width] of units.entries()) {
    const block = `hidden${index + 1}`;
    const kernelInitializer = build.heNormal();
    x = after(x, layers.dense({ name: `${block}_dense`, units: width, activation: "relu", kernelInitializer })); // [n, width]
    if (dropout > 0) x = after(x, build.dropout(block, dropout));
  }
  return build.model("mlp", start, after(x, build.logits(outputs)));
}

function convolutional(build: Build, config: Of<"cnn">, input: number[], outputs: number): LayersModel {
  const { layers } = build.tf;
  const start = build.input(input);
  let x = start;
  for (let level = 1; level <= config.filters.length; level++) {
    x = encoderLevel(build, config, level, x); // [n, h, w, filters]
    x = after(x, layers.maxPooling2d({ name: `encoder${level}_pooling`, poolSize: 2 })); // [n, h/2, w/2, filters]
  }
  x = after(x, layers.flatten({ name: "head_flatten" }));
  if (config.dropout > 0) x = after(x, build.dropout("head", config.dropout));
  return build.model("cnn", start, after(x, build.logits(outputs)));
}

/**
 * U-Net (Ronneberger, Fischer and Brox 2015): down by poolings, up again, and at each level what was seen on the way down
 * beside what comes from below. The way down is the encoder that `cnn` has, so one's weights serve the other.
 */
function unet(build: Build, config: Of<"unet">, input: number[], outputs: number): LayersModel {
  const { layers } = build.tf;
  const { filters, dropout } = config;
  const start = build.input(input);
  const levels: SymbolicTensor[] = [];
  let x = start;
  for (let level = 1; level <= filters.length; level++) {
    if (level > 1) x = after(x, layers.maxPooling2d({ name: `encoder${level - 1}_pooling`, poolSize: 2 }));
    x = encoderLevel(build, config, level, x); // [n, h/2^(level-1), w/2^(level-1), filters]
    levels.push(x);
  }
  for (let level = filters.length - 1; level >= 1; level--) {
    const block = `decoder${level}`;
    const above = after(x, layers.upSampling2d({ name: `${block}_upsampling`, size: [2, 2] }));
    x = layers.concatenate({ name: `${block}_concatenate` }).apply([levels[level - 1]!, above]) as SymbolicTensor;
    x = convolution(build, config, block, 1, filters[level - 1]!, x);
  }
  if (dropout > 0) x = after(x, build.dropout("head", dropout));
  const kernelInitializer = build.glorot();
  const head = layers.conv2d({ name: "head_logits", filters: outputs, kernelSize: 1, kernelInitializer });
  return build.model("unet", start, after(x, head)); // [n, h, w, outputs]
}

type Convolutions = Pick<Of<"cnn">, "encoder" | "filters" | "batchNorm">;

/** One level of an encoder, before its pooling. */
function encoderLevel(build: Build, config: Convolutions, level: number, input: SymbolicTensor): SymbolicTensor {
  const { layers } = build.tf;
  const block = `encoder${level}`;
  const count = config.filters[level - 1]!;
  const once = convolution(build, config, block, 1, count, input);
  if (config.encoder === "plain") return once;
  const twice = convolution(build, config, block, 2, count, once);
  if (config.encoder === "double") return twice;
  const kernelInitializer = build.glorot();
  const around = layers.conv2d({
    name: `${block}_shortcut`,
    filters: count,
    kernelSize: 1,
    useBias: false,
    kernelInitializer,
  });
  return layers.add({ name: `${block}_add` }).apply([twice, after(input, around)]) as SymbolicTensor;
}

/** A 3×3 convolution, normalised where that is asked for, and ReLU. */
function convolution(
  build: Build,
  { batchNorm }: { batchNorm: boolean },
  block: string,
  index: number,
  filters: number,
  x: SymbolicTensor,
) {
  const { layers } = build.tf;
  const common = { name: `${block}_convolution${index}`, filters, kernelSize: 3, padding: "same" } as const;
  const kernelInitializer = build.heNormal();
  if (!batchNorm) return after(x, layers.conv2d({ ...common, kernelInitializer, activation: "relu" }));
  return after(
    x,
    layers.conv2d({ ...common, kernelInitializer, useBias: false }), // the normalisation's own shift does what a bias would
    layers.batchNormalization({ name: `${block}_normalization${index}`, momentum: BATCH_NORM_MOMENTUM }),
    layers.activation({ name: `${block}_relu${index}`, activation: "relu" }),
  );
}

/** Reads a sequence step by step, an image row by row; what the last layer holds at the end tells. */
function recurrent(build: Build, config: Of<"rnn">, input: number[], outputs: number): LayersModel {
  const { layers, initializers } = build.tf;
  const { cell, units, dropout, seed } = config;
  const start = build.input(input);
  const [steps = 0, width = 1, channels = 1] = input;
  const rows = layers.reshape({ name: "input_rows", targetShape: [steps, width * channels] });
  let x = input.length === 3 ? after(start, rows) : start; // [n, steps, features]
  for (const [index, size] of units.entries()) {
    const layer = {
      name: `recurrent${index + 1}_${cell}`,
      units: size,
      returnSequences: index < units.length - 1,
      kernelInitializer: build.glorot(),
      // keeps what it carries from step to step at its size, so that gradients neither vanish nor explode at once
      recurrentInitializer: initializers.orthogonal({ seed: seed * 1000 + 500 + index }),
    };
    x = after(x, cell === "lstm" ? layers.lstm(layer) : layers.gru(layer)); // [n, steps, size], the last [n, size]
  }
  if (dropout > 0) x = after(x, build.dropout("head", dropout));
  return build.model("rnn", start, after(x, build.logits(outputs)));
}

/**
 * Draws each Dropout layer's mask of a step from the seed. The library's layer draws one mask from its seed and uses it at
 * every step: the same units would never be trained.
 */
export function seedDropout(model: LayersModel, seed: number, step: number): void {
  for (const layer of model.layers)
    if (layer.getClassName() === "Dropout")
      (layer as unknown as { seed: number }).seed = Math.floor(seededRandom(seed, layer.name, step)() * 2 ** 31);
}

/** The publications that an architecture comes from. */
export function sourceOf(config: TrainingConfig): string {
  switch (config.family) {
    case "mlp":
      return "Rumelhart, Hinton and Williams 1986";
    case "cnn":
      return `LeCun et al. 1998${encoderSource(config)}`;
    case "unet":
      return `Ronneberger, Fischer and Brox 2015${encoderSource(config)}`;
    case "rnn":
      return config.cell === "lstm" ? "Hochreiter and Schmidhuber 1997" : "Cho et al. 2014";
  }
}

function encoderSource({ encoder, batchNorm }: Pick<Of<"cnn">, "encoder" | "batchNorm">): string {
  const levels = {
    plain: "",
    double: "; levels of two convolutions: Simonyan and Zisserman 2015",
    residual: "; residual levels: He et al. 2016",
  };
  return `${levels[encoder]}${batchNorm ? "; batch normalisation: Ioffe and Szegedy 2015" : ""}`;
}

/** What a run records of its model: where it comes from, each layer with the shape it gives, and the number of weights. */
export function describeModel(model: LayersModel, config: TrainingConfig) {
  const line = (layer: LayersModel["layers"][number]) =>
    `${layer.name} (${layer.getClassName()}) [${(layer.outputShape as (number | null)[]).map((size) => size ?? "n").join(", ")}]`;
  return {
    "model source": sourceOf(config),
    layers: model.layers.map(line).join("; ").slice(0, 2000),
    parameters: String(model.countParams()),
  };
}
