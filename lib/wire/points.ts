/** Points of a chart on their way out. */
import { z } from "zod";
import { runId } from "./base/examples.ts";
import type { Route, RouteParameter } from "./base/route.ts";
import { floatSchema, splitSchema, stepSchema, uuid } from "./base/words.ts";
import { checkpointListSchema } from "./checkpoints.ts";
import { splitAndMetric } from "./series.ts";

const pointColumns = {
  steps: z.array(stepSchema),
  times: z.array(z.number()),
  values: z.array(floatSchema),
};

/**
 * Points of series. `kind` says what they are: `raw`, every point; `envelope`, of each pixel its first, lowest, highest,
 * last and first non-finite point, out of `count` points in the range, beside the `means` of each pixel's finite values.
 * Columns are aligned. Also sent in binary columns.
 */
export const seriesPointsSchema = z
  .object({
    series: z.array(
      z.object({
        run: uuid,
        split: splitSchema.nullable(),
        metric: z.string(),
        kind: z.enum(["raw", "envelope"]),
        count: z.int(),
        nonFiniteCount: z.int(),
        overwrittenCount: z.int(),
        ...pointColumns,
        means: z.object({ ...pointColumns, steps: z.array(z.number()) }).nullable(),
      }),
    ),
  })
  .meta({
    id: "SeriesPoints",
    examples: [
      {
        series: [
          {
            run: runId,
            split: "train",
            metric: "loss",
            kind: "raw",
            count: 2,
            nonFiniteCount: 0,
            overwrittenCount: 0,
            steps: [0, 1],
            times: [1767603600000, 1767603600050],
            values: [2.31, 1.98],
            means: null,
          },
        ],
      },
    ],
  });

export type SeriesPoints = z.infer<typeof seriesPointsSchema>;

const pointsBinary = {
  contentType: "application/vnd.holdout.points",
  description: "Columns of float64, where Accept asks for them",
};

/** Which series, steps and width, of points for a chart. */
const pointsQuery: [RouteParameter, RouteParameter, RouteParameter, RouteParameter] = [
  {
    name: "series",
    description: "split/metric, with - for no split; may be repeated",
    schema: splitAndMetric,
    repeated: true,
    required: true,
  },
  { name: "from", description: "first step, default the first there is", schema: z.coerce.number().pipe(stepSchema) },
  { name: "to", description: "last step, default the last there is", schema: z.coerce.number().pipe(stepSchema) },
  {
    name: "px",
    description: "width of the chart in pixels, 50 to 4000, default 1000",
    schema: z.coerce.number().int().min(50).max(4000),
  },
];

export const pointsRoutes = {
  getPoints: {
    method: "GET",
    path: "/api/v1/runs/{run}/metrics",
    summary: "Points of series, raw or as an envelope of at most four points a pixel",
    permission: "runs.read",
    query: pointsQuery,
    response: seriesPointsSchema,
    responseBinary: pointsBinary,
  },
  getProjectPoints: {
    method: "GET",
    path: "/api/v1/projects/{project}/points",
    summary: "Points of series of many runs of a project, as getPoints gives those of one",
    permission: "runs.read",
    query: [
      {
        name: "run",
        description: "a run's id; may be repeated, up to 500 times",
        schema: uuid,
        repeated: true,
        required: true,
      },
      ...pointsQuery,
    ] as [RouteParameter, ...RouteParameter[]],
    response: seriesPointsSchema,
    responseBinary: pointsBinary,
  },
  listCheckpoints: {
    method: "GET",
    path: "/api/v1/runs/{run}/checkpoints",
    summary: "The checkpoints of a run, by step",
    permission: "runs.read",
    response: checkpointListSchema,
  },
} as const satisfies Record<string, Route>;
