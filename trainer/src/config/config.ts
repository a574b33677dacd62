/** What can be set of a training: one schema, from a JSON file, from flags, or from both (flags win). */
import { readFileSync } from "node:fs";
import { z } from "zod";
import { splitSchema } from "../../../lib/wire/base/words.ts";
import { assignments, manifestMethods } from "../../../lib/wire/manifests.ts";
import { backendNames } from "../backend/backend.ts";
import { tasks } from "../data/data.ts";

const rate = z.number().positive();
/** One layer may be given as a number: `--units 64`. */
const listed = (value: unknown) => (typeof value === "number" ? [value] : value);
const share = z.number().min(0).lt(1);
/** Says what came and what would be right. */
const right = (what: string) => ({
  error: ({ input }: { input?: unknown }) => `${JSON.stringify(input)} is given; ${what} is right`,
});

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

/** Where a set lies, and what is to be told of a table's rows. */
const source = {
  /** The name of a set that is made here, a folder of IDX files or of images by class, or a table; null: MNIST. */
  data: z.string().nullable().default(null),
  /** The column of a table that is to be told; null: `label` or `target`. */
  target: z.string().nullable().default(null),
  /** What a table's target is; null: as its column says. */
  task: z.enum(tasks).nullable().default(null),
  /** What a table's columns are whose names leave it open, as NAME:ANSWER,…; null: nothing is said. */
  columns: z.string().nullable().default(null),
  /** `trim`: blanks round a table's keys, labels and groups are cut; null: they are refused. */
  blanks: z.enum(["trim"]).nullable().default(null),
  /** Of the dataset that the set is registered as: another set of samples under the same name needs another. */
  datasetVersion: z.string().min(1).max(100).default("1"),
};

/** Which samples are used, and for what; no part of the run's config, but of its manifest. */
export const dataSchema = z.strictObject({
  ...source,
  /** Official training samples used; null: all. */
  subset: z.int().min(2).nullable().default(null),
  /** Official test samples used; null: all. */
  testSubset: z.int().min(0).nullable().default(null),
  validationFraction: z
    .number()
    .gt(0)
    .lt(1)
    .default(1 / 6),
  /** Share that becomes test where the set has no official test part. */
  testFraction: share.default(0.15),
  splitSeed: z.int().min(0).default(1),
  /** The manifest's name in the project; null: made of what it holds. */
  manifestName: z.string().nullable().default(null),
});
export type DataConfig = z.infer<typeof dataSchema>;

const SECONDS = right("a number of seconds, 0 or more,");
const BINS = right("a whole number of bins, 2 to 1000,");

/** How the split of a whole set is made, by the server. */
const splitSettingsSchema = z
  .strictObject({
    ...source,
    method: z.enum(manifestMethods).default("stratified"),
    /** Train / validation / test in per cent; null: 85/15/0 where the set's own test part is kept, else 70/15/15. */
    fractions: z
      .string()
      .regex(/^\d+(\.\d+)?(\/\d+(\.\d+)?){2}$/, "three shares in per cent, such as 70/15/15")
      .nullable()
      .default(null),
    /** Splits that stay as the set's maker put them: of MNIST, test. */
    keep: z
      .preprocess(
        (value) => (typeof value === "string" ? value.split(",").filter((one) => one !== "none") : value),
        z.array(splitSchema),
      )
      .default(["test"]),
    assignment: z.enum(assignments).default("quota"),
    folds: z.int().min(2).max(50).default(5),
    /** Of method `time`: seconds left out before validation and before test. */
    gapSeconds: z.number(SECONDS).min(0, SECONDS).default(0),
    /** Of stratified methods: labels are numbers, in this many quantile bins; null: classes, or of regression 10 bins. */
    quantileBins: z.int(BINS).min(2, BINS).max(1000, BINS).nullable().default(null),
    splitSeed: z.int().min(0).default(1),
    manifestName: z.string().nullable().default(null),
  })
  .superRefine(({ method, gapSeconds, quantileBins }, context) => {
    const refuse = (field: string, message: string) => context.addIssue({ code: "custom", path: [field], message });
    if (gapSeconds > 0 && method !== "time")
      refuse(
        "gapSeconds",
        `${gapSeconds} is given with the method ${method}, which leaves no gap; --method time is right`,
      );
    if (quantileBins !== null && !method.startsWith("stratified"))
      refuse(
        "quantileBins",
        `${quantileBins} is given with the method ${method}, which has no strata; a stratified --method is right`,
      );
  });
export type SplitSettings = z.infer<typeof splitSettingsSchema>;
export const parseSplitSettings = (given: Record<string, unknown>): SplitSettings => check(splitSettingsSchema, given);

const settingsSchema = z.strictObject({
  backend: z.enum(backendNames).nullable().default(null),
  /** The run's label; null: made of the config. */
  name: z.string().nullable().default(null),
  /** A manifest that is registered already; null: the split is made here and registered. */
  manifest: z.string().nullable().default(null),
});

export type Settings = { training: TrainingConfig; data: DataConfig } & z.infer<typeof settingsSchema>;

/** Reads a JSON file of settings. Throws an error that names the file. */
export function readConfigFile(file: string): Record<string, unknown> {
  const settings: unknown = parseFile(file);
  if (typeof settings !== "object" || settings === null || Array.isArray(settings))
    throw new Error(
      `${file} holds ${Array.isArray(settings) ? "a list" : typeof settings}; an object of settings is right`,
    );
  return settings as Record<string, unknown>;
}

function parseFile(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, "utf8"));
  } catch (error) {
    throw new Error(`--config ${file}: ${(error as Error).message}`);
  }
}

/** Parses what was given to a command that takes few settings. Throws an error that names each other one. */
export function parseFew(given: Record<string, unknown>, keys: string[]): Settings {
  const others = Object.keys(given).filter((key) => !keys.includes(key));
  if (others.length > 0)
    throw new Error(
      `${others.join(", ")}: not for this command${keys.length > 0 ? `, which takes ${keys.join(", ")}` : ""}`,
    );
  return parseSettings(given);
}

/** Parses what was given, nested. Throws an error that names each key which is wrong or unknown. */
export function parseSettings(given: Record<string, unknown>): Settings {
  const part = (keys: string[]) => Object.fromEntries(Object.entries(given).filter(([key]) => keys.includes(key)));
  const dataKeys = Object.keys(dataSchema.shape);
  const settingKeys = Object.keys(settingsSchema.shape);
  const rest = Object.keys(given).filter((key) => !dataKeys.includes(key) && !settingKeys.includes(key));
  return {
    training: check(trainingSchema, { family: "mlp", ...part(rest) }),
    data: check(dataSchema, part(dataKeys)),
    ...check(settingsSchema, part(settingKeys)),
  };
}

function check<Schema extends z.ZodType>(schema: Schema, value: unknown): z.output<Schema> {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const lines = result.error.issues.map((issue) => `${issue.path.join(".") || "config"}: ${issue.message}`);
  throw new Error(lines.join("\n"));
}

/** Settings that are text even where they look like a number: a run may be called 7. */
const texts = new Set([
  "data",
  "target",
  "columns",
  "datasetVersion",
  "transfer.run",
  "transfer.checkpoint",
  "manifest",
  "manifestName",
  "name",
  "backend",
  "fractions",
  "keep",
]);

/** `optimizer.learningRate` and `0.1` into a nested object; values are JSON where they parse, else text. */
export function setPath(into: Record<string, unknown>, dotted: string, text: string): void {
  const keys = dotted.split(".");
  const last = keys.pop() ?? dotted;
  let at = into;
  for (const key of keys) {
    const inner = at[key];
    const next = typeof inner === "object" && inner !== null ? (inner as Record<string, unknown>) : {};
    at[key] = next;
    at = next;
  }
  at[last] = texts.has(dotted) ? text : parseValue(text);
}

function parseValue(text: string): unknown {
  if (/^\d+(,\d+)+$/.test(text)) return text.split(",").map(Number);
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/** A label that tells a run from its neighbours: family, optimizer, learning rate, batch size. */
export const defaultName = ({ family, optimizer, batchSize }: TrainingConfig): string =>
  `${family} ${optimizer.name} ${optimizer.learningRate} ×${batchSize}`;
