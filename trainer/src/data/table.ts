/** Tables as sets: CSV, TSV, JSON lines or Parquet. One column is the target, some say what a sample is, and the others are numbers. */
import path from "node:path";
import type { TableFormat } from "../../../lib/tables/rows.ts";
import { readSamples, surveyTable, type Table, type TableSample } from "../../../lib/tables/table-file.ts";
import { type Cell, numberText } from "../../../lib/wire/alike/canonical-row.ts";
import {
  type TableOptions as ColumnOptions,
  parseRoles,
  parseWords,
  roleText,
  TableError,
} from "../../../lib/wire/alike/table-columns.ts";
import type { DataSet, Part, Task } from "./data.ts";
import { taskOf } from "./table-task.ts";

const formats: Record<string, TableFormat> = {
  ".csv": "csv",
  ".tsv": "tsv",
  ".jsonl": "jsonl",
  ".ndjson": "jsonl",
  ".parquet": "parquet",
};
export const tableEndings = Object.keys(formats);
export type TableOptions = {
  /** The column to be told; null: `label` (classes) or `target` (numbers). */
  target: string | null;
  /** null: classification of `label`; of another column regression where it holds numbers. */
  task: Task | null;
  /** What columns are whose names leave that open: `Group:group,row:nothing`; null: nothing is said. */
  columns: string | null;
  /** `trim`: blanks round keys, labels and groups are cut; null: they are refused. */
  blanks: "trim" | null;
  /** Words that say 'missing' besides those that always do: `-,?`; null: none. */
  missing: string | null;
  /** `comma`: `1,5` is the number 1.5; null: a text. */
  decimals: "comma" | null;
  /** false: the rows are only split, so features may be texts or missing, and no inputs are made of them. */
  isTrained: boolean;
};

/** A row, as `table-task` looks at it. */
type TargetRow = { line: number; values: Record<string, unknown> };

/**
 * Reads a table. A column `key` or `id` names the samples; `split` puts those of test apart, and so does `sealed`; JSON
 * lines and Parquet may hold `inputs`, lists of one shape, `[steps][features]` for sequences. A row that is trained on has a
 * label. Throws an error that names line and column.
 */
export async function readTable(file: string, options: TableOptions): Promise<DataSet> {
  try {
    const columns = {
      target: options.target,
      columns: parseRoles(options.columns ?? ""),
      trim: options.blanks === "trim",
      missing: parseWords(options.missing ?? ""),
      byLine: false,
      decimalComma: options.decimals === "comma",
    };
    return await readColumns(file, options, columns);
  } catch (error) {
    if (!(error instanceof TableError)) throw error;
    const { field, detail, words, at } = error;
    const place = at ? `${file}, line ${at.line}: ${field}` : detail.startsWith("has ") ? file : `${file}:`;
    const where = `${place} ${at || field === "file" || field === "blanks" ? words : error.message}`;
    throw new Error(where.replaceAll("(columns=", "(--columns ").replaceAll("(blanks=", "(--blanks "), {
      cause: error,
    });
  }
}

async function readColumns(
  file: string,
  { task: given, isTrained }: Pick<TableOptions, "task" | "isTrained">,
  options: ColumnOptions,
): Promise<DataSet> {
  const format = formats[path.extname(file).toLowerCase()]!;
  const table = await surveyTable(file, format, options);
  const { features, known } = table.plan;
  const target = known.label;
  if (target === undefined)
    throw new TableError(
      "file",
      `has the columns ${table.columns.join(", ")}; none is label or target, so say which with --target`,
    );
  if (features.length === 0) throw new TableError("file", `has no column beside ${target} to tell it from`);
  const rows: TableSample[] = [];
  for await (const row of readSamples(file, format, table, options)) rows.push(row);
  const [trained, tested] = [rows.filter((row) => !isTest(row)), rows.filter(isTest)];
  const labelled = rows.filter((row) => row.label !== null || !isTest(row));
  const task =
    given ?? taskOf(file, target, labelled.map(targetRow(target)), (cell) => numberText(cell as Cell) !== null);
  if (task === "segmentation") throw new Error("task: a table has no pixels; classification or regression is right");
  const classes = task === "regression" ? [] : classesOf(rows);
  const shape = isTrained ? inputShapeOf(rows[0]!, features) : [features.length];
  const reading = { table, target, task, classes, shape, isTrained };
  return {
    name: path.basename(file, path.extname(file)),
    task,
    inputShape: reading.shape,
    classes,
    remarks: table.remarks,
    ...(features.includes("inputs") ? {} : { features }),
    train: partOf(trained, reading),
    test: partOf(tested, reading),
  };
}

const isTest = ({ split, sealed }: TableSample): boolean => split === "test" || sealed === true;
const targetRow =
  (target: string) =>
  ({ line, cells }: TableSample): TargetRow => ({ line, values: { [target]: cells.get(target) } });

type TableReading = {
  table: Table;
  target: string;
  task: Task;
  classes: string[];
  shape: number[];
  isTrained: boolean;
};

function partOf(rows: TableSample[], reading: TableReading): Part {
  const { target, task, classes, shape, isTrained } = reading;
  const numbers = new Map(classes.map((name, number) => [name, number]));
  const inputs = new Float64Array(isTrained ? rows.length * shape.reduce((product, size) => product * size, 1) : 0);
  const targets = rows.map((row, index) => {
    if (isTrained) fill(inputs, index, row, reading);
    // a test sample may hide its label: it isn't trained on
    if (row.label === null && isTest(row)) return task === "regression" ? Number.NaN : -1;
    if (task === "regression") return numberIn(row, target);
    if (row.label === null)
      throw bad(row, target, row.cells.get(target), "a label in each row that is trained on is right");
    return numbers.get(row.label)!;
  });
  return {
    count: rows.length,
    keys: rows.map(({ key, line }) => key ?? `row/${line}`),
    inputs,
    targets: task === "regression" ? Float64Array.from(targets) : Int32Array.from(targets),
    labels: rows.map(({ label }) => label),
    contents: rows.map(({ contentHash: hash, earlierHashes: earlier, features }) => ({ hash, earlier, features })),
    facts: rows.map(({ group, time, split, sealed, byteHash }) => ({
      group,
      time,
      split,
      sealed: sealed ?? false,
      byteHash,
    })),
  };
}

const bad = ({ row, line }: TableSample, column: string, cell: Cell, right: string): TableError =>
  new TableError(column, `is ${shown(cell)}; ${right}`, { row, line });
const shown = (cell: Cell): string =>
  JSON.stringify(
    typeof cell === "bigint" || (typeof cell === "object" && cell !== null && !Array.isArray(cell))
      ? String(cell)
      : (cell ?? null),
  );

function classesOf(rows: TableSample[]): string[] {
  const names = [...new Set(rows.flatMap(({ label }) => label ?? []))];
  return names.every((name) => numberText(name) !== null)
    ? names.sort((a, b) => Number(a) - Number(b))
    : names.sort((a, b) => (a < b ? -1 : 1));
}

function inputShapeOf(row: TableSample, features: string[]): number[] {
  if (!features.includes("inputs")) return [features.length];
  if (features.length > 1)
    throw new TableError("inputs", `stands beside ${features.join(", ")}; inputs alone is right`, row);
  const shape: number[] = [];
  for (let at = row.cells.get("inputs"); Array.isArray(at); at = at[0]) shape.push(at.length);
  if (shape.length === 0 || shape.length > 2 || shape.includes(0))
    throw new TableError("inputs", `has shape [${shape.join(", ")}]; [features] or [steps, features] is right`, row);
  return shape;
}

function fill(into: Float64Array, index: number, row: TableSample, reading: TableReading): void {
  const { shape } = reading;
  const { features } = reading.table.plan;
  const size = shape.reduce((product, length) => product * length, 1);
  const list = row.cells.get("inputs");
  const found = features.includes("inputs")
    ? Array.isArray(list) && (list.flat(2) as Cell[]).map((cell) => listed(cell, row))
    : features.map((column) => featureIn(row, column, reading));
  if (!found || found.length !== size)
    throw new TableError("inputs", `has ${found ? found.length : "no"} numbers; [${shape.join(", ")}] is right`, row);
  for (const [at, value] of found.entries()) into[index * size + at] = value;
}

function listed(cell: Cell, row: TableSample): number {
  const number = typeof cell === "string" ? null : numberText(cell);
  if (number === null || !Number.isFinite(Number(number)))
    throw new TableError("inputs", `holds ${shown(cell)}; a number is right`, row);
  return Number(number);
}

const rightNumber = "a number is right, without leading zeros, an exponent with its sign (1E+05)";

/** Where it is none, all columns that hold texts are named, so that a person answers once. */
function featureIn(row: TableSample, column: string, { table: { plan, kinds } }: TableReading): number {
  return numberIn(row, column, () => {
    const texts = plan.features.filter((name) => name === column || kinds.get(name) === "text");
    const answers = texts.map((name) => roleText(name, "nothing")).join(",");
    return `${rightNumber}; or leave out what holds none: --columns "${answers}"`;
  });
}

function numberIn(row: TableSample, column: string, right = () => rightNumber): number {
  const cell = row.cells.get(column);
  const number = numberText(cell);
  if (number === null || !Number.isFinite(Number(number))) throw bad(row, column, cell, right());
  return Number(number);
}
