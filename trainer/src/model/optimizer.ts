/** One update of a model's weights: the optimizer of a config, clipping, and a learning rate that may change each step. */

import type { Optimizer, Scalar, SGDOptimizer, Tensor, Variable } from "@tensorflow/tfjs";
import type { Tf } from "../backend/tf.ts";
import type { OptimizerConfig } from "../config/training.ts";

type Gradients = Record<string, Tensor>;

export function createOptimizer(tf: Tf, config: OptimizerConfig): Optimizer {
  const { learningRate } = config;
  switch (config.name) {
    case "sgd":
      return tf.train.sgd(learningRate);
    case "momentum":
      return tf.train.momentum(learningRate, config.momentum, config.nesterov);
    case "rmsprop":
      return tf.train.rmsprop(learningRate, config.decay, config.momentum, config.epsilon);
    case "adam":
    case "adamw":
      return tf.train.adam(learningRate, config.beta1, config.beta2, config.epsilon);
  }
}

/** SGD and momentum keep the rate in a tensor as well, and have a method for it; the others read their field. */
function setLearningRate(optimizer: Optimizer, rate: number): void {
  if ("setLearningRate" in optimizer) (optimizer as SGDOptimizer).setLearningRate(rate);
  else (optimizer as unknown as { learningRate: number }).learningRate = rate;
}

/** The Euclidean norm over all gradients together. */
const gradientNorm = (tf: Tf, gradients: Gradients): Scalar =>
  tf.tidy(() => tf.sqrt(tf.addN(Object.values(gradients).map((gradient) => tf.sum(tf.square(gradient))))) as Scalar);

/** `clipNorm`: gradients whose norm is above it are scaled down to it; null: never. */
export type Update = { learningRate: number; clipNorm: number | null };

/**
 * Applies gradients at a learning rate and returns their norm before clipping. AdamW's decay (Loshchilov and Hutter 2019)
 * is taken off the weights themselves, `learningRate × weightDecay` of each, and never enters the moments.
 */
export async function applyGradients(
  tf: Tf,
  optimizer: Optimizer,
  config: OptimizerConfig,
  gradients: Gradients,
  { learningRate, clipNorm }: Update,
): Promise<number> {
  const normTensor = gradientNorm(tf, gradients);
  const [norm = Number.NaN] = await normTensor.data();
  normTensor.dispose();
  setLearningRate(optimizer, learningRate);
  if (config.name === "adamw") decay(tf, Object.keys(gradients), 1 - learningRate * config.weightDecay);
  const clipped = clipNorm !== null && norm > clipNorm ? scaled(tf, gradients, clipNorm / norm) : null;
  optimizer.applyGradients(clipped ?? gradients);
  if (clipped) tf.dispose(clipped);
  return norm;
}

const scaled = (tf: Tf, gradients: Gradients, by: number): Gradients =>
  tf.tidy(() => Object.fromEntries(Object.entries(gradients).map(([name, gradient]) => [name, gradient.mul(by)])));

function decay(tf: Tf, names: string[], keep: number): void {
  const variables = tf.engine().registeredVariables as Record<string, Variable>;
  for (const name of names) tf.tidy(() => variables[name]!.assign(variables[name]!.mul(keep)));
}
