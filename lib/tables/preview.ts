/** Looks at a table before any of it is stored: what each column holds, seems to be, and would be refused as. */
import { type Cell, ColumnFacts, cellText, isMissing } from "../wire/alike/canonical-row.ts";
import { isMissingWord, rightSealed, rightSplit, rightTime, sealedIn, splitIn } from "../wire/alike/sample-cells.ts";
import { type ColumnRole, plainOptions, planColumns, TableError, timeRole } from "../wire/alike/table-columns.ts";
import { formatsOf, rightTimeAs, timeAs, timeFormats } from "../wire/alike/time-formats.ts";
import type { ColumnFault, PreviewColumn, TablePreview } from "../wire/data/table-preview.ts";
import { type ColumnSight, guessRoles } from "./guess-roles.ts";
import { findMissingWords } from "./missing-words.ts";
import type { TableFormat } from "./rows.ts";
import { meaningsOf, readRows } from "./table-file.ts";

/** What is looked at of a table: this keeps it within seconds and the reader's memory. */
const CELLS_MAX = 2_000_000;
const ROWS_SHOWN = 6;
const CELL_SHOWN = 120;
const VALUES_SHOWN = 20;
const FAULTS_SHOWN = 5;

/** A value of a column: how many rows have it, and the first two of them. */
export type SeenValue = { cell: Cell; rows: number; row: number; nextRow: number | null };
type SeenColumn = { name: string; values: Map<string, SeenValue>; empty: SeenValue | null; facts: ColumnFacts };

/** `part`: the file is the first lines of a longer one. Throws `TableError` where it can't be read as a table. */
export async function previewTable(file: string, format: TableFormat, part: boolean): Promise<TablePreview> {
  const { columns, first, rows, whole } = await look(file, format, part);
  const missing = findMissingWords(columns);
  const decimalComma = columns.some(({ values }) => hasDecimalCommas([...values.keys()]));
  const proposed = missing.filter((one) => one.proposed).map(({ word }) => word);
  const meant = meaningsOf({ missing: proposed, decimalComma });
  const sights = columns.map((column) => sightOf(column, rows, meant));
  const guesses = guessRoles(sights);
  return {
    rows,
    whole,
    first,
    columns: columns.map((column, at) => ({ ...toPreview(column, sights[at]!), ...guesses[at]! })),
    missing,
    decimalComma,
    byLine: guesses.every(({ role }) => role !== "key"),
    trim: columns.some(({ values }, at) => isNaming(guesses[at]!.role) && [...values.keys()].some(hasBlanks)),
  };
}

const isNaming = (role: string): boolean => role === "key" || role === "label" || role === "group";
const hasBlanks = (text: string): boolean => text !== text.trim() && text.trim() !== "";

async function look(file: string, format: TableFormat, part: boolean) {
  const columns = new Map<string, SeenColumn>();
  const columnOf = (name: string): SeenColumn => {
    const known = columns.get(name);
    if (known) return known;
    const made = { name: name.trim(), values: new Map<string, SeenValue>(), empty: null, facts: new ColumnFacts() };
    columns.set(name, made);
    return made;
  };
  const firstRows: ReadonlyMap<string, Cell>[] = [];
  let [rows, cellCount, whole] = [0, 0, !part];
  try {
    const takeNames = (names: string[]) => {
      refuseTwice(names);
      for (const name of names) columnOf(name);
    };
    for await (const { cells } of await readRows(file, format, takeNames)) {
      rows++;
      if (firstRows.length < ROWS_SHOWN) firstRows.push(cells);
      for (const [name, cell] of cells) see(columnOf(name), cell, rows);
      cellCount += cells.size;
      if (cellCount > CELLS_MAX) {
        whole = false;
        break;
      }
    }
  } catch (error) {
    // the first lines of a file may end inside a cell
    const isCut = part && rows > 0 && error instanceof TableError && /Quote Not Closed/.test(error.message);
    if (!isCut) throw error;
  }
  if (rows === 0) throw new TableError("file", "has no rows");
  refuseTwice([...columns.keys()]);
  const first = firstRows.map((cells) => [...columns.keys()].map((name) => shown(cells.get(name))));
  return { columns: [...columns.values()], first, rows, whole };
}

/** Names that stand twice are for nobody to choose from; what else they leave open is. */
function refuseTwice(names: string[]): void {
  planColumns(names, { ...plainOptions, columns: Object.fromEntries(names.map((name) => [name, "feature"])) });
}

function see(column: SeenColumn, cell: Cell, row: number): void {
  if (cell === null || cell === undefined || (typeof cell === "string" && cell.trim() === "")) {
    column.empty = again(column.empty, cell, row);
    return;
  }
  const text = cellText(cell, "text");
  column.values.set(text, again(column.values.get(text) ?? null, cell, row));
}

function again(seen: SeenValue | null, cell: Cell, row: number): SeenValue {
  if (!seen) return { cell, rows: 1, row, nextRow: null };
  seen.rows++;
  seen.nextRow ??= row;
  return seen;
}

const shown = (cell: Cell): string | null => {
  if (cell === null || cell === undefined || cell === "") return null;
  const text = typeof cell === "string" ? cell : cellText(cell, "text");
  return text.length > CELL_SHOWN ? `${text.slice(0, CELL_SHOWN)}…` : text;
};

/** A column whose numbers have decimal commas, and none that means thousands. */
function hasDecimalCommas(values: string[]): boolean {
  const numbers = values.filter((value) => /^\s*[+-]?\d+(,\d+)?\s*$/.test(value));
  return (
    numbers.length > 0 &&
    numbers.length >= 0.9 * values.length &&
    numbers.some((value) => value.includes(",")) &&
    !values.every((value) => !value.includes(",") || /^\s*[+-]?\d{1,3}(,\d{3})+\s*$/.test(value))
  );
}

function sightOf({ name, values, facts }: SeenColumn, rows: number, meant: (cell: Cell) => Cell): ColumnSight {
  const present = [...values.values()].filter(({ cell }) => !isMissing(meant(cell)));
  // integers that count the rows are each there once: that each value is seen once here changes no other column's kind
  for (const { cell } of present) facts.add(meant(cell));
  const count = present.reduce((sum, one) => sum + one.rows, 0);
  const texts = present.map(({ cell }) => cellText(meant(cell), "text"));
  const isWhole = count === rows && present.length === rows;
  return {
    name,
    kind: facts.kind,
    rows,
    present: count,
    distinct: present.length,
    values: texts,
    times: formatsOf(texts.map((text) => text.trim())),
    countsRows: isWhole && facts.countsRows,
  };
}

function toPreview(column: SeenColumn, sight: ColumnSight): Omit<PreviewColumn, "role" | "because"> {
  const { name, kind, distinct, rows, present, values, times } = sight;
  // what two forms read alike says nothing of them
  const example =
    values.find((value) => new Set(times.map((format) => timeAs(format, value.trim()))).size > 1) ?? values[0];
  return {
    name,
    kind,
    distinct,
    missing: rows - present,
    values: [...column.values]
      .toSorted(([, a], [, b]) => b.rows - a.rows || a.row - b.row)
      .slice(0, VALUES_SHOWN)
      .map(([text, one]) => ({ text: shown(text)!, rows: one.rows })),
    times: times.map((format) => ({ format, text: example!, at: timeAs(format, example!.trim())! })),
    faults: faultsOf(column),
  };
}

type Judge = (text: string) => string | null;

/** What is wrong with a value of each role; null: nothing. */
const judges: [ColumnRole, Judge][] = [
  ["time", (text) => (timeAs("iso", text) === undefined ? rightTime(text) : null)],
  ["split", (text) => (splitIn(text) === undefined ? rightSplit : null)],
  ["sealed", (text) => (sealedIn(text) === undefined ? rightSealed : null)],
  ["byte_hash", (text) => (isSha256(text) ? null : rightHash)],
  ["content_hash", (text) => (isSha256(text) ? null : rightHash)],
];
/** Of the other forms of times: those that one of the first values is in. */
const timeJudges = (texts: string[]): [ColumnRole, Judge][] =>
  timeFormats.flatMap((format): [ColumnRole, Judge][] =>
    format !== "iso" && texts.slice(0, TEXTS_TRIED).some((text) => timeAs(format, text.trim()) != null)
      ? [[timeRole(format), (text) => (timeAs(format, text) === undefined ? rightTimeAs(format) : null)]]
      : [],
  );
const TEXTS_TRIED = 100;
const isSha256 = (text: string): boolean => /^[0-9a-f]{64}$/.test(text);
const rightHash = "64 lower-case hexadecimal digits are right";

function faultsOf({ values, empty }: SeenColumn): PreviewColumn["faults"] {
  const faults: PreviewColumn["faults"] = {};
  for (const [role, judge] of [...judges, ...timeJudges([...values.keys()])]) {
    const found: ColumnFault[] = [];
    for (const [text, seen] of values) {
      const detail = isMissingWord(text) ? null : judge(text.trim());
      if (detail !== null) found.push(faultIn(text, seen, `${JSON.stringify(shown(text))}: ${detail}`));
      if (found.length === FAULTS_SHOWN) break;
    }
    if (found.length > 0) faults[role] = found;
  }
  const nested = [...values].find(([, { cell }]) => typeof cell === "object" && cell !== null && isNested(cell));
  if (nested)
    for (const role of ["key", "label", "group"] as const)
      faults[role] = [faultIn(nested[0], nested[1], "a list or an object; a text or a number is right")];
  const twice = [...values].find(([, { nextRow }]) => nextRow !== null);
  const keys = [
    empty && faultIn(null, empty, "is empty; each row needs a key"),
    twice && {
      ...faultIn(
        twice[0],
        twice[1],
        `${JSON.stringify(shown(twice[0]))} stands in row ${twice[1].row} already; each row has its own`,
      ),
      row: twice[1].nextRow!,
    },
  ].filter((fault) => fault !== null && fault !== undefined);
  if (keys.length > 0) faults.key = [...(faults.key ?? []), ...keys];
  return faults;
}

const isNested = (cell: object): boolean => Array.isArray(cell) || Object.getPrototypeOf(cell) === Object.prototype;
const faultIn = (value: string | null, { row, rows }: SeenValue, detail: string): ColumnFault => ({
  row,
  rows,
  value: value === null ? null : value.trim(),
  detail,
});
