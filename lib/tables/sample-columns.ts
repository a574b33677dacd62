/** Samples of a table as the columns that the API takes. Pure. */
import {
  type ColumnPlan,
  type ColumnRole,
  TableError,
  type TableOptions,
  timeRole,
} from "../wire/alike/table-columns.ts";
import type { DatasetSamples } from "../wire/data/datasets.ts";
import type { Table, TableSample } from "./table-file.ts";

/** Throws `TableError` where nothing names the table's rows. */
export function requireKeys({ columns, plan }: Table, { byLine }: Pick<TableOptions, "byLine">): void {
  if (plan.known.key !== undefined || byLine) return;
  const shown = columns.map((name) => JSON.stringify(name)).join(", ");
  throw new TableError(
    "key",
    `there is no column key, which names each sample; the columns are ${shown}; add one`,
    null,
    { answer: "say which it is (columns=NAME:key), or that rows are called by their lines (keys=lines)" },
  );
}

/** What each column was taken for, as `columns` of options have it. Those that were left out are missing. */
export const rolesOf = ({ known, timeFormat, features }: ColumnPlan): Record<string, ColumnRole> => ({
  ...Object.fromEntries(features.map((name) => [name, "feature" as const])),
  ...Object.fromEntries(
    Object.entries(known).map(([role, name]) => [name, role === "time" ? timeRole(timeFormat) : (role as ColumnRole)]),
  ),
});

/** A column that no row of the batch has is none: rows that are there already aren't compared by it. */
const columnOf = <Value>(values: (Value | null)[]): (Value | null)[] | null =>
  values.some((value) => value !== null) ? values : null;

export const toColumns = (batch: TableSample[]): DatasetSamples => ({
  key: batch.map(({ key }) => key!),
  label: columnOf(batch.map(({ label }) => label)),
  group: columnOf(batch.map(({ group }) => group)),
  time: columnOf(batch.map(({ time }) => time)),
  byteHash: columnOf(batch.map(({ byteHash }) => byteHash)),
  contentHash: batch.map(({ contentHash }) => contentHash),
  earlierHashes: columnOf(batch.map(({ earlierHashes }) => (earlierHashes.length > 0 ? earlierHashes : null))),
  sealed: columnOf(batch.map(({ sealed }) => sealed))?.map((sealed) => sealed ?? false) ?? null,
  split: columnOf(batch.map(({ split }) => split)),
  text: columnOf(batch.map(({ text }) => text)),
  features: columnOf(batch.map(({ features }) => features)),
  thumbnail: null,
  mask: null,
  imageHash: null,
});
