/**
 * The HTTP contract of Holdout: every request and response body as a zod schema, the binary form of a batch, and the
 * table of routes from which OpenAPI is generated. Trainers import it without the app, so it imports nothing but zod.
 */
import { z } from "zod";
import { checksumOf } from "./wire/checksum.ts";
import { configSchema, storedConfigSchema } from "./wire/config.ts";
import {
  artifactPathSchema,
  label,
  longText,
  mediaTypeSchema,
  metricNameSchema,
  text,
  textWithoutNul,
} from "./wire/text.ts";

// ---------------------------------------------------------------------------------------------------------- words

export const splits = ["train", "validation", "test"] as const;
export type Split = (typeof splits)[number];
export const splitSchema = z.enum(splits);

export const runStatuses = ["queued", "running", "finished", "failed", "killed", "lost"] as const;
export type RunStatus = (typeof runStatuses)[number];
/** Why a failed run failed. `crashed`: an error or a signal ended it; `diverged`: the loss became NaN or infinite. */
export const failureReasons = ["crashed", "diverged", "out-of-memory", "data", "other"] as const;
export type FailureReason = (typeof failureReasons)[number];

export const roles = ["viewer", "member", "admin"] as const;
export type Role = (typeof roles)[number];
/** `ingest`: create runs and log to them. `read`: read everything of the project. `admin`: also edit and delete. */
export const tokenScopes = ["ingest", "read", "admin"] as const;
export type TokenScope = (typeof tokenScopes)[number];

export const directions = ["min", "max", "none"] as const;
export type Direction = (typeof directions)[number];

/** The largest step: 2⁵³−1, beyond which float64 no longer holds every integer. */
export const STEP_MAX = Number.MAX_SAFE_INTEGER;
/** Most points in one batch; a larger one is refused by name, so that one request never holds the server. */
export const BATCH_POINTS_MAX = 100_000;
/** Most series in one batch. */
export const BATCH_NAMES_MAX = 20_000;
/** Most bytes of a decompressed request body that isn't a file. */
export const BODY_BYTES_MAX = 32 * 1024 * 1024;
/** Most bytes of one artifact. */
export const ARTIFACT_BYTES_MAX = 4 * 1024 * 1024 * 1024;
/** Most samples in one manifest registered in one request. */
export const MANIFEST_SAMPLES_MAX = 200_000;
/** A file of samples that is uploaded. */
export const UPLOAD_BYTES_MAX = 4 * 1024 * 1024 * 1024;
/** A run without a sign of life for this long is shown as lost. */
export const HEARTBEAT_LOST_MS = 60_000;

// ----------------------------------------------------------------------------------------------------- small parts

const uuid = z.uuid();
const time = z.iso.datetime().refine((text) => !text.startsWith("0000"), "a year from 0001 on");
export const sha256 = z.string().regex(/^[0-9a-f]{64}$/, "64 lower-case hexadecimal digits (SHA-256)");
/** A float64 in JSON, which has no NaN and no infinities: these three travel as strings. */
export const floatSchema = z.union([z.number(), z.enum(["NaN", "Infinity", "-Infinity"])]);
export type WireFloat = z.infer<typeof floatSchema>;
export const toWireFloat = (value: number): WireFloat =>
  Number.isFinite(value) ? value : (String(value) as "NaN" | "Infinity" | "-Infinity");
export const fromWireFloat = (value: WireFloat): number => (typeof value === "number" ? value : Number(value));

/** What was measured; or why there is nothing to measure, such as R² of a constant target. */
export const measuredSchema = z.union([floatSchema, z.object({ undefined: label(200) })]);
export type Measured = z.infer<typeof measuredSchema>;

export const stepSchema = z.int("steps are integers from 0 to 2^53-1").min(0).max(STEP_MAX);
// -------------------------------------------------------------------------------------------------------- problems

/** RFC 9457. `errors` names each field: what came and what would be right. */
export const problemSchema = z
  .object({
    type: z.string(),
    title: z.string(),
    status: z.int(),
    detail: z.string(),
    errors: z.array(z.object({ field: z.string(), detail: z.string() })).optional(),
  })
  .meta({
    id: "Problem",
    examples: [
      {
        type: "urn:holdout:problem:invalid",
        title: "The request is not valid",
        status: 400,
        detail: "groups.0.steps.1: expected an integer from 0 to 2^53-1, received -1",
        errors: [{ field: "groups.0.steps.1", detail: "expected an integer from 0 to 2^53-1, received -1" }],
      },
    ],
  });
export type Problem = z.infer<typeof problemSchema>;

// -------------------------------------------------------------------------------------------------------- projects

const projectId = "0199f3a2-1c00-7000-8000-000000000001";
const runId = "0199f3a2-1c00-7000-8000-0000000000aa";
const writerId = "5b0f1f0e-8a35-4b0e-9d6e-2f3c4d5e6f70";
const digestOf = (digit: string) => digit.repeat(64);

export const projectCreateSchema = z
  .object({
    name: label(100),
    description: longText.default(""),
    primaryMetric: metricNameSchema.nullable().default(null),
    primarySplit: z.enum(["train", "validation"]).default("validation"),
    primaryDirection: z.enum(["min", "max"]).default("max"),
  })
  .meta({
    id: "ProjectCreate",
    examples: [{ name: "Street signs", primaryMetric: "accuracy", primaryDirection: "max" }],
  });
export type ProjectCreate = z.infer<typeof projectCreateSchema>;

/** Paths of the config (`data.root`) that make no difference between replicates, each with all that lies below it. */
export const replicateIgnoresSchema = z
  .array(label(300))
  .max(100)
  .refine((paths) => new Set(paths).size === paths.length, "expected each path once");

export const projectUpdateSchema = z
  .object({
    name: label(100),
    description: longText,
    primaryMetric: metricNameSchema.nullable(),
    primarySplit: z.enum(["train", "validation"]),
    primaryDirection: z.enum(["min", "max"]),
    replicateIgnores: replicateIgnoresSchema,
  })
  .partial()
  .meta({ id: "ProjectUpdate", examples: [{ description: "Forty-three classes of signs." }] });
export type ProjectUpdate = z.infer<typeof projectUpdateSchema>;

export const projectSchema = z
  .object({
    id: uuid,
    slug: z.string(),
    name: z.string(),
    description: z.string(),
    primaryMetric: z.string().nullable(),
    primarySplit: splitSchema,
    primaryDirection: z.enum(["min", "max"]),
    replicateIgnores: replicateIgnoresSchema,
    createdAt: time,
    runCount: z.int(),
  })
  .meta({
    id: "Project",
    examples: [
      {
        id: projectId,
        slug: "street-signs",
        name: "Street signs",
        description: "",
        primaryMetric: "accuracy",
        primarySplit: "validation",
        primaryDirection: "max",
        replicateIgnores: ["data.root"],
        createdAt: "2026-01-05T09:00:00.000Z",
        runCount: 12,
      },
    ],
  });
export type Project = z.infer<typeof projectSchema>;

export const metricDeclarationSchema = z.object({
  name: metricNameSchema,
  direction: z.enum(directions),
  unit: textWithoutNul(40).default(""),
});
export type MetricDeclaration = z.infer<typeof metricDeclarationSchema>;

export const metricsDeclareSchema = z.object({ metrics: z.array(metricDeclarationSchema).max(1000) }).meta({
  id: "MetricsDeclare",
  examples: [
    {
      metrics: [
        { name: "accuracy", direction: "max", unit: "" },
        { name: "loss", direction: "min", unit: "nat" },
      ],
    },
  ],
});
export type MetricsDeclare = z.infer<typeof metricsDeclareSchema>;

// ------------------------------------------------------------------------------------------------------------ runs

/** The code that ran. `diff` is against `commit`, with what looks like a secret replaced. */
export const codeSchema = z.object({
  repository: textWithoutNul(500).nullable().default(null),
  commit: textWithoutNul(64).nullable().default(null),
  branch: textWithoutNul(250).nullable().default(null),
  dirty: z.boolean().default(false),
  diff: textWithoutNul(2_000_000).default(""),
  untracked: z.array(textWithoutNul(1000)).max(1000).default([]),
  command: textWithoutNul(10_000).default(""),
});
export type Code = z.infer<typeof codeSchema>;

/** Versions and hardware as flat text; never environment variables. */
export const environmentSchema = z
  .record(label(100), textWithoutNul(2000))
  .refine((environment) => Object.keys(environment).length <= 200, "at most 200 entries");
export type Environment = z.infer<typeof environmentSchema>;
/** The entry in which a trainer says why the server refused the split manifest of a run that it delivered without it. */
export const MANIFEST_REFUSED = "split manifest refused";

export const runCreateSchema = z
  .object({
    id: z.uuid({ version: "v7", message: "a UUID of version 7" }).optional(),
    project: text(100).optional(),
    name: label(200).optional(),
    notes: longText.default(""),
    config: configSchema.default({}),
    seed: z.int().nullable().default(null),
    manifest: sha256.nullable().default(null),
    /** The run whose checkpoint this one's weights began as. */
    parent: z.object({ run: uuid, checkpoint: artifactPathSchema }).nullable().default(null),
    status: z.enum(["queued", "running"]).default("running"),
    metrics: z.array(metricDeclarationSchema).max(1000).default([]),
    code: codeSchema.nullable().default(null),
  })
  .meta({
    id: "RunCreate",
    examples: [
      {
        id: runId,
        name: "cnn-adam-0.001",
        config: { family: "cnn", batchSize: 64, optimizer: { name: "adam", learningRate: 0.001 } },
        seed: 7,
        manifest: digestOf("a"),
        metrics: [{ name: "loss", direction: "min", unit: "nat" }],
      },
    ],
  });
export type RunCreate = z.input<typeof runCreateSchema>;

export const failureSchema = z.object({
  reason: z.enum(failureReasons),
  message: longText.default(""),
  stack: longText.default(""),
  signal: textWithoutNul(40).nullable().default(null),
});
export type Failure = z.infer<typeof failureSchema>;

export const runSchema = z
  .object({
    id: uuid,
    project: z.string(),
    name: z.string(),
    notes: z.string(),
    status: z.enum(runStatuses),
    failure: failureSchema.nullable(),
    config: storedConfigSchema,
    seed: z.int().nullable(),
    manifest: sha256.nullable(),
    /** What its weights began as. `testSamplesSeen`: of its manifest's test split, by a parent's training; null: unknown. */
    parent: z
      .object({ run: uuid, checkpoint: z.string(), sha256, testSamplesSeen: z.int().nullable() })
      .nullable()
      .default(null),
    code: codeSchema.nullable(),
    environment: environmentSchema,
    createdAt: time,
    startedAt: time.nullable(),
    endedAt: time.nullable(),
    heartbeatAt: time.nullable(),
    attempts: z.int(),
    pointsLost: z.int(),
    url: z.string(),
  })
  .meta({
    id: "Run",
    examples: [
      {
        id: runId,
        project: "street-signs",
        name: "cnn-adam-0.001",
        notes: "",
        status: "running",
        failure: null,
        config: { family: "cnn" },
        seed: 7,
        manifest: digestOf("a"),
        parent: null,
        code: null,
        environment: { node: "v20.20.2" },
        createdAt: "2026-01-05T09:00:00.000Z",
        startedAt: "2026-01-05T09:00:00.000Z",
        endedAt: null,
        heartbeatAt: "2026-01-05T09:00:10.000Z",
        attempts: 1,
        pointsLost: 0,
        url: "http://127.0.0.1:3000/projects/street-signs/runs/0199f3a2-1c00-7000-8000-0000000000aa",
      },
    ],
  });
export type Run = z.infer<typeof runSchema>;

export const runUpdateSchema = z
  .object({ name: label(200), notes: longText })
  .partial()
  .meta({ id: "RunUpdate", examples: [{ name: "cnn, best so far", notes: "The learning rate was halved." }] });
export type RunUpdate = z.infer<typeof runUpdateSchema>;

/**
 * A start of a run by a process. The first start is attempt 1; `resume` makes the next. A further process of the same
 * attempt joins with `join`. The same writer asking again gets the same answer.
 */
export const writerCreateSchema = z
  .object({
    writer: uuid,
    mode: z.enum(["start", "resume", "join"]).default("start"),
    resumeStep: stepSchema.nullable().default(null),
    reopen: z.boolean().default(false),
    environment: environmentSchema.default({}),
  })
  .meta({
    id: "WriterCreate",
    examples: [{ writer: writerId, mode: "start", environment: { node: "v20.20.2", backend: "wasm" } }],
  });
export type WriterCreate = z.input<typeof writerCreateSchema>;

export const writerSchema = z
  .object({ writer: uuid, number: z.int(), attempt: z.int(), sequenceStored: z.int() })
  .meta({ id: "Writer", examples: [{ writer: writerId, number: 1, attempt: 1, sequenceStored: 0 }] });
export type Writer = z.infer<typeof writerSchema>;

export const heartbeatSchema = z
  .object({ writer: uuid, pointsLost: z.int().min(0).default(0) })
  .meta({ id: "Heartbeat", examples: [{ writer: writerId, pointsLost: 0 }] });
export type Heartbeat = z.input<typeof heartbeatSchema>;

export const heartbeatAnswerSchema = z
  .object({ status: z.enum(runStatuses) })
  .meta({ id: "HeartbeatAnswer", examples: [{ status: "running" }] });

export const runFinishSchema = z
  .object({
    writer: uuid.nullable().default(null),
    status: z.enum(["finished", "failed", "killed"]),
    failure: failureSchema.nullable().default(null),
    pointsLost: z.int().min(0).default(0),
  })
  .refine((body) => body.status !== "failed" || body.failure !== null, {
    path: ["failure"],
    message: "a failed run says why: { reason, message, stack, signal }",
  })
  .meta({
    id: "RunFinish",
    examples: [
      { writer: writerId, status: "finished" },
      {
        writer: writerId,
        status: "failed",
        failure: { reason: "diverged", message: "loss is NaN at step 120", stack: "", signal: null },
      },
    ],
  });
export type RunFinish = z.input<typeof runFinishSchema>;

// --------------------------------------------------------------------------------------------------------- batches

/** 2100-01-01: no clock is there yet. */
const TIME_MAX = 4_102_444_800_000;
/** What the years 2000 to 2100 are in seconds; as milliseconds these are three months of 1970, in which nothing was trained. */
const SECONDS_MIN = 946_684_800;
const SECONDS_MAX = TIME_MAX / 1000;

/** Whether a point's time can be milliseconds since 1970: a clock that starts at 1970 is taken, seconds aren't. */
export const isPlausibleTime = (time: number): boolean =>
  time >= 0 && time <= TIME_MAX && !(time >= SECONDS_MIN && time <= SECONDS_MAX);

export function whyNoTime(time: number): string {
  const isSeconds = time >= SECONDS_MIN && time <= SECONDS_MAX;
  const why = isSeconds ? "these are seconds" : "no time from 1970 to 2100";
  return `expected milliseconds since 1970; ${why}, received ${time}`;
}

/** Metrics logged together: they share one column of steps and one of times (milliseconds since 1970, UTC). */
export const batchGroupSchema = z.object({
  split: splitSchema.nullable().default(null),
  steps: z.array(stepSchema).min(1),
  times: z.array(z.number().refine(isPlausibleTime, { error: ({ input }) => whyNoTime(input as number) })),
  metrics: z.record(metricNameSchema, z.array(floatSchema)),
});

const tooManyNames = (names: number) => `${names} columns of values; at most ${BATCH_NAMES_MAX} in a batch`;

export const batchSchema = z
  .object({
    writer: uuid,
    sequence: z.int().min(1).max(STEP_MAX),
    groups: z.array(batchGroupSchema).min(1).max(1000),
  })
  .superRefine((batch, context) => {
    let points = 0;
    let names = 0;
    for (const [index, group] of batch.groups.entries()) {
      const columns = Object.entries(group.metrics);
      names += columns.length;
      if (columns.length === 0)
        context.addIssue({ code: "custom", path: ["groups", index, "metrics"], message: "at least one metric" });
      if (group.times.length !== group.steps.length)
        context.addIssue({
          code: "custom",
          path: ["groups", index, "times"],
          message: `${group.times.length} times for ${group.steps.length} steps; one time for each step`,
        });
      for (const [name, values] of columns) {
        points += values.length;
        if (values.length !== group.steps.length)
          context.addIssue({
            code: "custom",
            path: ["groups", index, "metrics", name],
            message: `${values.length} values for ${group.steps.length} steps; one value for each step`,
          });
      }
    }
    if (names > BATCH_NAMES_MAX) context.addIssue({ code: "custom", path: ["groups"], message: tooManyNames(names) });
    if (points > BATCH_POINTS_MAX)
      context.addIssue({
        code: "custom",
        path: ["groups"],
        message: `${points} points; at most ${BATCH_POINTS_MAX} in a batch`,
      });
  })
  .meta({
    id: "Batch",
    examples: [
      {
        writer: writerId,
        sequence: 1,
        groups: [
          {
            split: "train",
            steps: [0, 1, 2],
            times: [1767603600000, 1767603600050, 1767603600100],
            metrics: { loss: [2.31, 1.98, "NaN"], accuracy: [0.1, 0.2, 0.2] },
          },
        ],
      },
    ],
  });
export type BatchJson = z.input<typeof batchSchema>;

export const batchAnswerSchema = z
  .object({
    stored: z.boolean(),
    duplicate: z.boolean(),
    points: z.int(),
    quarantined: z.array(z.string()),
    watched: z
      .boolean()
      .meta({ description: "Whether somebody looks at the run now: what is sent sooner is seen sooner" }),
  })
  .meta({
    id: "BatchAnswer",
    examples: [{ stored: true, duplicate: false, points: 6, quarantined: [], watched: false }],
  });
export type BatchAnswer = z.infer<typeof batchAnswerSchema>;

/** A batch in memory: float64 columns of one length a group. */
export type BatchGroup = {
  split: Split | null;
  steps: Float64Array;
  times: Float64Array;
  metrics: Map<string, Float64Array>;
};
export type Batch = { writer: string; sequence: number; groups: BatchGroup[] };

export const BATCH_CONTENT_TYPE = "application/vnd.holdout.batch";
/** "HLD1", little-endian: what clients wrote before there was a checksum; still read. */
const MAGIC_1 = 0x31444c48;
const MAGIC_2 = 0x32444c48;
/** Magic, length of the header, checksum; the first version has no checksum. */
const PREFIX_BYTES = 16;
const batchHeaderSchema = z.object({
  writer: uuid,
  sequence: z.int().min(1).max(STEP_MAX),
  groups: z
    .array(
      z.object({
        split: splitSchema.nullable(),
        count: z.int().min(1).max(BATCH_POINTS_MAX),
        metrics: z.array(metricNameSchema).min(1).max(BATCH_NAMES_MAX),
      }),
    )
    .min(1)
    .max(1000),
});
type BatchHeader = z.infer<typeof batchHeaderSchema>;

/**
 * The binary form of a batch, on the wire and in storage, little-endian: uint32 magic "HLD2", uint32 header length h,
 * 8 bytes of checksum over all that follows, h bytes of JSON (padded with spaces to a multiple of 8), then for each group
 * its columns of float64: steps, times, and one for each metric in the header's order. −0, NaN and ±Infinity travel as
 * themselves. The version before, "HLD1", has no checksum.
 */
export function encodeBatch(batch: Batch): Uint8Array {
  const header: BatchHeader = {
    writer: batch.writer,
    sequence: batch.sequence,
    groups: batch.groups.map((group) => ({
      split: group.split,
      count: group.steps.length,
      metrics: [...group.metrics.keys()],
    })),
  };
  const json = new TextEncoder().encode(JSON.stringify(header));
  const start = PREFIX_BYTES + Math.ceil(json.length / 8) * 8;
  const columns = batch.groups.flatMap((group) => [group.steps, group.times, ...group.metrics.values()]);
  const bytes = new Uint8Array(start + columns.reduce((sum, column) => sum + column.byteLength, 0));
  bytes.fill(0x20, PREFIX_BYTES, start);
  bytes.set(json, PREFIX_BYTES);
  let offset = start;
  for (const column of columns) {
    bytes.set(new Uint8Array(column.buffer, column.byteOffset, column.byteLength), offset);
    offset += column.byteLength;
  }
  const view = new DataView(bytes.buffer);
  view.setUint32(0, MAGIC_2, true);
  view.setUint32(4, start - PREFIX_BYTES, true);
  for (const [index, sum] of checksumOf(bytes.subarray(PREFIX_BYTES)).entries())
    view.setUint32(8 + 4 * index, sum, true);
  return bytes;
}

/** The first eight bytes of the version without a checksum: a batch's hash is that of its first form, whatever came. */
export function firstFormOf(bytes: Uint8Array): [Uint8Array, Uint8Array] {
  const prefix = new Uint8Array(8);
  new DataView(prefix.buffer).setUint32(0, MAGIC_1, true);
  prefix.set(bytes.subarray(4, 8), 4);
  return [prefix, bytes.subarray(PREFIX_BYTES)];
}

/** Reads what `encodeBatch` writes, or wrote before. Throws a `BatchFormatError` that names the part which is wrong. */
export function decodeBatch(bytes: Uint8Array): Batch {
  const { start, json } = readPrefix(bytes);
  const header = batchHeaderSchema.safeParse(json);
  if (!header.success) {
    const issue = header.error.issues[0];
    throw new BatchFormatError(issue?.path.join(".") || "header", issue?.message ?? "is not valid", {
      cause: header.error,
    });
  }
  const { groups } = header.data;
  const names = groups.reduce((sum, group) => sum + group.metrics.length, 0);
  if (names > BATCH_NAMES_MAX) throw new BatchFormatError("groups", tooManyNames(names));
  const points = groups.reduce((sum, group) => sum + group.count * group.metrics.length, 0);
  if (points > BATCH_POINTS_MAX)
    throw new BatchFormatError("groups", `${points} points; at most ${BATCH_POINTS_MAX} in a batch`);
  const batch = readColumns(bytes, start, header.data);
  for (const [index, { metrics }] of groups.entries())
    if (new Set(metrics).size !== metrics.length)
      throw new BatchFormatError(`groups.${index}.metrics`, "a metric is named twice");
  for (const [index, group] of batch.groups.entries()) requireColumns(group, index);
  return batch;
}

/** The same of a batch that was stored: names and times were judged when it came, by the rules of that day. */
export function decodeStoredBatch(bytes: Uint8Array): Batch {
  const { start, json } = readPrefix(bytes);
  return readColumns(bytes, start, json as BatchHeader);
}

function readPrefix(bytes: Uint8Array): { start: number; json: unknown } {
  if (bytes.length < 8) throw new BatchFormatError("body", `${bytes.length} bytes; a binary batch has at least 8`);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const magic = view.getUint32(0, true);
  if (magic !== MAGIC_1 && magic !== MAGIC_2)
    throw new BatchFormatError("body", 'does not begin with "HLD2" or "HLD1"');
  const prefix = magic === MAGIC_1 ? 8 : PREFIX_BYTES;
  const start = prefix + view.getUint32(4, true);
  if (start > bytes.length || start % 8 !== 0 || bytes.length % 8 !== 0)
    throw new BatchFormatError("header", `its length ${start - prefix} does not fit a body of ${bytes.length} bytes`);
  if (magic === MAGIC_2) {
    const sums = checksumOf(bytes.subarray(prefix));
    if (sums.some((sum, index) => sum !== view.getUint32(8 + 4 * index, true)))
      throw new BatchFormatError("body", "its checksum is another: bits were changed on the way; send it again");
  }
  try {
    return { start, json: JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes.subarray(prefix, start))) };
  } catch (cause) {
    throw new BatchFormatError("header", "is not JSON", { cause });
  }
}

function readColumns(bytes: Uint8Array, start: number, { writer, sequence, groups }: BatchHeader): Batch {
  const length = start + groups.reduce((sum, group) => sum + group.count * 8 * (2 + group.metrics.length), 0);
  if (length !== bytes.length)
    throw new BatchFormatError("body", `${bytes.length} bytes; its header describes ${length}`);
  // a copy: float64 views need an aligned buffer (a Buffer's own slice would share the pool's)
  const columns = new Uint8Array(bytes.subarray(start));
  let offset = 0;
  const column = (count: number) => {
    const values = new Float64Array(columns.buffer, offset, count);
    offset += count * 8;
    return values;
  };
  return {
    writer,
    sequence,
    groups: groups.map(({ split, count, metrics }) => {
      const steps = column(count);
      const times = column(count);
      return { split, steps, times, metrics: new Map(metrics.map((name) => [name, column(count)])) };
    }),
  };
}

function requireColumns({ steps, times }: BatchGroup, index: number): void {
  const bad = steps.findIndex((step) => !(Number.isSafeInteger(step) && step >= 0));
  if (bad >= 0)
    throw new BatchFormatError(
      `groups.${index}.steps.${bad}`,
      `expected an integer from 0 to 2^53-1, received ${steps[bad]}`,
    );
  const badTime = times.findIndex((at) => !isPlausibleTime(at));
  if (badTime >= 0) throw new BatchFormatError(`groups.${index}.times.${badTime}`, whyNoTime(times[badTime]!));
}

/** A binary batch that can't be read: `field` is the part, the message what is wrong with it. */
export class BatchFormatError extends Error {
  constructor(
    readonly field: string,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
    this.name = "BatchFormatError";
  }
}

/** A parsed JSON batch as columns. */
export function batchFromJson(json: z.infer<typeof batchSchema>): Batch {
  return {
    writer: json.writer,
    sequence: json.sequence,
    groups: json.groups.map((group) => ({
      split: group.split,
      steps: Float64Array.from(group.steps),
      times: Float64Array.from(group.times),
      metrics: new Map(
        Object.entries(group.metrics).map(([name, values]) => [name, Float64Array.from(values, fromWireFloat)]),
      ),
    })),
  };
}

// ---------------------------------------------------------------------------------------------------------- series

export const seriesSummarySchema = z.object({
  split: splitSchema.nullable(),
  metric: z.string(),
  direction: z.enum(directions).nullable(),
  unit: z.string(),
  count: z.int(),
  nonFiniteCount: z.int(),
  stepLast: z.int(),
  last: floatSchema,
  min: z.number().nullable(),
  minStep: z.int().nullable(),
  max: z.number().nullable(),
  maxStep: z.int().nullable(),
  mean: z.number().nullable(),
  overwrittenCount: z.int(),
});
export type SeriesSummary = z.infer<typeof seriesSummarySchema>;

export const quarantineSchema = z.enum(["test", "split-not-in-manifest"]).meta({
  id: "Quarantine",
  description: "a test number that a client logged; or of a split without samples in the run's manifest",
});
export type Quarantine = z.infer<typeof quarantineSchema>;

/** Quarantined series are listed by name and count, without values. */
export const seriesListSchema = z
  .object({
    series: z.array(seriesSummarySchema),
    quarantined: z.array(
      z.object({ split: splitSchema.nullable(), metric: z.string(), count: z.int(), reason: quarantineSchema }),
    ),
  })
  .meta({
    id: "SeriesList",
    examples: [
      {
        series: [
          {
            split: "train",
            metric: "loss",
            direction: "min",
            unit: "nat",
            count: 3,
            nonFiniteCount: 1,
            stepLast: 2,
            last: "NaN",
            min: 1.98,
            minStep: 1,
            max: 2.31,
            maxStep: 0,
            mean: 2.145,
            overwrittenCount: 0,
          },
        ],
        quarantined: [{ split: null, metric: "test_acc", count: 10, reason: "test" }],
      },
    ],
  });
export type SeriesList = z.infer<typeof seriesListSchema>;

const pointColumns = {
  steps: z.array(stepSchema),
  times: z.array(z.number()),
  values: z.array(floatSchema),
};
/**
 * Points of series. `kind` says what they are: `raw`, every point; `envelope`, of each pixel its first, lowest, highest,
 * last and first non-finite point, out of `count` points in the range, beside the `means` of each pixel's finite values.
 * Columns are aligned. Also sent in binary columns.
 */
export const seriesPointsSchema = z
  .object({
    series: z.array(
      z.object({
        run: uuid,
        split: splitSchema.nullable(),
        metric: z.string(),
        kind: z.enum(["raw", "envelope"]),
        count: z.int(),
        nonFiniteCount: z.int(),
        overwrittenCount: z.int(),
        ...pointColumns,
        means: z.object({ ...pointColumns, steps: z.array(z.number()) }).nullable(),
      }),
    ),
  })
  .meta({
    id: "SeriesPoints",
    examples: [
      {
        series: [
          {
            run: runId,
            split: "train",
            metric: "loss",
            kind: "raw",
            count: 2,
            nonFiniteCount: 0,
            overwrittenCount: 0,
            steps: [0, 1],
            times: [1767603600000, 1767603600050],
            values: [2.31, 1.98],
            means: null,
          },
        ],
      },
    ],
  });
export type SeriesPoints = z.infer<typeof seriesPointsSchema>;

// ------------------------------------------------------------------------------------- datasets and split manifests

export const datasetCreateSchema = z
  .object({
    /** Id or slug of the project that it is for; a token's own if absent. */
    project: text(100).optional(),
    name: label(200),
    version: label(100),
    description: longText.default(""),
    /**
     * Whether the future must not be trained on: then a training sample later than a test sample blocks a manifest.
     * Null: as the version that is there has it, and false of a new one.
     */
    temporal: z.boolean().nullable().default(null),
    /** The shorter side, in pixels, of the images that thumbnails are made of; null: unknown. The first word holds. */
    imageSide: z.int().min(1).max(100_000).nullable().default(null),
  })
  .meta({ id: "DatasetCreate", examples: [{ name: "mnist", version: "1", description: "Handwritten digits, 28×28" }] });
export type DatasetCreate = z.input<typeof datasetCreateSchema>;

export const datasetSchema = z
  .object({
    id: uuid,
    name: z.string(),
    version: z.string(),
    description: z.string(),
    temporal: z.boolean(),
    /** The shorter side, in pixels, of the images that thumbnails are made of; null: unknown, or no images. */
    imageSide: z.int().nullable(),
    /** Null: samples may still be added, and no split can be made of them yet. */
    completedAt: time.nullable(),
    createdAt: time,
  })
  .meta({
    id: "Dataset",
    examples: [
      {
        id: projectId,
        name: "mnist",
        version: "1",
        description: "",
        temporal: false,
        imageSide: 28,
        completedAt: "2026-01-05T09:01:00.000Z",
        createdAt: "2026-01-05T09:00:00.000Z",
      },
    ],
  });
export type Dataset = z.infer<typeof datasetSchema>;

export const datasetListSchema = z
  .object({ datasets: z.array(datasetSchema) })
  .meta({ id: "DatasetList", examples: [{ datasets: [] }] });

const manifestText = label(500);
type Columns = Record<string, unknown[] | null | undefined>;

/** Names the first column that isn't as long as `key`, and the first key that stands twice. */
function refineColumns({ key, ...columns }: { key: string[] } & Columns, context: z.RefinementCtx, path: string[]) {
  for (const [name, column] of Object.entries(columns))
    if (column && column.length !== key.length)
      context.addIssue({
        code: "custom",
        path: [...path, name],
        message: `${column.length} entries for ${key.length} keys; one for each key`,
      });
  const seen = new Map<string, number>();
  for (const [index, one] of key.entries()) {
    const first = seen.get(one);
    if (first !== undefined) {
      context.addIssue({
        code: "custom",
        path: [...path, "key", index],
        message: `${JSON.stringify(one)} is already sample ${first}; a key stands in one split, once`,
      });
      return;
    }
    seen.set(one, index);
  }
}

/** A thumbnail's rows and columns. */
export const THUMBNAIL_SIDE = 32;
/** Bytes of a thumbnail: grey, or RGB. */
const THUMBNAIL_BYTES = [THUMBNAIL_SIDE ** 2, THUMBNAIL_SIDE ** 2 * 3];

/** One channel `[height × width]` resized by the mean over the area that each new pixel covers. */
export function resize(
  pixels: ArrayLike<number>,
  from: { width: number; height: number },
  to: { width: number; height: number },
): Float64Array {
  const resized = new Float64Array(to.width * to.height);
  for (let row = 0; row < to.height; row++) {
    const [top, bottom] = [(row * from.height) / to.height, ((row + 1) * from.height) / to.height];
    for (let column = 0; column < to.width; column++) {
      const [left, right] = [(column * from.width) / to.width, ((column + 1) * from.width) / to.width];
      let total = 0;
      for (let y = Math.floor(top); y < bottom; y++) {
        const tall = Math.min(y + 1, bottom) - Math.max(y, top);
        for (let x = Math.floor(left); x < right; x++)
          total += pixels[y * from.width + x]! * tall * (Math.min(x + 1, right) - Math.max(x, left));
      }
      resized[row * to.width + column] = total / ((bottom - top) * (right - left));
    }
  }
  return resized;
}

/** The thumbnail of an image `[height, width, channels]` of uint8 with 1, 3 or 4 channels (the fourth is dropped). */
export function thumbnailOf(
  pixels: ArrayLike<number>,
  { width, height, channels }: { width: number; height: number; channels: number },
): Uint8Array {
  const kept = channels >= 3 ? 3 : 1;
  const thumbnail = new Uint8Array(THUMBNAIL_SIDE ** 2 * kept);
  const channel = new Float64Array(width * height);
  for (let which = 0; which < kept; which++) {
    for (let at = 0; at < channel.length; at++) channel[at] = pixels[at * channels + which]!;
    const small = resize(channel, { width, height }, { width: THUMBNAIL_SIDE, height: THUMBNAIL_SIDE });
    for (let at = 0; at < THUMBNAIL_SIDE ** 2; at++) thumbnail[at * kept + which] = Math.round(small[at]!);
  }
  return thumbnail;
}

const base64Length = (bytes: number) => 4 * Math.ceil(bytes / 3);
/** 32 × 32 pixels of uint8, row by row, in base64. */
const thumbnailSchema = z
  .base64()
  .refine(
    (text) => THUMBNAIL_BYTES.some((bytes) => base64Length(bytes) === text.length),
    "base64 of 1,024 bytes (32 × 32, grey) or 3,072 (32 × 32, RGB)",
  );
const imageHashSchema = z.string().regex(/^[0-9a-f]{32}$/, "32 lower-case hexadecimal digits");
const textSchema = textWithoutNul(200_000);

const earlierHashesSchema = z.array(sha256).max(8).nullable();

const featuresSchema = z
  .string()
  .max(4000)
  .refine(isRowOfTexts, 'is JSON of names and texts, such as {"age":"52","sex":"male"}');

function isRowOfTexts(text: string): boolean {
  try {
    const row: unknown = JSON.parse(text);
    const isObject = typeof row === "object" && row !== null && !Array.isArray(row);
    return isObject && Object.values(row).every((cell) => typeof cell === "string");
  } catch {
    return false;
  }
}

/** Samples of a dataset in columns of one length. A sample without `contentHash` needs `text`, which is then hashed. */
export const datasetSamplesSchema = z
  .object({
    key: z.array(manifestText).min(1).max(MANIFEST_SAMPLES_MAX),
    label: z.array(manifestText.nullable()).nullable().default(null),
    group: z.array(manifestText.nullable()).nullable().default(null),
    time: z.array(time.nullable()).nullable().default(null),
    byteHash: z.array(sha256.nullable()).nullable().default(null),
    /**
     * SHA-256 of the decoded content: `image h w c uint8` and a line feed before an image's pixels, NFC text, or a row as
     * lib/wire/canonical-row.ts has it.
     */
    contentHash: z.array(sha256).nullable().default(null),
    /** All by which earlier versions of Holdout knew the same content: what they registered is found by it. */
    earlierHashes: z.array(earlierHashesSchema).nullable().default(null),
    /** The label is stored and hidden: no response holds it or lets it be derived. */
    sealed: z.array(z.boolean()).nullable().default(null),
    /** The split that the dataset's maker put the sample in, for method `given` and for `keep`. */
    split: z.array(splitSchema.nullable()).nullable().default(null),
    thumbnail: z.array(thumbnailSchema.nullable()).nullable().default(null),
    /** Perceptual hashes of image and mirror image, 32 hexadecimal digits; null: made of the thumbnail where there is one. */
    imageHash: z.array(imageHashSchema.nullable()).nullable().default(null),
    text: z.array(textSchema.nullable()).nullable().default(null),
    /** Of a table's rows: JSON of each feature's name and text, to find near duplicates by; cells beyond 4,000 characters left out. */
    features: z.array(featuresSchema.nullable()).nullable().default(null),
  })
  .superRefine((columns, context) => {
    refineColumns(columns, context, []);
    if (columns.contentHash === null && !columns.text?.every((text) => text !== null))
      context.addIssue({ code: "custom", path: ["contentHash"], message: "is missing; or give every sample a text" });
  })
  .meta({
    id: "DatasetSamples",
    examples: [{ key: ["train/0", "test/0"], label: ["5", "7"], contentHash: [digestOf("b"), digestOf("c")] }],
  });
export type DatasetSamples = z.infer<typeof datasetSamplesSchema>;

export const datasetSamplesAddedSchema = z
  .object({ /** New. */ added: z.int(), /** There already, the same. */ there: z.int() })
  .meta({ id: "DatasetSamplesAdded", examples: [{ added: 2, there: 0 }] });

export const datasetUploadedSchema = datasetSamplesAddedSchema
  .extend({ /** What was left out of the file, and what looks odd in it. */ remarks: z.array(z.string()) })
  .meta({ id: "DatasetUploaded", examples: [{ added: 2, there: 0, remarks: [] }] });
export type DatasetUploaded = z.infer<typeof datasetUploadedSchema>;

/** One row a sample, in columns of one length. `key` is unique; control characters are refused. */
export const manifestSamplesSchema = z.object({
  key: z.array(manifestText).max(MANIFEST_SAMPLES_MAX),
  split: z.array(splitSchema),
  label: z.array(manifestText.nullable()),
  group: z.array(manifestText.nullable()).nullable().default(null),
  time: z.array(time.nullable()).nullable().default(null),
  byteHash: z.array(sha256).nullable().default(null),
  contentHash: z.array(sha256),
  earlierHashes: z.array(earlierHashesSchema).nullable().default(null),
});
export type ManifestSamples = z.infer<typeof manifestSamplesSchema>;

export const manifestMethods = [
  "random",
  "stratified",
  "group",
  "stratified-group",
  "time",
  "given",
  "k-fold",
  "stratified-k-fold",
  "group-k-fold",
  "stratified-group-k-fold",
] as const;
export type ManifestMethod = (typeof manifestMethods)[number];
/**
 * `quota`: exact counts. `threshold`: by the hash alone, so that a sample stays where it is when the dataset grows, unless
 * one that comes ties it to another group or content. Strata have quotas: a stratified method takes no threshold.
 */
export const assignments = ["quota", "threshold"] as const;

const share = z.number().min(0).max(1);
/** Shares of train, validation and test; they sum to 1. */
export const fractionsSchema = z
  .object({ train: share, validation: share, test: share })
  .refine(
    ({ train, validation, test }) => Math.abs(train + validation + test - 1) < 1e-9,
    "train, validation and test sum to 1",
  )
  .refine(({ train }) => train > 0, "train is above 0");
export type Fractions = z.infer<typeof fractionsSchema>;
export const fractionPresets = {
  "70/15/15": { train: 0.7, validation: 0.15, test: 0.15 },
  "80/10/10": { train: 0.8, validation: 0.1, test: 0.1 },
  "70/20/10": { train: 0.7, validation: 0.2, test: 0.1 },
} as const satisfies Record<string, Fractions>;

/** How a split is made of a dataset's samples. Every field is part of the manifest's header. */
export const splitOptionsSchema = z.object({
  fractions: fractionsSchema.default(fractionPresets["70/15/15"]),
  assignment: z.enum(assignments).default("quota"),
  /** Of the k-fold methods: how many manifests, one for each fold as validation. */
  folds: z.int().min(2).max(50).default(5),
  /** Of method `time`: seconds left out before validation and before test. */
  gapSeconds: z.number().min(0).default(0),
  /** Of stratified methods: labels are numbers, and strata are this many quantile bins; null: labels are classes. */
  quantileBins: z.int().min(2).max(1000).nullable().default(null),
  /** Samples whose given split is among these stay in it; the others are split. */
  keep: z.array(splitSchema).max(3).default([]),
});
export type SplitOptions = z.infer<typeof splitOptionsSchema>;

export const manifestCreateSchema = z
  .object({
    project: text(100).optional(),
    name: label(200),
    dataset: z.object({ name: label(200), version: label(100) }),
    method: z.enum(manifestMethods),
    seed: z.int().min(0).nullable().default(null),
    notes: longText.default(""),
    options: splitOptionsSchema.prefault({}),
    /** The split itself, sample by sample. Null: it is made of the dataset's samples, by `method`. */
    samples: manifestSamplesSchema.nullable().default(null),
  })
  .superRefine(({ samples, method, options }, context) => {
    if (samples) refineColumns(samples, context, ["samples"]);
    if (options.assignment === "threshold" && method.startsWith("stratified"))
      context.addIssue({
        code: "custom",
        path: ["options", "assignment"],
        message: `threshold knows no classes, which ${method} shares out by quotas; quota is right, or ${method.replace("stratified-", "").replace("stratified", "random")}`,
      });
  })
  .meta({
    id: "ManifestCreate",
    examples: [
      {
        name: "mnist 2 samples",
        dataset: { name: "mnist", version: "1" },
        method: "given",
        samples: {
          key: ["train/0", "test/0"],
          split: ["train", "test"],
          label: ["5", "7"],
          contentHash: [digestOf("b"), digestOf("c")],
        },
      },
      { name: "mnist 70/15/15", dataset: { name: "mnist", version: "1" }, method: "stratified", seed: 1 },
    ],
  });
export type ManifestCreate = z.input<typeof manifestCreateSchema>;

/** The milder first. `cannot-tell`: what should be compared couldn't be. */
export const manifestVerdicts = ["pass", "cannot-tell", "warn", "block"] as const;
export type ManifestVerdict = (typeof manifestVerdicts)[number];
/** Of a check. `not-applicable`: nothing of the kind is there to be compared; it weighs nothing. */
export const verdicts = ["not-applicable", ...manifestVerdicts] as const;
export type Verdict = (typeof verdicts)[number];
export const checkNames = [
  "exact-duplicates",
  "near-duplicates",
  "label-conflicts",
  "groups",
  "time-order",
  "ordered-data",
  "class-balance",
  "missing-classes",
  "power",
] as const;
export type CheckName = (typeof checkNames)[number];

/** How an image is altered on its way from one data set into another. */
export const alterations = [
  "re-encoded",
  "re-encoded-strongly",
  "brighter",
  "mirrored",
  "noisy",
  "resized",
  "resized-to-half",
  "shifted",
  "cropped",
] as const;
export type Alteration = (typeof alterations)[number];

/** What a search found of altered copies that were planted in it. */
const recallSchema = z.object({
  kind: z.enum(alterations),
  planted: z.int(),
  found: z.int(),
  /** 95 % interval of the share that it finds, 0–1 (Wilson's). */
  low: z.number(),
  high: z.number(),
});
export type Recall = z.infer<typeof recallSchema>;

export const checkSchema = z.object({
  name: z.enum(checkNames),
  verdict: z.enum(verdicts),
  /** What was found, in one or two sentences. */
  detail: z.string(),
  /** Named figures of the check, such as `pairs` or `cramersV`; null: undefined for these samples. */
  figures: z.record(z.string(), z.number().nullable()),
  /** The first findings, each with its samples. */
  findings: z.array(z.object({ keys: z.array(z.string()), splits: z.array(splitSchema), note: z.string() })),
  /** How many findings there are in all. */
  findingCount: z.int(),
  /** Of near duplicates among images: what the search finds, by kind of alteration. Absent: nothing was planted. */
  recall: z.array(recallSchema).optional(),
});
export type Check = z.infer<typeof checkSchema>;

const manifestExample = {
  id: digestOf("a"),
  project: "street-signs",
  name: "mnist 2 samples",
  dataset: { name: "mnist", version: "1" },
  method: "stratified",
  seed: 1,
  notes: "",
  headerDigest: digestOf("d"),
  splitDigests: { train: digestOf("1"), validation: digestOf("2"), test: digestOf("3") },
  counts: { train: 1, validation: 0, test: 1 },
  parent: null,
  verdict: "pass",
  override: null,
  createdAt: "2026-01-05T09:00:00.000Z",
};
const splitCounts = z.object({ train: z.int(), validation: z.int(), test: z.int() });
export const manifestSchema = z
  .object({
    id: sha256,
    project: z.string(),
    name: z.string(),
    dataset: z.object({ name: z.string(), version: z.string() }),
    method: z.enum(manifestMethods),
    seed: z.int().nullable(),
    notes: z.string(),
    headerDigest: sha256,
    splitDigests: z.object({ train: sha256, validation: sha256, test: sha256 }),
    counts: splitCounts,
    /** Of a k-fold: the manifest of all folds together, whose test split this one shares; of a repair: what it mends. */
    parent: sha256.nullable(),
    /** The gravest verdict of the checks that apply; null: they aren't done. */
    verdict: z.enum(manifestVerdicts).nullable(),
    /** Why a blocked manifest is used all the same, as a member wrote it; null: it isn't. */
    override: z.object({ reason: z.string(), by: z.string(), at: time }).nullable(),
    createdAt: time,
  })
  .meta({
    id: "Manifest",
    examples: [manifestExample],
  });
export type Manifest = z.infer<typeof manifestSchema>;

export const manifestRegisteredSchema = manifestSchema
  .extend({
    /** Ids of a k-fold's folds, in order: runs cite these. Empty for the other methods. */ folds: z.array(sha256),
  })
  .meta({
    id: "ManifestRegistered",
    examples: [
      { ...manifestExample, folds: [] },
      { ...manifestExample, method: "stratified-k-fold", folds: [digestOf("e"), digestOf("f")] },
    ],
  });
export type ManifestRegistered = z.infer<typeof manifestRegisteredSchema>;

export const manifestReportSchema = z
  .object({
    manifest: sha256,
    /** Null: the checks aren't done; `progress` says how far they are. */
    verdict: z.enum(manifestVerdicts).nullable(),
    checks: z.array(checkSchema),
    progress: z.object({
      status: z.enum(["queued", "running", "done", "failed"]),
      /** 0–1. */ share: z.number(),
      stage: z.string(),
      error: z.string().nullable(),
    }),
  })
  .meta({
    id: "ManifestReport",
    examples: [
      {
        manifest: digestOf("a"),
        verdict: "pass",
        checks: [
          {
            name: "groups",
            verdict: "pass",
            detail: "No group stands in two splits.",
            figures: { groups: 2 },
            findings: [],
            findingCount: 0,
          },
        ],
        progress: { status: "done", share: 1, stage: "", error: null },
      },
    ],
  });
export type ManifestReport = z.infer<typeof manifestReportSchema>;

const movedSchema = z.object({ key: z.string(), from: splitSchema, to: splitSchema });
export const manifestDiffSchema = z
  .object({
    before: sha256,
    after: sha256,
    /** Whether both have the same test split, to the byte. */
    sameTest: z.boolean(),
    /** How many there are of each; the lists hold the first 200, of leak risks each way. */
    counts: z.object({
      added: z.int(),
      removed: z.int(),
      moved: z.int(),
      relabelled: z.int(),
      changed: z.int(),
      renamed: z.int(),
      leakRisk: z.int(),
      /** Of those, how many are test in `before`: none may be, where runs of `after` are to be evaluated on it. */
      leakRiskInBefore: z.int(),
    }),
    added: z.array(z.string()),
    removed: z.array(z.string()),
    moved: z.array(movedSchema),
    relabelled: z.array(z.object({ key: z.string(), from: z.string().nullable(), to: z.string().nullable() })),
    /** Other content under the same key. */
    changed: z.array(z.string()),
    /** The same content under another key: before, after. */
    renamed: z.array(z.tuple([z.string(), z.string()])),
    /** Test in one, train or validation in the other. `as`: the key that the content has there, if another. */
    leakRisk: z.array(movedSchema.extend({ as: z.string().optional() })),
  })
  .meta({
    id: "ManifestDiff",
    examples: [
      {
        before: digestOf("a"),
        after: digestOf("b"),
        sameTest: false,
        counts: {
          added: 0,
          removed: 0,
          moved: 1,
          relabelled: 0,
          changed: 0,
          renamed: 0,
          leakRisk: 1,
          leakRiskInBefore: 1,
        },
        added: [],
        removed: [],
        moved: [{ key: "test/0", from: "test", to: "train" }],
        relabelled: [],
        changed: [],
        renamed: [],
        leakRisk: [{ key: "test/0", from: "test", to: "train" }],
      },
    ],
  });
export type ManifestDiff = z.infer<typeof manifestDiffSchema>;

export const evaluableSchema = z
  .object({
    run: z.string(),
    manifest: sha256,
    /** Whether the run may be evaluated on the manifest's test split: exactly where no reason stands against it. */
    evaluable: z.boolean(),
    reasons: z.array(
      z.object({
        kind: z.enum(["leak", "uncited", "blocked", "unchecked", "empty"]),
        field: z.enum(["run", "manifest"]),
        detail: z.string(),
      }),
    ),
    leak: z.object({
      /** How many test samples; the list holds the first 200. */ count: z.int(),
      samples: z.array(
        z.object({
          key: z.string(),
          /** The manifest of the run, or of a run that its weights come from, in which it was trained or tuned on. */
          manifest: sha256,
          split: z.enum(["train", "validation"]),
          /** The sample's key there. */ as: z.string(),
        }),
      ),
    }),
  })
  .meta({
    id: "Evaluable",
    examples: [
      {
        run: "0190a0f4-7b1c-7e3a-9f00-0123456789ab",
        manifest: digestOf("a"),
        evaluable: false,
        reasons: [
          {
            kind: "leak",
            field: "manifest",
            detail:
              "of the 60 test samples of digits, 1 stood in train or validation of what the run, or a run that its weights come from, cites: test/0",
          },
        ],
        leak: { count: 1, samples: [{ key: "test/0", manifest: digestOf("b"), split: "train", as: "test/0" }] },
      },
    ],
  });
export type Evaluable = z.infer<typeof evaluableSchema>;

export const manifestListSchema = z
  .object({ manifests: z.array(manifestSchema) })
  .meta({ id: "ManifestList", examples: [{ manifests: [] }] });
export type ManifestList = z.infer<typeof manifestListSchema>;

// ------------------------------------------------------------------------------------------ artifacts, checkpoints

export const artifactSchema = z
  .object({
    path: z.string(),
    sha256,
    sizeBytes: z.int(),
    contentType: z.string(),
    createdAt: time,
  })
  .meta({
    id: "Artifact",
    examples: [
      {
        path: "checkpoints/step-900.safetensors",
        sha256: digestOf("e"),
        sizeBytes: 81234,
        contentType: "application/octet-stream",
        createdAt: "2026-01-05T09:00:00.000Z",
      },
    ],
  });
export type Artifact = z.infer<typeof artifactSchema>;

/** Links a file that this project already holds, by its hash, without sending it again. */
export const artifactLinkSchema = z
  .object({ path: artifactPathSchema, sha256, contentType: mediaTypeSchema.default("application/octet-stream") })
  .meta({ id: "ArtifactLink", examples: [{ path: "model.safetensors", sha256: digestOf("e") }] });
export type ArtifactLink = z.input<typeof artifactLinkSchema>;

export const artifactListSchema = z.object({ artifacts: z.array(artifactSchema) }).meta({
  id: "ArtifactList",
  examples: [{ artifacts: [] }],
});

/** Where a picture that was logged under a key and a step lies among a run's artifacts. */
export const imagePath = (key: string, step: number): string => `images/${key}/${String(step).padStart(9, "0")}.png`;
/** Key and step of such a path; null for another. */
export function imagePlace(path: string): { key: string; step: number } | null {
  const [, key, step] = /^images\/(.+)\/(\d+)\.png$/.exec(path) ?? [];
  return key === undefined ? null : { key, step: Number(step) };
}

/** A part of a model that is frozen, carried over and drawn as one. */
export const blockSchema = z.object({
  name: z.string().max(100),
  /** `carried`: its weights began as those of another run. */
  origin: z.enum(["new", "carried"]),
  /** `unfrozen`: it was frozen at first. */
  state: z.enum(["trained", "frozen", "unfrozen"]),
  layers: z
    .array(
      z.object({
        name: z.string().max(200),
        type: z.string().max(100),
        /** Of its output; -1: the batch. */
        shape: z.array(z.int()).max(8),
        parameters: z.int().min(0),
      }),
    )
    .max(1000),
});
export type Block = z.infer<typeof blockSchema>;

/** What an artifact `model/….json` holds: a run's model, what of it was frozen when, and each tensor before and after. */
export const modelRecordSchema = z.object({
  version: z.literal(1),
  family: z.string().max(100),
  /** The publications that its architecture comes from. */
  source: z.string().max(500),
  parameters: z.int().min(0),
  /** Epochs done when it was written. */
  epoch: z.int().min(0),
  blocks: z.array(blockSchema).max(1000),
  /** From which epoch, counted from 0, these blocks were frozen, and what the learning rate was multiplied by. */
  stages: z.array(z.object({ fromEpoch: z.int(), frozen: z.array(z.string()), rateFactor: z.number() })).max(100),
  tensors: z
    .array(
      z.object({
        name: z.string().max(300),
        shape: z.array(z.int()).max(8),
        /** SHA-256 of the values, little-endian. */
        before: sha256,
        after: sha256,
        /** Euclidean norm of the difference, over that of the values before; null where that is 0. */
        change: z.number().nullable(),
      }),
    )
    .max(10_000),
  /** `meaningful`: its value says how good a model is, beside that of a constant prediction; `surrogate`: it doesn't. */
  loss: z.object({
    name: z.string().max(100),
    kind: z.enum(["meaningful", "surrogate"]),
    unit: z.string().max(40),
    /** The loss of the best constant prediction, by the training split; null for a surrogate. */
    baseline: z.number().nullable(),
    /** What its last fifth says of the training loss; null where it is too short to say. */
    convergence: z.enum(["falling", "level", "rising", "oscillating"]).nullable(),
  }),
});
export type ModelRecord = z.infer<typeof modelRecordSchema>;
/** Under which path such an artifact lies, by epoch. */
export const modelRecordPath = (epoch: number): string => `model/epoch-${String(epoch).padStart(4, "0")}.json`;

/** What was fitted to samples before the model saw them: `fittedOn` is the digest of the split that they are. */
export const preprocessingSchema = z
  .object({ fittedOn: sha256, values: z.record(label(100), floatSchema).default({}) })
  .meta({
    id: "Preprocessing",
    examples: [{ fittedOn: digestOf("c"), values: { mean: 33.3, standardDeviation: 78.6 } }],
  });

/** Weights at a step, stored before as the artifact `path`. `values`: the metrics at that step; one may be left out. */
export const checkpointCreateSchema = z
  .object({
    path: artifactPathSchema,
    step: stepSchema,
    epoch: z.number().min(0),
    values: z.record(metricNameSchema, measuredSchema).default({}),
    preprocessing: preprocessingSchema.nullable().default(null),
  })
  .meta({
    id: "CheckpointCreate",
    examples: [
      { path: "checkpoints/step-900.safetensors", step: 900, epoch: 3, values: { "validation/accuracy": 0.97 } },
      {
        path: "checkpoints/best.safetensors",
        step: 900,
        epoch: 3,
        values: { "validation/mae": 0, "validation/r2": { undefined: "all 40 numbers are 2" } },
      },
    ],
  });
export type CheckpointCreate = z.input<typeof checkpointCreateSchema>;

export const checkpointSchema = z
  .object({
    id: uuid,
    path: z.string(),
    sha256,
    sizeBytes: z.int(),
    step: z.int(),
    epoch: z.number(),
    values: z.record(z.string(), measuredSchema),
    preprocessing: preprocessingSchema.nullable(),
    createdAt: time,
  })
  .meta({
    id: "Checkpoint",
    examples: [
      {
        id: projectId,
        path: "checkpoints/step-900.safetensors",
        sha256: digestOf("e"),
        sizeBytes: 81234,
        step: 900,
        epoch: 3,
        values: { "validation/accuracy": 0.97 },
        preprocessing: { fittedOn: digestOf("c"), values: { mean: 33.3, standardDeviation: 78.6 } },
        createdAt: "2026-01-05T09:00:00.000Z",
      },
    ],
  });
export type Checkpoint = z.infer<typeof checkpointSchema>;

export const checkpointListSchema = z.object({ checkpoints: z.array(checkpointSchema) }).meta({
  id: "CheckpointList",
  examples: [{ checkpoints: [] }],
});

// ----------------------------------------------------------------------------------------------------------- lists

export const projectListSchema = z.object({ projects: z.array(projectSchema) }).meta({
  id: "ProjectList",
  examples: [{ projects: [] }],
});
/** Newest first; `next` is the id to pass as `before` for the following page, or null at the end. */
export const runListSchema = z
  .object({ runs: z.array(runSchema), next: uuid.nullable() })
  .meta({ id: "RunList", examples: [{ runs: [], next: null }] });
export type RunList = z.infer<typeof runListSchema>;

export const healthSchema = z
  .object({ status: z.literal("ok"), instance: z.string() })
  .meta({ id: "Health", examples: [{ status: "ok", instance: "0199f3a2-1c00-7000-8000-000000000000" }] });

// ---------------------------------------------------------------------------------------------------------- routes

export type RouteParameter = {
  name: string;
  description: string;
  schema: z.ZodType;
  repeated?: boolean;
  /** Without it the answer is 400. */
  required?: boolean;
};
export type Route = {
  method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  path: string;
  summary: string;
  /** A key of the permission table in lib/access; null: anyone may ask. */
  permission: string | null;
  query?: RouteParameter[];
  request?: z.ZodType;
  /** Another form in which the request body may come. */
  requestBinary?: { contentType: string; description: string };
  response?: z.ZodType;
  responseBinary?: { contentType: string; description: string };
};

const splitAndMetric = z.string().regex(/^(train|validation|-)\/.+$/, "split/metric, with - for no split");
const pointsBinary = {
  contentType: "application/vnd.holdout.points",
  description: "Columns of float64, where Accept asks for them",
};
/** Which series, steps and width, of points for a chart. */
const pointsQuery: [RouteParameter, RouteParameter, RouteParameter, RouteParameter] = [
  {
    name: "series",
    description: "split/metric, with - for no split; may be repeated",
    schema: splitAndMetric,
    repeated: true,
    required: true,
  },
  { name: "from", description: "first step, default the first there is", schema: z.coerce.number().pipe(stepSchema) },
  { name: "to", description: "last step, default the last there is", schema: z.coerce.number().pipe(stepSchema) },
  {
    name: "px",
    description: "width of the chart in pixels, 50 to 4000, default 1000",
    schema: z.coerce.number().int().min(50).max(4000),
  },
];

export const routes = {
  health: {
    method: "GET",
    path: "/api/health",
    summary: "Whether the server answers, and which one it is",
    permission: null,
    response: healthSchema,
  },
  openapi: { method: "GET", path: "/api/v1/openapi.json", summary: "This document", permission: "contract.read" },
  listProjects: {
    method: "GET",
    path: "/api/v1/projects",
    summary: "Projects that the caller may read",
    permission: "projects.read",
    response: projectListSchema,
  },
  createProject: {
    method: "POST",
    path: "/api/v1/projects",
    summary: "Create a project",
    permission: "projects.create",
    request: projectCreateSchema,
    response: projectSchema,
  },
  getProject: {
    method: "GET",
    path: "/api/v1/projects/{project}",
    summary: "One project, by id or slug",
    permission: "projects.read",
    response: projectSchema,
  },
  updateProject: {
    method: "PATCH",
    path: "/api/v1/projects/{project}",
    summary: "Change a project's name, description or primary metric",
    permission: "projects.update",
    request: projectUpdateSchema,
    response: projectSchema,
  },
  getMetrics: {
    method: "GET",
    path: "/api/v1/projects/{project}/metrics",
    summary: "The project's declared metrics",
    permission: "projects.read",
    response: metricsDeclareSchema,
  },
  declareMetrics: {
    method: "PUT",
    path: "/api/v1/projects/{project}/metrics",
    summary: "Declare metrics: name, direction, unit. Those not named stay as they are",
    permission: "metrics.declare",
    request: metricsDeclareSchema,
    response: metricsDeclareSchema,
  },
  listRuns: {
    method: "GET",
    path: "/api/v1/runs",
    summary: "Runs of a project, newest first",
    permission: "runs.read",
    query: [
      { name: "project", description: "id or slug; a token's own project if absent", schema: z.string().max(100) },
      { name: "before", description: "only runs created before this run's id", schema: uuid },
      { name: "limit", description: "1 to 200, default 50", schema: z.coerce.number().int().min(1).max(200) },
    ],
    response: runListSchema,
  },
  createRun: {
    method: "POST",
    path: "/api/v1/runs",
    summary: "Create a run. The same id with the same content may be sent again",
    permission: "runs.log",
    request: runCreateSchema,
    response: runSchema,
  },
  getRun: {
    method: "GET",
    path: "/api/v1/runs/{run}",
    summary: "One run",
    permission: "runs.read",
    response: runSchema,
  },
  updateRun: {
    method: "PATCH",
    path: "/api/v1/runs/{run}",
    summary: "Rename a run or change its notes",
    permission: "runs.update",
    request: runUpdateSchema,
    response: runSchema,
  },
  createWriter: {
    method: "POST",
    path: "/api/v1/runs/{run}/writers",
    summary: "Start, resume or join a run as a writer. May be repeated",
    permission: "runs.log",
    request: writerCreateSchema,
    response: writerSchema,
  },
  appendMetrics: {
    method: "POST",
    path: "/api/v1/runs/{run}/metrics",
    summary: "Append a batch of points. May be repeated: a batch is stored once",
    permission: "runs.log",
    request: batchSchema,
    requestBinary: { contentType: BATCH_CONTENT_TYPE, description: 'The binary form of a batch ("HLD2")' },
    response: batchAnswerSchema,
  },
  getPoints: {
    method: "GET",
    path: "/api/v1/runs/{run}/metrics",
    summary: "Points of series, raw or as an envelope of at most four points a pixel",
    permission: "runs.read",
    query: pointsQuery,
    response: seriesPointsSchema,
    responseBinary: pointsBinary,
  },
  getProjectPoints: {
    method: "GET",
    path: "/api/v1/projects/{project}/points",
    summary: "Points of series of many runs of a project, as getPoints gives those of one",
    permission: "runs.read",
    query: [
      {
        name: "run",
        description: "a run's id; may be repeated, up to 500 times",
        schema: uuid,
        repeated: true,
        required: true,
      },
      ...pointsQuery,
    ] as [RouteParameter, ...RouteParameter[]],
    response: seriesPointsSchema,
    responseBinary: pointsBinary,
  },
  exportRuns: {
    method: "GET",
    path: "/api/v1/projects/{project}/runs.csv",
    summary: "The runs table as CSV for people: every run that matches, in the order asked for",
    permission: "runs.read",
    query: [
      {
        name: "column",
        description: "name, config.KEY, SPLIT/METRIC.last …, in the order of the columns; may be repeated",
        schema: z.string().max(1000),
        repeated: true,
      },
      { name: "sort", description: "a column, - before it for descending; default -created", schema: z.string() },
      { name: "filter", description: "in the table's filter language; default none", schema: z.string() },
      { name: "archived", description: "1: archived runs too", schema: z.enum(["0", "1"]) },
    ],
    responseBinary: {
      contentType: "text/csv",
      description:
        "RFC 4180, UTF-8 behind a byte order mark; the first column is the run's id; a ' stands before what a spreadsheet would take for a formula",
    },
  },
  exportManifestList: {
    method: "GET",
    path: "/api/v1/projects/{project}/manifests.csv",
    summary: "The project's manifests as CSV for people, with what their checks say: the newest first, at most 500",
    permission: "manifests.read",
    responseBinary: { contentType: "text/csv", description: "RFC 4180, UTF-8" },
  },
  listSeries: {
    method: "GET",
    path: "/api/v1/runs/{run}/series",
    summary: "The series of a run with their summaries",
    permission: "runs.read",
    response: seriesListSchema,
  },
  getEvaluable: {
    method: "GET",
    path: "/api/v1/runs/{run}/evaluable",
    summary: "Whether a run may be evaluated on the test split of a manifest, and what stands against it",
    permission: "runs.read",
    query: [{ name: "manifest", description: "id of a manifest of the run's project", schema: sha256, required: true }],
    response: evaluableSchema,
  },
  heartbeat: {
    method: "POST",
    path: "/api/v1/runs/{run}/heartbeat",
    summary: "A sign of life from a writer",
    permission: "runs.log",
    request: heartbeatSchema,
    response: heartbeatAnswerSchema,
  },
  finishRun: {
    method: "POST",
    path: "/api/v1/runs/{run}/finish",
    summary: "End a run: finished, failed with a reason, or killed. May be repeated",
    permission: "runs.log",
    request: runFinishSchema,
    response: runSchema,
  },
  listArtifacts: {
    method: "GET",
    path: "/api/v1/runs/{run}/artifacts",
    summary: "The files of a run",
    permission: "runs.read",
    response: artifactListSchema,
  },
  linkArtifact: {
    method: "POST",
    path: "/api/v1/runs/{run}/artifacts",
    summary: "Give a run a file that its project already holds, by hash; 404 if it has to be sent",
    permission: "runs.log",
    request: artifactLinkSchema,
    response: artifactSchema,
  },
  putArtifact: {
    method: "PUT",
    path: "/api/v1/runs/{run}/artifacts/{path}",
    summary: "Store a file of a run. The server computes its hash; x-content-sha256, if sent, must agree",
    permission: "runs.log",
    requestBinary: { contentType: "application/octet-stream", description: "The file's bytes" },
    response: artifactSchema,
  },
  getArtifact: {
    method: "GET",
    path: "/api/v1/runs/{run}/artifacts/{path}",
    summary: "A file of a run, as an attachment; or, encoded anew, a picture to be shown",
    permission: "runs.read",
    query: [{ name: "picture", description: "1: as PNG, for pictures of at most 20 MB", schema: z.literal("1") }],
    responseBinary: { contentType: "application/octet-stream", description: "The file's bytes" },
  },
  createCheckpoint: {
    method: "POST",
    path: "/api/v1/runs/{run}/checkpoints",
    summary: "Declare a stored artifact as the run's weights at a step. May be repeated",
    permission: "runs.log",
    request: checkpointCreateSchema,
    response: checkpointSchema,
  },
  listCheckpoints: {
    method: "GET",
    path: "/api/v1/runs/{run}/checkpoints",
    summary: "The checkpoints of a run, by step",
    permission: "runs.read",
    response: checkpointListSchema,
  },
  createDataset: {
    method: "POST",
    path: "/api/v1/datasets",
    summary: "Register a dataset version for a project. May be repeated",
    permission: "manifests.register",
    request: datasetCreateSchema,
    response: datasetSchema,
  },
  addDatasetSamples: {
    method: "POST",
    path: "/api/v1/datasets/{dataset}/samples",
    summary: "Add samples to a dataset that isn't complete. May be repeated",
    permission: "manifests.register",
    request: datasetSamplesSchema,
    response: datasetSamplesAddedSchema,
  },
  uploadDatasetSamples: {
    method: "POST",
    path: "/api/v1/datasets/{dataset}/upload",
    summary:
      "Add the samples of a file: columns key, label, group, time, split, sealed, byte_hash, content_hash or text",
    permission: "manifests.register",
    query: [
      {
        name: "format",
        description: "csv, jsonl or parquet",
        schema: z.enum(["csv", "jsonl", "parquet"]),
        required: true,
      },
      { name: "target", description: "the column that is the label; label or target if absent", schema: z.string() },
      {
        name: "columns",
        description: "what columns are whose names leave it open: Group:group,Size:feature,row:nothing",
        schema: z.string(),
      },
      { name: "blanks", description: "trim: blanks round a key, label or group are cut", schema: z.enum(["trim"]) },
    ],
    requestBinary: { contentType: "application/octet-stream", description: "The file, of at most 4 GiB" },
    response: datasetUploadedSchema,
  },
  listDatasets: {
    method: "GET",
    path: "/api/v1/datasets",
    summary: "The datasets that a project was given, the newest first",
    permission: "manifests.read",
    query: [
      { name: "project", description: "id or slug; a token's own project if absent", schema: z.string().max(100) },
    ],
    response: datasetListSchema,
  },
  listManifests: {
    method: "GET",
    path: "/api/v1/manifests",
    summary: "The manifests of a project, the newest first",
    permission: "manifests.read",
    query: [
      { name: "project", description: "id or slug; a token's own project if absent", schema: z.string().max(100) },
    ],
    response: manifestListSchema,
  },
  completeDataset: {
    method: "POST",
    path: "/api/v1/datasets/{dataset}/complete",
    summary: "Say that the dataset has all its samples. May be repeated",
    permission: "manifests.register",
    response: datasetSchema,
  },
  createManifest: {
    method: "POST",
    path: "/api/v1/manifests",
    summary:
      "Register a split manifest, or of a k-fold the whole and its folds. The same content again returns what is there",
    permission: "manifests.register",
    request: manifestCreateSchema,
    response: manifestRegisteredSchema,
  },
  getManifest: {
    method: "GET",
    path: "/api/v1/manifests/{manifest}",
    summary: "One manifest of a project",
    permission: "manifests.read",
    query: [
      { name: "project", description: "id or slug; a token's own project if absent", schema: z.string().max(100) },
    ],
    response: manifestSchema,
  },
  getManifestReport: {
    method: "GET",
    path: "/api/v1/manifests/{manifest}/report",
    summary: "What the checks of a manifest found, or how far they are",
    permission: "manifests.read",
    query: [
      { name: "project", description: "id or slug; a token's own project if absent", schema: z.string().max(100) },
    ],
    response: manifestReportSchema,
  },
  diffManifests: {
    method: "GET",
    path: "/api/v1/manifests/{manifest}/diff",
    summary: "What differs between a manifest and another, and which samples leak from one to the other",
    permission: "manifests.read",
    query: [
      { name: "with", description: "id of the other manifest", schema: sha256, required: true },
      { name: "project", description: "id or slug; a token's own project if absent", schema: z.string().max(100) },
    ],
    response: manifestDiffSchema,
  },
  getThumbnail: {
    method: "GET",
    path: "/api/v1/manifests/{manifest}/thumbnail",
    summary: "A sample's thumbnail, 32 × 32, as PNG",
    permission: "manifests.read",
    query: [
      { name: "key", description: "the sample's key", schema: z.string().max(500), required: true },
      { name: "project", description: "id or slug; a token's own project if absent", schema: z.string().max(100) },
    ],
    responseBinary: { contentType: "image/png", description: "32 × 32 pixels" },
  },
  exportManifest: {
    method: "GET",
    path: "/api/v1/manifests/{manifest}/export",
    summary:
      "A manifest's samples as CSV, JSONL or Parquet, for programs (no byte order mark, no guard against formulas); no sealed label is among them",
    permission: "manifests.read",
    query: [
      {
        name: "format",
        description: "csv, jsonl or parquet",
        schema: z.enum(["csv", "jsonl", "parquet"]),
        required: true,
      },
      { name: "project", description: "id or slug; a token's own project if absent", schema: z.string().max(100) },
    ],
    responseBinary: { contentType: "application/octet-stream", description: "the file, as an attachment" },
  },
  getManifestSamples: {
    method: "GET",
    path: "/api/v1/manifests/{manifest}/samples",
    summary: "The canonical bytes of a manifest: one line a sample, for programs; their SHA-256 is the manifest's id",
    permission: "manifests.read",
    query: [
      { name: "project", description: "id or slug; a token's own project if absent", schema: z.string().max(100) },
    ],
    responseBinary: { contentType: "text/tab-separated-values; charset=utf-8", description: "holdout-manifest v1" },
  },
  events: {
    method: "GET",
    path: "/api/events",
    summary: "Server-sent events that say which runs changed; for signed-in browsers",
    permission: "events.read",
    responseBinary: { contentType: "text/event-stream", description: "event: run, data: {run, project}" },
  },
} as const satisfies Record<string, Route>;
export type RouteName = keyof typeof routes;

/** Words of the language that begin as `test` does and speak of something else. */
const otherWords = /^test(osteron|ament|imon|if|icl|icul|is$|es$|at|y$|udo)/;
/** `acctest`, `losstest`: what is measured, and `test` behind it. */
const measuredTest =
  /^(acc|accuracy|auc|auroc|dice|err|error|f1|iou|loss|mae|map|mse|nll|precision|r2|recall|rmse|score)tests?$/;

/**
 * Whether a series counts as a test number: of split test, or with a word in its name that begins with `test`
 * (`test_acc`, `testAcc`, `testset_acc`, `testing_loss`, `TESTACC`), or that ends so after a measure.
 */
export function isTestSeries(split: Split | null, metric: string): boolean {
  if (split === "test") return true;
  const words = metric
    .replace(/([a-z0-9])([A-Z])/g, "$1 $2")
    .toLowerCase()
    .split(/[^a-z0-9]+|(?<=[a-z])(?=[0-9])|(?<=[0-9])(?=[a-z])/);
  return words.some((word) => (word.startsWith("test") && !otherWords.test(word)) || measuredTest.test(word));
}
