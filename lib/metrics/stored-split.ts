/**
 * The one place that converts a series' split between the contract and the table `series`. A column of its primary key
 * can't be null, so a metric that belongs to no split stands there with the word `none`.
 */
import type { Split } from "../wire/base/words.ts";
import { type SeriesName, seriesKey } from "../wire/points/series-name.ts";

export type StoredSplit = Split | "none";

export const storedSplit = (split: Split | null): StoredSplit => split ?? "none";

/** The name of the series that a row is about. */
export const nameOfRow = ({ split, metric }: { split: StoredSplit; metric: string }): SeriesName => ({
  split: split === "none" ? null : split,
  metric,
});

/** The `seriesKey` of a row. */
export const keyOfRow = (row: { split: StoredSplit; metric: string }): string => seriesKey(nameOfRow(row));

/** The same in SQL, of a row with `split` and `metric`. */
export const KEY_OF_ROW_SQL = "(case split when 'none' then '-' else split end || '/' || metric)";
