/** What pattern the errors of numbers have: residuals are predicted less true. */
import { z } from "zod";
import { estimateSchema, measuredSchema } from "./measured.ts";

export const residualsSchema = z.object({
  /**
   * Residual against predicted: every sample is in a mark. Few samples are a mark each; of many a mark is a cell of a grid,
   * at the mean of its samples.
   */
  marks: z.object({ predicted: z.array(z.number()), residual: z.array(z.number()), samples: z.array(z.int()) }),
  /** Whether a mark is a cell. */
  binned: z.boolean(),
  /** Quantiles of the residuals beside those of a normal law of the same mean and spread; empty where they don't vary. */
  quantiles: z.object({ normal: z.array(z.number()), residual: z.array(z.number()) }),
  mean: measuredSchema,
  sd: measuredSchema,
  /** By the true number, in ranges of equally many samples: above `from` (the first from it on), up to `to`. */
  ranges: z.array(
    z.object({ from: z.number(), to: z.number(), samples: z.int(), mae: estimateSchema, bias: estimateSchema }),
  ),
});

export type Residuals = z.infer<typeof residualsSchema>;
