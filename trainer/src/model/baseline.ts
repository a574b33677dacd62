/** What predictors that learn nothing reach: a score says little without theirs beside it. */
import type { Tf } from "../backend/tf.ts";
import type { LossName } from "../config/training.ts";
import { type DataSet, sizeOf } from "../data/data.ts";
import { lossOf, lossValue, outputsOf, targetTensor, truthsOf } from "./task.ts";

const BASELINE_SAMPLES = 1000;

/**
 * The loss of the best constant prediction, made of the training samples (up to 1,000 of them, evenly taken): class shares,
 * the mean, or the median. What a meaningful loss must be below; null for a surrogate.
 */
export function baselineOf(tf: Tf, set: DataSet, samples: Uint32Array, name: LossName): number | null {
  if (lossOf(set.task, name).kind === "surrogate") return null;
  const every = Math.max(1, samples.length / BASELINE_SAMPLES);
  const some = Uint32Array.from(
    { length: Math.min(samples.length, BASELINE_SAMPLES) },
    (_, index) => samples[Math.floor(index * every)]!,
  );
  const truths = truthsOf(set, some);
  if (set.task === "regression") return spreadAround(truths, name);
  return tf.tidy(() => {
    const targets = targetTensor(tf, set, truths);
    const shares = tf.mean(targets.reshape([-1, outputsOf(set)]), 0);
    const logits = tf.log(tf.maximum(shares, 1e-7)).add(tf.zerosLike(targets));
    return lossValue(tf, name, targets, logits).dataSync()[0]!;
  });
}

/** In float64: numbers of 1.7e9 that are some seconds apart are one in float32. */
function spreadAround(truths: ArrayLike<number>, name: LossName): number {
  const values = Float64Array.from(truths).sort();
  const mean = (of: (value: number) => number) => values.reduce((sum, value) => sum + of(value), 0) / values.length;
  const [middle, median] = [mean((value) => value), values[Math.floor(values.length / 2)]!];
  return name === "mae" ? mean((value) => Math.abs(value - median)) : mean((value) => (value - middle) ** 2);
}

/** Who always says the class that most training samples, or pixels, have. `share`: of validation ones that it is right on. */
export type Majority = { name: string; share: number };

/** Null in regression, whose r2 has the mean for its zero. */
export function majorityOf(set: DataSet, { train, validation }: Record<"train" | "validation", Uint32Array>) {
  if (set.task === "regression") return null;
  const [trained, validated] = [countClasses(set, train), countClasses(set, validation)];
  const most = trained.indexOf(Math.max(...trained));
  const all = validated.reduce((sum, count) => sum + count, 0);
  return { name: set.classes[most]!, share: validated[most]! / all } satisfies Majority;
}

/** How many samples, or pixels, each class has. */
export function countClasses({ task, inputShape, train, classes }: DataSet, samples: Uint32Array): number[] {
  const size = task === "segmentation" ? sizeOf(inputShape.slice(0, 2)) : 1;
  const counts = classes.map(() => 0);
  for (const sample of samples)
    for (let at = sample * size; at < (sample + 1) * size; at++)
      counts[train.targets[at]!] = counts[train.targets[at]!]! + 1;
  return counts;
}
