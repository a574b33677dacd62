/** Reads protocol buffers' wire format: a message is fields of a number and a value; what a number means is the reader's. */

/** A field of a message: an integer (int64, enum, bool) in `integer`, anything else in `bytes`, little-endian. */
export type Field = { number: number; integer: number; bytes: Uint8Array };

const EMPTY = new Uint8Array();
const VARINT = 0;
const FIXED64 = 1;
const DELIMITED = 2;
const FIXED32 = 5;

/** The fields of a message in their order. Throws a RangeError where the bytes are none. */
export function fieldsOf(bytes: Uint8Array): Field[] {
  const reader = { bytes, at: 0 };
  const fields: Field[] = [];
  while (reader.at < bytes.length) {
    const tag = varint(reader);
    const number = Math.floor(tag / 8);
    const kind = tag % 8;
    if (kind === VARINT) fields.push({ number, integer: varint(reader), bytes: EMPTY });
    else if (kind === FIXED64) fields.push({ number, integer: 0, bytes: take(reader, 8) });
    else if (kind === FIXED32) fields.push({ number, integer: 0, bytes: take(reader, 4) });
    else if (kind === DELIMITED) fields.push({ number, integer: 0, bytes: take(reader, varint(reader)) });
    else throw new RangeError(`field ${number} is of wire type ${kind}`);
  }
  return fields;
}

type Reader = { bytes: Uint8Array; at: number };

function take(reader: Reader, length: number): Uint8Array {
  const end = reader.at + length;
  if (!(length >= 0 && end <= reader.bytes.length)) throw new RangeError("a field is longer than its message");
  const taken = reader.bytes.subarray(reader.at, end);
  reader.at = end;
  return taken;
}

/** Seven bits a byte, lowest first, in two's complement of 64 bits: a negative number has ten bytes. */
function varint(reader: Reader): number {
  let value = 0;
  let factor = 1;
  for (let count = 0; count < 4; count++) {
    const byte = take(reader, 1)[0]!;
    value += (byte & 0x7f) * factor;
    if (byte < 0x80) return value;
    factor *= 128;
  }
  let large = BigInt(value);
  for (let shift = 28n; shift < 70n; shift += 7n) {
    const byte = take(reader, 1)[0]!;
    large |= BigInt(byte & 0x7f) << shift;
    if (byte < 0x80) return Number(BigInt.asIntN(64, large));
  }
  throw new RangeError("an integer has more than ten bytes");
}

/** The integer that a packed list of one holds. */
export const integerOf = (bytes: Uint8Array): number => varint({ bytes, at: 0 });

const utf8 = new TextDecoder();
export const textOf = (bytes: Uint8Array): string => utf8.decode(bytes);

const viewOf = (bytes: Uint8Array): DataView => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
export const doubleOf = (bytes: Uint8Array): number => viewOf(bytes).getFloat64(0, true);
export const floatOf = (bytes: Uint8Array): number => viewOf(bytes).getFloat32(0, true);

/** All fields of a number. */
export const allOf = (fields: Field[], number: number): Field[] => fields.filter((field) => field.number === number);
/** The last one counts where a number that isn't repeated stands twice. */
export const lastOf = (fields: Field[], number: number): Field | undefined =>
  fields.findLast((field) => field.number === number);
