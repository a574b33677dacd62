/** Reads IDX files, the format of MNIST and its relatives: http://yann.lecun.com/exdb/mnist/ describes it. */
import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";

export type Idx = {
  /** `[n]` for labels, `[n, height, width]` or `[n, height, width, channels]` for images. */
  shape: number[];
  values: Uint8Array;
};

const UINT8 = 0x08;

/** Reads a file of unsigned bytes, gzipped or not (told by its content). Throws an error that names the file. */
export function readIdx(file: string): Idx {
  const raw = readFileSync(file);
  return parseIdx(raw[0] === 0x1f && raw[1] === 0x8b ? unzip(raw, file) : raw, file);
}

function unzip(raw: Buffer, file: string): Buffer {
  try {
    return gunzipSync(raw);
  } catch (error) {
    throw new Error(`${file} is gzipped, and broken: ${(error as Error).message}`);
  }
}

/** `file` is only for messages. */
export function parseIdx(bytes: Uint8Array, file: string): Idx {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length < 4 || bytes[0] !== 0 || bytes[1] !== 0)
    throw new Error(`${file} is no IDX file: it begins with ${hex(bytes.subarray(0, 4))}; two zero bytes are right`);
  const [, , type = 0, rank = 0] = bytes;
  if (type !== UINT8)
    throw new Error(`${file} holds values of type 0x${type.toString(16)}; 0x08 (unsigned byte) is right`);
  if (rank < 1 || rank > 4)
    throw new Error(`${file} has ${rank} dimensions; 1 for labels, 3 or 4 for images are right`);
  if (bytes.length < 4 + 4 * rank) throw new Error(`${file} ends within its header, after ${bytes.length} bytes`);
  const shape = Array.from({ length: rank }, (_, index) => view.getUint32(4 + 4 * index));
  const length = shape.reduce((product, size) => product * size, 1);
  const values = bytes.subarray(4 + 4 * rank);
  if (values.length !== length)
    throw new Error(`${file} has ${values.length} values; its shape [${shape.join(", ")}] needs ${length}`);
  return { shape, values };
}

const hex = (bytes: Uint8Array) => [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join(" ") || "nothing";
