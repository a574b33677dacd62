/** Which classes fail: precision, recall and F1 of each, with the counts that they are made of. */
import { z } from "zod";
import { estimateSchema } from "./measured.ts";

export const classRowSchema = z.object({
  name: z.string(),
  precision: estimateSchema,
  recall: estimateSchema,
  f1: estimateSchema,
  /** Samples of the class; those that were predicted as it; of these the right ones. */
  support: z.int(),
  predicted: z.int(),
  right: z.int(),
  /** So few samples that right ÷ support is shown as it is, not as a rate. */
  rare: z.boolean(),
});

export type ClassRow = z.infer<typeof classRowSchema>;

export const perClassSchema = z.object({
  /** Fewer samples than this and a class is rare. */
  rareBelow: z.int(),
  /** In the order of the classes. */
  classes: z.array(classRowSchema),
});

export type PerClass = z.infer<typeof perClassSchema>;
