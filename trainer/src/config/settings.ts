/** What is given to a command, from a JSON file, from flags, or from both (flags win), held against its schema. */
import { readFileSync } from "node:fs";
import { z } from "zod";
import { labelsSchema } from "../../../lib/wire/studies/trials.ts";
import { backendNames } from "../backend/backend.ts";
import {
  type DataConfig,
  dataSchema,
  type EvaluationSettings,
  evaluationSettingsSchema,
  type SplitSettings,
  sourceSchema,
  splitSettingsSchema,
} from "./data.ts";
import { type TrainingConfig, trainingSchema } from "./training.ts";

/** Labels and memory: of a worker what it has, of a queued run what it must have. */
const demandsSchema = z.object({
  labels: z
    .preprocess((value) => (typeof value === "string" ? value.split(",").filter(Boolean) : value), labelsSchema)
    .default([]),
  /** GiB. */
  memory: z.number().positive().nullable().default(null),
});

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

/** Parses what was given to the command that has the server split a set. */
export const parseSplitSettings = (given: Record<string, unknown>): SplitSettings => check(splitSettingsSchema, given);

/** Parses what was given to the command that evaluates a run. */
export const parseEvaluationSettings = (given: Record<string, unknown>): EvaluationSettings =>
  check(evaluationSettingsSchema, given);

const refereeSettingsSchema = z.strictObject({
  study: z.uuid({ error: "is missing; the id of the loop's study is right (--study ID, or HOLDOUT_STUDY)" }),
  /** Asked before training: the config that would be, and a run of the same code and manifest. */
  ask: z.record(z.string(), z.unknown()).optional(),
  like: z.uuid().optional(),
  /** What is to be run again is queued; `wait`: and handed in once it has ended, until there is a ruling. */
  queue: z.boolean().default(false),
  wait: z.boolean().default(false),
});
export type RefereeSettings = z.infer<typeof refereeSettingsSchema>;

/** Parses what was given to the command that asks the referee. */
export const parseRefereeSettings = (given: Record<string, unknown>): RefereeSettings =>
  check(refereeSettingsSchema, { study: process.env.HOLDOUT_STUDY, ...given });

const verifySettingsSchema = z.strictObject({
  key: z.string({
    error: "is missing; the public key that you trust is right, which you have from elsewhere than FILE",
  }),
});

/** Parses what was given to the command that checks a certificate. */
export const parseVerifySettings = (given: Record<string, unknown>): z.infer<typeof verifySettingsSchema> =>
  check(verifySettingsSchema, given);

const workSettingsSchema = z.strictObject({
  ...sourceSchema.shape,
  backend: z.enum(backendNames).nullable().default(null),
  /** What the page calls the worker; null: made of the machine and the process. */
  name: z.string().min(1).max(200).nullable().default(null),
  ...demandsSchema.shape,
  /** Trains one trial, if one waits, and ends. */
  once: z.boolean().default(false),
  /** Trials that are trained at the same time. */
  parallel: z.int().min(1).max(64).default(1),
});
export type WorkSettings = z.infer<typeof workSettingsSchema>;

/** Parses what was given to a worker. */
export const parseWorkSettings = (given: Record<string, unknown>): WorkSettings => check(workSettingsSchema, given);

const trialSettingsSchema = z.strictObject({
  ...sourceSchema.shape,
  backend: z.enum(backendNames).nullable().default(null),
  steps: z.int().min(1).nullable().default(null),
});
export type TrialSettings = z.infer<typeof trialSettingsSchema>;

/** Parses what a worker gives to the training of one trial. */
export const parseTrialSettings = (given: Record<string, unknown>): TrialSettings => check(trialSettingsSchema, given);

const queueSettingsSchema = z.object({ ...demandsSchema.shape, priority: z.int().default(0) });

/** Parses what was given to the command that queues a run: a training, and what its worker must have. */
export function parseQueueSettings(given: Record<string, unknown>) {
  const { labels, memory, priority, ...training } = given;
  const demands = Object.entries({ labels, memory, priority }).filter(([, value]) => value !== undefined);
  return { ...parseSettings(training), demands: check(queueSettingsSchema, Object.fromEntries(demands)) };
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
  "checkpoint",
  "reason",
  "labels",
  "key",
  "study",
  "like",
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
