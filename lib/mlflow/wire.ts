/** Requests as MLflow's clients send them. Numbers of 64 bits come as numbers or as their digits; what is unknown is passed over. */
import { z } from "zod";
import { invalidValue } from "./words/errors.ts";

/** An absent field is left out, or null. */
export const optional = <Schema extends z.ZodType>(schema: Schema) =>
  schema.nullish().transform((value) => (value === null ? undefined : value));

export const text = z
  .string()
  .refine(
    (given) => given.isWellFormed() && !given.includes("\u0000"),
    "a text holds no NUL and no half of a character",
  );

export const int64 = z.preprocess(
  (value) => (typeof value === "string" && /^-?\d{1,19}$/.test(value) ? Number(value) : value),
  z.int("an integer from -2^53+1 to 2^53-1"),
);
const double = z.preprocess(
  (value) => {
    if (typeof value === "boolean") return Number(value);
    const isNumber = typeof value === "string" && /^(-?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?|NaN|-?Infinity)$/.test(value);
    return isNumber ? Number(value) : value;
  },
  z.custom<number>((value) => typeof value === "number", 'a number, or one of "NaN", "Infinity", "-Infinity"'),
);

export const key = text.min(1).max(250, "exceeds the maximum length of 250 characters");
/** Longer ones are cut, as MLflow's server does by default. */
const cut = (max: number) =>
  text.transform((given) => (given.length > max ? given.slice(0, max).toWellFormed() : given));
const PARAM_MAX = 6_000;
const TAG_MAX = 8_000;

/** A protocol without negative steps of ours: they are refused by name. */
const step = int64.refine(
  (given) => given >= 0,
  "Holdout's steps are integers from 0 on; a negative step can't be stored",
);
/** 2100-01-01. */
const TIME_MAX = 4_102_444_800_000;
const time = int64.refine(
  (given) => given >= 0 && given <= TIME_MAX,
  "Timestamp must be a nonnegative long, in milliseconds, before the year 2100",
);

export const tagSchema = z.object({ key, value: optional(cut(TAG_MAX)).transform((given) => given ?? "") });
const paramSchema = z.object({ key, value: optional(cut(PARAM_MAX)).transform((given) => given ?? "") });
const metricKey = text
  .min(1)
  .max(200, "exceeds the maximum length of 200 characters")
  .refine((given) => !/\p{Cc}/u.test(given) && given !== "__proto__", "names hold no control characters");
export const metricSchema = z.object({
  key: metricKey,
  value: double,
  timestamp: time,
  step: optional(step).transform((given) => given ?? 0),
  model_id: optional(text.max(100)),
  dataset_name: optional(text.max(500)),
  dataset_digest: optional(text.max(36)),
});

type Metric = z.output<typeof metricSchema>;

/** Metrics as nearly all come need no more than a look: a request brings a thousand. Any other is held against the schema. */
const metricsSchema = optional(z.array(z.unknown())).transform((given, context): Metric[] => {
  const names = new Set<string>();
  const hasName = ({ key }: Partial<Metric>) =>
    typeof key === "string" && (names.has(key) || (metricKey.safeParse(key).success && names.add(key).size > 0));
  return (given ?? []).flatMap((one, at) => {
    if (isPlainMetric(one) && hasName(one)) return [one];
    const { success, data, error } = metricSchema.safeParse(one);
    if (success) return [data];
    for (const issue of error.issues) context.addIssue({ ...issue, path: [at, ...issue.path] } as never);
    return [];
  });
});

/** Numbers as such, of a step and a time that can be, and nothing of a model. */
function isPlainMetric(one: unknown): one is Metric {
  if (typeof one !== "object" || one === null) return false;
  const { value, step, timestamp, model_id, dataset_name, dataset_digest } = one as Partial<Metric>;
  return (
    typeof value === "number" &&
    isFrom0(step, Number.MAX_SAFE_INTEGER) &&
    isFrom0(timestamp, TIME_MAX) &&
    model_id === undefined &&
    dataset_name === undefined &&
    dataset_digest === undefined
  );
}

const isFrom0 = (value: number | undefined, most: number): boolean =>
  Number.isSafeInteger(value) && value! >= 0 && value! <= most;

/** An id, which old clients send as a number. */
export const id = z.preprocess((value) => (Number.isSafeInteger(value) ? String(value) : value), text);
/** Both names are sent; old clients know the second alone. */
const runOf = { run_id: optional(text), run_uuid: optional(text) };
const tags = optional(z.array(tagSchema).max(1000)).transform((given) => given ?? []);
export const words = optional(z.array(text).max(1000)).transform((given) => given ?? []);
const view = z.preprocess(
  (value) => ({ 1: "ACTIVE_ONLY", 2: "DELETED_ONLY", 3: "ALL" })[value as number] ?? value ?? "ACTIVE_ONLY",
  z.enum(["ACTIVE_ONLY", "DELETED_ONLY", "ALL"]),
);
const status = z.preprocess(
  (value) => ({ 1: "RUNNING", 2: "SCHEDULED", 3: "FINISHED", 4: "FAILED", 5: "KILLED" })[value as number] ?? value,
  z.enum(["RUNNING", "SCHEDULED", "FINISHED", "FAILED", "KILLED"]),
);
const modelStatus = z.preprocess(
  (value) =>
    ({ 1: "LOGGED_MODEL_PENDING", 2: "LOGGED_MODEL_READY", 3: "LOGGED_MODEL_UPLOAD_FAILED" })[value as number] ?? value,
  z.enum(["LOGGED_MODEL_PENDING", "LOGGED_MODEL_READY", "LOGGED_MODEL_UPLOAD_FAILED"]),
);
export const count = (most: number) =>
  int64.refine((given) => given >= 1 && given <= most, `a number from 1 to ${most}`);

export const schemas = {
  nothing: z.object({}),
  createExperiment: z.object({ name: text.min(1).max(500), artifact_location: optional(text), tags }),
  experiment: z.object({ experiment_id: id }),
  experimentByName: z.object({ experiment_name: text }),
  searchExperiments: z.object({
    max_results: count(50_000),
    page_token: optional(text),
    filter: optional(text),
    order_by: words,
    view_type: view,
  }),
  listExperiments: z.object({ view_type: view }),
  updateExperiment: z.object({ experiment_id: id, new_name: optional(text.max(500)) }),
  setExperimentTag: z.object({ experiment_id: id, key, value: text.max(5_000) }),
  deleteExperimentTag: z.object({ experiment_id: id, key }),
  createRun: z.object({
    experiment_id: optional(id),
    user_id: optional(text),
    run_name: optional(text),
    start_time: optional(time),
    tags,
  }),
  run: z.object(runOf),
  updateRun: z.object({ ...runOf, status: optional(status), end_time: optional(time), run_name: optional(text) }),
  logMetric: z.object({ ...runOf, ...metricSchema.shape }),
  logParam: z.object({ ...runOf, ...paramSchema.shape }),
  setTag: z.object({ ...runOf, ...tagSchema.shape }),
  deleteTag: z.object({ ...runOf, key }),
  logBatch: z.object({
    ...runOf,
    metrics: metricsSchema,
    params: optional(z.array(paramSchema)).transform((given) => given ?? []),
    tags: optional(z.array(tagSchema)).transform((given) => given ?? []),
  }),
  searchRuns: z.object({
    experiment_ids: optional(z.array(id).max(1000)).transform((given) => given ?? []),
    filter: optional(text),
    run_view_type: view,
    max_results: optional(count(50_000)).transform((given) => given ?? 1000),
    order_by: words,
    page_token: optional(text),
  }),
  getHistory: z.object({
    ...runOf,
    metric_key: text.min(1),
    max_results: optional(count(1_000_000)),
    page_token: optional(text),
  }),
  getHistoryBulk: z.object({
    run_id: z.preprocess((value) => (typeof value === "string" ? [value] : value), z.array(text).min(1).max(100)),
    metric_key: text.min(1),
    max_results: optional(count(25_000)).transform((given) => given ?? 25_000),
  }),
  listArtifacts: z.object({ ...runOf, path: optional(text), page_token: optional(text) }),
  logInputs: z.object({
    run_id: text,
    datasets: optional(
      z
        .array(
          z.object({
            tags: optional(z.array(z.object({ key: text.max(255), value: text.max(500) })).max(100)).transform(
              (given) => given ?? [],
            ),
            dataset: z.object({
              name: text.min(1).max(500),
              digest: text.min(1).max(36),
              source_type: text.max(1000),
              source: text.max(65_535),
              schema: optional(text.max(1_048_575)),
              profile: optional(text.max(16_777_215)),
            }),
          }),
        )
        .max(1000),
    ).transform((given) => given ?? []),
    models: optional(z.array(z.object({ model_id: text.max(100) })).max(1000)).transform((given) => given ?? []),
  }),
  logOutputs: z.object({
    run_id: text,
    models: z.array(z.object({ model_id: text.max(100), step: optional(step) })).max(1000),
  }),
  logModel: z.object({ ...runOf, model_json: text.min(1).max(1_000_000) }),
  createModel: z.object({
    experiment_id: id,
    name: optional(text.max(250)),
    model_type: optional(text.max(250)),
    source_run_id: optional(text),
    params: optional(z.array(paramSchema).max(1000)).transform((given) => given ?? []),
    tags,
  }),
  ofModel: z.object({ model_id: text }),
  tagOfModel: z.object({ key: text }),
  finishModel: z.object({ status: modelStatus }),
  searchModels: z.object({
    experiment_ids: optional(z.array(id).max(1000)).transform((given) => given ?? []),
    filter: optional(text),
    max_results: optional(int64.refine((given) => given >= 0 && given <= 1000, "a number from 0 to 1000")).transform(
      (given) => given || 50,
    ),
    order_by: optional(
      z
        .array(z.object({ field_name: text, ascending: optional(z.boolean()).transform((given) => given ?? true) }))
        .max(20),
    ).transform((given) => given ?? []),
    page_token: optional(text),
  }),
  modelTags: z.object({ tags }),
  modelParams: z.object({ params: optional(z.array(paramSchema).max(1000)).transform((given) => given ?? []) }),
} as const;

/** The request as its schema has it. Throws an error that names the parameter in the words that clients know. */
export function parseCall<Schema extends z.ZodType>(schema: Schema, given: unknown): z.output<Schema> {
  const result = schema.safeParse(given, { reportInput: true });
  if (result.success) return result.data;
  const issue = result.error.issues[0]!;
  const name = issue.path.reduce<string>(
    (path, part) =>
      typeof part === "number" ? `${path}[${part}]` : path === "" ? String(part) : `${path}.${String(part)}`,
    "",
  );
  const { input } = issue;
  if (input === undefined || input === null || input === "")
    throw invalidValue(`Missing value for required parameter '${name || "body"}'.`);
  const shown = JSON.stringify(input) ?? String(input);
  throw invalidValue(
    `Invalid value ${shown.length > 200 ? `${shown.slice(0, 200)}…` : shown} for parameter '${name || "body"}' supplied: ${issue.message}`,
  );
}

/** The id of the run that a request names. */
export function runIdOf({ run_id, run_uuid }: { run_id?: string | undefined; run_uuid?: string | undefined }): string {
  const id = run_id || run_uuid;
  if (!id) throw invalidValue("Missing value for required parameter 'run_id'.");
  return id;
}
