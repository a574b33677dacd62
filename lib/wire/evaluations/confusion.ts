/** What is mistaken for what: samples, or of masks the pixels of all images. */
import { z } from "zod";

/** Truth, prediction, samples. */
const cellSchema = z.tuple([z.int(), z.int(), z.int()]);

export const confusionSchema = z.object({
  classes: z.array(z.string()),
  /** Samples by true class, and by predicted class. */
  rows: z.array(z.int()),
  columns: z.array(z.int()),
  /** Right ones by class. */
  diagonal: z.array(z.int()),
  /** Cells beside the diagonal that hold a sample, the fullest first. */
  mistakes: z.array(cellSchema),
  /** What doesn't stand in `mistakes`, as there are too many. */
  left: z.object({ cells: z.int(), samples: z.int() }),
});

export type ConfusionData = z.infer<typeof confusionSchema>;
