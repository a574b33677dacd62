/** Series: their names, summaries, and which of them are test numbers. */
import { z } from "zod";
import type { Route } from "../base/route.ts";
import { directions, floatSchema, type Split, splitSchema } from "../base/words.ts";

export const seriesSummarySchema = z.object({
  split: splitSchema.nullable(),
  metric: z.string(),
  direction: z.enum(directions).nullable(),
  unit: z.string(),
  count: z.int(),
  nonFiniteCount: z.int(),
  stepLast: z.int(),
  last: floatSchema,
  min: z.number().nullable(),
  minStep: z.int().nullable(),
  max: z.number().nullable(),
  maxStep: z.int().nullable(),
  mean: z.number().nullable(),
  overwrittenCount: z.int(),
});

export type SeriesSummary = z.infer<typeof seriesSummarySchema>;

export const quarantineSchema = z.enum(["test", "split-not-in-manifest"]).meta({
  id: "Quarantine",
  description: "a test number that a client logged; or of a split without samples in the run's manifest",
});

export type Quarantine = z.infer<typeof quarantineSchema>;

/** Quarantined series are listed by name and count, without values. */
export const seriesListSchema = z
  .object({
    series: z.array(seriesSummarySchema),
    quarantined: z.array(
      z.object({ split: splitSchema.nullable(), metric: z.string(), count: z.int(), reason: quarantineSchema }),
    ),
  })
  .meta({
    id: "SeriesList",
    examples: [
      {
        series: [
          {
            split: "train",
            metric: "loss",
            direction: "min",
            unit: "nat",
            count: 3,
            nonFiniteCount: 1,
            stepLast: 2,
            last: "NaN",
            min: 1.98,
            minStep: 1,
            max: 2.31,
            maxStep: 0,
            mean: 2.145,
            overwrittenCount: 0,
          },
        ],
        quarantined: [{ split: null, metric: "test_acc", count: 10, reason: "test" }],
      },
    ],
  });

export type SeriesList = z.infer<typeof seriesListSchema>;

export const splitAndMetric = z.string().regex(/^(train|validation|-)\/.+$/, "split/metric, with - for no split");

/** Words of the language that begin as `test` does and speak of something else. */
const otherWords = /^test(osteron|ament|imon|if|icl|icul|is$|es$|at|y$|udo)/;

/** `acctest`, `losstest`: what is measured, and `test` behind it. */
const measuredTest =
  /^(acc|accuracy|auc|auroc|dice|err|error|f1|iou|loss|mae|map|mse|nll|precision|r2|recall|rmse|score)tests?$/;

/**
 * Whether a series counts as a test number: of split test, or with a word in its name that begins with `test`
 * (`test_acc`, `testAcc`, `testset_acc`, `testing_loss`, `TESTACC`), or that ends so after a measure.
 */
export function isTestSeries(split: Split | null, metric: string): boolean {
  if (split === "test") return true;
  const words = metric
    .replace(/([a-z0-9])([A-Z])/g, "$1 $2")
    .toLowerCase()
    .split(/[^a-z0-9]+|(?<=[a-z])(?=[0-9])|(?<=[0-9])(?=[a-z])/);
  return words.some((word) => (word.startsWith("test") && !otherWords.test(word)) || measuredTest.test(word));
}

export const seriesRoutes = {
  listSeries: {
    method: "GET",
    path: "/api/v1/runs/{run}/series",
    summary: "The series of a run with their summaries",
    permission: "runs.read",
    response: seriesListSchema,
  },
} as const satisfies Record<string, Route>;
