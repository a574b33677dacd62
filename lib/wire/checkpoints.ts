/** Checkpoints: weights at a step, with what was fitted on train. */
import { z } from "zod";
import { digestOf, projectId } from "./base/examples.ts";
import type { Route } from "./base/route.ts";
import { artifactPathSchema, label, metricNameSchema } from "./base/text.ts";
import { floatSchema, sha256, stepSchema, time, uuid } from "./base/words.ts";

/** What was measured; or why there is nothing to measure, such as R² of a constant target. */
export const measuredSchema = z.union([floatSchema, z.object({ undefined: label(200) })]);

export type Measured = z.infer<typeof measuredSchema>;

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

export const checkpointsRoutes = {
  listCheckpoints: {
    method: "GET",
    path: "/api/v1/runs/{run}/checkpoints",
    summary: "The checkpoints of a run, by step",
    permission: "runs.read",
    response: checkpointListSchema,
  },
  createCheckpoint: {
    method: "POST",
    path: "/api/v1/runs/{run}/checkpoints",
    summary: "Declare a stored artifact as the run's weights at a step. May be repeated",
    permission: "runs.log",
    request: checkpointCreateSchema,
    response: checkpointSchema,
  },
} as const satisfies Record<string, Route>;
