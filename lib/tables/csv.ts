/** Rows of a CSV file, by the names of its header. */
import { pipeline, Readable } from "node:stream";
import { parse } from "csv-parse";
import { separatorIn, TableError } from "../wire/alike/table-columns.ts";
import type { TableRow } from "./rows.ts";
import { ROW_BYTES_MAX, readLines, readText } from "./utf8.ts";

/**
 * The names are handed over before the first row. `delimiter`: null where the header says it. Throws `TableError` where it
 * is no CSV, or its rows differ in length.
 */
export async function* readCsv(
  file: string,
  delimiter: "\t" | null,
  onNames: (names: string[]) => void,
): AsyncGenerator<TableRow> {
  const options = {
    delimiter: delimiter ?? (await findSeparator(file)),
    info: true,
    skip_empty_lines: true,
    relax_column_count: true,
    max_record_size: ROW_BYTES_MAX,
  };
  const parser = parse(options);
  // what fails comes out where rows are awaited
  pipeline(Readable.from(readText(file)), parser, () => {});
  const source = parser as unknown as AsyncIterable<{ record: string[]; info: { lines: number } }>;
  let names: string[] | null = null;
  try {
    for await (const { record, info } of source) {
      if (names === null) {
        names = record;
        onNames(names);
      } else yield { line: info.lines, cells: rowOf(names, record, info.lines) };
    }
  } catch (cause) {
    if (cause instanceof TableError) throw cause;
    throw new TableError("file", `the file is no CSV: ${(cause as Error).message}`, null, { cause });
  }
}

async function findSeparator(file: string): Promise<string> {
  for await (const { text } of readLines(file)) if (text.trim() !== "") return separatorIn(text);
  return ",";
}

function rowOf(names: string[], record: string[], line: number): Map<string, string> {
  if (record.length !== names.length)
    throw new TableError(
      "file",
      `line ${line} has ${record.length} cells, the header ${names.length}; as many are right (a cell that holds a separator stands in quotes)`,
    );
  return new Map(names.map((name, at) => [name, record[at]!]));
}
