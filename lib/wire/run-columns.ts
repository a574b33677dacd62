/** Many runs as columns: what a page of parallel coordinates, or a program that fits a model, reads in one answer. */
import { z } from "zod";
import { runId } from "./base/examples.ts";
import type { Route } from "./base/route.ts";
import { directions, floatSchema, runStatuses, uuid } from "./base/words.ts";
import { leftOutSchema } from "./comparison.ts";

/** Most runs that are read as columns. */
export const COLUMN_RUNS_MAX = 2_000;
/** Most columns of one answer. */
export const RUN_COLUMNS_MAX = 64;

const namedSchema = z.object({
  /** As the runs table names it: `config.KEY`, `SPLIT/METRIC.SUMMARY`, `duration`, `seed`, `status`; and `lastStep`. */
  name: z.string(),
});

/** Every list has a place for each run; null: the run has none. */
const numbersSchema = namedSchema.extend({
  kind: z.literal("number"),
  values: z.array(floatSchema.nullable()),
  /** Of a metric that the project declares; null else. */
  direction: z.enum(directions).nullable(),
  unit: z.string(),
});
const categoriesSchema = namedSchema.extend({
  kind: z.literal("category"),
  /** In order; long texts are cut. */
  names: z.array(z.string()),
  /** Places in `names`. */
  codes: z.array(z.int().nullable()),
});
export const runColumnSchema = z.discriminatedUnion("kind", [numbersSchema, categoriesSchema]);
export type RunColumnValues = z.infer<typeof runColumnSchema>;

export const runColumnsSchema = z
  .object({
    /** In the order of the link, or of the table. */
    runs: z.object({ id: z.array(uuid), name: z.array(z.string()), status: z.array(z.enum(runStatuses)) }),
    columns: z.array(runColumnSchema),
    /** Names of further columns that tell the runs apart, at most 500. */
    offered: z.array(z.string()),
    leftOut: z.array(leftOutSchema),
    /** How many more runs match than are there; counted up to 10,000. */
    beyond: z.int(),
  })
  .meta({
    id: "RunColumns",
    examples: [
      {
        runs: { id: [runId], name: ["resnet 7"], status: ["finished"] },
        columns: [
          { name: "config.lr", kind: "number", values: [0.001], direction: null, unit: "" },
          { name: "config.optimizer", kind: "category", names: ["adam"], codes: [0] },
        ],
        offered: ["duration"],
        leftOut: [],
        beyond: 0,
      },
    ],
  });
export type RunColumns = z.infer<typeof runColumnsSchema>;

export const runColumnsRoutes = {
  getRunColumns: {
    method: "GET",
    path: "/api/v1/projects/{project}/columns",
    summary:
      "Up to 2,000 runs as columns: config keys, summaries of metrics, duration, seed, last step; no test number",
    permission: "runs.read",
    query: [
      { name: "run", description: "a run's id", schema: uuid, repeated: true },
      { name: "filter", description: "in place of ids: runs of the table's filter language", schema: z.string() },
      { name: "sort", description: "the order of filtered runs; default -created", schema: z.string() },
      {
        name: "limit",
        description: "1 to 2,000, the default: how many runs at most",
        schema: z.coerce.number().int().min(1).max(COLUMN_RUNS_MAX),
      },
      {
        name: "column",
        description:
          "config.KEY, SPLIT/METRIC.last|min|max|mean|atBest, duration, seed, status or lastStep; default the primary metric and config keys that differ",
        schema: z.string(),
        repeated: true,
      },
    ],
    response: runColumnsSchema,
  },
} as const satisfies Record<string, Route>;
