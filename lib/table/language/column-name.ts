/** The names of the runs table's columns, as addresses and programs have them and as people read them. Pure. */
import { parseSeriesKey, type SeriesName, seriesKey } from "../../wire/points/series-name.ts";

export const runColumns = [
  "created",
  "name",
  "status",
  "started",
  "ended",
  "duration",
  "seed",
  "manifest",
  "tags",
  "notes",
  // the digest that a run shares with its replicates
  "replicates",
] as const;
export type RunColumn = (typeof runColumns)[number];

export const summaryNames = ["last", "min", "max", "mean", "atBest"] as const;
export type SummaryName = (typeof summaryNames)[number];

/** A summary of a series; test series have no column. */
export type MetricSummary = SeriesName & { kind: "metric"; summary: SummaryName };

export type Column = { kind: "run"; name: RunColumn } | { kind: "config"; key: string } | MetricSummary;

/**
 * The column of a name: `name`, `status`, …, `config.KEY` with a flat key, `SPLIT/METRIC.SUMMARY`, or `METRIC.SUMMARY`
 * of a metric without a split, which is `-/METRIC.SUMMARY` in full. Null for anything else.
 */
export function readColumnName(name: string): Column | null {
  if (name.includes("\0")) return null;
  if ((runColumns as readonly string[]).includes(name)) return { kind: "run", name: name as RunColumn };
  // a config may have the empty key; `config.` names it
  if (name.startsWith("config.")) return { kind: "config", key: name.slice("config.".length) };
  const [, text, summary] = /^(.+)\.(last|min|max|mean|atBest)$/s.exec(name) ?? [];
  if (text === undefined) return null;
  const series = /^(train|validation|-)\/./s.test(text) ? parseSeriesKey(text) : { split: null, metric: text };
  if (series.metric === text && isNearSplit.test(text)) return null;
  return { kind: "metric", ...series, summary: summary as SummaryName };
}

/** What begins like a split is a split misspelt, or the test split: no metric's own name. */
const isNearSplit = /^(-|train|val|test)[^/]*\/|^-$/i;

/** The full name, which `readColumnName` reads. */
export function columnName(column: Column): string {
  if (column.kind === "run") return column.name;
  if (column.kind === "config") return `config.${column.key}`;
  return `${seriesKey(column)}.${column.summary}`;
}

/** The name as people read it: a metric without a split goes by its own name where nothing else has it. */
export function shownName(name: string): string {
  const own = name.slice("-/".length);
  const read = name.startsWith("-/") ? readColumnName(own) : null;
  return read?.kind === "metric" && columnName(read) === name ? own : name;
}
