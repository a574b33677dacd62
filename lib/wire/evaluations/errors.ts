/** What the failures are: samples by their place in the split's order of keys, the worst first. */
import { z } from "zod";

export const errorLists = [
  "wrong",
  "confident-errors",
  "highest-loss",
  "near-threshold",
  "suspected-labels",
  "largest-errors",
  "lowest-iou",
] as const;

export type ErrorListKind = (typeof errorLists)[number];

const rowSchema = z.object({
  /** From 0, in the order of the keys' UTF-8 bytes. */
  sample: z.int(),
  /** Index of a class, or a number; null: a mask. */
  truth: z.number().nullable(),
  predicted: z.number().nullable(),
  /**
   * What the list is sorted by: the confidence in the wrong class, the loss in nats, the distance from the threshold (of
   * more than two classes between the best two), the confidence in the label, the error, the image's mean IoU.
   */
  figure: z.number(),
});

export const errorsSchema = z.object({
  lists: z.array(
    z.object({
      kind: z.enum(errorLists),
      /** How many samples are of this kind; the rows are the first of them. */
      total: z.int(),
      rows: z.array(rowSchema),
    }),
  ),
});

export type Errors = z.infer<typeof errorsSchema>;
