/** Tables as sets: CSV with a header, or JSON lines. One column is the target, some say what a sample is, and the others are numbers. */
import { readFileSync } from "node:fs";
import path from "node:path";
import { parse } from "csv-parse/sync";
import { sealedIn, sealedWords, splitIn, splits, timeIn } from "../../lib/wire.ts";
import type { DataSet, Facts, Part, Task } from "./data.ts";
import { taskOf } from "./table-task.ts";

export const tableEndings = [".csv", ".tsv", ".jsonl", ".ndjson"];
export type TableOptions = {
  /** The column to be told; null: `label` (classes) or `target` (numbers). */
  target: string | null;
  /** null: classification of `label`; of another column regression where it holds numbers. */
  task: Task | null;
};

type Row = { line: number; values: Record<string, unknown> };
const NAMES = ["key", "id"];
/**
 * Columns that say what a sample is, named as in a file that is uploaded, and are no features. `content_hash` and `text`
 * are left aside: the content of a sample here is what a model gets to see of it.
 */
const ABOUT = ["group", "time", "split", "sealed", "byte_hash", "content_hash", "text"];

/**
 * Reads a table. A column `key` or `id` names the samples; `split` puts those of test apart, and so does `sealed`; JSON
 * lines may hold `inputs`, lists of one shape, `[steps][features]` for sequences. Throws an error that names line and column.
 */
export function readTable(file: string, options: TableOptions): DataSet {
  const rows =
    path.extname(file).toLowerCase().endsWith("l") || file.endsWith(".ndjson") ? jsonRows(file) : csvRows(file);
  const [first] = rows;
  if (!first) throw new Error(`${file} has no rows`);
  const columns = Object.keys(first.values);
  const target = options.target ?? ["label", "target"].find((name) => columns.includes(name));
  if (target === undefined || !columns.includes(target))
    throw new Error(
      `${file} has the columns ${columns.join(", ")}; ${target === undefined ? "none is label or target, so say which with --target" : `none is ${target}`}`,
    );
  const name = NAMES.find((one) => columns.includes(one)) ?? null;
  const features = columns.filter((column) => ![target, name, ...ABOUT].includes(column));
  if (features.length === 0) throw new Error(`${file} has no column beside ${target} to tell it from`);
  const task = options.task ?? taskOf(file, target, rows, isNumber);
  if (task === "segmentation") throw new Error(`task: a table has no pixels; classification or regression is right`);
  const shape = inputShapeOf(file, first, features);
  const classes = task === "regression" ? [] : classesOf(rows, target);
  const partOf = (some: Row[]): Part => {
    const inputs = new Float64Array(some.length * shape.reduce((product, size) => product * size, 1));
    const values = some.map((row, index) => {
      fill(inputs, index, shape, row, features, file);
      return task === "regression" ? numberIn(row, target, file) : classes.indexOf(String(row.values[target]));
    });
    return {
      count: some.length,
      keys: some.map((row) => (name === null ? `row/${row.line}` : String(row.values[name]))),
      inputs,
      targets: task === "regression" ? Float64Array.from(values) : Int32Array.from(values),
      facts: some.map((row) => facts.get(row)!),
    };
  };
  const facts = new Map(rows.map((row) => [row, factsOf(row, target, file)]));
  const isTest = (row: Row) => facts.get(row)!.split === "test" || facts.get(row)!.sealed;
  const [train, test] = [partOf(rows.filter((row) => !isTest(row))), partOf(rows.filter(isTest))];
  const named = features.includes("inputs") ? {} : { features };
  return { name: path.basename(file, path.extname(file)), task, inputShape: shape, classes, ...named, train, test };
}

/** What the columns beside target and features say of a sample; the target may have a name of theirs. */
function factsOf({ line, values }: Row, target: string, file: string): Facts {
  const textOf = (column: string): string | null => {
    const value = column === target ? null : values[column];
    return value === undefined || value === null || value === "" ? null : String(value);
  };
  const wrong = (column: string, right: string) =>
    new Error(`${file}, line ${line}: ${column} is ${JSON.stringify(textOf(column))}; ${right}`);
  const [time, split, sealed] = [timeIn(textOf("time")), splitIn(textOf("split")), sealedIn(textOf("sealed"))];
  if (time === undefined) throw wrong("time", "ISO 8601 or seconds since 1970 are right");
  if (split === undefined) throw wrong("split", `${splits.join(", ")}, or nothing, is right`);
  if (sealed === undefined)
    throw wrong("sealed", `${[...sealedWords.true, ...sealedWords.false].join(", ")}, or nothing, is right`);
  return { group: textOf("group"), time, split, sealed: sealed ?? false, byteHash: textOf("byte_hash") };
}

function csvRows(file: string): Row[] {
  const delimiter = path.extname(file).toLowerCase() === ".tsv" ? "\t" : ",";
  try {
    const records = parse(readFileSync(file), {
      columns: true,
      bom: true,
      delimiter,
      skip_empty_lines: true,
      info: true,
    });
    return (records as unknown as { record: Record<string, string>; info: { lines: number } }[]).map(
      ({ record, info }) => ({ line: info.lines, values: record }),
    );
  } catch (error) {
    throw new Error(`${file}: ${(error as Error).message}`);
  }
}

function jsonRows(file: string): Row[] {
  const lines = readFileSync(file, "utf8").split("\n");
  return lines.flatMap((text, index) => {
    if (text.trim() === "") return [];
    try {
      const values = JSON.parse(text) as unknown;
      if (typeof values !== "object" || values === null || Array.isArray(values)) throw new Error("no object");
      return [{ line: index + 1, values: values as Record<string, unknown> }];
    } catch (error) {
      throw new Error(`${file}, line ${index + 1}: ${(error as Error).message}; one JSON object a line is right`);
    }
  });
}

const isNumber = (value: unknown): boolean =>
  typeof value === "number" || (typeof value === "string" && value.trim() !== "" && Number.isFinite(Number(value)));

function classesOf(rows: Row[], target: string): string[] {
  const names = [...new Set(rows.map(({ values }) => String(values[target])))];
  const inOrder = names.every(isNumber)
    ? names.sort((a, b) => Number(a) - Number(b))
    : names.sort((a, b) => (a < b ? -1 : 1));
  return inOrder;
}

function inputShapeOf(file: string, { values, line }: Row, features: string[]): number[] {
  if (!features.includes("inputs")) return [features.length];
  if (features.length > 1)
    throw new Error(`${file}, line ${line}: inputs stands beside ${features.join(", ")}; inputs alone is right`);
  const shape: number[] = [];
  for (let at = values.inputs; Array.isArray(at); at = at[0]) shape.push(at.length);
  if (shape.length === 0 || shape.length > 2 || shape.includes(0))
    throw new Error(
      `${file}, line ${line}: inputs has shape [${shape.join(", ")}]; [features] or [steps, features] is right`,
    );
  return shape;
}

function fill(into: Float64Array, index: number, shape: number[], row: Row, features: string[], file: string): void {
  const size = shape.reduce((product, length) => product * length, 1);
  const found = features.includes("inputs")
    ? (row.values.inputs as unknown[] | undefined)?.flat(2)
    : features.map((column) => numberIn(row, column, file));
  if (found?.length !== size)
    throw new Error(
      `${file}, line ${row.line}: inputs has ${found?.length ?? "no"} numbers; [${shape.join(", ")}] is right`,
    );
  for (const [at, value] of found.entries()) {
    if (typeof value !== "number" || !Number.isFinite(value))
      throw new Error(`${file}, line ${row.line}: inputs holds ${JSON.stringify(value)}; a number is right`);
    into[index * size + at] = value;
  }
}

function numberIn({ values, line }: Row, column: string, file: string): number {
  const value = values[column];
  if (!isNumber(value))
    throw new Error(`${file}, line ${line}: ${column} is ${JSON.stringify(value ?? null)}; a number is right`);
  return Number(value);
}
