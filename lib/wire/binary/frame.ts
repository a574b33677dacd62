/** What every binary message is made of: a prefix, a header of JSON, and columns of float64. Little-endian. */

/** The prefix begins with these: uint32 magic, uint32 length of the header. */
export const PREFIX_BYTES_MIN = 8;

/**
 * A message of `prefixBytes` bytes of prefix (a multiple of 8, filled with zeros behind magic and length), then the
 * header, padded with spaces to a multiple of 8, then the columns. Every bit of a value stays: −0, NaN, infinities.
 */
export function writeFrame(
  { magic, prefixBytes }: { magic: number; prefixBytes: number },
  header: unknown,
  columns: Float64Array[],
): Uint8Array<ArrayBuffer> {
  const json = new TextEncoder().encode(JSON.stringify(header));
  const start = prefixBytes + Math.ceil(json.length / 8) * 8;
  const bytes = new Uint8Array(start + columns.reduce((sum, column) => sum + column.byteLength, 0));
  const view = new DataView(bytes.buffer);
  view.setUint32(0, magic, true);
  view.setUint32(4, start - prefixBytes, true);
  bytes.fill(0x20, prefixBytes, start);
  bytes.set(json, prefixBytes);
  let offset = start;
  for (const column of columns) {
    bytes.set(new Uint8Array(column.buffer, column.byteOffset, column.byteLength), offset);
    offset += column.byteLength;
  }
  return bytes;
}

/** Magic and length of the header, from a message of at least `PREFIX_BYTES_MIN` bytes. */
export function readPrefix(bytes: Uint8Array): { magic: number; headerBytes: number } {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return { magic: view.getUint32(0, true), headerBytes: view.getUint32(4, true) };
}

/** The header's JSON. Throws where it is no UTF-8 or no JSON. */
export const readHeader = (bytes: Uint8Array): unknown =>
  JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));

/** Reads one column after the other, of so many values, without copying. `offset` is a multiple of 8. */
export function columnReader(buffer: ArrayBuffer, offset: number): (length: number) => Float64Array<ArrayBuffer> {
  let at = offset;
  return (length) => {
    const column = new Float64Array(buffer, at, length);
    at += column.byteLength;
    return column;
  };
}
