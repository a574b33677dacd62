import { type CellValue, shownText } from "@/lib/runs/long-text.ts";
import type { RunsColumns } from "@/lib/table/known-columns.ts";
import { shownName } from "@/lib/table/language/column-name.ts";
import type { RunRow } from "@/lib/table/rows.ts";
import type { Direction } from "@/lib/wire/base/words.ts";
import { seriesKey } from "@/lib/wire/points/series-name.ts";
import { columnFormat, valueWords } from "@/lib/words/numbers.ts";
import type { ShownColumn } from "./runs-view.ts";

export type TableColumn = ShownColumn & {
  kind: "run" | "config" | "metric";
  label: string;
  /** Stands above the label, once over neighbours of the same group. */
  group: string;
  numeric: boolean;
  /** Which way is better; null: neither, or nobody said. */
  direction: "min" | "max" | null;
  /** Whether the first click on its head sorts from the lowest value up. */
  bestIsLow: boolean;
};

/** A view that names no columns shows at most so many config keys … */
const CONFIG_DEFAULT = 6;
/** … and at most so many summaries of metrics. */
const METRICS_DEFAULT = 8;

/** The columns that are shown where nobody chose any. `telling`: config keys, those first whose values differ. */
export function defaultColumns(known: RunsColumns, telling: string[], primary: string | null): ShownColumn[] {
  const metrics = known.metrics
    .map((metric) => ({ ...metric, name: seriesKey(metric) }))
    .sort((a, b) => rank(a, primary) - rank(b, primary))
    .slice(0, METRICS_DEFAULT);
  const [first, ...others] = metrics.map(({ name, direction }) => `${name}.${bestSummary(direction)}`);
  const config = telling.slice(0, CONFIG_DEFAULT).map((key) => `config.${key}`);
  const tags = known.tags.length > 0 ? ["tags"] : [];
  return [...tags, ...(first ? [first] : []), ...config, ...others].map((name) => ({
    name,
    width: null,
    pinned: false,
  }));
}

const bestSummary = (direction: Direction | null): string =>
  direction === "min" || direction === "max" ? direction : "last";

/** The primary metric, then validation before train, declared before undeclared. */
function rank(metric: { name: string; split: string | null; direction: Direction | null }, primary: string | null) {
  if (metric.name === primary) return -1;
  return (metric.split === "validation" ? 0 : 1) + (metric.direction === null ? 2 : 0);
}

const runLabels: Record<string, string> = {
  created: "Created",
  status: "Status",
  started: "Started",
  ended: "Ended",
  duration: "Duration",
  seed: "Seed",
  manifest: "Manifest",
  tags: "Tags",
  replicates: "Replicates",
};
const summaryLabels: Record<string, string> = { atBest: "at best validation" };

/** A config key as a label; an empty key is shown in quotes, as nobody would see it. */
export const keyLabel = (key: string): string => (key.trim() === "" ? JSON.stringify(key) : key);

/** A shown column with what is known of it. */
export function describeColumn(shown: ShownColumn, known: RunsColumns): TableColumn {
  const { name } = shown;
  if (name.startsWith("config.")) {
    const key = name.slice("config.".length);
    const numeric = known.config.find((one) => one.key === key)?.type === "number";
    return {
      ...shown,
      kind: "config",
      label: keyLabel(key),
      group: "config",
      numeric,
      direction: null,
      bestIsLow: true,
    };
  }
  const [, series, summary] = /^(.+\/.+)\.(\w+)$/s.exec(name) ?? [];
  if (!series || !summary)
    return {
      ...shown,
      kind: "run",
      label: runLabels[name] ?? name,
      group: "",
      numeric: name === "seed",
      direction: null,
      bestIsLow: true,
    };
  const metric = known.metrics.find((one) => seriesKey(one) === series);
  const { direction = null, unit = "" } = metric ?? {};
  const label = metric
    ? `${metric.split ? `${metric.split} ` : ""}${metric.metric}`
    : shownName(name).slice(0, -`.${summary}`.length);
  return {
    ...shown,
    kind: "metric",
    label: summary === direction ? "best" : (summaryLabels[summary] ?? summary),
    group: `${label}${unit ? ` (${unit})` : ""}`,
    numeric: true,
    direction: direction === "none" ? null : direction,
    bestIsLow: direction === "min",
  };
}

/** Every column that may be chosen, by group. */
export function choosableColumns(known: RunsColumns): string[] {
  const summaries = ["last", "min", "max", "mean", "atBest"];
  return [
    ...Object.keys(runLabels),
    ...known.config.map(({ key }) => `config.${key}`),
    ...known.metrics.flatMap((metric) => summaries.map((summary) => `${seriesKey(metric)}.${summary}`)),
  ];
}

/** How the values of a column are written: all numbers in one precision. */
export function formatOf(column: TableColumn, rows: RunRow[]): (value: CellValue) => string {
  if (!column.numeric) return shownText;
  const values = rows.map((row) => row.values[column.name]).filter((value) => typeof value === "number");
  const format = column.kind === "metric" ? columnFormat(values) : settingWords;
  return (value) => (typeof value === "number" ? format(value) : shownText(value));
}

/** A setting as a person wrote it: `0.00001` may be stored as a number with twenty digits. */
const settingWords = (value: number): string => (Number.isInteger(value) ? String(value) : valueWords(value));
