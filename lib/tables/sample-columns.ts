/** Samples of a table as the columns that the API takes. Pure. */
import { TableError } from "../wire/alike/table-columns.ts";
import type { DatasetSamples } from "../wire/datasets.ts";
import type { Table, TableSample } from "./table-file.ts";

/** Throws `TableError` where the table has no column that names its rows. */
export function requireKeys({ columns, plan }: Table): void {
  if (plan.known.key !== undefined) return;
  const shown = columns.map((name) => JSON.stringify(name)).join(", ");
  throw new TableError(
    "key",
    `there is no column key, which names each sample; the columns are ${shown}; add one`,
    null,
    { answer: "say which it is (columns=NAME:key)" },
  );
}

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
  imageHash: null,
});
