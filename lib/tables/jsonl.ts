/** Rows of JSON lines: no digit is lost, no name stands twice, nothing is nested deeper than 100. */
import { randomUUID } from "node:crypto";
import { type Cell, Exact } from "../wire/alike/canonical-row.ts";
import { TableError } from "../wire/alike/table-columns.ts";
import type { TableRow } from "./rows.ts";
import { readLines } from "./utf8.ts";

export const DEPTH_MAX = 100;
/** Stands before the digits of a number that a double can't hold, while JSON is parsed. */
const MARK = `${randomUUID()}:`;
const string = String.raw`"[^"\\]*(?:\\.[^"\\]*)*"`;
const tokens = new RegExp(String.raw`${string}|-?\d[\d.]{14,}\d(?:[eE][+-]?\d+)?`, "g");
const keys = new RegExp(String.raw`${string}(\s*:)?`, "g");

/** Throws `TableError` that names the line. */
export async function* readJsonLines(file: string): AsyncGenerator<TableRow> {
  for await (const { line, text } of readLines(file)) if (text.trim() !== "") yield { line, cells: rowIn(text, line) };
}

function rowIn(text: string, line: number): Map<string, Cell> {
  let parsed: unknown;
  try {
    parsed = JSON.parse(/\d[\d.]{14,}\d/.test(text) ? text.replaceAll(tokens, markLong) : text);
  } catch (cause) {
    const detail = `line ${line} is not JSON: ${(cause as Error).message.replaceAll(MARK, "")}`;
    throw new TableError("file", detail, null, { cause });
  }
  if (typeof parsed !== "object" || parsed === null || Array.isArray(parsed))
    throw new TableError("file", `line ${line}: ${text.slice(0, 40)} is no object; one JSON object a line is right`);
  const found = { names: 0 };
  const cells = new Map(Object.entries(parsed).map(([name, value]) => [name, cellOf(value, line, 1, found)]));
  let written = 0;
  for (const [, colon] of text.matchAll(keys)) if (colon !== undefined) written++;
  if (written !== found.names + cells.size) throw twice(text, line);
  return cells;
}

const markLong = (token: string): string =>
  token.startsWith('"') || isHeld(token) ? token : JSON.stringify(`${MARK}${token}`);

/** Whether a double has these digits and no others, as far as it is written. */
const isHeld = (token: string): boolean =>
  /^-?\d+$/.test(token)
    ? Number.isSafeInteger(Number(token))
    : token.replace(/e.*/i, "").replace(/\D|^-?0+\.?0*/g, "").length <= 15;

function cellOf(value: unknown, line: number, depth: number, found: { names: number }): Cell {
  if (depth > DEPTH_MAX) throw new TableError("file", `line ${line} is nested deeper than ${DEPTH_MAX}`);
  if (typeof value === "string" && value.startsWith(MARK)) return exactNumber(value.slice(MARK.length));
  if (Array.isArray(value)) return value.map((inner) => cellOf(inner, line, depth + 1, found));
  if (typeof value !== "object" || value === null) return value as Cell;
  const entries = Object.entries(value);
  found.names += entries.length;
  return Object.fromEntries(entries.map(([name, inner]) => [name, cellOf(inner, line, depth + 1, found)]));
}

/** Version 1 kept the digits of integers alone. */
const exactNumber = (digits: string): Exact =>
  new Exact("number", digits, /^-?\d+$/.test(digits) ? digits : Number(digits));

function twice(text: string, line: number): TableError {
  const seen: Set<string>[] = [];
  // objects are told apart by their braces: a name counts once in each
  for (const [token, colon] of text.matchAll(new RegExp(`${keys.source}|[{}]`, "g"))) {
    if (token === "{") seen.push(new Set());
    else if (token === "}") seen.pop();
    else if (colon !== undefined) {
      const name = JSON.parse(token.slice(0, token.length - colon.length)) as string;
      if (seen.at(-1)?.has(name))
        return new TableError("file", `line ${line}: the name ${JSON.stringify(name)} stands twice; once is right`);
      seen.at(-1)?.add(name);
    }
  }
  return new TableError("file", `line ${line}: a name stands twice in it; once is right`);
}
