/**
 * The content of a row of a table as a text: one definition for an upload, the API and the trainer, from whichever file. Its
 * SHA-256 is the row's content hash. A line each feature, sorted by name: `name=value`. Pure.
 */
import { isMissingWord } from "./sample-cells.ts";

/** A value in its own digits or bytes, where a number of JavaScript, or a text, would change it. */
export class Exact {
  constructor(
    readonly kind: "number" | "text",
    readonly text: string,
    /** What version 1 of the canonical row took it for. */
    readonly before: unknown = text,
  ) {}

  toString(): string {
    return this.text;
  }
}

/** A number of a file may come as text. NaN, null and the words of `isMissingWord` are missing. */
export type Cell = string | number | boolean | bigint | null | undefined | Uint8Array | Exact | Cell[] | CellObject;
export type CellObject = { [name: string]: Cell };
export type Row = ReadonlyMap<string, Cell>;

/** What all present cells of a column are. */
export type ColumnKind = "number" | "boolean" | "text";

export const isMissing = (cell: Cell): boolean =>
  cell === null ||
  cell === undefined ||
  (typeof cell === "number" ? Number.isNaN(cell) : typeof cell === "string" && isMissingWord(cell));

/**
 * Decimals as programs write them: no leading zeros, which codes have, and an exponent only with its sign. `1e-07` and
 * `1E+05` are numbers, `1E5` is a text.
 */
const plain = /^-?(?:(?:0|[1-9]\d*)(?:\.\d*)?|\.\d+)(?:e[+-]\d{1,4})?$/i;
const infinity = /^([+-])?inf(?:inity)?$/i;

/** The number that a cell is, in one form for one value, with all its digits; null: it is none. */
export function numberText(cell: Cell): string | null {
  if (typeof cell === "bigint") return decimal(String(cell));
  if (typeof cell === "number") return Number.isFinite(cell) ? decimal(String(cell)) : String(cell);
  if (cell instanceof Exact) return cell.kind === "number" ? decimal(cell.text) : null;
  if (typeof cell !== "string") return null;
  const text = cell.trim();
  if (plain.test(text)) return decimal(text);
  const unbounded = infinity.exec(text);
  return unbounded && `${unbounded[1] === "-" ? "-" : ""}Infinity`;
}

/** The digits as JavaScript writes a number (ECMA-262, Number::toString), but any number of them. */
export function decimal(text: string): string {
  const [, sign = "", whole = "", fraction = "", exponent = "0"] = /^(-?)(\d*)\.?(\d*)(?:e([+-]?\d+))?$/i.exec(text)!;
  const all = (whole + fraction).replace(/^0+/, "");
  const digits = all.replace(/0+$/, "");
  if (digits === "") return "0";
  // value = 0.digits × 10^point
  const point = all.length - fraction.length + Number(exponent);
  if (point > 0 && point <= 21) {
    const shown = digits.padEnd(point, "0");
    return `${sign}${shown.slice(0, point)}${shown.length > point ? `.${shown.slice(point)}` : ""}`;
  }
  if (point > -6 && point <= 0) return `${sign}0.${"0".repeat(-point)}${digits}`;
  const mantissa = digits.length === 1 ? digits : `${digits[0]}.${digits.slice(1)}`;
  return `${sign}${mantissa}e${point > 0 ? "+" : "-"}${Math.abs(point - 1)}`;
}

/** What is learnt of a column by all its cells, before any of them gets its text. */
export class ColumnFacts {
  #numbers = 0;
  #booleans = 0;
  #present = 0;
  #rows = 0;
  #min = Number.POSITIVE_INFINITY;
  #max = Number.NEGATIVE_INFINITY;
  #sum = 0;
  #squares = 0;

  add(cell: Cell): void {
    this.#rows++;
    if (isMissing(cell)) return;
    this.#present++;
    const number = numberText(cell);
    if (number !== null) this.#addNumber(Number(number));
    else if (typeof cell === "boolean" || (typeof cell === "string" && /^\s*(true|false)\s*$/i.test(cell)))
      this.#booleans++;
  }

  #addNumber(value: number): void {
    this.#numbers++;
    if (!Number.isSafeInteger(value)) this.#min = Number.NaN;
    this.#min = Math.min(this.#min, value);
    this.#max = Math.max(this.#max, value);
    this.#sum += value;
    this.#squares += value * value;
  }

  get kind(): ColumnKind {
    if (this.#present === 0) return "text";
    if (this.#numbers === this.#present) return "number";
    return this.#booleans === this.#present ? "boolean" : "text";
  }

  /** Whether its integers are those from the least to the greatest, each once, in whichever order: a saved row number is. */
  get countsRows(): boolean {
    const n = this.#rows;
    if (n < COUNTED_ROWS_MIN || this.#numbers < n || this.#max - this.#min !== n - 1) return false;
    const [low, high] = [this.#min, this.#max];
    const squaresTo = (last: number) => (last * (last + 1) * (2 * last + 1)) / 6;
    const near = (a: number, b: number) => Math.abs(a - b) <= 1e-9 * Math.max(1, Math.abs(b));
    return near(this.#sum, (n * (low + high)) / 2) && near(this.#squares, squaresTo(high) - squaresTo(low - 1));
  }
}

/** In fewer rows integers that differ by one are nothing to speak of. */
const COUNTED_ROWS_MIN = 10;

/** A cell's text; nothing for one that is missing. Texts are in Unicode's form NFC, bytes in base64. */
export function cellText(cell: Cell, kind: ColumnKind): string {
  if (isMissing(cell)) return "";
  if (kind === "number") return numberText(cell)!;
  if (kind === "boolean") return String(cell).trim().toLowerCase();
  if (typeof cell === "string") return cell.normalize("NFC");
  if (cell instanceof Exact && cell.kind === "text") return cell.text.normalize("NFC");
  return numberText(cell) ?? nestedText(cell);
}

function nestedText(cell: Cell): string {
  if (cell instanceof Uint8Array)
    return `bytes ${Buffer.from(cell.buffer, cell.byteOffset, cell.byteLength).toString("base64")}`;
  const quoted = (inner: Cell) => JSON.stringify(cellText(inner, "text"));
  if (Array.isArray(cell)) return `[${cell.map(quoted).join(",")}]`;
  if (typeof cell !== "object" || cell === null) return String(cell);
  const object = cell as CellObject;
  return `{${Object.keys(object)
    .sort()
    .map((name) => `${JSON.stringify(name)}:${quoted(object[name])}`)
    .join(",")}}`;
}

/** A name or value that could be read otherwise stands in quotes, as JSON. */
const quotedName = (name: string): string => (/[=\n]|^"/.test(name) ? JSON.stringify(name) : name);
const quotedValue = (text: string): string => (/\n|^"/.test(text) ? JSON.stringify(text) : text);

/** The canonical row, version 2: the features' names and what kind their columns are. */
export const canonicalRow = (row: Row, features: readonly (readonly [string, ColumnKind])[]): string =>
  features
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, kind]) => `${quotedName(name.normalize("NFC"))}=${quotedValue(cellText(row.get(name), kind))}\n`)
    .join("");
