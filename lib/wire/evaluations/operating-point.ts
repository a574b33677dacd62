/** Where the threshold should be: curves of each class against the rest, and the threshold that validation chose. */
import { z } from "zod";
import { estimateSchema, measuredSchema } from "./measured.ts";

/** What 95 % of the resamples lie between, at 0, .01 … 1. */
const bandSchema = z.object({ low: z.array(z.number()), high: z.array(z.number()) });

const curveSchema = z.object({
  /** Index of the class that counts as positive. */
  positive: z.int(),
  /** Samples of it, and all others. */
  positives: z.int(),
  negatives: z.int(),
  /** The area under the ROC curve, average precision, and the trapezoid under the PR curve: three different numbers. */
  rocAuc: estimateSchema,
  averagePrecision: estimateSchema,
  prTrapezoid: measuredSchema,
  /** From the highest down: a score from `thresholds[i]` on is positive, which makes so many true and false positives. */
  thresholds: z.array(z.number()),
  truePositives: z.array(z.int()),
  falsePositives: z.array(z.int()),
  /** True positive rate by false positive rate, and precision by recall; null: a class is missing. */
  bands: z.object({ roc: bandSchema, precisionRecall: bandSchema }).nullable(),
});

export type OperatingCurve = z.infer<typeof curveSchema>;

/** A score from the threshold on is positive; null: none is. */
const chosenSchema = z.object({
  threshold: z.number().nullable(),
  /** `here`: on these samples of validation, where false positives and false negatives cost the same. */
  chosenOn: z.enum(["here", "validation"]),
  truePositives: z.int(),
  falsePositives: z.int(),
  falseNegatives: z.int(),
  trueNegatives: z.int(),
  precision: estimateSchema,
  recall: estimateSchema,
  specificity: estimateSchema,
  accuracy: estimateSchema,
});

export type ChosenThreshold = z.infer<typeof chosenSchema>;

export const operatingPointSchema = z.object({
  classes: z.array(z.string()),
  /** Of two classes the second; of more those with the most samples, in the order of the classes. */
  curves: z.array(curveSchema),
  /** Areas of all classes, in their order, where there are more than two. */
  areas: z.array(z.object({ positive: z.int(), rocAuc: estimateSchema, averagePrecision: estimateSchema })),
  /** Of two classes alone; null: nobody chose one. */
  chosen: chosenSchema.nullable(),
});

export type OperatingPoint = z.infer<typeof operatingPointSchema>;
