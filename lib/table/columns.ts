/** The columns of the runs table: where their values stand in the database. */
import { type SQL, sql } from "drizzle-orm";
import { summaryValues } from "../../db/schema/series.ts";
import { storedSplit } from "../metrics/stored-split.ts";
import { ProblemError } from "../problem.ts";
import type { SeriesName } from "../wire/points/series-name.ts";
import { type Column, type MetricSummary, type RunColumn, readColumnName, runColumns } from "./language/column-name.ts";

/** The column of a name, as `readColumnName` reads it. Throws `invalid`, naming `field`, for anything else. */
export function parseColumn(name: string, field = "columns"): Column {
  const column = readColumnName(name);
  if (column) return column;
  throw new ProblemError("invalid", `${field}: there is no column ${JSON.stringify(name)}`, [
    {
      field,
      detail: `expected ${runColumns.join(", ")}, config.KEY, SPLIT/METRIC.last|min|max|mean|atBest, or METRIC.last … of a metric without a split`,
    },
  ]);
}

/** A kind of value that a column may have; a config key may have numbers in some runs and text in others. */
export type Values = {
  type: "float8" | "text" | "timestamptz" | "interval" | "bigint";
  /** The value of the run `r`, of which `r.id` is enough, null where it has none of this kind. */
  of: SQL;
  /** (id, value) of the runs that may have one, from where an index has them in order. */
  rows: SQL;
};

/** Where the values of a column stand; none for `created`, whose order the ids have, and for what has no order. */
export function valuesOf(column: Column, projectId: string): Values[] {
  if (column.kind === "config") return [configNumbers(column.key, projectId), configTexts(column.key, projectId)];
  if (column.kind === "metric") return [summaries(column, projectId)];
  const [type, expression] = runValueOf[column.name] ?? [];
  if (!type || !expression) return [];
  return [
    {
      type,
      of: sql`(select ${sql.raw(expression)} from runs f where f.id = r.id)`,
      rows: sql`select f.id, ${sql.raw(expression)} as value from runs f where f.project_id = ${projectId} and f.deleted_at is null`,
    },
  ];
}

/** Of a row `f` of `runs`, as the indexes have them. */
const runValueOf: Partial<Record<RunColumn, [Values["type"], string]>> = {
  name: ["text", "lower(f.name)"],
  status: ["text", "f.status"],
  started: ["timestamptz", "f.started_at"],
  ended: ["timestamptz", "f.ended_at"],
  // of a run that is alive up to its last sign of life
  duration: ["interval", "(coalesce(f.ended_at, f.heartbeat_at) - f.started_at)"],
  seed: ["bigint", "f.seed"],
  manifest: ["text", "f.manifest_id"],
};

const configNumbers = (key: string, projectId: string): Values => ({
  type: "float8",
  of: sql`(select v.number from run_values v where v.run_id = r.id and v.key = ${key})`,
  rows: sql`select v.run_id as id, v.number as value from run_values v
    where v.project_id = ${projectId} and v.key = ${key} and v.number is not null`,
});

const configTexts = (key: string, projectId: string): Values => ({
  type: "text",
  of: sql`(select v.text from run_values v where v.run_id = r.id and v.key = ${key})`,
  rows: sql`select v.run_id as id, v.text as value from run_values v
    where v.project_id = ${projectId} and v.key = ${key} and v.text is not null`,
});

/** Whether a row of `series` is of this name and shown. */
export const isSeries = ({ split, metric }: SeriesName): SQL =>
  sql`metric = ${metric} and split = ${storedSplit(split)} and not quarantined`;

const summaries = (column: MetricSummary, projectId: string): Values => {
  const value = sql.raw(summaryValues[column.summary]);
  return {
    type: "float8",
    of: sql`(select ${value} from series where run_id = r.id and ${isSeries(column)})`,
    rows: sql`select run_id as id, ${value} as value from series where project_id = ${projectId} and ${isSeries(column)}`,
  };
};
