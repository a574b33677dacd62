/** Trials: queued, claimed by workers under a lease, ended; and the workers. */
import { z } from "zod";
import { configSchema, storedConfigSchema } from "../base/config.ts";
import { digestOf, projectId, runId } from "../base/examples.ts";
import type { Route } from "../base/route.ts";
import { label, longText } from "../base/text.ts";
import { failureReasons, floatSchema, runStatuses, sha256, time, uuid } from "../base/words.ts";
import { assignmentSchema } from "./parameters.ts";

/** `stopped`: it ended early, with what it reached. `cancelled`: it never began. */
export const trialStatuses = ["queued", "running", "finished", "failed", "stopped", "cancelled"] as const;
export type TrialStatus = (typeof trialStatuses)[number];

/** `search`: asked of the study's search. `hand`: its values were given. `copy`: a run's config, edited. `replicate`: another seed. */
export const trialOrigins = ["search", "hand", "copy", "replicate"] as const;
export type TrialOrigin = (typeof trialOrigins)[number];

/** A worker renews the lease of its trial so often; without it another worker takes the trial after `LEASE_S`. */
export const RENEW_MS = 1_000;
export const LEASE_S = 30;
export const PRIORITY_MAX = 1_000_000;

export const workerLabelSchema = z.string().regex(/^[\p{L}\p{N}._:-]{1,60}$/u, "up to 60 letters, digits, . _ : and -");
export const labelsSchema = z.array(workerLabelSchema).max(20);
export const prioritySchema = z.int().min(-PRIORITY_MAX).max(PRIORITY_MAX);
const memoryGib = z.number().positive().max(100_000).nullable();

/** A run by itself, to be trained by whichever worker fits. */
export const trialQueueSchema = z
  .object({
    project: label(100).optional(),
    name: label(200).optional(),
    notes: longText.default(""),
    config: configSchema,
    seed: z.int().nullable().default(null),
    manifest: sha256.nullable().default(null),
    copyOf: uuid.nullable().default(null).meta({ description: "the run whose config this one's began as" }),
    labels: labelsSchema.default([]),
    memoryGib: memoryGib.default(null),
    priority: prioritySchema.default(0),
  })
  .meta({
    id: "TrialQueue",
    examples: [{ name: "cnn, slower", config: { family: "cnn", optimizer: { learningRate: 0.0005 } }, seed: 3 }],
  });
export type TrialQueue = z.input<typeof trialQueueSchema>;

export const trialExample = {
  id: projectId,
  project: "street-signs",
  study: { id: projectId, number: 2, title: "Which learning rate?" },
  number: 7,
  replicate: 0,
  origin: "search" as const,
  values: { "optimizer.learningRate": 0.0021 },
  status: "queued" as const,
  isHeld: false,
  signal: "none" as const,
  run: { id: runId, name: "study 2, trial 7", status: "queued" as const, isDeleted: false },
  labels: ["gpu"],
  memoryGib: null,
  priority: 0,
  worker: null,
  claims: 0,
  infeasible: null,
  stoppedBy: null,
  createdBy: "the trainer",
  createdAt: "2026-01-05T09:00:00.000Z",
  claimedAt: null,
  endedAt: null,
};

export const trialSchema = z
  .object({
    id: uuid,
    project: z.string(),
    study: z.object({ id: uuid, number: z.int(), title: z.string() }).nullable(),
    number: z.int().nullable().meta({ description: "of its configuration in the study; replicates share it" }),
    replicate: z.int(),
    origin: z.enum(trialOrigins),
    values: assignmentSchema.nullable(),
    status: z.enum(trialStatuses),
    isHeld: z.boolean(),
    signal: z.enum(["none", "pause", "stop"]),
    run: z
      .object({ id: uuid, name: z.string(), status: z.enum(runStatuses), isDeleted: z.boolean() })
      .nullable()
      .meta({ description: "null: it was purged" }),
    labels: z.array(z.string()),
    memoryGib: z.number().nullable(),
    priority: z.int(),
    worker: z.object({ id: uuid, name: z.string() }).nullable(),
    claims: z.int(),
    infeasible: z.string().nullable(),
    stoppedBy: z.string().nullable(),
    createdBy: z.string(),
    createdAt: time,
    claimedAt: time.nullable(),
    endedAt: time.nullable(),
  })
  .meta({ id: "Trial", examples: [trialExample] });
export type Trial = z.infer<typeof trialSchema>;

export const claimedExample = {
  trial: projectId,
  lease: projectId,
  leaseSeconds: LEASE_S,
  renewMilliseconds: RENEW_MS,
  study: { id: projectId, number: 2, title: "Which learning rate?" },
  number: 7,
  replicate: 0,
  values: { "optimizer.learningRate": 0.0021 },
  run: {
    id: runId,
    name: "study 2, trial 7",
    config: { optimizer: { learningRate: 0.0021 } },
    seed: 1,
    manifest: digestOf("a"),
    isBegun: false,
  },
  objective: { metric: "loss", split: "validation" as const, direction: "min" as const },
  stepsBudget: null,
};

/** What a worker needs to train a trial. `resumeFrom`: the run was begun by another, and goes on from its newest checkpoint. */
export const claimedTrialSchema = z
  .object({
    trial: uuid,
    lease: uuid,
    leaseSeconds: z.number(),
    renewMilliseconds: z.number(),
    study: z.object({ id: uuid, number: z.int(), title: z.string() }).nullable(),
    number: z.int().nullable(),
    replicate: z.int(),
    values: assignmentSchema.nullable(),
    run: z.object({
      id: uuid,
      name: z.string(),
      config: storedConfigSchema,
      seed: z.int().nullable(),
      manifest: sha256.nullable(),
      isBegun: z.boolean(),
    }),
    objective: z
      .object({ metric: z.string(), split: z.enum(["train", "validation"]), direction: z.enum(["min", "max"]) })
      .nullable(),
    stepsBudget: z.int().nullable(),
  })
  .meta({
    id: "ClaimedTrial",
    examples: [claimedExample],
  });
export type ClaimedTrial = z.infer<typeof claimedTrialSchema>;

export const workerCreateSchema = z
  .object({
    project: label(100).optional(),
    name: label(200),
    labels: labelsSchema.default([]),
    memoryGib: memoryGib.default(null),
  })
  .meta({ id: "WorkerCreate", examples: [{ name: "gpu-7", labels: ["gpu"], memoryGib: 24 }] });
export type WorkerCreate = z.input<typeof workerCreateSchema>;

const workerExample = {
  id: projectId,
  name: "gpu-7",
  labels: ["gpu"],
  memoryGib: 24,
  isDraining: false,
  isAlive: true,
  trials: [projectId],
  createdBy: "the trainer",
  createdAt: "2026-01-05T09:00:00.000Z",
  seenAt: "2026-01-05T09:00:00.000Z",
};

export const workerSchema = z
  .object({
    id: uuid,
    name: z.string(),
    labels: z.array(z.string()),
    memoryGib: z.number().nullable(),
    isDraining: z.boolean(),
    /** Heard of within the last minute. */
    isAlive: z.boolean(),
    trials: z.array(uuid),
    createdBy: z.string(),
    createdAt: time,
    seenAt: time,
  })
  .meta({ id: "Worker", examples: [workerExample] });
export type Worker = z.infer<typeof workerSchema>;

export const claimInputSchema = z
  .object({ worker: uuid })
  .meta({ id: "TrialClaim", examples: [{ worker: projectId }] });
/** `trial` null: nothing waits that this worker fits. `isDraining`: it is to end, and asks no more. */
export const claimAnswerSchema = z
  .object({ trial: claimedTrialSchema.nullable(), isDraining: z.boolean() })
  .meta({ id: "TrialClaimAnswer", examples: [{ trial: claimedExample, isDraining: false }] });
export type ClaimAnswer = z.infer<typeof claimAnswerSchema>;

export const leaseSchema = z.object({ lease: uuid }).meta({ id: "TrialLease", examples: [{ lease: projectId }] });
/** `stop`, `pause`: the training is to end now, with a checkpoint; its worker then tells what became of it. */
export const renewalSchema = z
  .object({ leaseSeconds: z.number(), signal: z.enum(["none", "pause", "stop"]) })
  .meta({ id: "TrialRenewal", examples: [{ leaseSeconds: LEASE_S, signal: "none" }] });
export type Renewal = z.infer<typeof renewalSchema>;

/** `paused`: it waits again, to be gone on with from its checkpoint. */
export const tellSchema = z
  .object({
    lease: uuid,
    outcome: z.enum(["finished", "failed", "stopped", "paused"]),
    value: floatSchema.nullable().default(null).meta({
      description: "the objective, of a program that logs no points; else the run's series has it",
    }),
    failure: z
      .object({ reason: z.enum(failureReasons), message: longText.default("") })
      .nullable()
      .default(null),
  })
  .meta({ id: "TrialTell", examples: [{ lease: projectId, outcome: "finished", value: 0.31 }] });
export type Tell = z.input<typeof tellSchema>;

/** `stop` ends a running one and cancels a waiting one; `pause` holds it; `go` takes both back; `retry` queues an ended one again. */
export const trialUpdateSchema = z
  .object({ act: z.enum(["stop", "pause", "go", "retry"]), priority: prioritySchema })
  .partial()
  .refine(({ act, priority }) => act !== undefined || priority !== undefined, "expected act or priority")
  .meta({ id: "TrialUpdate", examples: [{ act: "stop" }] });
export type TrialUpdate = z.input<typeof trialUpdateSchema>;

export const trialListSchema = z
  .object({ trials: z.array(trialSchema), next: z.string().nullable() })
  .meta({ id: "TrialList", examples: [{ trials: [trialExample], next: null }] });
export type TrialList = z.infer<typeof trialListSchema>;
export const workerListSchema = z
  .object({ workers: z.array(workerSchema) })
  .meta({ id: "WorkerList", examples: [{ workers: [workerExample] }] });
export type WorkerList = z.infer<typeof workerListSchema>;

export const trialsRoutes = {
  queueTrial: {
    method: "POST",
    path: "/api/v1/trials",
    summary: "Queue a run by itself, for any worker that fits",
    permission: "trials.queue",
    request: trialQueueSchema,
    response: trialSchema,
  },
  listTrials: {
    method: "GET",
    path: "/api/v1/projects/{project}/trials",
    summary: "The queue: trials that wait, run and have run, the newest first",
    permission: "studies.read",
    query: [
      { name: "status", description: "one or several", schema: z.enum(trialStatuses), repeated: true },
      { name: "study", description: "of one study alone", schema: uuid },
      { name: "after", description: "`next` of the answer before", schema: z.string() },
    ],
    response: trialListSchema,
  },
  getTrial: {
    method: "GET",
    path: "/api/v1/trials/{trial}",
    summary: "One trial",
    permission: "studies.read",
    response: trialSchema,
  },
  updateTrial: {
    method: "PATCH",
    path: "/api/v1/trials/{trial}",
    summary: "Stop, pause, go on with, retry or reprioritise a trial",
    permission: "trials.queue",
    request: trialUpdateSchema,
    response: trialSchema,
  },
  registerWorker: {
    method: "POST",
    path: "/api/v1/workers",
    summary: "Say that a worker is there, with its labels and memory",
    permission: "trials.work",
    request: workerCreateSchema,
    response: workerSchema,
  },
  listWorkers: {
    method: "GET",
    path: "/api/v1/projects/{project}/workers",
    summary: "Workers that were heard of within the last day",
    permission: "studies.read",
    response: workerListSchema,
  },
  updateWorker: {
    method: "PATCH",
    path: "/api/v1/workers/{worker}",
    summary: "Drain a worker, or let it take trials again",
    permission: "trials.queue",
    request: z.object({ isDraining: z.boolean() }).meta({ id: "WorkerUpdate", examples: [{ isDraining: true }] }),
    response: workerSchema,
  },
  claimTrial: {
    method: "POST",
    path: "/api/v1/trials/claim",
    summary: "Claim the next trial that fits a worker: a waiting one, or one that an open study's search chooses now",
    permission: "trials.work",
    request: claimInputSchema,
    response: claimAnswerSchema,
  },
  renewTrial: {
    method: "POST",
    path: "/api/v1/trials/{trial}/renew",
    summary: "Renew the lease of a claimed trial, and hear whether to stop",
    permission: "trials.work",
    request: leaseSchema,
    response: renewalSchema,
  },
  tellTrial: {
    method: "POST",
    path: "/api/v1/trials/{trial}/tell",
    summary: "Say how a claimed trial ended",
    permission: "trials.work",
    request: tellSchema,
    response: trialSchema,
  },
} as const satisfies Record<string, Route>;
