/** Where it breaks: the metric of each slice, and whether it differs from the rest. */
import { z } from "zod";
import { estimateSchema, measuredSchema, undefinedSchema } from "./measured.ts";
import { metricNames } from "./metrics.ts";

const sliceSchema = z.object({
  name: z.string(),
  samples: z.int(),
  estimate: estimateSchema,
  /** Of the slice less that of all samples outside it. */
  difference: measuredSchema,
  /** Of no difference from the rest: as it is, and adjusted for all tests of the panel. */
  test: z.union([z.object({ p: z.number(), holm: z.number(), falseDiscovery: z.number() }), undefinedSchema]),
  /** Too few samples in the slice, or outside it, to tell: it isn't tested. */
  tooSmall: z.boolean(),
});

export type SliceRow = z.infer<typeof sliceSchema>;

export const slicesSchema = z.object({
  metric: z.enum(metricNames),
  overall: estimateSchema,
  /** Fewer samples, or groups, than this and a slice is too small. */
  smallBelow: z.int(),
  /** How many tests the adjusted p-values are of: those of all slices that are shown. */
  family: z.int(),
  cuts: z.array(
    z.object({
      by: z.string(),
      /** A column that nobody named before: the false discovery rate is what its p-values hold. */
      exploratory: z.boolean(),
      /** The largest first. */
      slices: z.array(sliceSchema),
      /** Slices that aren't shown, as they are smaller, and how many samples have no value. */
      left: z.int(),
      without: z.int(),
    }),
  ),
});

export type Slices = z.infer<typeof slicesSchema>;
