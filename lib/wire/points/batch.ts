/** A batch of points on its way in, as JSON and as binary columns. */
import { z } from "zod";
import { writerId } from "../base/examples.ts";
import type { Route } from "../base/route.ts";
import { metricNameSchema } from "../base/text.ts";
import {
  BATCH_NAMES_MAX,
  BATCH_POINTS_MAX,
  floatSchema,
  fromWireFloat,
  isPlausibleTime,
  type Split,
  STEP_MAX,
  splitSchema,
  stepSchema,
  uuid,
  whyNoTime,
} from "../base/words.ts";
import { checksumOf } from "../binary/checksum.ts";
import { columnReader, PREFIX_BYTES_MIN, readHeader, readPrefix, writeFrame } from "../binary/frame.ts";

/** Metrics logged together: they share one column of steps and one of times (milliseconds since 1970, UTC). */
export const batchGroupSchema = z.object({
  split: splitSchema.nullable().default(null),
  steps: z.array(stepSchema).min(1),
  times: z.array(z.number().refine(isPlausibleTime, { error: ({ input }) => whyNoTime(input as number) })),
  metrics: z.record(metricNameSchema, z.array(floatSchema)),
});

/** Most bytes of a binary batch's header: 20,000 names of 200 characters. It is read in the thread of the requests. */
export const BATCH_HEADER_BYTES_MAX = 5_000_000;
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
  const columns = batch.groups.flatMap((group) => [group.steps, group.times, ...group.metrics.values()]);
  const bytes = writeFrame({ magic: MAGIC_2, prefixBytes: PREFIX_BYTES }, header, columns);
  const view = new DataView(bytes.buffer);
  for (const [index, sum] of checksumOf(bytes.subarray(PREFIX_BYTES)).entries())
    view.setUint32(8 + 4 * index, sum, true);
  return bytes;
}

/** The first eight bytes of the version without a checksum: a batch's hash is that of its first form, whatever came. */
export function firstFormOf(bytes: Uint8Array): [Uint8Array, Uint8Array] {
  const prefix = new Uint8Array(PREFIX_BYTES_MIN);
  new DataView(prefix.buffer).setUint32(0, MAGIC_1, true);
  prefix.set(bytes.subarray(4, 8), 4);
  return [prefix, bytes.subarray(PREFIX_BYTES)];
}

/** Reads what `encodeBatch` writes, or wrote before. Throws a `BatchFormatError` that names the part which is wrong. */
export function decodeBatch(bytes: Uint8Array): Batch {
  const { start, json } = openFrame(bytes, BATCH_HEADER_BYTES_MAX);
  refuseManyNames(json);
  const header = batchHeaderSchema.safeParse(json);
  if (!header.success) {
    const issue = header.error.issues[0];
    throw new BatchFormatError(issue?.path.join(".") || "header", issue?.message ?? "is not valid", {
      cause: header.error,
    });
  }
  const { groups } = header.data;
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
  const { start, json } = openFrame(bytes);
  return readColumns(bytes, start, json as BatchHeader);
}

/** Before each name is looked at: a header of the largest size may hold a million. */
function refuseManyNames(json: unknown): void {
  const groups = (json as { groups?: { metrics?: unknown[] }[] } | null)?.groups;
  if (!Array.isArray(groups)) return;
  const names = groups.reduce((sum, group) => sum + (Array.isArray(group?.metrics) ? group.metrics.length : 0), 0);
  if (names > BATCH_NAMES_MAX) throw new BatchFormatError("groups", tooManyNames(names));
}

function openFrame(bytes: Uint8Array, headerBytesMax = Number.POSITIVE_INFINITY): { start: number; json: unknown } {
  if (bytes.length < PREFIX_BYTES_MIN)
    throw new BatchFormatError("body", `${bytes.length} bytes; a binary batch has at least ${PREFIX_BYTES_MIN}`);
  const { magic, headerBytes } = readPrefix(bytes);
  if (magic !== MAGIC_1 && magic !== MAGIC_2)
    throw new BatchFormatError("body", 'does not begin with "HLD2" or "HLD1"');
  const prefix = magic === MAGIC_1 ? PREFIX_BYTES_MIN : PREFIX_BYTES;
  const start = prefix + headerBytes;
  if (start > bytes.length || start % 8 !== 0 || bytes.length % 8 !== 0)
    throw new BatchFormatError("header", `its length ${headerBytes} does not fit a body of ${bytes.length} bytes`);
  if (headerBytes > headerBytesMax)
    throw new BatchFormatError("header", `${headerBytes} bytes; at most ${headerBytesMax}`);
  if (magic === MAGIC_2) {
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    const sums = checksumOf(bytes.subarray(prefix));
    if (sums.some((sum, index) => sum !== view.getUint32(8 + 4 * index, true)))
      throw new BatchFormatError("body", "its checksum is another: bits were changed on the way; send it again");
  }
  try {
    return { start, json: readHeader(bytes.subarray(prefix, start)) };
  } catch (cause) {
    throw new BatchFormatError("header", "is not JSON", { cause });
  }
}

function readColumns(bytes: Uint8Array, start: number, { writer, sequence, groups }: BatchHeader): Batch {
  const length = start + groups.reduce((sum, group) => sum + group.count * 8 * (2 + group.metrics.length), 0);
  if (length !== bytes.length)
    throw new BatchFormatError("body", `${bytes.length} bytes; its header describes ${length}`);
  // a copy: float64 views need an aligned buffer (a Buffer's own slice would share the pool's)
  const column = columnReader(new Uint8Array(bytes.subarray(start)).buffer, 0);
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

export const batchRoutes = {
  appendMetrics: {
    method: "POST",
    path: "/api/v1/runs/{run}/metrics",
    summary: "Append a batch of points. May be repeated: a batch is stored once",
    permission: "points.log",
    request: batchSchema,
    requestBinary: { contentType: BATCH_CONTENT_TYPE, description: 'The binary form of a batch ("HLD2")' },
    response: batchAnswerSchema,
  },
} as const satisfies Record<string, Route>;
