/** A number of a report with its interval, or why there is none: by kind, for the sentences stand in `lib/words`. */
import { z } from "zod";

export const undefinedKinds = [
  "no-sample",
  "one-sample",
  "too-few-samples",
  "extreme",
  "no-value",
  "one-value",
  "no-pair",
  "class-without-sample",
  "class-never-predicted",
  "class-nowhere",
  "class-alone",
  "one-class-alone",
  "one-true-class",
  "one-predicted-class",
  "no-positive",
  "one-positive",
  "no-negative",
  "one-negative",
  "not-separated",
  "no-best-temperature",
  "no-pixel",
  "masks-empty",
  "no-boundary",
  "prediction-without-boundary",
  "truth-without-boundary",
  "targets-same",
  "predictions-same",
  "no-variance",
  "differences-zero",
  "differences-same",
  "no-discordance",
  "side-empty",
  "side-below-two",
  "side-undefined",
  "one-split",
  "no-replicate",
  "every-resample-undefined",
  "many-resamples-undefined",
  "resamples-same",
  "resamples-one-sided",
  "no-jackknife",
  "undefined-without-unit",
  "unit-changes-nothing",
  "unit-too-heavy",
  "no-repeated-recipe",
  "one-group",
  "group-without-spread",
  "no-candidate",
  "no-choice",
  "no-bag",
] as const;

export type UndefinedKind = (typeof undefinedKinds)[number];

/** `countsAs`: what a mean over classes counts it as, and what other libraries print. */
export const undefinedSchema = z.object({ undefined: z.enum(undefinedKinds), countsAs: z.number().optional() });

export type Undefined = z.infer<typeof undefinedSchema>;

/** A number, or why there is none: never 0 and never blank for want of one. */
export const measuredSchema = z.union([z.number(), undefinedSchema]);

export type Measured = z.infer<typeof measuredSchema>;

/**
 * How an interval was made. `delong-logit`: DeLong's variance through the logit; `influence-logit`: the same from what
 * each sample moves the number; `one-sided`: a bound from below, where all pairs are ranked right; `normal`: the mean and
 * its standard error with a correction for skewness, where there are very many units; `student`: the same of few;
 * `fisher`: of a rank correlation, through Fisher's z; `woodruff`: of a median, through the share below it.
 */
export const intervalMethods = [
  "wilson",
  "bca",
  "percentile",
  "delong-logit",
  "influence-logit",
  "one-sided",
  "normal",
  "student",
  "newcombe",
  "fisher",
  "woodruff",
] as const;

export type IntervalMethod = (typeof intervalMethods)[number];

/** At the confidence that the report says, both ends included. */
export const intervalSchema = z.object({
  low: z.number(),
  high: z.number(),
  method: z.enum(intervalMethods),
  /** Of a bootstrap: how many resamples, and in how many of them the number is undefined. */
  resamples: z.object({ drawn: z.int(), undefined: z.int() }).optional(),
});

export type Interval = z.infer<typeof intervalSchema>;

export const measuredIntervalSchema = z.union([intervalSchema, undefinedSchema]);

export type MeasuredInterval = z.infer<typeof measuredIntervalSchema>;

export const estimateSchema = z.object({ value: measuredSchema, interval: measuredIntervalSchema });

export type Estimate = z.infer<typeof estimateSchema>;
