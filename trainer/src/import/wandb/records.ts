/**
 * The framing of a `.wandb` file: LevelDB's log in blocks of 32 KiB, whose first block begins with seven bytes of W&B's
 * own, and whose checksum is the plain CRC-32 of a record's type and content.
 */
import { type FileHandle, open } from "node:fs/promises";
import { crc32 } from "node:zlib";

const BLOCK_BYTES = 32_768;
const HEAD_BYTES = 7;
/** ":W&B", 0xBEE1 and version 0. */
const MAGIC = Buffer.from([0x3a, 0x57, 0x26, 0x42, 0xe1, 0xbe, 0]);
/** Between the first part and the last of a record stand those of type 3. */
const [FULL, FIRST, LAST] = [1, 2, 4];

/** A record's bytes; or what is wrong, of so many bytes of the file. */
export type WandbRecord = { bytes: Uint8Array; fault: null } | { bytes: null; fault: string };

/** The records of a file. What is damaged is named, and the next whole block is read on; a torn end says what it lacks. */
export async function* wandbRecordsOf(path: string): AsyncGenerator<WandbRecord> {
  const file = await open(path).catch((error: NodeJS.ErrnoException) => error);
  if (file instanceof Error) {
    yield { bytes: null, fault: `can't be read (${file.code ?? file.message})` };
    return;
  }
  try {
    yield* recordsIn(file);
  } finally {
    await file.close();
  }
}

async function* recordsIn(file: FileHandle): AsyncGenerator<WandbRecord> {
  const { size } = await file.stat();
  /** Parts of a record whose last one is still to come, and where it begins. */
  let parts: Buffer[] = [];
  let begin = 0;
  for (let start = 0; start < size; start += BLOCK_BYTES) {
    const block = await readBlock(file, start, size);
    if (start === 0 && !block.subarray(0, HEAD_BYTES).equals(MAGIC)) {
      yield {
        bytes: null,
        fault: `is no .wandb file of version 0: its first bytes are ${block.toString("hex", 0, 7)}`,
      };
      return;
    }
    let at = start === 0 ? HEAD_BYTES : 0;
    while (block.length - at >= HEAD_BYTES) {
      const part = partAt(block, at);
      if (part === "padding") break;
      if (typeof part === "string") {
        if (start + BLOCK_BYTES >= size && part === "torn") break;
        const lost = block.length - at;
        yield {
          bytes: null,
          fault: `damaged at byte ${start + at}: ${lost} bytes to the end of their block can't be read`,
        };
        parts = [];
        break;
      }
      if (part.type === FULL || part.type === FIRST) {
        if (parts.length > 0) yield cut(begin);
        parts = [];
        begin = start + at;
      } else if (parts.length === 0)
        yield { bytes: null, fault: `the rest of a record whose beginning is lost, at byte ${start + at}` };
      at += HEAD_BYTES + part.content.length;
      if (part.type === FULL || part.type === FIRST || parts.length > 0) parts.push(part.content);
      if (parts.length > 0 && (part.type === FULL || part.type === LAST)) {
        yield { bytes: parts.length === 1 ? parts[0]! : Buffer.concat(parts), fault: null };
        parts = [];
      }
    }
    if (start + BLOCK_BYTES >= size) {
      const from = parts.length > 0 ? begin : start + at;
      if (size > from && (parts.length > 0 || block.subarray(at).some((byte) => byte !== 0)))
        yield {
          bytes: null,
          fault: `ends within a record: the last ${size - from} bytes, from byte ${from} on, are none`,
        };
    }
  }
}

const cut = (begin: number): WandbRecord => ({ bytes: null, fault: `a record at byte ${begin} has no end` });

async function readBlock(file: FileHandle, start: number, size: number): Promise<Buffer> {
  const block = Buffer.alloc(Math.min(BLOCK_BYTES, size - start));
  const { bytesRead } = await file.read(block, 0, block.length, start);
  return block.subarray(0, bytesRead);
}

type Part = { type: number; content: Buffer };

function partAt(block: Buffer, at: number): Part | "padding" | "torn" | "damaged" {
  const length = block.readUInt16LE(at + 4);
  const type = block[at + 6]!;
  if (type === 0 && length === 0 && block.readUInt32LE(at) === 0) return "padding";
  const end = at + HEAD_BYTES + length;
  if (type < FULL || type > LAST) return "damaged";
  if (end > block.length) return block.length < BLOCK_BYTES ? "torn" : "damaged";
  // the sum is over the type's byte and the content, which follow one another
  if (crc32(block.subarray(at + 6, end)) !== block.readUInt32LE(at)) return "damaged";
  return { type, content: block.subarray(at + HEAD_BYTES, end) };
}
