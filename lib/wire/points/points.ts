/** Points of a chart on their way out. */
import { z } from "zod";
import { runId } from "../base/examples.ts";
import type { Route, RouteParameter } from "../base/route.ts";
import { floatSchema, splitSchema, stepSchema, toWireFloat, uuid } from "../base/words.ts";
import { POINTS_CONTENT_TYPE } from "./points-codec.ts";
import { splitAndMetric } from "./series.ts";

/** Columns of one length: steps are integers from 0 to 2⁵³−1, times milliseconds since 1970. */
const pointColumns = {
  steps: z.array(stepSchema),
  times: z.array(z.number()),
  values: z.array(floatSchema),
};

/** Of each pixel the mean of its finite values, at its middle: their steps may lie between integers. */
const meansSchema = z.object({ ...pointColumns, steps: z.array(z.number()) });

/** Points of one series in a range of steps. */
const pointSeriesSchema = z.object({
  run: uuid,
  split: splitSchema.nullable(),
  metric: z.string(),
  /** `raw`: every point. `envelope`: of each pixel the first, lowest, highest, last and first non-finite point. */
  kind: z.enum(["raw", "envelope"]),
  /** Points in the range, of which `nonFiniteCount` are NaN or infinite. */
  count: z.int(),
  nonFiniteCount: z.int(),
  /** Writes of the whole series that a later write to the same step replaced. */
  overwrittenCount: z.int(),
  ...pointColumns,
  /** Of an envelope; null for raw points. */
  means: meansSchema.nullable(),
});

/** Points of series in JSON. `PointSeries` in memory and in binary columns has the same fields. */
export const seriesPointsSchema = z.object({ series: z.array(pointSeriesSchema) }).meta({
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

/** What JSON has as arrays, as columns of float64. */
type AsColumns<Json> = { [Field in keyof Json]: Json[Field] extends unknown[] ? Float64Array : Json[Field] };

export type PointColumns = AsColumns<z.infer<typeof meansSchema>>;

/** Points of one series in memory: what the schema says, in columns. */
export type PointSeries = Omit<AsColumns<z.infer<typeof pointSeriesSchema>>, "means"> & { means: PointColumns | null };

export function toWirePoints(series: PointSeries[]): SeriesPoints {
  const columns = ({ steps, times, values }: PointColumns) => ({
    steps: [...steps],
    times: [...times],
    values: Array.from(values, toWireFloat),
  });
  return { series: series.map((one) => ({ ...one, ...columns(one), means: one.means && columns(one.means) })) };
}

/** A text that no name is: names have no NUL. */
const MINUS_ZERO = "\u0000-0";

/** The JSON of `toWirePoints`. `JSON.stringify` writes −0 as 0; here it stays −0, as in the binary form. */
export function pointsJson(series: PointSeries[]): string {
  const isMinusZero = (value: unknown) => Object.is(value, -0);
  const points = toWirePoints(series);
  const hasAny = series.some(({ values, means }) => values.some(isMinusZero) || means?.values.some(isMinusZero));
  if (!hasAny) return JSON.stringify(points);
  const marked = JSON.stringify(points, (_name, value) => (isMinusZero(value) ? MINUS_ZERO : value));
  return marked.replaceAll(JSON.stringify(MINUS_ZERO), "-0");
}

const pointsBinary = {
  contentType: POINTS_CONTENT_TYPE,
  description: "Columns of float64, where Accept asks for them",
};

const stepText = z.coerce.number().pipe(stepSchema);
const pxText = z.coerce.number().int().min(50).max(4000);

/** Which points a chart asks for. */
export const pointsQuerySchema = z.object({
  /** The text form of each series' name. */
  series: z.array(splitAndMetric).min(1, "name at least one series, such as series=train/loss").max(100),
  /** First and last step, both included. */
  from: stepText.optional(),
  to: stepText.optional(),
  /** Width of the chart; at most five points a pixel are returned. */
  px: pxText.default(1000),
});

export type PointsQuery = z.infer<typeof pointsQuerySchema>;

const pointsParameters: RouteParameter[] = [
  {
    name: "series",
    description: "split/metric, with - for no split; may be repeated",
    schema: splitAndMetric,
    repeated: true,
    required: true,
  },
  { name: "from", description: "first step, default the first there is", schema: stepText },
  { name: "to", description: "last step, default the last there is", schema: stepText },
  { name: "px", description: "width of the chart in pixels, 50 to 4000, default 1000", schema: pxText },
];

export const pointsRoutes = {
  getPoints: {
    method: "GET",
    path: "/api/v1/runs/{run}/metrics",
    summary: "Points of series, raw or as an envelope of at most four points a pixel",
    permission: "runs.read",
    query: pointsParameters,
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
      ...pointsParameters,
    ],
    response: seriesPointsSchema,
    responseBinary: pointsBinary,
  },
} as const satisfies Record<string, Route>;
