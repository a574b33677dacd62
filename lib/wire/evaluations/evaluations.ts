/** Evaluations: predictions of one checkpoint on one split of its run's manifest, and the report that the server makes. */
import { z } from "zod";
import { digestOf, runId } from "../base/examples.ts";
import type { Route } from "../base/route.ts";
import { label, longText } from "../base/text.ts";
import { sha256, time, uuid } from "../base/words.ts";
import { headlineMetricSchema } from "./headline.ts";
import { PREDICTIONS_CONTENT_TYPE, predictionsAnswerSchema, predictionsSchema } from "./predictions.ts";

/** Of how metrics and panels are defined. A report made by another version stands beside the one that is there. */
export const DEFINITIONS_VERSION = 1;

export const evaluationTasks = ["classification", "regression", "segmentation"] as const;
export type EvaluationTask = (typeof evaluationTasks)[number];

/** What a prediction is. Of the task that each belongs to: a class, scores of all classes, a value, a mask. */
export const predictionForms = ["class", "scores", "value", "mask"] as const;
export type PredictionForm = (typeof predictionForms)[number];

const taskOfForm: Record<PredictionForm, EvaluationTask> = {
  class: "classification",
  scores: "classification",
  value: "regression",
  mask: "segmentation",
};

export const evaluatedSplits = ["validation", "test"] as const;
export type EvaluatedSplit = (typeof evaluatedSplits)[number];

export const lookPurposes = ["final", "comparison", "debugging"] as const;
export type LookPurpose = (typeof lookPurposes)[number];

/** Most classes, and most scores in all (rows × classes): they are packed in memory once. */
export const CLASSES_MAX = 10_000;
export const SCORES_MAX = 64_000_000;
/** Most classes of masks, whose pixels are one byte of which 255 is no class; and most counts (images × classes²). */
export const MASK_CLASSES_MAX = 255;
export const CONFUSIONS_MAX = 16_000_000;

const taskSchema = z.enum(evaluationTasks, {
  error: ({ input }) =>
    /multi.?label/i.test(String(input))
      ? "multi-label (several labels a sample) can't be evaluated here; classification takes one label a sample"
      : `expected one of ${evaluationTasks.join(", ")}`,
});

/** What one prediction takes, as the client measured it. Times in milliseconds, of batches of `batchSize` samples. */
export const costSchema = z.object({
  parameters: z.int().min(0).nullable().default(null),
  latencyMsP50: z.number().min(0).nullable().default(null),
  latencyMsP95: z.number().min(0).nullable().default(null),
  batchSize: z.int().min(1).nullable().default(null),
  device: label(200).nullable().default(null),
});
export type Cost = z.infer<typeof costSchema>;

/** How the client knows that its numbers mean what they should: what it tried before it sent them. */
export const soundnessSchema = z.object({
  /** Dropout off, and batch normalisation by its running statistics. */
  inferenceMode: z.boolean().nullable().default(null),
  /** Predicting twice, and in batches of another size: the largest difference of a number. */
  repeatDifference: z.number().min(0).nullable().default(null),
  batchSizeDifference: z.number().min(0).nullable().default(null),
  /** Digest of the split that the preprocessing which was used was fitted on. */
  preprocessingFittedOn: sha256.nullable().default(null),
});
export type Soundness = z.infer<typeof soundnessSchema>;

export const evaluationCreateSchema = z
  .object({
    id: z.uuidv7().optional().meta({ description: "made by the client, so that the same may be sent again" }),
    checkpoint: uuid
      .nullable()
      .default(null)
      .meta({ description: "null: the one at the step that was best in validation" }),
    split: z.enum(evaluatedSplits),
    task: taskSchema,
    form: z.enum(predictionForms),
    classes: z.array(label(300)).min(1).max(CLASSES_MAX).nullable().default(null),
    scoresAre: z.enum(["probabilities", "logits"]).nullable().default(null),
    keysDigest: sha256.nullable().default(null).meta({
      description:
        "SHA-256 of the split's keys in the order of their UTF-8 bytes, each followed by a line feed: predictions then come in that order and say no keys",
    }),
    purpose: z.enum(lookPurposes).nullable().default(null).meta({ description: "why the test split is opened" }),
    reason: longText.max(2000).nullable().default(null).meta({ description: "the same in words" }),
    cost: costSchema.nullable().default(null),
    soundness: soundnessSchema.nullable().default(null),
  })
  .superRefine((given, context) => {
    const refuse = (field: string, message: string) => context.addIssue({ code: "custom", path: [field], message });
    if (taskOfForm[given.form] !== given.task)
      refuse("form", `${given.form} is no prediction of ${given.task}, but of ${taskOfForm[given.form]}`);
    if ((given.task === "regression") !== (given.classes === null))
      refuse(
        "classes",
        given.classes === null ? "the labels, by the index that predictions know them by" : "a value has none",
      );
    if (given.form === "mask" && given.classes && given.classes.length > MASK_CLASSES_MAX)
      refuse("classes", `${given.classes.length} for masks; at most ${MASK_CLASSES_MAX}: a pixel is one byte`);
    if (new Set(given.classes).size !== (given.classes?.length ?? 0)) refuse("classes", "a label stands there twice");
    if ((given.form === "scores") !== (given.scoresAre !== null))
      refuse(
        "scoresAre",
        given.scoresAre === null ? "say whether scores are probabilities or logits" : "no scores come",
      );
    const opens = given.split === "test";
    for (const field of ["purpose", "reason"] as const)
      if (opens !== (given[field] !== null && given[field] !== ""))
        refuse(
          field,
          opens
            ? `the test split is shut: say why it is opened (${lookPurposes.join(", ")}, and a reason)`
            : "only the test split is opened for a purpose",
        );
  })
  .meta({
    id: "EvaluationCreate",
    examples: [
      { split: "validation", task: "classification", form: "scores", scoresAre: "logits", classes: ["cat", "dog"] },
      {
        split: "test",
        task: "regression",
        form: "value",
        purpose: "final",
        reason: "the recipe is settled; this is the number for the report",
      },
    ],
  });
export type EvaluationCreate = z.input<typeof evaluationCreateSchema>;

/** `receiving`: predictions come. `computing`: they are complete. `failed`: the report couldn't be made. */
export const evaluationStatuses = ["receiving", "computing", "done", "failed"] as const;
export type EvaluationStatus = (typeof evaluationStatuses)[number];

export const evaluationSchema = z
  .object({
    id: uuid,
    run: uuid,
    checkpoint: z.object({ id: uuid, path: z.string(), sha256, step: z.int() }),
    manifest: sha256,
    split: z.enum(evaluatedSplits),
    splitDigest: sha256,
    samples: z.int().meta({ description: "of the split" }),
    task: z.enum(evaluationTasks),
    form: z.enum(predictionForms),
    classes: z.array(z.string()).nullable(),
    scoresAre: z.enum(["probabilities", "logits"]).nullable(),
    purpose: z.enum(lookPurposes).nullable(),
    reason: z.string().nullable(),
    status: z.enum(evaluationStatuses),
    received: z.int().meta({ description: "rows that came so far" }),
    progress: z.number().min(0).max(1).nullable().meta({ description: "of the report while it is computed" }),
    failure: z.string().nullable().meta({ description: "why the report couldn't be made" }),
    predictions: sha256.nullable().meta({ description: "SHA-256 of the packed predictions once they are complete" }),
    released: z
      .object({
        mode: z.enum(["ladder", "one-bit"]),
        better: z
          .boolean()
          .meta({ description: "whether it beat the best before it (ladder), or the champion (one-bit)" }),
        loss: z.number().nullable().meta({ description: "ladder: the best mean loss so far; null in one-bit" }),
      })
      .nullable()
      .meta({
        description:
          "of a test evaluation whose project shows no report to all who may see it; null to who may see nothing",
      }),
    createdBy: z.string(),
    createdAt: time,
  })
  .meta({
    id: "Evaluation",
    examples: [
      {
        id: runId,
        run: runId,
        checkpoint: { id: runId, path: "checkpoints/best.safetensors", sha256: digestOf("e"), step: 900 },
        manifest: digestOf("a"),
        split: "validation",
        splitDigest: digestOf("b"),
        samples: 150,
        task: "classification",
        form: "scores",
        classes: ["cat", "dog"],
        scoresAre: "logits",
        purpose: null,
        reason: null,
        status: "receiving",
        received: 100,
        progress: null,
        failure: null,
        predictions: null,
        released: null,
        createdBy: "gpu-node-1",
        createdAt: "2026-01-05T09:00:00.000Z",
      },
    ],
  });
export type Evaluation = z.infer<typeof evaluationSchema>;

/**
 * A done evaluation as it travels from one installation to another: a word on what was measured there, and no result where it
 * comes in. `project`: the slug of the one that it was made in.
 */
export const travellingEvaluationSchema = z
  .object({
    id: uuid,
    project: label(100),
    by: longText.min(1).max(200),
    at: time,
    checkpoint: z.object({ path: label(500), sha256, step: z.int().min(0) }),
    manifest: sha256,
    split: z.enum(evaluatedSplits),
    splitDigest: sha256,
    samples: z.int().min(0),
    task: z.enum(evaluationTasks),
    form: z.enum(predictionForms),
    purpose: z.enum(lookPurposes).nullable(),
    reason: longText.min(1).max(2000).nullable(),
    look: uuid.nullable().meta({ description: "the look that opened the test split; null of validation" }),
    predictions: sha256.meta({ description: "of the packed predictions" }),
    report: z
      .object({
        definitionsVersion: z.int().min(1),
        digest: sha256,
        confidence: z.number().gt(0).lt(1),
        metrics: z.array(headlineMetricSchema).max(100),
      })
      .nullable()
      .meta({ description: "null: who exported it may not see its numbers, or left them out" }),
  })
  .superRefine((given, context) => {
    for (const field of ["purpose", "reason", "look"] as const)
      if ((given.split === "test") !== (given[field] !== null)) {
        const message =
          given.split === "test" ? "the test split was opened by a look, for a purpose" : "only test has it";
        context.addIssue({ code: "custom", path: [field], message });
      }
  });
export type TravellingEvaluation = z.infer<typeof travellingEvaluationSchema>;

const evaluationListSchema = z.object({ evaluations: z.array(evaluationSchema) }).meta({
  id: "EvaluationList",
  examples: [{ evaluations: [] }],
});

export const evaluationsRoutes = {
  createEvaluation: {
    method: "POST",
    path: "/api/v1/runs/{run}/evaluations",
    summary: "Open a split for the predictions of a checkpoint. On test it is a look. May be repeated with the same id",
    permission: "evaluations.create",
    request: evaluationCreateSchema,
    response: evaluationSchema,
  },
  listEvaluations: {
    method: "GET",
    path: "/api/v1/runs/{run}/evaluations",
    summary: "The evaluations of a run, the newest first",
    permission: "evaluations.read",
    response: evaluationListSchema,
  },
  getEvaluation: {
    method: "GET",
    path: "/api/v1/runs/{run}/evaluations/{evaluation}",
    summary: "One evaluation, and how far it is",
    permission: "evaluations.read",
    response: evaluationSchema,
  },
  appendPredictions: {
    method: "POST",
    path: "/api/v1/runs/{run}/evaluations/{evaluation}/predictions",
    summary: "Append a batch of predictions. May be repeated: a batch is stored once",
    permission: "evaluations.create",
    request: predictionsSchema,
    requestBinary: { contentType: PREDICTIONS_CONTENT_TYPE, description: 'The binary form of a batch ("HPR1")' },
    response: predictionsAnswerSchema,
  },
  completeEvaluation: {
    method: "POST",
    path: "/api/v1/runs/{run}/evaluations/{evaluation}/complete",
    summary: "Say that all predictions came; the report is computed from then on. May be repeated",
    permission: "evaluations.create",
    response: evaluationSchema,
  },
} as const satisfies Record<string, Route>;
