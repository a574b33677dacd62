/** Small models for images `[n, height, width, channels]`; the output `[n, classes]` is logits. */
import type { LayersModel } from "@tensorflow/tfjs";
import type { TrainingConfig } from "./config.ts";
import { seededRandom } from "./random.ts";

type Tf = typeof import("@tensorflow/tfjs");
export type ImageShape = [height: number, width: number, channels: number];

/** Builds the model of a config, its weights drawn from the seed. */
export function createModel(tf: Tf, config: TrainingConfig, input: ImageShape, classes: number): LayersModel {
  switch (config.family) {
    case "mlp":
      return fullyConnected(tf, config, input, classes);
    case "cnn":
      return convolutional(tf, config, input, classes);
    case "rnn":
      return recurrent(tf, config, input, classes);
  }
}

type Of<Family> = Extract<TrainingConfig, { family: Family }>;

function fullyConnected(tf: Tf, { units, dropout, seed }: Of<"mlp">, input: ImageShape, classes: number): LayersModel {
  const model = tf.sequential({ name: "mlp" });
  model.add(tf.layers.flatten({ name: "flatten", inputShape: input })); // [n, h·w·c]
  for (const [index, width] of units.entries()) {
    const kernelInitializer = tf.initializers.heNormal({ seed: seed * 1000 + index });
    model.add(tf.layers.dense({ name: `hidden${index + 1}`, units: width, activation: "relu", kernelInitializer })); // [n, width]
    if (dropout > 0) model.add(tf.layers.dropout({ name: `dropout${index + 1}`, rate: dropout, seed: 0 }));
  }
  model.add(logits(tf, classes, seed));
  return model;
}

function convolutional(tf: Tf, config: Of<"cnn">, input: ImageShape, classes: number): LayersModel {
  const { filters, batchNorm, dropout, seed } = config;
  const model = tf.sequential({ name: "cnn" });
  for (const [index, count] of filters.entries()) {
    const kernelInitializer = tf.initializers.heNormal({ seed: seed * 1000 + index });
    const shape = index === 0 ? { inputShape: input } : {};
    const common = { filters: count, kernelSize: 3, padding: "same", kernelInitializer } as const;
    const name = `convolution${index + 1}`;
    if (batchNorm) {
      // the normalisation's own shift does what a bias would
      model.add(tf.layers.conv2d({ name, ...shape, ...common, useBias: false })); // [n, h, w, count]
      model.add(tf.layers.batchNormalization({ name: `normalization${index + 1}` }));
      model.add(tf.layers.activation({ name: `relu${index + 1}`, activation: "relu" }));
    } else model.add(tf.layers.conv2d({ name, ...shape, ...common, activation: "relu" })); // [n, h, w, count]
    model.add(tf.layers.maxPooling2d({ name: `pooling${index + 1}`, poolSize: 2 })); // [n, h/2, w/2, count]
  }
  model.add(tf.layers.flatten({ name: "flatten" }));
  if (dropout > 0) model.add(tf.layers.dropout({ name: "dropout", rate: dropout, seed: 0 }));
  model.add(logits(tf, classes, seed));
  return model;
}

/** Reads an image as a sequence of its rows; what the last layer holds after the last row tells the class. */
function recurrent(tf: Tf, config: Of<"rnn">, input: ImageShape, classes: number): LayersModel {
  const { cell, units, dropout, seed } = config;
  const [height, width, channels] = input;
  const model = tf.sequential({ name: "rnn" });
  model.add(tf.layers.reshape({ name: "rows", inputShape: input, targetShape: [height, width * channels] })); // [n, h, w·c]
  for (const [index, size] of units.entries()) {
    const layer = {
      name: `${cell}${index + 1}`,
      units: size,
      returnSequences: index < units.length - 1,
      kernelInitializer: tf.initializers.glorotUniform({ seed: seed * 1000 + index }),
      // keeps what it carries from row to row at its size, so that gradients neither vanish nor explode at once
      recurrentInitializer: tf.initializers.orthogonal({ seed: seed * 1000 + 500 + index }),
    };
    model.add(cell === "lstm" ? tf.layers.lstm(layer) : tf.layers.gru(layer)); // [n, h, size], the last [n, size]
  }
  if (dropout > 0) model.add(tf.layers.dropout({ name: "dropout", rate: dropout, seed: 0 }));
  model.add(logits(tf, classes, seed));
  return model;
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

/** What a run records of its model: each layer with the shape it gives, and the number of weights. */
export function describeModel(model: LayersModel): { layers: string; parameters: string } {
  const line = (layer: LayersModel["layers"][number]) =>
    `${layer.name} (${layer.getClassName()}) [${(layer.outputShape as (number | null)[]).map((size) => size ?? "n").join(", ")}]`;
  return {
    layers: model.layers.map(line).join("; ").slice(0, 2000),
    parameters: String(model.countParams()),
  };
}

const logits = (tf: Tf, classes: number, seed: number) =>
  tf.layers.dense({
    name: "logits",
    units: classes,
    kernelInitializer: tf.initializers.glorotNormal({ seed: seed * 1000 + 999 }),
  }); // [n, classes]
