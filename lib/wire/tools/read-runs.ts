/** Tools that read runs, their curves and files, and hold runs side by side. */
import { z } from "zod";
import { stepSchema, uuid } from "../base/words.ts";
import { comparedSummaries } from "../compared.ts";
import { COMPARED_RUNS_MAX } from "../comparison.ts";
import { splitAndMetric } from "../points/series.ts";
import { filter, project, run, runs, sort } from "./fields.ts";
import { reading, readingProject, type Tool } from "./tool.ts";

const runColumns = z
  .array(z.string().max(1000))
  .max(64)
  .describe("config.KEY, SPLIT/METRIC.last|min|max|mean|atBest, duration, seed, status or lastStep");

export const readRunsTools = {
  whoami: reading({
    summary: "Whose token this is: its project, its scope, and whether it may learn test numbers",
    input: z.object({}),
    example: "whoami",
    route: "whoami",
    call: () => ({}),
  }),
  projects_list: reading({
    summary: "Projects that the token reaches, with primary metric and rules of the test split",
    input: z.object({}),
    example: "projects list",
    shown: { list: "projects", fields: ["slug", "name", "primaryMetric", "primaryDirection", "testMode", "runCount"] },
    route: "listProjects",
    call: () => ({}),
  }),
  projects_show: readingProject({
    summary:
      "One project: its primary metric, its smallest difference of interest, the budget and mode of its test splits",
    input: z.object({ project }),
    positional: ["project"],
    example: "projects show street-signs",
    route: "getProject",
    call: (_, slug) => ({ params: { project: slug } }),
  }),
  metrics_list: readingProject({
    summary: "The project's declared metrics: which direction is better, and the unit",
    input: z.object({ project }),
    example: "metrics list",
    shown: { list: "metrics", fields: ["name", "direction", "unit"] },
    route: "getMetrics",
    call: (_, slug) => ({ params: { project: slug } }),
  }),
  runs_list: readingProject({
    summary:
      "Runs of a project that a filter finds, as columns: config keys and summaries of metrics. It holds no test number",
    input: z.object({
      project,
      filter: filter.optional(),
      sort: sort.optional(),
      column: runColumns.optional(),
      limit: z.int().min(1).max(2000).default(50).describe("how many runs at most"),
    }),
    positional: ["filter"],
    example: 'runs list "status = finished" --sort -validation/accuracy.max --column config.batchSize',
    route: "getRunColumns",
    call: ({ filter, sort, column, limit }, slug) => ({
      params: { project: slug },
      query: { filter: filter ?? "", sort, column, limit },
    }),
  }),
  runs_show: reading({
    summary: "One run: status, config, seed, manifest, code, environment, times",
    input: z.object({ run }),
    positional: ["run"],
    example: "runs show 0199f3a2-1c00-7000-8000-0000000000aa",
    route: "getRun",
    call: ({ run }) => ({ params: { run } }),
  }),
  runs_series: reading({
    summary: "The series of a run with last, min, max and mean; quarantined ones by name and count, without values",
    input: z.object({ run }),
    positional: ["run"],
    example: "runs series 0199f3a2-1c00-7000-8000-0000000000aa",
    shown: { list: "series", fields: ["split", "metric", "count", "stepLast", "last", "min", "max", "mean"] },
    route: "listSeries",
    call: ({ run }) => ({ params: { run } }),
  }),
  runs_points: reading({
    summary: "Points of a run's series: all of them, or of many the extremes of each pixel of a chart so wide",
    input: z.object({
      run,
      series: z
        .array(splitAndMetric)
        .min(1)
        .max(100)
        .describe("SPLIT/METRIC, with - for no split: validation/accuracy"),
      from: stepSchema.optional().describe("first step"),
      to: stepSchema.optional().describe("last step"),
      px: z
        .int()
        .min(50)
        .max(4000)
        .default(100)
        .describe("width of the chart: at most five points for each of so many"),
    }),
    positional: ["run", "series"],
    example: "runs points 0199f3a2-1c00-7000-8000-0000000000aa validation/accuracy",
    shown: { list: "series", fields: ["split", "metric", "kind", "count", "steps", "values"] },
    route: "getPoints",
    call: ({ run, ...query }) => ({ params: { run }, query }),
  }),
  runs_compare: readingProject({
    summary:
      "Runs side by side: what differs in config, code and data, what bars a comparison, and whether a difference is noise",
    input: z.object({
      project,
      runs: runs
        .max(COMPARED_RUNS_MAX)
        .optional()
        .describe("ids of two to a hundred runs, in the order of the columns"),
      filter: filter.optional().describe("in place of ids: runs that the table's language finds"),
      baseline: uuid.optional().describe("the run that the others are held against; the first if absent"),
      summary: z.enum(comparedSummaries).optional().describe("what of each series is compared"),
      format: z.enum(["json", "markdown", "csv"]).default("markdown").describe("markdown and csv are texts"),
    }),
    positional: ["runs"],
    example: "runs compare RUN RUN --summary last",
    route: "compareRuns",
    call: ({ project: _, runs, ...query }, slug) => ({ params: { project: slug }, query: { run: runs, ...query } }),
  }),
  runs_tags: reading({
    summary: "The tags of a run",
    input: z.object({ run }),
    positional: ["run"],
    example: "runs tags 0199f3a2-1c00-7000-8000-0000000000aa",
    route: "listRunTags",
    call: ({ run }) => ({ params: { run } }),
  }),
  runs_files: reading({
    summary: "The files of a run",
    input: z.object({ run }),
    positional: ["run"],
    example: "runs files 0199f3a2-1c00-7000-8000-0000000000aa",
    shown: { list: "artifacts", fields: ["path", "sizeBytes", "contentType", "sha256"] },
    route: "listArtifacts",
    call: ({ run }) => ({ params: { run } }),
  }),
  runs_checkpoints: reading({
    summary: "The checkpoints of a run by step, with what was measured there on train and validation",
    input: z.object({ run }),
    positional: ["run"],
    example: "runs checkpoints 0199f3a2-1c00-7000-8000-0000000000aa",
    shown: { list: "checkpoints", fields: ["id", "path", "step", "epoch"] },
    route: "listCheckpoints",
    call: ({ run }) => ({ params: { run } }),
  }),
  runs_export: readingProject({
    summary: "The runs table as CSV: every run that matches, in the order asked for",
    input: z.object({
      project,
      filter: filter.optional(),
      sort: sort.optional(),
      column: runColumns.optional().describe("columns of the table, such as name, config.KEY or SPLIT/METRIC.last"),
    }),
    positional: ["filter"],
    example: 'runs export "tags = baseline" > runs.csv',
    route: "exportRuns",
    call: ({ project: _, ...query }, slug) => ({ params: { project: slug }, query }),
  }),
} as const satisfies Record<string, Tool>;
