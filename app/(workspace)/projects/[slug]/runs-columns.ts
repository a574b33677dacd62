/** The columns of the runs table: what each shows, how wide its numbers are, and by what it sorts. Pure. */
import { columnFormat } from "@/app/_ui/quantity.ts";
import type { MetricColumn, RunSummary, RunsTable, RunTableRow } from "@/lib/runs/table.ts";
import type { Direction } from "@/lib/wire.ts";

export type Cell = { text: string /** The value in full. */; full: string | number | boolean | null };
export type Column = {
  key: string;
  label: string;
  /** What stands above the label, over its neighbours too. */
  group: string;
  numeric: boolean;
  direction: Direction | null;
  /** In which order a first click sorts. */
  bestIsLow: boolean;
  cellOf: (row: RunTableRow) => Cell;
};

const summaryFields = ["best", "last", "min", "max"] as const;
type SummaryField = (typeof summaryFields)[number];

/** The primary metric first, then the config (keys that differ before the others), then the other metrics. */
export function runsColumns(table: RunsTable, primary: string | null): Column[] {
  const metrics = [...table.metricColumns].sort((a, b) => rank(a) - rank(b));
  const ofMetrics = (isPrimary: boolean) =>
    metrics
      .filter((metric) => (nameOf(metric) === primary) === isPrimary)
      .flatMap((metric) => metricColumns(metric, table.rows));
  return [...ofMetrics(true), ...table.configKeys.map((key) => configColumn(key, table.rows)), ...ofMetrics(false)];
}

const nameOf = ({ split, metric }: MetricColumn) => `${split ?? "-"}/${metric}`;
/** Validation before train, declared before undeclared. */
const rank = ({ split, direction }: MetricColumn) => (split === "validation" ? 0 : 1) + (direction === null ? 2 : 0);

function configColumn(key: string, rows: RunTableRow[]): Column {
  const values = rows.map((row) => row.config[key]).filter((value) => value !== undefined && value !== null);
  const numeric = values.length > 0 && values.every((value) => typeof value === "number");
  return {
    key: `config.${key}`,
    label: key,
    group: "config",
    numeric,
    direction: null,
    bestIsLow: true,
    cellOf: (row) => {
      const value = row.config[key] ?? null;
      return { text: value === null ? "" : String(value), full: value };
    },
  };
}

function metricColumns(metric: MetricColumn, rows: RunTableRow[]): Column[] {
  const name = nameOf(metric);
  const { split, direction, unit } = metric;
  const fields = summaryFields.filter((field) => field !== "best" || direction === "min" || direction === "max");
  const summaries = rows.map((row) => row.summaries[name]).filter((summary) => summary !== undefined);
  const values = summaries.flatMap((summary) => [summary.last, summary.min, summary.max]);
  const format = columnFormat(values.filter((value) => value !== null));
  return fields.map((field) => ({
    key: `metric.${name}.${field}`,
    label: field,
    group: `${split ? `${split} ` : ""}${metric.metric}${unit ? ` (${unit})` : ""}`,
    numeric: true,
    direction: field === "best" ? direction : null,
    bestIsLow: direction === "min",
    cellOf: (row) => summaryCell(row.summaries[name], field, format),
  }));
}

function summaryCell(summary: RunSummary | undefined, field: SummaryField, format: (value: number) => string): Cell {
  if (!summary) return { text: "", full: null };
  const value = summary[field];
  if (field === "last" && summary.lastIsNonFinite)
    return { text: summary.lastIsNonFinite, full: summary.lastIsNonFinite };
  return value === null ? { text: "", full: null } : { text: format(value), full: value };
}
