/** Rows of a Parquet file, a row group at a time. */
import { asyncBufferFromFile, type FileMetaData, parquetMetadataAsync, parquetScan, parquetSchema } from "hyparquet";
import { compressors } from "hyparquet-compressors";
import type { Cell } from "../wire/alike/canonical-row.ts";
import { TableError } from "../wire/alike/table-columns.ts";
import { type Decode, decoderOf, keepRaw, parsers } from "./parquet-cells.ts";
import type { TableRow } from "./rows.ts";

/** The names are handed over before the first row. Throws `TableError` that names column and row group. */
export async function* readParquet(file: string, onNames: (names: string[]) => void): AsyncGenerator<TableRow> {
  const buffer = await asyncBufferFromFile(file);
  const metadata = await parquetMetadataAsync(buffer, { geoparquet: false }).catch((cause: Error) => {
    throw new TableError("file", `the file is no Parquet: ${wordsOf(cause)}`, null, { cause });
  });
  const decoders = decodersOf(metadata);
  const names = parquetSchema(metadata).children.map((child) => child.element.name);
  if (!names.every((name) => typeof name === "string"))
    throw new TableError("file", "the file is no Parquet: a column of its schema has no name");
  onNames(names);
  const scan = await parquetScan({
    file: buffer,
    metadata,
    compressors,
    parsers,
    utf8: false,
    geoparquet: false,
  }).catch((cause: Error) => {
    throw new TableError("file", `the Parquet file can't be read: ${wordsOf(cause)}`, null, { cause });
  });
  for (const [group, { rowStart, rowEnd }] of scan.ranges.entries()) {
    const columns = new Map<string, ArrayLike<unknown>>();
    for (const column of names) columns.set(column, await readColumn(column, group));
    for (let at = 0; at < rowEnd - rowStart; at++)
      yield { line: rowStart + at + 1, cells: new Map(names.map((name) => [name, cellAt(name, at, group)])) };

    async function readColumn(column: string, group: number): Promise<ArrayLike<unknown>> {
      try {
        const values = await scan.readColumn({ column, rowStart, rowEnd });
        if (values.length === rowEnd - rowStart) return values;
        throw new Error(`it has ${values.length} values for ${rowEnd - rowStart} rows`);
      } catch (cause) {
        throw unreadable(column, group, cause);
      }
    }
    function cellAt(name: string, at: number, group: number): Cell {
      try {
        return decoders.get(name)!(columns.get(name)![at]);
      } catch (cause) {
        throw unreadable(name, group, cause);
      }
    }
  }
}

/** Old writers left pages that other readers take and ours doesn't: a whole file may come to this too. */
const anew = "where another program reads it, saving it anew there is right";

/** What the reader says of a file; where it stumbles itself, that says nothing to who sent the file. */
const wordsOf = (cause: unknown): string => {
  const isStumble = cause instanceof TypeError || cause instanceof RangeError || cause instanceof SyntaxError;
  return isStumble ? `it is damaged, or written in a way that isn't read here; ${anew}` : (cause as Error).message;
};

const unreadable = (column: string, group: number, cause: unknown): TableError =>
  new TableError(
    "file",
    `the column ${JSON.stringify(column)} can't be read in row group ${group} of the Parquet file: ${wordsOf(cause)}`,
    null,
    { cause },
  );

function decodersOf(metadata: FileMetaData): Map<string, Decode> {
  try {
    const own = keepRaw(metadata);
    return new Map(parquetSchema(metadata).children.map((child) => [child.element.name, decoderOf(child, own)]));
  } catch (cause) {
    throw new TableError("file", `the file is no Parquet: ${wordsOf(cause)}`, null, { cause });
  }
}
