/** What one gets without a model: a number is good only where it beats these. */
import { z } from "zod";
import { measuredSchema } from "./measured.ts";
import { metricNames } from "./metrics.ts";

/**
 * `majority`: the most frequent class for all; `uniform`: a class by a fair die; `proportional`: by the shares of the
 * classes; `mean`, `median`: that of these samples' targets for all.
 */
export const baselineKinds = ["majority", "uniform", "proportional", "mean", "median"] as const;

export const baselinesSchema = z.object({
  baselines: z.array(
    z.object({
      kind: z.enum(baselineKinds),
      /** The class, or the number, that is predicted for all; null: it varies. */
      prediction: z.number().nullable(),
      metrics: z.array(z.object({ metric: z.enum(metricNames), value: measuredSchema })),
    }),
  ),
  /** Of classification: whether the accuracy's interval lies above the majority's share. */
  beatsMajority: z.boolean().nullable(),
});

export type Baselines = z.infer<typeof baselinesSchema>;
