/**
 * What earlier versions hashed of a table's row: what is registered by them is found by it, as a repetition, a leak or a
 * difference. Nothing new is known by it alone. Pure.
 */
import { type Cell, type CellObject, Exact, type Row } from "./canonical-row.ts";

/** The columns that an upload hashed as features, in version 1, are all but these. */
const known = ["key", "label", "group", "time", "split", "sealed", "byte_hash", "content_hash", "text"];

/** Version 1 of uploads: the text whose SHA-256 the row was known by; null: it had no features. */
export function uploadedRowBefore(row: Row): string | null {
  const names = [...row.keys()].filter((name) => !known.includes(name)).sort();
  return names.length === 0 ? null : names.map((name) => `${name}=${textBefore(row.get(name))}\n`).join("");
}

const isLong = (text: string): boolean => /^[+-]?\d+$/.test(text) && !Number.isSafeInteger(Number(text));

function textBefore(given: Cell): string {
  const cell = given instanceof Exact ? given.before : given;
  const quoted = (inner: Cell) => JSON.stringify(textBefore(inner));
  if (cell instanceof Uint8Array) return textBefore(new TextDecoder().decode(cell));
  if (Array.isArray(cell)) return `[${cell.map(quoted).join(",")}]`;
  if (typeof cell === "object" && cell !== null) {
    const object = cell as CellObject;
    const entries = Object.keys(object).sort();
    return `{${entries.map((name) => `${JSON.stringify(name)}:${quoted(object[name])}`).join(",")}}`;
  }
  const text = cell === null || cell === undefined ? "" : String(cell);
  const trimmed = text.trim();
  if (/^(nan|null|none)$/i.test(trimmed)) return "";
  if (isLong(trimmed)) return String(BigInt(trimmed.replace(/^\+/, "")));
  return trimmed !== "" && Number.isFinite(Number(text)) ? String(Number(text)) : text.normalize("NFC");
}

/** Columns that were no features of version 1 of the trainer, beside the one to be told and the one that names the rows. */
const about = ["group", "time", "split", "sealed", "byte_hash", "content_hash", "text"];

/**
 * Version 1 of the trainer: the bytes whose SHA-256 the row was known by, of the features as float32 in the order of the
 * file. Null: it wasn't all numbers.
 */
export function trainedRowBefore(row: Row, target: string | null): Uint8Array | null {
  const name = ["key", "id"].find((one) => row.has(one));
  const features = [...row.keys()].filter((one) => one !== target && one !== name && !about.includes(one));
  const inputs = features.length === 1 && features[0] === "inputs" ? row.get("inputs") : null;
  const shape = Array.isArray(inputs) ? shapeOf(inputs) : [features.length];
  const cells = Array.isArray(inputs) ? (inputs.flat(2) as Cell[]) : features.map((one) => row.get(one));
  const numbers = cells.map(numberBefore);
  if (numbers.length === 0 || numbers.includes(null)) return null;
  const header = new TextEncoder().encode(`row ${shape.join(" ")} float32\n`);
  const values = Float32Array.from(numbers as number[]);
  const bytes = new Uint8Array(header.length + values.byteLength);
  bytes.set(header);
  bytes.set(new Uint8Array(values.buffer), header.length);
  return bytes;
}

function shapeOf(list: Cell): number[] {
  const shape: number[] = [];
  for (let at = list; Array.isArray(at); at = at[0]) shape.push(at.length);
  return shape;
}

function numberBefore(cell: Cell): number | null {
  const given = cell instanceof Exact ? cell.before : cell;
  if (typeof given === "bigint" || typeof given === "number")
    return Number.isFinite(Number(given)) ? Number(given) : null;
  return typeof given === "string" && given.trim() !== "" && Number.isFinite(Number(given)) ? Number(given) : null;
}
