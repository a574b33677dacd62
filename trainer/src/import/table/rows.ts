/** Rows of a table of any of the formats that people export, with what can't be read of it by name. */
import path from "node:path";
import { Readable } from "node:stream";
import { parse } from "csv-parse";
import { readRows } from "../../../../lib/tables/table-file.ts";
import { ROW_BYTES_MAX, readLines, readText } from "../../../../lib/tables/utf8.ts";
import { type Cell, Exact } from "../../../../lib/wire/alike/canonical-row.ts";
import { separatorIn, TableError } from "../../../../lib/wire/alike/table-columns.ts";
import type { Json } from "../../../../lib/wire/base/config.ts";
import { jsonOf } from "../python.ts";

/** `line`: of Parquet the row's number. A cell that is absent is undefined or an empty text. */
export type Row = { line: number; cells: (Json | undefined)[]; fault: null } | { line: number; fault: string };

export const tableEndings = [".csv", ".tsv", ".jsonl", ".ndjson", ".parquet"] as const;

/** `names` are those of the cells; of JSON lines it grows while rows are read. */
export type TableReader = { names: string[]; rows: AsyncGenerator<Row> };

/** Opens a file by its ending; one that says nothing is CSV. */
export function openTable(file: string): TableReader {
  const names: string[] = [];
  const ending = path.extname(file).toLowerCase();
  if (ending === ".jsonl" || ending === ".ndjson") return { names, rows: untilDamage(jsonRows(file, names)) };
  if (ending === ".parquet") return { names, rows: untilDamage(parquetRows(file, names)) };
  return { names, rows: untilDamage(csvRows(file, names, ending === ".tsv" ? "\t" : null)) };
}

/** What ends a file is one fault more, and what stood before it stays. */
async function* untilDamage(rows: AsyncGenerator<Row>): AsyncGenerator<Row> {
  let line = 0;
  try {
    for await (const row of rows) {
      line = row.line;
      yield row;
    }
  } catch (error) {
    const isOfFile = error instanceof TableError || (error as { code?: string }).code?.startsWith("CSV_");
    if (!isOfFile) throw error;
    const why = error instanceof TableError ? error.detail : (error as Error).message;
    yield { line, fault: `can't be read from here on: ${why}` };
  }
}

async function* csvRows(file: string, names: string[], delimiter: "\t" | null): AsyncGenerator<Row> {
  const parser = parse({
    delimiter: delimiter ?? (await separatorOf(file)),
    info: true,
    skip_empty_lines: true,
    relax_column_count: true,
    max_record_size: ROW_BYTES_MAX,
  });
  const text = Readable.from(readText(file));
  text.on("error", (error) => parser.destroy(error));
  text.pipe(parser);
  const records = parser as unknown as AsyncIterable<{ record: string[]; info: { lines: number } }>;
  for await (const { record, info } of records) {
    if (names.length === 0) names.push(...uniqueNames(record));
    else if (record.length === names.length) yield { line: info.lines, cells: record, fault: null };
    else yield { line: info.lines, fault: "a row that has another number of cells than the header" };
  }
}

async function separatorOf(file: string): Promise<string> {
  for await (const { text } of readLines(file)) if (text.trim() !== "") return separatorIn(text);
  return ",";
}

/** An index that pandas wrote has no name; one that stands twice is numbered. */
function uniqueNames(record: string[]): string[] {
  const seen = new Map<string, number>();
  return record.map((given, at) => {
    const name = given.trim() || `column ${at + 1}`;
    const count = (seen.get(name) ?? 0) + 1;
    seen.set(name, count);
    return count === 1 ? name : `${name} (${count})`;
  });
}

async function* jsonRows(file: string, names: string[]): AsyncGenerator<Row> {
  const places = new Map<string, number>();
  for await (const { line, text } of readLines(file)) {
    if (text.trim() === "") continue;
    const parsed = objectIn(text);
    if (parsed === null) {
      yield { line, fault: "a line that is no JSON object" };
      continue;
    }
    const cells: (Json | undefined)[] = [];
    for (const [name, value] of leavesOf(parsed)) {
      const place = places.get(name) ?? names.push(name) - 1;
      places.set(name, place);
      cells[place] = value;
    }
    yield { line, cells, fault: null };
  }
}

function objectIn(text: string): { [name: string]: Json } | null {
  try {
    const parsed = jsonOf(text);
    return parsed !== null && typeof parsed === "object" && !Array.isArray(parsed)
      ? (parsed as { [name: string]: Json })
      : null;
  } catch {
    return null;
  }
}

export const isEmpty = (cell: Json | undefined): boolean => cell === undefined || cell === null || cell === "";

/** Holds nothing: Aim's tables divide groups by such rows. */
export const isBlank = (cells: (Json | undefined)[]): boolean => cells.every((cell) => isEmpty(cell) || cell === "--");

/** W&B's pictures, tables and histograms: objects that say their type. */
export const isMedia = (value: Json | undefined): boolean =>
  typeof value === "object" && value !== null && !Array.isArray(value) && typeof value._type === "string";

/** Values by their paths with dots. A list is one value, and so are media. */
export function* leavesOf(value: { [name: string]: Json }, above = ""): Generator<[string, Json]> {
  for (const [name, inner] of Object.entries(value))
    if (inner !== null && typeof inner === "object" && !Array.isArray(inner) && !isMedia(inner))
      yield* leavesOf(inner, `${above}${name}.`);
    else yield [`${above}${name}`, inner];
}

async function* parquetRows(file: string, names: string[]): AsyncGenerator<Row> {
  const rows = await readRows(file, "parquet", (given) => void names.push(...given));
  for await (const { line, cells } of rows)
    yield { line, cells: names.map((name) => plainOf(cells.get(name))), fault: null };
}

/** Bytes are no value of a run. */
function plainOf(cell: Cell): Json | undefined {
  if (cell === null || cell === undefined || cell instanceof Uint8Array) return undefined;
  if (typeof cell === "bigint") return Number(cell);
  if (cell instanceof Exact) return cell.kind === "number" ? Number(cell.text) : cell.text;
  if (Array.isArray(cell)) return cell.map((inner) => plainOf(inner) ?? null);
  if (typeof cell === "object")
    return Object.fromEntries(Object.entries(cell).map(([name, inner]) => [name, plainOf(inner) ?? null]));
  return typeof cell === "number" && !Number.isFinite(cell) ? String(cell) : cell;
}
