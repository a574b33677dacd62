/** Where masks are wrong: over images, by class, and at their edges. */
import { z } from "zod";
import { estimateSchema } from "./measured.ts";

export const masksSchema = z.object({
  /** Images by their mean IoU, in bins of equal width from 0 to 1, the upper end included. */
  histogram: z.array(z.int()),
  /** Images without a pixel that counts. */
  without: z.int(),
  classes: z.array(
    z.object({
      name: z.string(),
      iou: estimateSchema,
      dice: estimateSchema,
      /** Means over the images in which the class is true or predicted. */
      boundaryF1: estimateSchema,
      boundaryIou: estimateSchema,
      images: z.int(),
      /** Pixels that are of the class, and that are predicted as it. */
      pixels: z.int(),
      predicted: z.int(),
    }),
  ),
  ignoredClass: z.int().nullable(),
});

export type Masks = z.infer<typeof masksSchema>;
