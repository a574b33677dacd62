/** Small image sets for tests, made on the spot. */
import { writeFileSync } from "node:fs";
import path from "node:path";
import { seededRandom } from "../data/random.ts";

/** The bytes of an IDX file. */
export function idxOf(shape: number[], values: ArrayLike<number>): Buffer {
  const header = Buffer.alloc(4 + 4 * shape.length);
  header.set([0, 0, 8, shape.length]);
  for (const [index, size] of shape.entries()) header.writeUInt32BE(size, 4 + 4 * index);
  return Buffer.concat([header, Uint8Array.from(values)]);
}

/** Writes a set of 6×6 images whose bright half tells their class, 0 or 1; noisy, so that no two are equal. */
export function writeHalves(folder: string, counts: { train: number; test: number }): void {
  const random = seededRandom("halves");
  for (const [prefix, count] of [
    ["train", counts.train],
    ["t10k", counts.test],
  ] as const) {
    const labels = Array.from({ length: count }, (_, index) => index % 2);
    const pixels = labels.flatMap((label) =>
      Array.from({ length: 36 }, (_, pixel) => Math.floor(random() * 100) + (pixel < 18 === (label === 0) ? 120 : 0)),
    );
    writeFileSync(path.join(folder, `${prefix}-images-idx3-ubyte`), idxOf([count, 6, 6], pixels));
    writeFileSync(path.join(folder, `${prefix}-labels-idx1-ubyte`), idxOf([count], labels));
  }
}
