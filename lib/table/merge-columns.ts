import { seriesKey } from "../wire/points/series-name.ts";
import type { RunsColumns } from "./known-columns.ts";

/** The columns that are known, and behind them those that were found beside them. Pure. */
export function mergeColumns(known: RunsColumns, found: Pick<RunsColumns, "config" | "metrics">): RunsColumns {
  const keys = new Set(known.config.map(({ key }) => key));
  const names = new Set(known.metrics.map(seriesKey));
  return {
    ...known,
    config: [...known.config, ...found.config.filter(({ key }) => !keys.has(key))],
    metrics: [...known.metrics, ...found.metrics.filter((metric) => !names.has(seriesKey(metric)))],
  };
}
