/** How well, and how precisely: each headline metric with its interval. */
import { z } from "zod";
import { measuredIntervalSchema, measuredSchema } from "./measured.ts";
import { metricNames } from "./metrics.ts";

export const headlineMetricSchema = z.object({
  metric: z.enum(metricNames),
  value: measuredSchema,
  interval: measuredIntervalSchema,
  /** Samples that it is of. */
  samples: z.int(),
  /** Of `top-k` alone. `expected` is the value in the mean over all orders of tied classes, `ties` how many samples a tie decides. */
  topK: z.object({ k: z.int(), expected: measuredSchema, ties: z.int() }).optional(),
});

export type HeadlineMetric = z.infer<typeof headlineMetricSchema>;

export const headlineSchema = z.object({
  metrics: z.array(headlineMetricSchema),
  /** Classes of which a part of precision, recall or F1 has no value: a mean over classes counts it as 0. */
  countedAsZero: z.array(z.int()),
  /** Where probabilities were clipped before their logarithm was taken; null: no log loss. */
  logLossEpsilon: z.number().nullable(),
});

export type Headline = z.infer<typeof headlineSchema>;
