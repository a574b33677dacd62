/** Runs: created, resumed, kept alive, finished. */
import { z } from "zod";
import { configSchema, storedConfigSchema } from "./base/config.ts";
import { digestOf, runId, writerId } from "./base/examples.ts";
import type { Route } from "./base/route.ts";
import { artifactPathSchema, label, longText, text, textWithoutNul } from "./base/text.ts";
import { failureReasons, runStatuses, sha256, stepSchema, time, uuid } from "./base/words.ts";
import { metricDeclarationSchema } from "./projects.ts";

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

/** A run's curves have one of so many colours. */
export const RUN_COLORS = 12;

/** Which of them somebody chose for a run, from 0; null: nobody did, and a page gives one. */
export const colorSchema = z
  .int()
  .min(0)
  .max(RUN_COLORS - 1)
  .nullable();

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
    color: colorSchema.default(null),
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
        color: null,
        url: "http://127.0.0.1:3000/projects/street-signs/runs/0199f3a2-1c00-7000-8000-0000000000aa",
      },
    ],
  });

export type Run = z.infer<typeof runSchema>;

export const runUpdateSchema = z
  .object({ name: label(200), notes: longText, color: colorSchema })
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
    /** Of mode `start`, for a run that was queued by somebody who knew neither: declarations and code as a creation has them. */
    metrics: z.array(metricDeclarationSchema).max(1000).default([]),
    code: codeSchema.nullable().default(null),
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
    /** When a run of another tracker ran, by that one's clock. Absent: it ends now. */
    ran: z
      .object({ startedAt: time, endedAt: time })
      .refine(({ startedAt, endedAt }) => Date.parse(startedAt) <= Date.parse(endedAt), {
        path: ["endedAt"],
        message: "a time that isn't before startedAt",
      })
      .optional(),
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

export const tagsSchema = z.array(label(100).refine((tag) => tag.trim() === tag, "no blanks around a tag")).max(50);

/** What is in both lists stays off. */
export const runTagsChangeSchema = z
  .object({ add: tagsSchema.default([]), remove: tagsSchema.default([]) })
  .meta({ id: "RunTagsChange", examples: [{ add: ["baseline"], remove: ["draft"] }] });

export const runTagsSchema = z
  .object({ tags: z.array(z.string()) })
  .meta({ id: "RunTags", examples: [{ tags: ["baseline"] }] });

export type RunTags = z.infer<typeof runTagsSchema>;

/** Newest first; `next` is the id to pass as `before` for the following page, or null at the end. */
export const runListSchema = z
  .object({ runs: z.array(runSchema), next: uuid.nullable() })
  .meta({ id: "RunList", examples: [{ runs: [], next: null }] });

export type RunList = z.infer<typeof runListSchema>;

export const runsRoutes = {
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
    summary: "Rename a run, or change its notes or the colour of its curves",
    permission: "runs.update",
    request: runUpdateSchema,
    response: runSchema,
  },
  listRunTags: {
    method: "GET",
    path: "/api/v1/runs/{run}/tags",
    summary: "The tags that people put on a run",
    permission: "runs.read",
    response: runTagsSchema,
  },
  tagRun: {
    method: "POST",
    path: "/api/v1/runs/{run}/tags",
    summary: "Put tags on a run, or take them off. May be repeated",
    permission: "runs.update",
    request: runTagsChangeSchema,
    response: runTagsSchema,
  },
  createWriter: {
    method: "POST",
    path: "/api/v1/runs/{run}/writers",
    summary: "Start, resume or join a run as a writer. May be repeated",
    permission: "points.log",
    request: writerCreateSchema,
    response: writerSchema,
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
  heartbeat: {
    method: "POST",
    path: "/api/v1/runs/{run}/heartbeat",
    summary: "A sign of life from a writer",
    permission: "points.log",
    request: heartbeatSchema,
    response: heartbeatAnswerSchema,
  },
  finishRun: {
    method: "POST",
    path: "/api/v1/runs/{run}/finish",
    summary: "End a run: finished, failed with a reason, or killed. May be repeated",
    permission: "points.log",
    request: runFinishSchema,
    response: runSchema,
  },
} as const satisfies Record<string, Route>;
