/** A file of samples, read twice: what each column holds is known by all its cells, and then each row gets its content. */
import { createHash } from "node:crypto";
import {
  type Cell,
  ColumnFacts,
  type ColumnKind,
  canonicalRow,
  cellText,
  Exact,
  isMissing,
  numberText,
  type Row,
} from "../wire/alike/canonical-row.ts";
import { trainedRowBefore, uploadedRowBefore } from "../wire/alike/earlier-rows.ts";
import { featuresText } from "../wire/alike/row-features.ts";
import { rightSealed, rightSplit, rightTime, sealedIn, splitIn } from "../wire/alike/sample-cells.ts";
import {
  type ColumnPlan,
  type KnownColumn,
  planColumns,
  roleText,
  TableError,
  type TableOptions,
} from "../wire/alike/table-columns.ts";
import { rightTimeAs, timeAs } from "../wire/alike/time-formats.ts";
import type { Split } from "../wire/base/words.ts";
import { readCsv } from "./csv.ts";
import { readJsonLines } from "./jsonl.ts";
import type { TableFormat, TableRow } from "./rows.ts";

/** What a row says. Null where it says nothing. */
export type TableSample = {
  /** From 1; of a text file the line, of which a row may take several. */
  row: number;
  line: number;
  /** Null where the table has no column for it. */
  key: string | null;
  label: string | null;
  group: string | null;
  time: string | null;
  split: Split | null;
  sealed: boolean | null;
  byteHash: string | null;
  contentHash: string;
  /** By which earlier versions knew the same content. */
  earlierHashes: string[];
  text: string | null;
  /** The features' canonical texts, as they are kept (`featuresText`); null: there are none. */
  features: string | null;
  cells: Row;
};

export type Table = {
  /** In the order of the file, without blanks round them. */
  columns: string[];
  plan: ColumnPlan;
  kinds: ReadonlyMap<string, ColumnKind>;
  rows: number;
  /** What was left out, and what looks odd. */
  remarks: string[];
};

/** Reads all rows once. Throws `TableError` where the file can't be read or its columns leave something open. */
export async function surveyTable(
  file: string,
  format: TableFormat,
  options: TableOptions,
  onRows: (rows: number) => void = () => {},
): Promise<Table> {
  const facts = new Map<string, ColumnFacts>();
  const factsOf = (name: string) => {
    const known = facts.get(name) ?? new ColumnFacts();
    facts.set(name, known);
    return known;
  };
  let names: string[] = [];
  let rows = 0;
  // a header that leaves something open is refused before the rows are read
  const takeNames = (given: string[]) => {
    names = given;
    planColumns(names, options);
  };
  const meant = meaningsOf(options);
  for await (const { cells } of await readRows(file, format, takeNames)) {
    for (const [name, cell] of cells) factsOf(name).add(meant(cell));
    if (++rows % ROWS_A_SIGN === 0) onRows(rows);
  }
  if (format === "jsonl") names = [...facts.keys()];
  if (rows === 0) throw new TableError("file", "has no rows");
  const plan = planColumns(names, options);
  const kinds = new Map([...facts].map(([name, fact]) => [name.trim(), fact.kind]));
  const counting = plan.features.filter((name) =>
    names.some((one) => one.trim() === name && facts.get(one)?.countsRows),
  );
  const remarks = counting.map(
    (name) =>
      `the column ${JSON.stringify(name)} counts the rows: as a feature it hides copies, and tells the order of the file; ` +
      `leave it out (columns=${roleText(name, "nothing")}) unless that is meant`,
  );
  return { columns: names.map((name) => name.trim()), plan, kinds, rows, remarks: [...plan.remarks, ...remarks] };
}

const ROWS_A_SIGN = 10_000;

/**
 * Reads all rows again, for what is wrong in them: a key that is missing or stands twice, and texts that don't say what
 * their column should. Throws `TableError` that names row and column.
 */
export async function checkTable(
  file: string,
  format: TableFormat,
  table: Table,
  options: TableOptions,
  onRows: (rows: number) => void = () => {},
): Promise<void> {
  const reading = readingOf(table, options);
  const seen = new Map<string, number>();
  let row = 0;
  for await (const { line, cells } of await readRows(file, format)) {
    const at = { row: ++row, line };
    const { key } = saidOf(at, cells, reading);
    if (key !== null && seen.size < KEYS_COMPARED) {
      const first = seen.get(key);
      if (first !== undefined)
        throw new TableError("key", `${JSON.stringify(key)} stands in row ${first} already; each row has its own`, at);
      seen.set(key, row);
    }
    if (row % ROWS_A_SIGN === 0) onRows(row);
  }
}

/** Keys that are held to find one that stands twice; beyond them the database compares. */
const KEYS_COMPARED = 1_000_000;

/** The samples of a table that was surveyed. Throws `TableError` that names row and column. */
export async function* readSamples(
  file: string,
  format: TableFormat,
  table: Table,
  options: TableOptions,
): AsyncGenerator<TableSample> {
  const reading = readingOf(table, options);
  let row = 0;
  for await (const { line, cells } of await readRows(file, format))
    yield sampleOf({ row: ++row, line }, cells, reading);
}

const readingOf = (table: Table, options: TableOptions): FileReading => ({
  table,
  options,
  features: table.plan.features.map((name) => [name, table.kinds.get(name) ?? "text"] as const),
  meant: meaningsOf(options),
  isPlain: options.missing.length === 0 && !options.decimalComma,
});

/** Rows of a file; of JSON lines no names are handed over. */
export async function readRows(
  file: string,
  format: TableFormat,
  onNames: (names: string[]) => void = () => {},
): Promise<AsyncGenerator<TableRow>> {
  if (format === "jsonl") return readJsonLines(file);
  // a process is started for each file: what is only for Parquet is loaded for it alone
  if (format === "parquet") return (await import("./parquet.ts")).readParquet(file, onNames);
  return readCsv(file, format === "tsv" ? "\t" : null, onNames);
}

/** Where a row stands, from 1. */
type RowPlace = { row: number; line: number };
type FileReading = {
  table: Table;
  features: (readonly [string, ColumnKind])[];
  options: TableOptions;
  meant: (cell: Cell) => Cell;
  /** Whether cells mean what they say. */
  isPlain: boolean;
};

/** What cells mean by what a person said of missing values and decimals. */
export function meaningsOf({ missing, decimalComma }: Pick<TableOptions, "missing" | "decimalComma">) {
  const words = new Set(missing.map((word) => word.trim()));
  return (cell: Cell): Cell => {
    if (words.size > 0 && words.has(typeof cell === "string" ? cell.trim() : (numberText(cell) ?? ""))) return null;
    return decimalComma && typeof cell === "string" ? cell.replace(/^(\s*[+-]?\d+),(\d+\s*)$/, "$1.$2") : cell;
  };
}

function sampleOf(at: RowPlace, given: Map<string, Cell>, reading: FileReading): TableSample {
  const { row, content, ...said } = saidOf(at, given, reading);
  const { text } = said;
  const { label } = reading.table.plan.known;
  return {
    ...at,
    ...said,
    contentHash: content ?? sha256(text === null ? canonicalRow(row, reading.features) : text.normalize("NFC")),
    earlierHashes: earlierHashesOf(given, label ?? null, content === null && text === null),
    features: keptFeatures(row, reading),
    cells: row,
  };
}

/** What a row says of its sample, before any of it is hashed. */
function saidOf(at: RowPlace, given: Map<string, Cell>, reading: FileReading) {
  const { known, timeFormat } = reading.table.plan;
  const row = new Map([...given].map(([name, cell]) => [name.trim(), reading.meant(cell)]));
  // a key and a text say what they say
  const raw = reading.isPlain ? row : trimmedNames(given);
  const key = known.key === undefined ? lineKey(reading, at) : keyOf(raw.get(known.key), reading, at);
  const cellAs = (column: KnownColumn, cells: Row = row): Cell =>
    known[column] === undefined ? null : cells.get(known[column]);
  const plainOf = (column: KnownColumn) =>
    isMissing(cellAs(column)) ? null : textOf(cellAs(column), column, at).trim();
  const written = cellAs("text", raw);
  const text = written === null || written === undefined || written === "" ? null : textOf(written, "text", at);
  const otherwise = (column: KnownColumn) =>
    `where the column says something else, take it as a feature (columns=${roleText(known[column] ?? column, "feature")})`;
  const content = plainOf("content_hash");
  if (content === null && text === null) requireFeatures(reading, at);
  const rightTimes = (time: string) => (timeFormat === "iso" ? rightTime(time) : rightTimeAs(timeFormat));
  return {
    row,
    content,
    text,
    key,
    label: named(cellAs("label"), "label", reading, at),
    group: named(cellAs("group"), "group", reading, at),
    time: read((time) => timeAs(timeFormat, time), plainOf("time"), "time", at, rightTimes, otherwise("time")),
    split: read(splitIn, plainOf("split"), "split", at, () => rightSplit, otherwise("split")),
    sealed: read(sealedIn, plainOf("sealed"), "sealed", at, () => rightSealed, otherwise("sealed")),
    byteHash: plainOf("byte_hash"),
  };
}

const trimmedNames = (given: Map<string, Cell>): Row => new Map([...given].map(([name, cell]) => [name.trim(), cell]));
const lineKey = ({ options }: FileReading, { line }: RowPlace): string | null =>
  options.byLine ? `row/${line}` : null;

function keptFeatures(row: Row, { features }: FileReading): string | null {
  const cells = features.map(([name, kind]): [string, string] => [name, cellText(row.get(name), kind)]);
  return cells.length === 0 ? null : featuresText(cells.sort(([a], [b]) => (a < b ? -1 : 1)));
}

const sha256 = (content: string | Uint8Array): string => createHash("sha256").update(content).digest("hex");

function requireFeatures({ features }: FileReading, at: RowPlace): void {
  if (features.length > 0) return;
  throw new TableError(
    "content_hash",
    "is missing; content_hash, text, or columns of features are right, to know copies by",
    at,
  );
}

/** A row that names its content, or is a text, was that in uploads before; the trainer looked at its numbers. */
function earlierHashesOf(given: Row, target: string | null, byFeatures: boolean): string[] {
  const uploaded = byFeatures ? uploadedRowBefore(given) : null;
  const forms = [uploaded, trainedRowBefore(given, target)].map((form) => form && sha256(form));
  return [...new Set(forms.filter((hash) => hash !== null))];
}

function keyOf(cell: Cell, { options }: FileReading, at: RowPlace): string {
  const text = cell === null || cell === undefined ? "" : textOf(cell, "key", at);
  const key = options.trim ? text.trim() : text;
  if (key.trim() === "") throw new TableError("key", `is ${JSON.stringify(text)}; each row needs one`, at);
  refuseBlanks(key, "key", at);
  return key;
}

/** A label or group by the kind of its column: `0.0` of a CSV file is the 0 of another. */
function named(cell: Cell, column: "label" | "group", { table, options }: FileReading, at: RowPlace): string | null {
  if (isMissing(cell)) return null;
  const kind = table.kinds.get(table.plan.known[column]!) ?? "text";
  const text = kind === "text" ? textOf(cell, column, at) : cellText(cell, kind);
  if (options.trim) return text.trim();
  refuseBlanks(text, column, at);
  return text;
}

function refuseBlanks(text: string, column: string, { row }: RowPlace): void {
  if (text === text.trim()) return;
  throw new TableError(
    "blanks",
    `row ${row}, ${column}: ${JSON.stringify(text)} has blanks round it; ${JSON.stringify(text.trim())} is right`,
    null,
    { answer: "say that blanks are cut (blanks=trim)" },
  );
}

/** A cell of a column that holds names: texts as they are, numbers in their digits, bytes as UTF-8. */
function textOf(cell: Cell, column: string, at: RowPlace): string {
  if (typeof cell === "string") return cell;
  if (typeof cell === "boolean") return String(cell);
  if (cell instanceof Uint8Array)
    try {
      return new TextDecoder("utf-8", { fatal: true }).decode(cell);
    } catch (cause) {
      throw new TableError(column, "holds bytes that are no UTF-8 text; a text is right", at, { cause });
    }
  if (cell instanceof Exact && cell.kind === "text") return cell.text;
  const number = numberText(cell);
  if (number !== null) return number;
  throw new TableError(column, "holds a list or an object; a text or a number is right", at);
}

function read<Value>(
  reader: (text: string | null) => Value | undefined,
  text: string | null,
  column: KnownColumn,
  at: RowPlace,
  right: (text: string) => string,
  answer: string,
): Value {
  const said = reader(text);
  if (said === undefined) throw new TableError(column, `is ${JSON.stringify(text)}; ${right(text!)}`, at, { answer });
  return said;
}
