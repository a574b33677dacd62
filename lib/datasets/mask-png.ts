/** Masks of segmentation: PNG files of one channel, in which each pixel is the index of a class. Read without trusting them. */
import { promisify } from "node:util";
import { inflate } from "node:zlib";

/** Of a pixel whose true class nobody says: it counts for nothing. */
export const IGNORED_CLASS = 255;
/** Of one mask: 2048 × 2048. */
export const MASK_PIXELS_MAX = 2048 ** 2;

export type MaskSize = { width: number; height: number };
/** `pixels`: `[height, width]`, 0–255. */
export type Mask = MaskSize & { pixels: Uint8Array };

/** What is wrong with a mask, and what would be right. */
export class MaskError extends Error {}

const SIGNATURE = Buffer.from("\x89PNG\r\n\x1a\n", "latin1");
/** Signature, and the first chunk with length, name, content and check. */
const HEADER_BYTES = 8 + 4 + 4 + 13 + 4;
const GREY = 0;
const INDEXED = 3;

type Header = MaskSize & { depth: number };

/** The size that a mask's first bytes say, at least `HEADER_BYTES` of them. Throws `MaskError`. */
export const maskSizeOf = (png: Uint8Array): MaskSize => headerOf(png);

function headerOf(png: Uint8Array): Header {
  const bytes = Buffer.from(png.buffer, png.byteOffset, png.byteLength);
  if (
    bytes.length < HEADER_BYTES ||
    !bytes.subarray(0, 8).equals(SIGNATURE) ||
    bytes.toString("latin1", 12, 16) !== "IHDR"
  )
    throw new MaskError("is no PNG; an indexed PNG, each pixel the index of a class, is right");
  const [width, height] = [bytes.readUInt32BE(16), bytes.readUInt32BE(20)];
  const [depth = 0, color = 0, , , interlace = 0] = bytes.subarray(24, 29);
  if (width === 0 || height === 0 || width * height > MASK_PIXELS_MAX)
    throw new MaskError(`has ${width} × ${height} pixels; 1 to ${MASK_PIXELS_MAX} in all are right`);
  if (![GREY, INDEXED].includes(color) || ![1, 2, 4, 8].includes(depth))
    throw new MaskError(
      `has the colour type ${color} of ${depth} bits; indexed (3) or grey (0), of 8 bits or fewer, is right`,
    );
  if (interlace !== 0) throw new MaskError("is interlaced; without interlace is right");
  return { width, height, depth };
}

const inflated = promisify(inflate) as (bytes: Buffer, options: { maxOutputLength: number }) => Promise<Buffer>;

/** Reads a mask. Memory is bounded by the size that its header says, whatever follows. Throws `MaskError`. */
export async function decodeMask(png: Uint8Array): Promise<Mask> {
  const { width, height, depth } = headerOf(png);
  const rowBytes = Math.ceil((width * depth) / 8);
  const wanted = height * (1 + rowBytes);
  const lines = await inflated(dataOf(png), { maxOutputLength: wanted }).catch((cause: Error) => {
    throw new MaskError(`can't be decoded: ${cause.message}`, { cause });
  });
  if (lines.length !== wanted)
    throw new MaskError(`has ${lines.length} bytes of pixels; ${width} × ${height} of ${depth} bits need ${wanted}`);
  const rows = unfiltered(lines, rowBytes, height);
  return { width, height, pixels: depth === 8 ? rows : unpacked(rows, { width, height, depth }, rowBytes) };
}

/** The compressed pixels: all chunks IDAT in their order. */
function dataOf(png: Uint8Array): Buffer {
  const bytes = Buffer.from(png.buffer, png.byteOffset, png.byteLength);
  const pieces: Buffer[] = [];
  for (let at = 8; ; ) {
    if (at + 8 > bytes.length) throw new MaskError("ends before its last chunk; it was cut off on its way");
    const length = bytes.readUInt32BE(at);
    const name = bytes.toString("latin1", at + 4, at + 8);
    if (name === "IEND") return Buffer.concat(pieces);
    if (at + 12 + length > bytes.length)
      throw new MaskError(`its chunk ${JSON.stringify(name)} has ${length} bytes, and the file ends before them`);
    if (name === "IDAT") pieces.push(bytes.subarray(at + 8, at + 8 + length));
    at += 12 + length;
  }
}

/** Undoes the filter of each line (PNG specification, section 9), where a pixel is one byte or less. */
function unfiltered(lines: Buffer, rowBytes: number, height: number): Uint8Array {
  const out = new Uint8Array(rowBytes * height);
  for (let y = 0; y < height; y++) {
    const filter = lines[y * (rowBytes + 1)]!;
    if (filter > 4) throw new MaskError(`its line ${y} has the filter ${filter}; 0 to 4 are filters`);
    const [from, to] = [y * (rowBytes + 1) + 1, y * rowBytes];
    for (let x = 0; x < rowBytes; x++) {
      const left = x > 0 ? out[to + x - 1]! : 0;
      const above = y > 0 ? out[to + x - rowBytes]! : 0;
      const corner = x > 0 && y > 0 ? out[to + x - rowBytes - 1]! : 0;
      out[to + x] = lines[from + x]! + predicted(filter, left, above, corner);
    }
  }
  return out;
}

function predicted(filter: number, left: number, above: number, corner: number): number {
  if (filter === 0) return 0;
  if (filter === 1) return left;
  if (filter === 2) return above;
  if (filter === 3) return (left + above) >> 1;
  const toLeft = Math.abs(above - corner);
  const toAbove = Math.abs(left - corner);
  const toCorner = Math.abs(left + above - 2 * corner);
  if (toLeft <= toAbove && toLeft <= toCorner) return left;
  return toAbove <= toCorner ? above : corner;
}

/** Pixels of fewer than 8 bits, the first in the highest bits. */
function unpacked(rows: Uint8Array, { width, height, depth }: Header, rowBytes: number): Uint8Array {
  const pixels = new Uint8Array(width * height);
  const each = 8 / depth;
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      const byte = rows[y * rowBytes + Math.floor(x / each)]!;
      pixels[y * width + x] = (byte >> (8 - depth * ((x % each) + 1))) & ((1 << depth) - 1);
    }
  return pixels;
}

/** How many classes the pixels name: the highest index and one. Of pixels that are ignored, none. */
export const classesIn = ({ pixels }: Mask): number =>
  pixels.reduce((most, pixel) => (pixel === IGNORED_CLASS ? most : Math.max(most, pixel + 1)), 0);
