/** The samples of an evaluation beside what was answered, the worst first. */
import { z } from "zod";
import type { Route } from "./base/route.ts";

export const evaluatedSamplesQuerySchema = z.object({
  /** Labels of a cell of the confusion matrix; each alone is a row or a column of it. */
  truth: z.string().max(300).optional(),
  predicted: z.string().max(300).optional(),
  /** A slice: what it is cut by, and its name. */
  by: z.string().max(300).optional(),
  slice: z.string().max(500).optional(),
  answer: z.enum(["all", "wrong", "right"]).default("all"),
  order: z.enum(["worst", "best"]).default("worst"),
  /** Samples of the answer that come before; those after it are answered. */
  from: z.coerce.number().int().min(0).max(1e9).default(0),
});

export type EvaluatedSamplesQuery = z.input<typeof evaluatedSamplesQuerySchema>;

export const evaluatedSampleSchema = z.object({
  key: z.string(),
  /** A label, or a number; null: a mask. */
  truth: z.union([z.string(), z.number()]).nullable(),
  predicted: z.union([z.string(), z.number()]).nullable(),
  /** Probability of the answer; null: no scores came. */
  confidence: z.number().nullable(),
  /** What the samples are ordered by: −ln of the truth's probability, 1 for a wrong class, |error|, or 1 − mean IoU. */
  loss: z.number(),
  thumbnail: z.boolean().meta({ description: "whether the manifest's thumbnail route has a picture of it" }),
});

export type EvaluatedSample = z.infer<typeof evaluatedSampleSchema>;

export const evaluatedSamplesSchema = z
  .object({
    total: z.int().meta({ description: "how many samples are as was asked" }),
    samples: z.array(evaluatedSampleSchema),
  })
  .meta({
    id: "EvaluatedSamples",
    examples: [
      {
        total: 1,
        samples: [{ key: "test/0001", truth: "cat", predicted: "dog", confidence: 0.98, loss: 4.1, thumbnail: true }],
      },
    ],
  });

export type EvaluatedSamples = z.infer<typeof evaluatedSamplesSchema>;

const { truth, predicted, by, slice, answer, order, from } = evaluatedSamplesQuerySchema.shape;

export const evaluatedSamplesRoutes = {
  listEvaluatedSamples: {
    method: "GET",
    path: "/api/v1/runs/{run}/evaluations/{evaluation}/samples",
    summary: "Samples beside what was answered, the worst first. Not where labels are sealed",
    permission: "evaluations.read",
    query: [
      { name: "truth", description: "label", schema: truth },
      { name: "predicted", description: "label that was answered", schema: predicted },
      { name: "by", description: "what slices are cut by: label, group, brightness, size, or a column", schema: by },
      { name: "slice", description: "name of a slice", schema: slice },
      { name: "answer", description: "wrong or right ones alone", schema: answer },
      { name: "order", description: "worst or best first", schema: order },
      { name: "from", description: "so many come before", schema: from },
    ],
    response: evaluatedSamplesSchema,
  },
  getOverlay: {
    method: "GET",
    path: "/api/v1/runs/{run}/evaluations/{evaluation}/overlay",
    summary: "Of a segmentation: a sample's true mask, the told one, and where they differ. Not where masks are sealed",
    permission: "evaluations.read",
    query: [{ name: "key", description: "the sample's key", schema: z.string().max(500), required: true }],
    responseBinary: { contentType: "image/png", description: "The three side by side, each at most 256 pixels wide" },
  },
} as const satisfies Record<string, Route>;
