/** Runs of a project side by side: what is known of each, what stands between them, and how far their metrics differ. */
import { z } from "zod";
import { storedConfigSchema } from "./base/config.ts";
import { digestOf, runId } from "./base/examples.ts";
import type { Route } from "./base/route.ts";
import { directions, failureReasons, floatSchema, runStatuses, sha256, splits, time, uuid } from "./base/words.ts";
import { comparedSummaries } from "./compared.ts";
import { codeSchema, environmentSchema } from "./runs.ts";

export { COMPARED_RUNS_MAX, type ComparedSummary, comparedSummaries } from "./compared.ts";

const splitPartSchema = z.object({ digest: sha256, count: z.int() });

export const comparedRunSchema = z.object({
  id: uuid,
  name: z.string(),
  status: z.enum(runStatuses),
  failureReason: z.enum(failureReasons).nullable(),
  notes: z.string(),
  seed: z.int().nullable(),
  createdBy: z.string(),
  createdAt: time,
  startedAt: time.nullable(),
  endedAt: time.nullable(),
  /** From start to end, or to the last sign of life. */
  durationMs: z.number().nullable(),
  tags: z.array(z.string()),
  color: z.int().nullable(),
  isArchived: z.boolean(),
  pointsLost: z.int(),
  config: storedConfigSchema,
  /** What was captured, without the patch; `digest` is of all of it, the command line aside. */
  code: codeSchema.pick({ repository: true, commit: true, branch: true, dirty: true, command: true }).nullable(),
  codeDigest: z.string().nullable(),
  /** Of its last attempt. */
  environment: environmentSchema,
  /** Null: it cites none. */
  manifest: z
    .object({
      id: sha256,
      name: z.string(),
      verdict: z.string().nullable(),
      /** Its checks block it, and a member overrode that in writing. */
      isOverridden: z.boolean(),
      splits: z.object({ train: splitPartSchema, validation: splitPartSchema, test: splitPartSchema }),
    })
    .nullable(),
  parent: uuid.nullable(),
  /** The last step of any series; null without points. */
  lastStep: z.int().nullable(),
  /** The digest of manifest and config without seeds, which its replicates share. */
  recipe: z.string().nullable(),
});
export type ComparedRun = z.infer<typeof comparedRunSchema>;

export const leftOutReasons = ["unknown", "deleted", "foreign"] as const;
/** A run that was asked for and isn't shown. */
export const leftOutSchema = z.object({ run: z.string(), reason: z.enum(leftOutReasons), name: z.string().nullable() });
export type LeftOut = z.infer<typeof leftOutSchema>;

/** Of what a notice bars a verdict: every number, those of evaluations, or those of test splits alone; `none`: of nothing. */
export const barred = ["every", "evaluations", "test", "none"] as const;
export const noticeKinds = [
  "uncited",
  "uncited-ancestor",
  "blocked",
  "unchecked",
  "other-train",
  "other-validation",
  "other-test",
  "trained-on-test",
  "other-preprocessing",
  "other-budget",
  "batch-not-retuned",
  "mixed-budgets",
  "other-definition",
  "other-code",
] as const;
export type NoticeKind = (typeof noticeKinds)[number];

/** Why runs can't be held against the baseline as they are. */
export const comparabilityNoticeSchema = z.object({
  kind: z.enum(noticeKinds),
  bars: z.enum(barred),
  /** The runs that it is about, in the order of the columns; the baseline itself where the fault is its own. */
  runs: z.array(uuid),
  /** Config keys, names of manifests or counts that the sentence names. */
  figures: z.record(z.string(), z.union([z.string(), z.number()])),
});
export type ComparabilityNotice = z.infer<typeof comparabilityNoticeSchema>;

export const differenceKinds = [
  "baseline",
  "better",
  "worse",
  /** The interval holds 0, and the difference is below the seeds' own spread. */
  "within-noise",
  /** The interval holds 0, or the difference is below what anybody cares for. */
  "not-distinguishable",
  /** The interval lies inside the smallest difference of interest. */
  "practically-equal",
  /** Another seed of the baseline's recipe. */
  "same-recipe",
  /** Neither recipe was run twice: nobody knows the noise. */
  "one-seed",
  /** Every seed gave the same: there is no spread to hold the difference against. */
  "no-spread",
  /** The project declares no direction: neither is better. */
  "no-direction",
  "not-comparable",
  "no-value",
] as const;
export type DifferenceKind = (typeof differenceKinds)[number];

/** Replicates of a run's recipe: finished runs with seeds of their own. `sd` is of a sample, null for one. */
export const recipeSchema = z.object({ n: z.int(), mean: z.number(), sd: z.number().nullable() });
export type RecipeSpread = z.infer<typeof recipeSchema>;

export const differenceSchema = z.object({
  kind: z.enum(differenceKinds),
  /** This less the baseline: of the means of their replicates where there are any; of the runs else, and within one recipe. */
  delta: z.number().nullable(),
  /** Of 95 %; null where there is none. */
  low: z.number().nullable(),
  high: z.number().nullable(),
  /** The smallest difference that so many seeds would show with probability .8. */
  detectable: z.number().nullable(),
  /** Adjusted by Holm for all comparisons of the row. */
  p: z.number().nullable(),
});
export type Difference = z.infer<typeof differenceSchema>;

/** A series of the compared runs; every list has a place for each run, in the order of the columns. */
export const comparedSeriesSchema = z.object({
  split: z.enum(splits).nullable(),
  metric: z.string(),
  direction: z.enum(directions).nullable(),
  unit: z.string(),
  values: z.array(floatSchema.nullable()),
  /** Where `best`, `min` or `max` was; null of other summaries. */
  steps: z.array(z.int().nullable()),
  recipes: z.array(recipeSchema.nullable()),
  differences: z.array(differenceSchema),
  /** How many differences were tested in this row. */
  family: z.int(),
});
export type ComparedSeries = z.infer<typeof comparedSeriesSchema>;

export const comparisonSchema = z
  .object({
    baseline: uuid,
    runs: z.array(comparedRunSchema),
    leftOut: z.array(leftOutSchema),
    /** How many more runs matched than are shown. */
    beyond: z.int(),
    notices: z.array(comparabilityNoticeSchema.extend({ detail: z.string() })),
    summary: z.enum(comparedSummaries),
    series: z.array(comparedSeriesSchema),
  })
  .meta({
    id: "Comparison",
    examples: [
      {
        baseline: runId,
        runs: [],
        leftOut: [{ run: digestOf("a"), reason: "unknown", name: null }],
        beyond: 0,
        notices: [],
        summary: "atBest",
        series: [],
      },
    ],
  });
export type Comparison = z.infer<typeof comparisonSchema>;

export const comparisonRoutes = {
  compareRuns: {
    method: "GET",
    path: "/api/v1/projects/{project}/comparison",
    summary:
      "Two to a hundred runs side by side: what differs, what bars a comparison, and which differences are noise",
    permission: "runs.read",
    query: [
      { name: "run", description: "a run's id, in the order of the columns", schema: uuid, repeated: true },
      { name: "filter", description: "in place of ids: runs of the table's filter language", schema: z.string() },
      { name: "sort", description: "the order of filtered runs; default -created", schema: z.string() },
      { name: "archived", description: "1: the filter finds archived runs too", schema: z.enum(["0", "1"]) },
      { name: "baseline", description: "the run that the others are held against; default the first", schema: uuid },
      {
        name: "summary",
        description:
          "what of each series is compared; default atBest where the project has a primary metric, else last",
        schema: z.enum(comparedSummaries),
      },
      { name: "hide", description: "a run that a text leaves out", schema: uuid, repeated: true },
      {
        name: "all",
        description: "1: a text has the config keys and facts too that all runs have alike",
        schema: z.enum(["0", "1"]),
      },
      {
        name: "format",
        description: "json, or a text of what is shown, with evaluations, data, code and environment; default json",
        schema: z.enum(["json", "markdown", "csv"]),
      },
    ],
    response: comparisonSchema,
  },
} as const satisfies Record<string, Route>;
