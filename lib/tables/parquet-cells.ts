/** Values of a Parquet column as cells: bytes as bytes, decimals and times in their own digits, integers exact. */
import type { FileMetaData, ParquetParsers, SchemaElement, SchemaTree } from "hyparquet";
import { type Cell, Exact } from "../wire/alike/canonical-row.ts";

/**
 * Lets the reader hand over what it would change: decimals (as doubles), geometries, intervals and BSON come as they are
 * stored. Returns the elements' own types, in the order of the schema.
 */
export function keepRaw(metadata: FileMetaData): Map<SchemaElement, SchemaElement> {
  const own = new Map<SchemaElement, SchemaElement>();
  for (const element of metadata.schema) {
    own.set(element, { ...element });
    const logical = element.logical_type?.type ?? "";
    if (element.converted_type === "ENUM") element.converted_type = "UTF8";
    if (
      element.converted_type === "DECIMAL" ||
      logical === "DECIMAL" ||
      element.converted_type === "INTERVAL" ||
      element.converted_type === "BSON"
    )
      element.converted_type = undefined;
    if (["DECIMAL", "GEOMETRY", "GEOGRAPHY"].includes(logical)) element.logical_type = undefined;
  }
  return own;
}

const fatal = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
function utf8(bytes: Uint8Array): string | undefined {
  if (!bytes) return undefined;
  try {
    return fatal.decode(bytes);
  } catch (cause) {
    if ((cause as { code?: string }).code !== "ERR_ENCODING_INVALID_ENCODED_DATA")
      throw new Error("a text is too long", { cause });
    const start = Buffer.from(bytes.subarray(0, 40)).toString("latin1");
    throw new Error(`a text is not UTF-8: ${JSON.stringify(start)}`, { cause });
  }
}

export const parsers: Partial<ParquetParsers> = {
  timestampFromMilliseconds: (millis: bigint) => timeCell(millis, 3),
  timestampFromMicroseconds: (micros: bigint) => timeCell(micros, 6),
  timestampFromNanoseconds: (nanos: bigint) => timeCell(nanos, 9),
  dateFromDays: (days: number) => dateCell(days),
  stringFromBytes: utf8,
  jsonFromBytes: (bytes: Uint8Array) => {
    const text = utf8(bytes);
    return text === undefined ? undefined : JSON.parse(text);
  },
};

/** ISO 8601 with as many digits of the second as the time has. */
function timeCell(value: bigint | undefined | null, digits: number): Exact | null {
  if (value === undefined || value === null) return null;
  const unit = 10n ** BigInt(digits);
  const whole = BigInt(value);
  const rest = ((whole % unit) + unit) % unit;
  const date = new Date(Number((whole - rest) / unit) * 1000);
  if (Number.isNaN(date.getTime())) return new Exact("number", String(whole));
  const fraction = String(rest).padStart(digits, "0").replace(/0+$/, "");
  const before = new Date(Number((whole * 1000n - ((((whole * 1000n) % unit) + unit) % unit)) / unit));
  return new Exact("text", `${date.toISOString().slice(0, -5)}${fraction && `.${fraction}`}Z`, isoOf(before));
}

function dateCell(days: number | undefined | null): Exact | null {
  if (days === undefined || days === null) return null;
  const date = new Date(days * 86_400_000);
  return Number.isNaN(date.getTime())
    ? new Exact("number", String(days))
    : new Exact("text", date.toISOString().split("T")[0]!, isoOf(date));
}
const isoOf = (date: Date): string => (Number.isNaN(date.getTime()) ? "" : date.toISOString());

export type Decode = (value: unknown) => Cell;

/** How the values of a column, or of what is nested in it, become cells. */
export function decoderOf(tree: SchemaTree, own: Map<SchemaElement, SchemaElement>): Decode {
  const element = own.get(tree.element) ?? tree.element;
  const one = tree.children.length > 0 ? nested(tree, element, own) : leaf(element);
  const repeated = element.repetition_type === "REPEATED";
  return (value) => (repeated && isList(value) ? Array.from(value, one) : one(value));
}

function nested(tree: SchemaTree, element: SchemaElement, own: Map<SchemaElement, SchemaElement>): Decode {
  const decoders = new Map(tree.children.map((child) => [child.element.name, decoderOf(child, own)]));
  const [only] = tree.children;
  const inner = only && (only.children.length === 1 ? decoderOf(only.children[0]!, own) : itemOf(only, own));
  const entry = only?.children.at(-1);
  const isMap = only?.children.length === 2 && /^MAP/.test(element.converted_type ?? element.logical_type?.type ?? "");
  const decodeEntry = isMap && entry ? decoderOf(entry, own) : null;
  return (value) => {
    if (value === null || value === undefined) return null;
    if (isList(value)) return Array.from(value, inner ?? ((item) => item as Cell));
    if (typeof value !== "object" || value instanceof Exact) return value as Cell;
    return Object.fromEntries(
      Object.entries(value).map(([name, item]) => [name, (decodeEntry ?? decoders.get(name) ?? plain)(item)]),
    );
  };
}

/** The item of a list of two levels, whose own element is the repeated one. */
function itemOf(tree: SchemaTree, own: Map<SchemaElement, SchemaElement>): Decode {
  const element = own.get(tree.element) ?? tree.element;
  return tree.children.length > 0 ? nested(tree, element, own) : leaf(element);
}

const isList = (value: unknown): value is ArrayLike<unknown> =>
  Array.isArray(value) || (ArrayBuffer.isView(value) && !(value instanceof Uint8Array) && !(value instanceof DataView));
const plain: Decode = (value) => (value === undefined ? null : (value as Cell));

function leaf(element: SchemaElement): Decode {
  if (element.converted_type === "DECIMAL" || element.logical_type?.type === "DECIMAL") {
    const scale = element.scale ?? (element.logical_type?.type === "DECIMAL" ? element.logical_type.scale : 0);
    return (value) =>
      value === null || value === undefined ? null : decimalCell(value as Uint8Array | number | bigint, scale);
  }
  if (element.type === "FLOAT") return (value) => (typeof value === "number" ? floatCell(value) : plain(value));
  return plain;
}

function decimalCell(value: Uint8Array | number | bigint, scale: number): Exact {
  const whole = value instanceof Uint8Array ? signed(value) : BigInt(value);
  const digits = String(whole < 0n ? -whole : whole).padStart(scale + 1, "0");
  const cut = digits.length - scale;
  const text = `${whole < 0n ? "-" : ""}${digits.slice(0, cut)}${scale > 0 ? `.${digits.slice(cut)}` : ""}`;
  return new Exact("number", text, Number(whole) * 10 ** -scale);
}

/** Two's complement, the greatest byte first. */
function signed(bytes: Uint8Array): bigint {
  return bytes.length === 0 ? 0n : BigInt.asIntN(bytes.length * 8, BigInt(`0x${Buffer.from(bytes).toString("hex")}`));
}

/** A float32 in the shortest digits that are it: 0.1, not 0.10000000149011612. */
function floatCell(value: number): Cell {
  if (!Number.isFinite(value) || Number.isInteger(value)) return value;
  for (let digits = 1; digits < 9; digits++) {
    const text = value.toPrecision(digits);
    if (Math.fround(Number(text)) === value) return new Exact("number", text, value);
  }
  return new Exact("number", value.toPrecision(9), value);
}
