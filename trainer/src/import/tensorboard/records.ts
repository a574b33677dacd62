/** TFRecord: a length, its checksum, so many bytes, their checksum; no header, and no way to find the next record after damage. */
import { open } from "node:fs/promises";

const CHUNK_BYTES = 1 << 20;
/** A length beyond this is damage that its checksum doesn't show. */
const RECORD_BYTES_MAX = 1 << 30;
const HEAD_BYTES = 12;
const FOOT_BYTES = 4;

/** A record's bytes, which stand at `place` in the file; or what is wrong, of so many bytes of it. */
export type TfRecord = { bytes: Uint8Array; place: number; fault: null } | { bytes: null; fault: string };

/**
 * The records of a file. One whose content is damaged is named, and the next one follows; where a length is damaged or the
 * file ends within a record, nothing can follow.
 */
export async function* recordsOf(path: string): AsyncGenerator<TfRecord> {
  const file = await open(path).catch((error: NodeJS.ErrnoException) => error);
  if (file instanceof Error) {
    yield { bytes: null, fault: `can't be read (${file.code ?? file.message})` };
    return;
  }
  try {
    let held: Buffer = Buffer.alloc(0);
    let place = 0;
    /** Whether so many bytes are held from the present place on. */
    const has = async (length: number): Promise<boolean> => {
      while (held.length < length) {
        const more = Buffer.allocUnsafe(Math.max(CHUNK_BYTES, length - held.length));
        const { bytesRead } = await file.read(more, 0, more.length, place + held.length);
        if (bytesRead === 0) return false;
        held = Buffer.concat([held, more.subarray(0, bytesRead)]);
      }
      return true;
    };
    for (;;) {
      if (!(await has(HEAD_BYTES))) {
        if (held.length > 0) yield torn(place, held.length);
        return;
      }
      const length = Number(held.readBigUInt64LE(0));
      if (maskedCrc(held.subarray(0, 8)) !== held.readUInt32LE(8) || length > RECORD_BYTES_MAX) {
        const { size } = await file.stat();
        yield { bytes: null, fault: `damaged at byte ${place}: the ${size - place} bytes from there on can't be read` };
        return;
      }
      const whole = HEAD_BYTES + length + FOOT_BYTES;
      if (!(await has(whole))) {
        yield torn(place, held.length);
        return;
      }
      const bytes = held.subarray(HEAD_BYTES, HEAD_BYTES + length);
      if (maskedCrc(bytes) === held.readUInt32LE(HEAD_BYTES + length))
        yield { bytes, place: place + HEAD_BYTES, fault: null };
      else yield { bytes: null, fault: `a record at byte ${place} is damaged (${length} bytes)` };
      held = held.subarray(whole);
      place += whole;
    }
  } finally {
    await file.close();
  }
}

const torn = (place: number, bytes: number): TfRecord => ({
  bytes: null,
  fault: `ends within a record: the last ${bytes} bytes, from byte ${place} on, are none`,
});

/** CRC-32C (Castagnoli), bit-reversed polynomial 0x82F63B78. */
const table = Uint32Array.from({ length: 256 }, (_, byte) => {
  let crc = byte;
  for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0x82f63b78 : crc >>> 1;
  return crc;
});

/** TFRecord rotates the sum and adds a constant, so that a sum of bytes that hold sums is none of them. */
export function maskedCrc(bytes: Uint8Array): number {
  let crc = 0xffffffff;
  for (let at = 0; at < bytes.length; at++) crc = table[(crc ^ bytes[at]!) & 0xff]! ^ (crc >>> 8);
  crc = ~crc;
  return (((crc >>> 15) | (crc << 17)) + 0xa282ead8) >>> 0;
}
