/** Small models for images `[n, height, width, channels]`; the output `[n, classes]` is logits. */
import type { LayersModel } from "@tensorflow/tfjs";
import type { TrainingConfig } from "./config.ts";

type Tf = typeof import("@tensorflow/tfjs");
export type ImageShape = [height: number, width: number, channels: number];

/** Builds the model of a config, its weights drawn from the seed. */
export function createModel(tf: Tf, config: TrainingConfig, input: ImageShape, classes: number): LayersModel {
  return config.family === "mlp"
    ? fullyConnected(tf, config.units, config.seed, input, classes)
    : convolutional(tf, config.filters, config.seed, input, classes);
}

function fullyConnected(tf: Tf, units: number[], seed: number, input: ImageShape, classes: number): LayersModel {
  const model = tf.sequential({ name: "mlp" });
  model.add(tf.layers.flatten({ name: "flatten", inputShape: input })); // [n, h·w·c]
  for (const [index, width] of units.entries()) {
    const kernelInitializer = tf.initializers.heNormal({ seed: seed * 1000 + index });
    model.add(tf.layers.dense({ name: `hidden${index + 1}`, units: width, activation: "relu", kernelInitializer })); // [n, width]
  }
  model.add(logits(tf, classes, seed));
  return model;
}

function convolutional(tf: Tf, filters: number[], seed: number, input: ImageShape, classes: number): LayersModel {
  const model = tf.sequential({ name: "cnn" });
  for (const [index, count] of filters.entries()) {
    const kernelInitializer = tf.initializers.heNormal({ seed: seed * 1000 + index });
    const shape = index === 0 ? { inputShape: input } : {};
    const convolution = {
      filters: count,
      kernelSize: 3,
      padding: "same",
      activation: "relu",
      kernelInitializer,
    } as const;
    model.add(tf.layers.conv2d({ name: `convolution${index + 1}`, ...shape, ...convolution })); // [n, h, w, count]
    model.add(tf.layers.maxPooling2d({ name: `pooling${index + 1}`, poolSize: 2 })); // [n, h/2, w/2, count]
  }
  model.add(tf.layers.flatten({ name: "flatten" }));
  model.add(logits(tf, classes, seed));
  return model;
}

const logits = (tf: Tf, classes: number, seed: number) =>
  tf.layers.dense({
    name: "logits",
    units: classes,
    kernelInitializer: tf.initializers.glorotNormal({ seed: seed * 1000 + 999 }),
  }); // [n, classes]
