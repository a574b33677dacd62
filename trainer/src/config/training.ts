/** What can be set of a training's model and steps: the run's config. */
import { z } from "zod";
import type { Config } from "../../../lib/wire/base/config.ts";

const rate = z.number().positive();
/** One layer may be given as a number: `--units 64`. */
const listed = (value: unknown) => (typeof value === "number" ? [value] : value);
const share = z.number().min(0).lt(1);

export const optimizerSchema = z.discriminatedUnion("name", [
  z.strictObject({ name: z.literal("sgd"), learningRate: rate.default(0.1) }),
  z.strictObject({
    name: z.literal("momentum"),
    learningRate: rate.default(0.05),
    momentum: share.default(0.9),
    nesterov: z.boolean().default(false),
  }),
  z.strictObject({
    name: z.literal("rmsprop"),
    learningRate: rate.default(0.001),
    decay: share.default(0.9),
    momentum: share.default(0),
    epsilon: rate.default(1e-7),
  }),
  z.strictObject({
    name: z.literal("adam"),
    learningRate: rate.default(0.001),
    beta1: share.default(0.9),
    beta2: share.default(0.999),
    epsilon: rate.default(1e-7),
  }),
  z.strictObject({
    name: z.literal("adamw"),
    learningRate: rate.default(0.001),
    beta1: share.default(0.9),
    beta2: share.default(0.999),
    epsilon: rate.default(1e-7),
    /** Taken off each weight at each step, times the learning rate. */
    weightDecay: z.number().min(0).default(0.01),
  }),
]);
export type OptimizerConfig = z.infer<typeof optimizerSchema>;

const count = z.int().min(1);
/** Steps of a straight rise from 0 to the learning rate. */
const warmupSteps = z.int().min(0).default(0);
/** What is left of the learning rate in the end, as a share of it. */
const floor = z.number().min(0).max(1).default(0);
const minDelta = z.number().min(0).default(0);

export const scheduleSchema = z.discriminatedUnion("name", [
  z.strictObject({ name: z.literal("constant"), warmupSteps }),
  z.strictObject({ name: z.literal("step"), warmupSteps, everySteps: count, factor: rate.lt(1).default(0.1) }),
  z.strictObject({ name: z.literal("exponential"), warmupSteps, everySteps: count, rate: rate.lt(1).default(0.96) }),
  z.strictObject({ name: z.literal("linear"), warmupSteps, floor }),
  z.strictObject({ name: z.literal("cosine"), warmupSteps, floor }),
  z.strictObject({
    name: z.literal("plateau"),
    warmupSteps,
    floor,
    factor: rate.lt(1).default(0.1),
    /** Epochs without a better validation loss before the rate falls. */
    patience: count.default(3),
    minDelta,
  }),
]);
export type ScheduleConfig = z.infer<typeof scheduleSchema>;

/** What is measured on the validation split, whatever the task. */
export const validationMetrics = ["loss", "accuracy", "mean_iou", "mean_dice", "pixel_accuracy", "mae", "r2"] as const;
export type ValidationMetric = (typeof validationMetrics)[number];

/** `metric` is of the validation split; its direction is never guessed from its name. */
export const earlyStoppingSchema = z.strictObject({
  metric: z.enum(validationMetrics),
  direction: z.enum(["min", "max"]),
  /** Epochs without anything better. */
  patience: count.default(5),
  minDelta,
});
export type EarlyStoppingConfig = z.infer<typeof earlyStoppingSchema>;

/** Gives a choice its name where it has none. */
const named = (name: string) => (given: unknown) =>
  typeof given === "object" && given !== null ? { name, ...given } : given;

/** Losses by task; the first of each is taken where none is named. */
export const losses = {
  classification: ["cross_entropy", "focal", "hinge"],
  segmentation: ["cross_entropy", "dice", "cross_entropy_dice"],
  regression: ["mse", "mae", "huber"],
} as const;
export type LossName = (typeof losses)[keyof typeof losses][number];
const lossNames = [...new Set(Object.values(losses).flat())];

const imageSize = z.tuple([count, count]).nullable().default(null);
const whole = z.int().min(0).default(0);

/** What is done to every sample of every split, in this order. */
export const preprocessingSchema = z.strictObject({
  /** Images to `[height, width]`, bilinear; masks by the nearest pixel. */
  resize: imageSize,
  /** Zeros around images, to `[height, width]`. */
  pad: imageSize,
  /** Of inputs; numbers to be told are always standardised. `standardise`: by the training split's mean and deviation of each channel or feature. `scale`: images to 0–1. */
  normalise: z.enum(["standardise", "scale", "none"]).default("standardise"),
});

/** What is done to training samples alone, drawn anew for each epoch. */
export const augmentationSchema = z.strictObject({
  /** Images move by up to so many pixels each way. */
  shift: whole,
  /** Half of the images are mirrored, left to right. */
  flip: z.boolean().default(false),
  /** Standard deviation of noise on what is normalised. */
  noise: z.number().min(0).default(0),
});

/** Weights of another run as the start of this one's backbone: every block but decoder and head. */
export const transferSchema = z.strictObject({
  run: z.uuid(),
  /** The file of that run: its best checkpoint, or another. */
  checkpoint: z.string().default("best.safetensors"),
  /** `both`: the head alone first, on frozen features, then everything at a lower rate. */
  mode: z.enum(["feature_extraction", "fine_tuning", "both"]).default("fine_tuning"),
  /** Epochs of the head alone, in mode `both`. */
  headEpochs: count.default(1),
  /** What the learning rate is multiplied by once a transferred backbone is trained. */
  fineTuningFactor: rate.max(1).default(0.1),
});
export type TransferConfig = z.infer<typeof transferSchema>;

const shared = {
  /** null: the first of the task's. */
  loss: z
    .enum(lossNames as [LossName, ...LossName[]])
    .nullable()
    .default(null),
  preprocessing: preprocessingSchema.prefault({}),
  augmentation: augmentationSchema.prefault({}),
  /** Blocks that stay as they began: `encoder1`, `hidden2`; or `backbone`, which is all but decoder and head. */
  freeze: z
    .preprocess((value) => (typeof value === "string" ? value.split(",") : value), z.array(z.string()))
    .default([]),
  transfer: transferSchema.nullable().default(null),
  /** What the model is meant for; null: what the set has. Another set is refused, with both named. */
  expect: z
    .strictObject({
      input: z.array(count).min(1).max(3).nullable().default(null),
      classes: z.int().min(2).nullable().default(null),
    })
    .prefault({}),
  /** Adam where none is named. */
  optimizer: z.preprocess(named("adam"), optimizerSchema).prefault({}),
  schedule: z.preprocess(named("constant"), scheduleSchema).prefault({}),
  /** The largest norm over all gradients together; null: they aren't clipped. */
  clipNorm: rate.nullable().default(null),
  /** null: a fixed number of steps, and the best checkpoint is chosen afterwards. */
  earlyStopping: earlyStoppingSchema.nullable().default(null),
  /** Samples a step. */
  batchSize: z.int().min(1).max(100_000).default(64),
  epochs: z.int().min(1).max(10_000).default(3),
  /** Optimizer updates after which the training ends, whatever `epochs` says; null: `epochs` counts. */
  steps: z.int().min(1).nullable().default(null),
  /** Of initial weights, shuffling, dropout and augmentation, each drawn apart. */
  seed: z.int().min(0).default(1),
};

const encoding = {
  /** What each level of the encoder is: one convolution, two, or two with a way around them (He et al. 2016). */
  encoder: z.enum(["plain", "double", "residual"]).default("plain"),
  /** Share of the inputs of the last layer that is dropped in training. */
  dropout: share.default(0),
};

export const trainingSchema = z.discriminatedUnion("family", [
  z.strictObject({
    family: z.literal("mlp"),
    /** Units of each hidden layer. */
    units: z.preprocess(listed, z.array(z.int().min(1)).max(10)).default([64]),
    /** Share of each hidden layer's outputs that is dropped in training. */
    dropout: share.default(0),
    ...shared,
  }),
  z.strictObject({
    family: z.literal("cnn"),
    ...encoding,
    /** Filters of each level's 3×3 convolutions; a 2×2 pooling follows each level. */
    filters: z.preprocess(listed, z.array(count).min(1).max(6)).default([8, 16]),
    /** Normalises each convolution's outputs by their batch in training, by moving averages in inference. */
    batchNorm: z.boolean().default(false),
    ...shared,
  }),
  z.strictObject({
    family: z.literal("unet"),
    ...encoding,
    /** Filters of each level on the way down; on the way up the same, but for the last. */
    filters: z.preprocess(listed, z.array(count).min(2).max(6)).default([8, 16, 32]),
    batchNorm: z.boolean().default(true),
    ...shared,
  }),
  z.strictObject({
    family: z.literal("rnn"),
    /** Sequences are read step by step, images row by row from the top. */
    cell: z.enum(["lstm", "gru"]).default("lstm"),
    /** Units of each recurrent layer. */
    units: z.preprocess(listed, z.array(z.int().min(1)).min(1).max(5)).default([64]),
    /** Share of the inputs of the last layer that is dropped in training. */
    dropout: share.default(0),
    ...shared,
  }),
]);
export type TrainingConfig = z.infer<typeof trainingSchema>;

/**
 * The config and seed of a run as a training: throws an error that names each key which is wrong or unknown. `stepsMax`: updates
 * after which it ends, whatever the config says.
 */
export function trainingOf(
  { config, seed }: { config: Config; seed: number | null },
  stepsMax: number | null = null,
): TrainingConfig {
  const result = trainingSchema.safeParse({ family: "mlp", ...config, ...(seed === null ? {} : { seed }) });
  if (!result.success)
    throw new Error(
      result.error.issues.map(({ path, message }) => `${path.join(".") || "config"}: ${message}`).join("\n"),
    );
  return stepsMax === null ? result.data : { ...result.data, steps: stepsMax };
}

/** A label that tells a run from its neighbours: family, optimizer, learning rate, batch size. */
export const defaultName = ({ family, optimizer, batchSize }: TrainingConfig): string =>
  `${family} ${optimizer.name} ${optimizer.learningRate} ×${batchSize}`;
