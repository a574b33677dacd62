/** What can be set of a training: one schema, from a JSON file, from flags, or from both (flags win). */
import { readFileSync } from "node:fs";
import { z } from "zod";
import { assignments, manifestMethods, splitSchema } from "../../lib/wire.ts";
import { backendNames } from "./backend.ts";

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

/** `metric` is of the validation split; its direction is never guessed from its name. */
export const earlyStoppingSchema = z.strictObject({
  metric: z.enum(["loss", "accuracy"]),
  direction: z.enum(["min", "max"]),
  /** Epochs without anything better. */
  patience: count.default(5),
  minDelta,
});
export type EarlyStoppingConfig = z.infer<typeof earlyStoppingSchema>;

/** Gives a choice its name where it has none. */
const named = (name: string) => (given: unknown) =>
  typeof given === "object" && given !== null ? { name, ...given } : given;

const shared = {
  /** Adam where none is named. */
  optimizer: z.preprocess(named("adam"), optimizerSchema).prefault({}),
  schedule: z.preprocess(named("constant"), scheduleSchema).prefault({}),
  /** The largest norm over all gradients together; null: they aren't clipped. */
  clipNorm: rate.nullable().default(null),
  /** null: a fixed number of steps, and the best checkpoint is chosen afterwards. */
  earlyStopping: earlyStoppingSchema.nullable().default(null),
  /** Images a step. */
  batchSize: z.int().min(1).max(100_000).default(64),
  epochs: z.int().min(1).max(10_000).default(3),
  /** Of initial weights and shuffling. */
  seed: z.int().min(0).default(1),
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
    /** Filters of each 3×3 convolution; a 2×2 pooling follows each. */
    filters: z.preprocess(listed, z.array(z.int().min(1)).min(1).max(5)).default([8, 16]),
    /** Normalises each convolution's outputs by their batch in training, by moving averages in inference. */
    batchNorm: z.boolean().default(false),
    /** Share of the inputs of the last layer that is dropped in training. */
    dropout: share.default(0),
    ...shared,
  }),
  z.strictObject({
    family: z.literal("rnn"),
    /** Images are read row by row, from the top. */
    cell: z.enum(["lstm", "gru"]).default("lstm"),
    /** Units of each recurrent layer. */
    units: z.preprocess(listed, z.array(z.int().min(1)).min(1).max(5)).default([64]),
    /** Share of the inputs of the last layer that is dropped in training. */
    dropout: share.default(0),
    ...shared,
  }),
]);
export type TrainingConfig = z.infer<typeof trainingSchema>;

/** Which images are used, and for what; no part of the run's config, but of its manifest. */
export const dataSchema = z.strictObject({
  /** A folder with four IDX files; null: MNIST. */
  data: z.string().nullable().default(null),
  /** Official training images used; null: all. */
  subset: z.int().min(2).nullable().default(null),
  /** Official test images used; null: all. */
  testSubset: z.int().min(0).nullable().default(null),
  validationFraction: z
    .number()
    .gt(0)
    .lt(1)
    .default(1 / 6),
  splitSeed: z.int().min(0).default(1),
  /** The manifest's name in the project; null: made of what it holds. */
  manifestName: z.string().nullable().default(null),
});
export type DataConfig = z.infer<typeof dataSchema>;

/** How the split of a whole image set is made, by the server. */
export const splitSettingsSchema = z.strictObject({
  data: z.string().nullable().default(null),
  method: z.enum(manifestMethods).default("stratified"),
  /** Train / validation / test in per cent. */
  fractions: z
    .string()
    .regex(/^\d+(\.\d+)?(\/\d+(\.\d+)?){2}$/, "three shares in per cent, such as 70/15/15")
    .default("85/15/0"),
  /** Splits that stay as the set's maker put them: of MNIST, test. */
  keep: z
    .preprocess(
      (value) => (typeof value === "string" ? value.split(",").filter((one) => one !== "none") : value),
      z.array(splitSchema),
    )
    .default(["test"]),
  assignment: z.enum(assignments).default("quota"),
  folds: z.int().min(2).max(50).default(5),
  splitSeed: z.int().min(0).default(1),
  manifestName: z.string().nullable().default(null),
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
const texts = new Set(["data", "manifest", "manifestName", "name", "backend", "fractions", "keep"]);

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
