/** Two to twenty evaluations on the same samples: each against the first, the difference before the test. */
import { z } from "zod";
import { evaluationTasks } from "./evaluations.ts";
import { measuredIntervalSchema, measuredSchema, undefinedSchema } from "./measured.ts";
import { metricNames } from "./metrics.ts";

export const COMPARED_MAX = 20;

/**
 * `better`, `worse`: the interval excludes 0, the adjusted p-value is at most .05, and the difference is at least the smallest
 * of interest. `practically-equal`: the whole interval is smaller than that. Else `not-distinguishable`.
 */
export const pairedDecisions = ["better", "worse", "not-distinguishable", "practically-equal"] as const;

export type PairedDecision = (typeof pairedDecisions)[number];

/**
 * `mcnemar-mid-p`: of who is right where one is; `sign-flip`: of a mean over samples; `swap`: answers change places, for what
 * is no mean; `delong`: of areas under curves; `influence`: of what each sample moves a correlation or a median, for many.
 */
export const pairedTests = ["mcnemar-mid-p", "sign-flip", "swap", "delong", "influence"] as const;

/** Where one does better than the other, the largest first: at most 200. */
const differingSchema = z.object({
  total: z.int(),
  rows: z.array(
    z.object({
      /** From 0, in the order of the keys' UTF-8 bytes. */
      sample: z.int(),
      /** Index of a class, or a number; null: a mask. */
      truth: z.number().nullable(),
      baseline: z.number().nullable(),
      model: z.number().nullable(),
      /** By how much: 1 for right against wrong, else in the unit of the error, or in IoU. */
      figure: z.number(),
    }),
  ),
});

const comparisonSchema = z.object({
  /** Which of the models, from 1. */
  model: z.int(),
  /** The metric of the model less that of the baseline. */
  difference: measuredSchema,
  interval: measuredIntervalSchema,
  test: z.union([z.object({ kind: z.enum(pairedTests), p: z.number(), holm: z.number() }), undefinedSchema]),
  /** Samples by who is right; null: of no classes. */
  agreement: z.object({ bothRight: z.int(), onlyBaseline: z.int(), onlyModel: z.int(), bothWrong: z.int() }).nullable(),
  /** The difference that such a comparison tells four times in five. */
  detectable: measuredSchema,
  decision: z.enum(pairedDecisions),
  /** Samples on which the model does better, and worse. */
  gained: differingSchema,
  lost: differingSchema,
});

export type PairedRow = z.infer<typeof comparisonSchema>;

export const pairedSchema = z.object({
  task: z.enum(evaluationTasks),
  metric: z.enum(metricNames),
  samples: z.int(),
  /** Groups that were taken whole; null: samples are independent. */
  groups: z.int().nullable(),
  confidence: z.number(),
  /** The smallest difference that anybody cares for; null: the project says none. */
  smallest: z.number().nullable(),
  /** The metric of each, the baseline first. */
  values: z.array(measuredSchema),
  /** Of how many comparisons the adjusted p-values are: those that are shown, or all that were looked at. */
  family: z.int(),
  comparisons: z.array(comparisonSchema),
});

export type PairedData = z.infer<typeof pairedSchema>;
