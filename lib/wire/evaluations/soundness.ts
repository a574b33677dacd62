/** Whether the numbers can be what they seem: what the predictions themselves say of it. */
import { z } from "zod";

export const soundnessPanelSchema = z.object({
  /** All samples of the split have a prediction, and no number is NaN or infinite: others are refused. */
  predictions: z.int(),
  missing: z.literal(0),
  notFinite: z.literal(0),
  /** Distinct answers: 1 where all samples got the same. */
  distinct: z.int(),
  /** Indexes of classes without a sample, and of those that are never predicted; null: of no classes. */
  withoutSample: z.array(z.int()).nullable(),
  neverPredicted: z.array(z.int()).nullable(),
  /** Null: no probabilities came. */
  probabilities: z
    .object({
      /** Samples whose highest score is shared by classes: the first is taken. */
      ties: z.int(),
      /** Samples with a probability of exactly 1, and those whose true class has exactly 0. */
      certain: z.int(),
      impossible: z.int(),
      /** The largest distance of a sample's sum from 1. */
      sumError: z.number(),
    })
    .nullable(),
});

export type SoundnessData = z.infer<typeof soundnessPanelSchema>;
