/** What a record of an event file says, of the messages Event, Summary and TensorProto of TensorFlow. */
import { allOf, doubleOf, type Field, fieldsOf, floatOf, integerOf, lastOf, textOf } from "../wire.ts";

export type Value = {
  tag: string;
  /** Empty: not said, which it is only the first time that a file has a tag. */
  plugin: string;
  pluginContent: Uint8Array | null;
  /** A number; or what it is instead: a picture, a histogram, a tensor of many numbers. */
  content: { number: number } | { images: Uint8Array[] } | { other: string } | null;
};

export type Event = {
  /** Milliseconds since 1970. */
  time: number;
  step: number;
  values: Value[];
  /** 0: none is said. The n of `brain.Event:n`. */
  fileVersion: number;
  /** A restart: what was read from this step on is taken back. */
  restarts: boolean;
  /** What it holds that is no summary, as a graph. */
  other: string | null;
};

const START = 1;
const others: Record<number, string> = { 4: "graphs", 8: "graphs", 9: "graphs" };

/** Throws a RangeError for bytes that are no message. */
export function eventOf(bytes: Uint8Array): Event {
  const event: Event = { time: 0, step: 0, values: [], fileVersion: 0, restarts: false, other: null };
  for (const field of fieldsOf(bytes)) {
    if (field.number === 1) event.time = Math.round(doubleOf(field.bytes) * 1000);
    else if (field.number === 2) event.step = field.integer;
    else if (field.number === 3) event.fileVersion = Number(/^brain\.Event:(\d+)$/.exec(textOf(field.bytes))?.[1] ?? 0);
    else if (field.number === 5)
      event.values = allOf(fieldsOf(field.bytes), 1).map((value) => summaryValueOf(fieldsOf(value.bytes)));
    else if (field.number === 7) event.restarts = lastOf(fieldsOf(field.bytes), 1)?.integer === START;
    else event.other = others[field.number] ?? event.other;
  }
  return event;
}

function summaryValueOf(fields: Field[]): Value {
  const value: Value = { tag: "", plugin: "", pluginContent: null, content: null };
  for (const { number, bytes } of fields) {
    if (number === 1) value.tag = textOf(bytes);
    else if (number === 9) {
      const plugin = lastOf(fieldsOf(bytes), 1);
      if (!plugin) continue;
      const about = fieldsOf(plugin.bytes);
      value.plugin = textOf(lastOf(about, 1)?.bytes ?? new Uint8Array());
      value.pluginContent = lastOf(about, 2)?.bytes ?? null;
    } else if (number === 2) value.content = { number: floatOf(bytes) };
    else if (number === 3 || number === 5) value.content = { other: "histograms" };
    else if (number === 4) value.content = imagesOf([lastOf(fieldsOf(bytes), 4)]);
    else if (number === 6) value.content = { other: "audio" };
    else if (number === 8) value.content = tensorOf(fieldsOf(bytes));
  }
  return value;
}

const isImage = (bytes: Uint8Array): boolean => imageEndingOf(bytes) !== null;

function imagesOf(fields: (Field | undefined)[]): Value["content"] {
  const images = fields.flatMap((field) => (field && isImage(field.bytes) ? [field.bytes] : []));
  return images.length > 0 ? { images } : { other: "texts" };
}

/** By what a picture's file begins with. */
const beginnings: [string, number[]][] = [
  ["png", [0x89, 0x50, 0x4e, 0x47]],
  ["jpg", [0xff, 0xd8, 0xff]],
  ["gif", [0x47, 0x49, 0x46, 0x38]],
];
export const imageEndingOf = (bytes: Uint8Array): string | null =>
  beginnings.find(([, begin]) => begin.every((byte, at) => bytes[at] === byte))?.[0] ?? null;

type Read = (view: DataView, at: number) => number;
/** By dtype: how many bytes a number has where a tensor's content is raw, and how it is read. */
const raw: Record<number, [bytes: number, read: Read]> = {
  1: [4, (view, at) => view.getFloat32(at, true)],
  2: [8, (view, at) => view.getFloat64(at, true)],
  3: [4, (view, at) => view.getInt32(at, true)],
  4: [1, (view, at) => view.getUint8(at)],
  5: [2, (view, at) => view.getInt16(at, true)],
  6: [1, (view, at) => view.getInt8(at)],
  9: [8, (view, at) => Number(view.getBigInt64(at, true))],
  10: [1, (view, at) => view.getUint8(at)],
  14: [2, (view, at) => bfloatOf(view.getUint16(at, true))],
  17: [2, (view, at) => view.getUint16(at, true)],
  19: [2, (view, at) => halfOf(view.getUint16(at, true))],
  22: [4, (view, at) => view.getUint32(at, true)],
  23: [8, (view, at) => Number(view.getBigUint64(at, true))],
};
/** Fields of numbers that a tensor lists, packed; the others are integers. */
const listed: Record<number, Read> = {
  5: (view) => view.getFloat32(0, true),
  6: (view) => view.getFloat64(0, true),
};
const integers = [7, 10, 11, 13, 16, 17];
const [STRING, BFLOAT, HALF] = [7, 14, 19];

/** The one number of a tensor of one; its content counts before its list. */
function tensorOf(fields: Field[]): Value["content"] {
  const dtype = lastOf(fields, 1)?.integer ?? 0;
  // pictures are texts to TensorFlow: their width, their height, then each of them
  if (dtype === STRING) return imagesOf(allOf(fields, 8).slice(2));
  const dims = fieldsOf(lastOf(fields, 2)?.bytes ?? new Uint8Array());
  const size = allOf(dims, 2).reduce((product, dim) => product * (lastOf(fieldsOf(dim.bytes), 1)?.integer ?? 0), 1);
  if (size !== 1) return { other: "tensors of more than one number" };
  const content = lastOf(fields, 4)?.bytes;
  const form = raw[dtype];
  if (content && content.length > 0)
    return form && content.length === form[0]
      ? { number: form[1](viewOf(content), 0) }
      : { other: "tensors of other types" };
  const number = listedNumber(fields, dtype);
  return number === null ? { other: "tensors of other types" } : { number };
}

function listedNumber(fields: Field[], dtype: number): number | null {
  for (const field of fields) {
    const read = listed[field.number];
    if (read && field.bytes.length > 0) return read(viewOf(field.bytes), 0);
    if (!integers.includes(field.number)) continue;
    const bits = field.bytes.length > 0 ? integerOf(field.bytes) : field.integer;
    if (field.number !== 13) return bits;
    return dtype === BFLOAT ? bfloatOf(bits) : dtype === HALF ? halfOf(bits) : null;
  }
  return raw[dtype] ? 0 : null; // a list of zeros may be left out
}

const viewOf = (bytes: Uint8Array): DataView => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);

/** The upper half of a float32. */
function bfloatOf(bits: number): number {
  const view = new DataView(new ArrayBuffer(4));
  view.setUint16(0, bits);
  return view.getFloat32(0);
}

/** IEEE 754 binary16: a sign, five bits of exponent, ten of fraction. */
function halfOf(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 0x1f;
  const fraction = bits & 0x3ff;
  if (exponent === 0x1f) return fraction === 0 ? sign * Number.POSITIVE_INFINITY : Number.NaN;
  return exponent === 0 ? sign * fraction * 2 ** -24 : sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}
