import { resize, THUMBNAIL_SIDE as SIDE } from "../wire/alike/thumbnail.ts";

const GREY_BYTES = SIDE * SIDE;

/** Grey levels 0–255, `[32 × 32]`, of a thumbnail that is grey or RGB (ITU-R BT.601). */
export function greyOf(thumbnail: Uint8Array): Float64Array {
  if (thumbnail.length === GREY_BYTES) return Float64Array.from(thumbnail);
  const grey = new Float64Array(GREY_BYTES);
  for (let at = 0; at < GREY_BYTES; at++)
    grey[at] = 0.299 * thumbnail[3 * at]! + 0.587 * thumbnail[3 * at + 1]! + 0.114 * thumbnail[3 * at + 2]!;
  return grey;
}

/** The difference hash of 8 rows of 9 grey levels: a bit is set where a pixel is brighter than the one to its left. */
export function dhash(pixels: ArrayLike<number>): Buffer {
  const hash = Buffer.alloc(8);
  for (let row = 0; row < 8; row++)
    for (let column = 0; column < 8; column++)
      if (pixels[row * 9 + column + 1]! > pixels[row * 9 + column]!) hash[row] = hash[row]! | (0x80 >> column);
  return hash;
}

/** Bits in which two hashes of 16 hexadecimal digits differ. */
export function hammingHex(a: string, b: string): number {
  let bits = BigInt(`0x${a}`) ^ BigInt(`0x${b}`);
  let distance = 0;
  for (; bits > 0n; bits &= bits - 1n) distance++;
  return distance;
}

/** The hash of a thumbnail, and that of its mirror image: 16 bytes. */
export function imageHashes(thumbnail: Uint8Array): Buffer {
  const small = resize(greyOf(thumbnail), { width: SIDE, height: SIDE }, { width: 9, height: 8 });
  const mirror = small.map((_, at) => small[at - (at % 9) + 8 - (at % 9)]!);
  return Buffer.concat([dhash(small), dhash(mirror)]);
}

const LEVELS_MIN = 8;

/** Whether a thumbnail has fewer than 8 grey levels: a blank page is like every other, and tells nothing. */
export function isBlank(thumbnail: Uint8Array): boolean {
  const grey = greyOf(thumbnail);
  return new Set(grey.map(Math.round)).size < LEVELS_MIN;
}

/** Pearson's correlation of two thumbnails in grey, −1 to 1: brightness and contrast don't change it. NaN: one is flat. */
export function correlation(a: Uint8Array, b: Uint8Array, mirrored = false): number {
  const [x, y] = [greyOf(a), greyOf(b)];
  let [sx, sy, sxx, syy, sxy] = [0, 0, 0, 0, 0];
  for (let at = 0; at < GREY_BYTES; at++) {
    const u = x[at]!;
    const v = y[mirrored ? at - (at % SIDE) + SIDE - 1 - (at % SIDE) : at]!;
    sx += u;
    sy += v;
    sxx += u * u;
    syy += v * v;
    sxy += u * v;
  }
  const n = GREY_BYTES;
  return (n * sxy - sx * sy) / Math.sqrt((n * sxx - sx * sx) * (n * syy - sy * sy));
}
