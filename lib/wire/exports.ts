/** A project, or some of its runs, as lines of JSON: what an export is made of, and what is read back from one. */
import { z } from "zod";
import { digestOf, runId } from "./base/examples.ts";
import type { Route } from "./base/route.ts";
import { floatSchema, splitSchema, stepSchema, time, uuid } from "./base/words.ts";
import { travellingClaimSchema } from "./champions.ts";
import { travellingOverrideSchema } from "./data/manifests.ts";
import { travellingEvaluationSchema } from "./evaluations/evaluations.ts";
import { travellingLookSchema } from "./evaluations/looks.ts";
import { quarantineSchema, seriesSummarySchema } from "./points/series.ts";
import { metricDeclarationSchema, projectSchema } from "./projects.ts";
import { runSchema } from "./runs.ts";

/** Raised where a reader of the version before would misread a file. What is only new is no reason: readers pass over it. */
export const EXPORT_FORMAT = 1;

/** The first line. `quarantined`: whether the numbers of quarantined series are in the file. */
const headLine = z.object({
  kind: z.literal("holdout"),
  format: z.literal(EXPORT_FORMAT),
  version: z.string(),
  exportedAt: time,
  quarantined: z.enum(["included", "left out"]),
});

/** `declared`: every metric that the project declares. */
const projectLine = projectSchema
  .omit({ runCount: true })
  .extend({ kind: z.literal("project"), declared: z.array(metricDeclarationSchema) });

const textsSchema = z.record(z.string(), z.string());

/** A data set of a run as its client named it. */
const inputSchema = z.object({
  name: z.string(),
  digest: z.string(),
  sourceType: z.string(),
  source: z.string(),
  tags: textsSchema,
});

/** A run without its numbers. Its lines of series and points follow before the next run's. */
const runLine = runSchema.omit({ url: true }).extend({
  kind: z.literal("run"),
  /** Name of the member or token that created it. */
  user: z.string(),
  tags: z.array(z.string()),
  archivedAt: time.nullable(),
  /** How many files it has: they aren't in an export. */
  files: z.int(),
  /** Numbers of the config in the letters in which a client sent them, by the path with dots: `1e-05`. */
  configTexts: textsSchema,
  /** What a client of another protocol said of it, by key. */
  properties: textsSchema,
  inputs: z.array(inputSchema),
});

/** A look at a test split that the run made, which an import brings along. It holds no test number. */
const lookLine = travellingLookSchema.extend({ kind: z.literal("look"), run: uuid });

/**
 * What was found, held and allowed where the runs are from. An override is the project's, and comes before its runs; the
 * others follow their run. Where they come in they are records: shown as such, and in no result.
 */
const overrideLine = travellingOverrideSchema.extend({ kind: z.literal("override") });
const evaluationLine = travellingEvaluationSchema.safeExtend({ kind: z.literal("evaluation"), run: uuid });
const claimLine = travellingClaimSchema.extend({ kind: z.literal("claim"), run: uuid });

/** A line of these kinds is what an import sends, with the run's id there. */
export const recordSchema = z.discriminatedUnion("kind", [overrideLine, evaluationLine, claimLine]);
export type ImportedRecord = z.infer<typeof recordSchema>;
export const recordKinds = ["override", "evaluation", "claim"] as const satisfies ImportedRecord["kind"][];

/** A series. `name`: its client's own name for it; `summary`: null where its numbers are left out, which `quarantine` says. */
const seriesLine = z.object({
  kind: z.literal("series"),
  run: uuid,
  split: splitSchema.nullable(),
  metric: z.string(),
  name: z.string().nullable(),
  quarantine: quarantineSchema.nullable(),
  count: z.int(),
  summary: seriesSummarySchema.omit({ split: true, metric: true, count: true }).nullable(),
});

/** Some points of a series, in the order of their steps; of one written again the later. Many lines make one series. */
const pointsLine = z.object({
  kind: z.literal("points"),
  run: uuid,
  split: splitSchema.nullable(),
  metric: z.string(),
  steps: z.array(stepSchema),
  times: z.array(z.number()),
  values: z.array(floatSchema),
});

/** The last line: a file without it was cut off. */
const endLine = z.object({
  kind: z.literal("end"),
  runs: z.int(),
  series: z.int(),
  points: z.int(),
  /** Of runs, which files of before don't have. */
  looks: z.int().default(0),
  /** Overrides, evaluations and claims, which files of before don't have. */
  records: z.int().default(0),
  /** Quarantined series whose numbers aren't in the file, and their points. */
  leftOut: z.object({ series: z.int(), points: z.int() }),
});

export const exportLineSchema = z.discriminatedUnion("kind", [
  headLine,
  projectLine,
  runLine,
  lookLine,
  overrideLine,
  evaluationLine,
  claimLine,
  seriesLine,
  pointsLine,
  endLine,
]);

export type ExportLine = z.infer<typeof exportLineSchema>;
export type ExportLineOf<Kind extends ExportLine["kind"]> = Extract<ExportLine, { kind: Kind }>;

export const EXPORT_RUNS_MAX = 10_000;

/** A record is some hundred bytes, and one with many sign-offs and words more. */
export const RECORDS_MAX = 100;
export const recordsImportSchema = z.object({ records: z.array(recordSchema).min(1).max(RECORDS_MAX) }).meta({
  id: "RecordsImport",
  examples: [
    {
      records: [
        {
          kind: "override",
          id: runId,
          project: "street-signs",
          by: "Ada",
          at: "2026-01-05T09:00:00.000Z",
          manifest: digestOf("a"),
          reason: "its copies are known",
        },
      ],
    },
  ],
});
export const recordsImportedSchema = z
  .object({ stored: z.int(), there: z.int().meta({ description: "records that the project had as they are" }) })
  .meta({ id: "RecordsImported", examples: [{ stored: 1, there: 0 }] });
export type RecordsImported = z.infer<typeof recordsImportedSchema>;

const onOff = z.enum(["0", "1"]);

export const exportsRoutes = {
  exportProject: {
    method: "GET",
    path: "/api/v1/projects/{project}/export.jsonl",
    summary: "A project, or those of its runs that are named or match, with configs, summaries and every point",
    permission: "runs.read",
    query: [
      {
        name: "run",
        description: "a run's id; may be repeated. Default: every run",
        schema: uuid,
        repeated: true,
      },
      { name: "filter", description: "in the table's filter language; default none", schema: z.string() },
      { name: "archived", description: "1: archived runs too", schema: onOff },
      {
        name: "quarantined",
        description:
          "0: without the numbers of quarantined series; 1: with them, which is refused to who may not see test numbers. Default: with them for who may",
        schema: onOff,
      },
    ],
    responseBinary: {
      contentType: "application/jsonl; charset=utf-8",
      description:
        "An object a line, told apart by kind: holdout (version of the format), project, overrides, then each run with its looks, evaluations, claims, series and points, and end with counts: a file without it was cut off",
    },
  },
  importRecords: {
    method: "POST",
    path: "/api/v1/projects/{project}/records",
    summary:
      "Add evaluations, claims and overrides that were made elsewhere, as an export has them: kept as records, and in no result. May be repeated",
    permission: "tests.open",
    request: recordsImportSchema,
    response: recordsImportedSchema,
  },
} as const satisfies Record<string, Route>;
