/** Columns of float64 packed for storage: every bit comes back. Pure. */
import { brotliCompressSync, brotliDecompressSync, constants } from "node:zlib";

/** How the values of a column stand in a pack; the numbers are on disk. */
const forms = { offsets: 0, deltas: 1, float32: 2, float64: 3 } as const;
type ColumnForm = (typeof forms)[keyof typeof forms];
/** Bytes of a value, by form. */
const widths: Record<ColumnForm, number> = { 0: 4, 1: 4, 2: 4, 3: 8 };

const VERSION = 2;
/** version; number of columns, of noise planes, of compressed planes; uint32 length of the columns */
const HEADER_BYTES = 8;
/** `form`; a bit for each plane in the body; a bit for each that is compressed; a byte to fill up; `first`; float64 `least` */
const COLUMN_BYTES = 20;

/** What a column takes: a number for each value, and what leads back from it. */
type NarrowColumn = {
  form: ColumnForm;
  numbers: Uint32Array | Float32Array | Float64Array;
  /** How many of their bytes, from the lowest, may differ. */
  bytes: number;
  /** Eight bytes: of floats the first number; of `offsets` the least value, of `deltas` the first, as a float64. */
  first: Uint8Array;
  /** Of the differences between neighbours; 0 for other forms. */
  least: number;
};
/** The bytes of one weight of all numbers; where they are all alike only `first` has them. */
type Plane = { bytes: Uint8Array; kind: "alike" | "noise" | "compressible" };

/**
 * Packs columns of one length. Each takes the narrowest form that keeps its bits: integers as uint32 above the least, or
 * their differences above the least difference; float32; float64. Bytes of one weight stand together as a plane: one of
 * bytes that are all alike costs nothing, noise stands as it is, and the rest is compressed; among noise a fast
 * compressor would find less of it (measured on losses: 2.8 bytes a value that was a float32, 6.5 for others).
 */
export function packColumns(columns: Float64Array[]): Buffer {
  const narrowed = columns.map(narrow);
  const planes = narrowed.map(planesOf);
  const bytesOf = (kind: Plane["kind"]) => planes.flat().flatMap((plane) => (plane.kind === kind ? [plane.bytes] : []));
  const compressible = Buffer.concat(bytesOf("compressible"));
  const compressed = compress(compressible);
  const isSmaller = compressed.length < compressible.length;
  if (!isSmaller) for (const plane of planes.flat()) if (plane.kind === "compressible") plane.kind = "noise";
  const header = Buffer.alloc(HEADER_BYTES + columns.length * COLUMN_BYTES);
  header.writeUInt8(VERSION, 0);
  header.writeUInt8(columns.length, 1);
  header.writeUInt8(bytesOf("noise").length, 2);
  header.writeUInt8(bytesOf("compressible").length, 3);
  header.writeUInt32LE(columns[0]?.length ?? 0, 4);
  for (const [index, { form, first, least }] of narrowed.entries()) {
    const at = HEADER_BYTES + index * COLUMN_BYTES;
    header.writeUInt8(form, at);
    for (const [byte, { kind }] of planes[index]!.entries()) {
      if (kind !== "alike") header[at + 1]! |= 1 << byte;
      if (kind === "compressible") header[at + 2]! |= 1 << byte;
    }
    header.set(first, at + 4);
    header.writeDoubleLE(least, at + 12);
  }
  return Buffer.concat([header, ...bytesOf("noise"), ...(isSmaller ? [compressed] : [])]);
}

/** The columns of `packColumns`. Throws an Error for another version. */
export function unpackColumns(pack: Uint8Array): Float64Array[] {
  const header = Buffer.from(pack.buffer, pack.byteOffset, pack.length);
  if (header.readUInt8(0) !== VERSION)
    throw new Error(`packed columns have version ${header.readUInt8(0)}; this program reads ${VERSION}`);
  const [count, noisePlanes, compressedPlanes] = [header.readUInt8(1), header.readUInt8(2), header.readUInt8(3)];
  const length = header.readUInt32LE(4);
  const body = header.subarray(HEADER_BYTES + count * COLUMN_BYTES);
  const noise = { bytes: body, at: 0 };
  const compressed = decompress(body.subarray(noisePlanes * length), compressedPlanes * length);
  const sources = { noise, compressible: { bytes: compressed, at: 0 } };
  // one piece of memory for all columns, and one for the numbers that a column widens
  const all = new Float64Array(count * length);
  const narrow = new ArrayBuffer(4 * length);
  return Array.from({ length: count }, (_, index) => {
    const column = all.subarray(index * length, (index + 1) * length);
    const at = HEADER_BYTES + index * COLUMN_BYTES;
    unpackColumn(header.subarray(at, at + COLUMN_BYTES), sources, narrow, column);
    return column;
  });
}

type PlaneSource = {
  bytes: Uint8Array;
  /** Where its next plane begins. */
  at: number;
};
type PlaneSources = Record<"noise" | "compressible", PlaneSource>;

function unpackColumn(header: Buffer, sources: PlaneSources, narrow: ArrayBuffer, column: Float64Array): void {
  const form = header[0] as ColumnForm;
  const [kept, compressed, first] = [header[1]!, header[2]!, header.subarray(4, 12)];
  const isFloat = form === forms.float32 || form === forms.float64;
  const numbers =
    form === forms.float64
      ? new Uint8Array(column.buffer, column.byteOffset, column.byteLength)
      : new Uint8Array(narrow, 0, column.length * widths[form]);
  numbers.fill(0);
  for (let byte = 0; byte < widths[form]; byte++) {
    const bit = 1 << byte;
    if (kept & bit) spread(compressed & bit ? sources.compressible : sources.noise, numbers, byte, widths[form]);
    else if (isFloat) fillPlane(numbers, byte, widths[form], first[byte]!);
  }
  if (form === forms.float32) column.set(new Float32Array(narrow));
  else if (!isFloat)
    widenIntegers(form, new Uint32Array(narrow), first.readDoubleLE(), header.readDoubleLE(12), column);
}

function spread(from: PlaneSource, to: Uint8Array, byte: number, width: number): void {
  let at = from.at;
  for (let index = byte; index < to.length; index += width) to[index] = from.bytes[at++]!;
  from.at = at;
}

function fillPlane(to: Uint8Array, byte: number, width: number, value: number): void {
  for (let index = byte; index < to.length; index += width) to[index] = value;
}

function widenIntegers(
  form: ColumnForm,
  distances: Uint32Array,
  first: number,
  least: number,
  column: Float64Array,
): void {
  let value = first;
  for (let index = 0; index < column.length; index++) {
    if (form === forms.offsets) value = first + distances[index]!;
    else if (index > 0) value += least + distances[index]!;
    column[index] = value;
  }
}

function narrow(column: Float64Array): NarrowColumn {
  const integers = narrowIntegers(column);
  if (integers) return integers;
  const isFloat32 = areFloat32(column);
  const numbers = isFloat32 ? new Float32Array(column) : column;
  const first = new Uint8Array(8);
  first.set(new Uint8Array(numbers.buffer, numbers.byteOffset, numbers.BYTES_PER_ELEMENT));
  const form = isFloat32 ? forms.float32 : forms.float64;
  return { form, numbers, bytes: widths[form], first, least: 0 };
}

function areFloat32(column: Float64Array): boolean {
  for (const value of column) if (Math.fround(value) !== value && !Number.isNaN(value)) return false;
  return true;
}

/** Null where a value is no integer or −0, or where neither the values nor their differences lie within 32 bits. */
function narrowIntegers(column: Float64Array): NarrowColumn | null {
  let [least, most] = [column[0]!, column[0]!];
  let [leastDelta, mostDelta] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  let before = Number.NaN;
  for (let index = 0; index < column.length; index++) {
    const value = column[index]!;
    if (!Number.isSafeInteger(value) || Object.is(value, -0)) return null;
    if (value < least) least = value;
    if (value > most) most = value;
    if (value - before < leastDelta) leastDelta = value - before;
    if (value - before > mostDelta) mostDelta = value - before;
    before = value;
  }
  const areSafe = Number.isSafeInteger(leastDelta) && Number.isSafeInteger(mostDelta);
  const deltaBytes = areSafe ? bytesFor(mostDelta - leastDelta) : 8;
  const offsetBytes = bytesFor(most - least);
  if (Math.min(deltaBytes, offsetBytes) > 4) return null;
  const numbers = new Uint32Array(column.length);
  if (offsetBytes <= deltaBytes) {
    for (let index = 0; index < numbers.length; index++) numbers[index] = column[index]! - least;
    return { form: forms.offsets, numbers, bytes: offsetBytes, first: bytesOfFloat(least), least: 0 };
  }
  for (let index = 1; index < numbers.length; index++)
    numbers[index] = column[index]! - column[index - 1]! - leastDelta;
  return { form: forms.deltas, numbers, bytes: deltaBytes, first: bytesOfFloat(column[0]!), least: leastDelta };
}

const bytesFor = (span: number): number => Math.ceil(Math.log2(span + 1) / 8);
const bytesOfFloat = (value: number): Uint8Array => new Uint8Array(Float64Array.of(value).buffer);

function planesOf({ numbers, bytes }: NarrowColumn): Plane[] {
  const all = new Uint8Array(numbers.buffer, numbers.byteOffset, numbers.byteLength);
  const width = numbers.BYTES_PER_ELEMENT;
  return Array.from({ length: bytes }, (_, byte) => {
    const plane = new Uint8Array(numbers.length);
    for (let index = 0, at = byte; index < plane.length; index++, at += width) plane[index] = all[at]!;
    return { bytes: plane, kind: kindOf(plane) };
  });
}

/** Of a byte's eight bits noise leaves less than one that could be saved (Shannon's entropy of the histogram). */
const NOISE_BITS = 7;

function kindOf(plane: Uint8Array): Plane["kind"] {
  const counts = new Uint32Array(256);
  for (let index = 0; index < plane.length; index++) counts[plane[index]!]!++;
  if (counts[plane[0]!] === plane.length) return "alike";
  let bits = 0;
  for (const count of counts) if (count > 0) bits += count * Math.log2(plane.length / count);
  return bits > NOISE_BITS * plane.length ? "noise" : "compressible";
}

const compress = (bytes: Uint8Array): Buffer =>
  brotliCompressSync(bytes, {
    params: {
      [constants.BROTLI_PARAM_QUALITY]: 3,
      [constants.BROTLI_PARAM_LGWIN]: 16,
      [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length,
    },
  });

/** `length` bytes of `compress`, in one piece. */
const decompress = (bytes: Uint8Array, length: number): Uint8Array =>
  length === 0 ? bytes : brotliDecompressSync(bytes, { chunkSize: Math.max(length, constants.Z_MIN_CHUNK) });
