/** A project, or some of its runs, as lines of JSON: what an export is made of, and what is read back from one. */
import { z } from "zod";
import type { Route } from "./base/route.ts";
import { floatSchema, splitSchema, stepSchema, time, uuid } from "./base/words.ts";
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
  /** Quarantined series whose numbers aren't in the file, and their points. */
  leftOut: z.object({ series: z.int(), points: z.int() }),
});

export const exportLineSchema = z.discriminatedUnion("kind", [
  headLine,
  projectLine,
  runLine,
  lookLine,
  seriesLine,
  pointsLine,
  endLine,
]);

export type ExportLine = z.infer<typeof exportLineSchema>;
export type ExportLineOf<Kind extends ExportLine["kind"]> = Extract<ExportLine, { kind: Kind }>;

export const EXPORT_RUNS_MAX = 10_000;

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
        "An object a line, told apart by kind: holdout (version of the format), project, then each run with its looks, series and points, and end with counts: a file without it was cut off",
    },
  },
} as const satisfies Record<string, Route>;
