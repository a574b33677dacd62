/** What is learnt: targets as tensors, the loss that is minimised, and the measures that tell whether it is any good. */

import type { Scalar, Tensor } from "@tensorflow/tfjs";
import type { Tf } from "../backend/tf.ts";
import { type LossName, losses, type ValidationMetric } from "../config/training.ts";
import { type DataSet, sizeOf, type Task } from "../data/data.ts";

/**
 * `meaningful`: its value says how good a model is, and a constant prediction's is there to compare. `surrogate`: it is only
 * there to be minimised, and all that can be said of it is whether it converged.
 */
export type LossKind = "meaningful" | "surrogate";
type DeclaredLoss = { kind: LossKind; unit: string };
const declared: Record<LossName, DeclaredLoss> = {
  cross_entropy: { kind: "meaningful", unit: "nat" },
  dice: { kind: "meaningful", unit: "" },
  mse: { kind: "meaningful", unit: "squared" },
  mae: { kind: "meaningful", unit: "" },
  focal: { kind: "surrogate", unit: "" },
  hinge: { kind: "surrogate", unit: "" },
  cross_entropy_dice: { kind: "surrogate", unit: "" },
  huber: { kind: "surrogate", unit: "" },
};

export type Values = Partial<Record<ValidationMetric, number>> & { loss: number };
/** By which measure the best epoch is chosen where nobody says, and in which direction. */
export const chosenBy: Record<Task, { metric: ValidationMetric; direction: "min" | "max" }> = {
  classification: { metric: "accuracy", direction: "max" },
  segmentation: { metric: "mean_iou", direction: "max" },
  regression: { metric: "loss", direction: "min" },
};
/** What each task measures beside its loss, and which way is better. */
export const measures: Record<Task, Partial<Record<ValidationMetric, "min" | "max">>> = {
  classification: { accuracy: "max" },
  segmentation: { mean_iou: "max", mean_dice: "max", pixel_accuracy: "max" },
  regression: { mae: "min", r2: "max" },
};

/** The loss of a task: the one that is named, or its first. Throws for one of another task. */
export function lossOf(task: Task, name: LossName | null): DeclaredLoss & { name: LossName } {
  const allowed: readonly LossName[] = losses[task];
  const chosen = name ?? allowed[0]!;
  if (!allowed.includes(chosen)) throw new Error(`loss: ${chosen} is no loss of ${task}; ${allowed.join(", ")} are`);
  return { name: chosen, ...declared[chosen] };
}

/** Number of a model's outputs for each sample or pixel. */
export const outputsOf = ({ task, classes }: Pick<DataSet, "task" | "classes">): number =>
  task === "regression" ? 1 : classes.length;

/** What is true of some training samples, flat: classes, classes of pixels, or numbers. */
export function truthsOf({ task, inputShape, train }: DataSet, samples: Uint32Array): Int32Array | Float64Array {
  if (task === "regression") return Float64Array.from(samples, (sample) => train.targets[sample]!);
  const size = task === "segmentation" ? sizeOf(inputShape.slice(0, 2)) : 1;
  const truths = new Int32Array(samples.length * size);
  for (const [row, sample] of samples.entries())
    truths.set(train.targets.subarray(sample * size, (sample + 1) * size), row * size);
  return truths;
}

/** The same as a tensor: one-hot `[n, classes]` or `[n, height, width, classes]`, or numbers `[n, 1]`. */
export function targetTensor(tf: Tf, set: DataSet, truths: Int32Array | Float64Array): Tensor {
  const { task, inputShape, classes } = set;
  if (task === "regression") return tf.tensor2d(Float32Array.from(truths), [truths.length, 1]);
  const pixels = task === "segmentation" ? inputShape.slice(0, 2) : [];
  const shape = [truths.length / sizeOf(pixels), ...pixels];
  return tf.tidy(() => tf.oneHot(tf.tensor(truths, shape, "int32"), classes.length).toFloat());
}

/** The loss of outputs `[n, …, outputs]`, a mean over samples. */
export function lossValue(tf: Tf, name: LossName, targets: Tensor, outputs: Tensor): Scalar {
  return tf.tidy(() => {
    switch (name) {
      case "cross_entropy":
        return tf.losses.softmaxCrossEntropy(targets, outputs) as Scalar;
      case "focal":
        return focal(tf, targets, outputs);
      case "hinge":
        return hinge(tf, targets, outputs);
      case "dice":
        return dice(tf, targets, outputs);
      case "cross_entropy_dice":
        return tf.add(tf.losses.softmaxCrossEntropy(targets, outputs), dice(tf, targets, outputs)) as Scalar;
      case "mse":
        return tf.mean(tf.square(tf.sub(targets, outputs)));
      case "mae":
        return tf.mean(tf.abs(tf.sub(targets, outputs)));
      case "huber":
        return huber(tf, tf.sub(targets, outputs));
    }
  });
}

/** Cross-entropy that weighs what is known already less, by (1 − p)² (Lin et al. 2017). */
function focal(tf: Tf, targets: Tensor, logits: Tensor): Scalar {
  const logs = tf.sum(tf.mul(targets, tf.logSoftmax(logits)), -1);
  return tf.neg(tf.mean(tf.mul(tf.square(tf.sub(1, tf.exp(logs))), logs)));
}

/** How far the right class is from being ahead of the best other by 1 (Crammer and Singer 2001). */
function hinge(tf: Tf, targets: Tensor, logits: Tensor): Scalar {
  const right = tf.sum(tf.mul(targets, logits), -1);
  const other = tf.max(tf.sub(logits, tf.mul(targets, 1e9)), -1);
  return tf.mean(tf.relu(tf.add(tf.sub(other, right), 1)));
}

/** One minus the soft Dice coefficient of each image and class, one pixel added to both sides (Milletari et al. 2016). */
function dice(tf: Tf, targets: Tensor, logits: Tensor): Scalar {
  const shares = tf.softmax(logits);
  const both = tf.sum(tf.mul(shares, targets), [1, 2]);
  const each = tf.add(tf.sum(shares, [1, 2]), tf.sum(targets, [1, 2]));
  return tf.sub(1, tf.mean(tf.div(tf.add(tf.mul(both, 2), 1), tf.add(each, 1))));
}

/** Squared up to an error of 1, straight beyond (Huber 1964). */
function huber(tf: Tf, errors: Tensor): Scalar {
  const size = tf.abs(errors);
  const near = tf.minimum(size, 1);
  return tf.mean(tf.add(tf.mul(tf.square(near), 0.5), tf.sub(size, near)));
}

/** One cheap number for a training batch: the share of samples or pixels that are right, or the mean absolute error. */
export function agreement(tf: Tf, task: Task, targets: Tensor, outputs: Tensor): Scalar {
  return tf.tidy(() =>
    task === "regression"
      ? tf.mean(tf.abs(tf.sub(targets, outputs)))
      : tf.mean(tf.equal(tf.argMax(outputs, -1), tf.argMax(targets, -1)).toFloat()),
  );
}
export const agreementName: Record<Task, ValidationMetric> = {
  classification: "accuracy",
  segmentation: "pixel_accuracy",
  regression: "mae",
};

/** Gathers what the measures of a task need, batch by batch. */
export class Tally {
  readonly #confusion: Float64Array;
  #count = 0;
  #absolute = 0;
  #squared = 0;
  #mean = 0;
  /** Squared distances of the true numbers from their mean, added up as they come (Welford 1962). */
  #variation = 0;

  constructor(
    readonly task: Task,
    readonly classes: number,
  ) {
    this.#confusion = new Float64Array(classes * classes);
  }

  /** True and told classes, or true and told numbers. */
  add(truths: ArrayLike<number>, told: ArrayLike<number>): void {
    for (let at = 0; at < truths.length; at++) {
      const [truth, answer] = [truths[at]!, told[at]!];
      if (this.task !== "regression") {
        const cell = truth * this.classes + answer;
        this.#confusion[cell] = this.#confusion[cell]! + 1;
        continue;
      }
      this.#count++;
      this.#absolute += Math.abs(truth - answer);
      this.#squared += (truth - answer) ** 2;
      const away = truth - this.#mean;
      this.#mean += away / this.#count;
      this.#variation += away * (truth - this.#mean);
    }
  }

  /**
   * Accuracy; or Jaccard index and Dice coefficient over all pixels, a mean over the classes that occur, and the share of
   * pixels that are right; or mean absolute error and coefficient of determination, which numbers that are all the same
   * don't have: it is left out.
   */
  values(): Partial<Record<ValidationMetric, number>> {
    if (this.task === "regression") {
      const mae = this.#absolute / this.#count;
      return this.#variation === 0 ? { mae } : { mae, r2: 1 - this.#squared / this.#variation };
    }
    const { classes } = this;
    let [all, right] = [0, 0];
    const [overlaps, coefficients]: [number[], number[]] = [[], []];
    for (let one = 0; one < classes; one++) {
      let [truths, told] = [0, 0];
      for (let other = 0; other < classes; other++) {
        truths += this.#confusion[one * classes + other]!;
        told += this.#confusion[other * classes + one]!;
      }
      const both = this.#confusion[one * classes + one]!;
      all += truths;
      right += both;
      if (truths + told === 0) continue;
      overlaps.push(both / (truths + told - both));
      coefficients.push((2 * both) / (truths + told));
    }
    if (this.task === "classification") return { accuracy: right / all };
    const mean = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
    return { mean_iou: mean(overlaps), mean_dice: mean(coefficients), pixel_accuracy: right / all };
  }
}
