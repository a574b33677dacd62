/** A folder of images, a subfolder for each class; with `train` and `test` above them where the set has both. */
import { createHash } from "node:crypto";
import { readdirSync, readFileSync, statSync } from "node:fs";
import path from "node:path";
import sharp, { type OutputInfo } from "sharp";
import type { DataSet, Facts, Part } from "./data.ts";

const ENDINGS = [".png", ".jpg", ".jpeg", ".webp", ".gif", ".tif", ".tiff", ".avif"];

/** Reads all images; one size and one number of channels is right. Throws an error that names the file that is wrong. */
export async function readImageFolder(folder: string): Promise<DataSet> {
  const top = subfolders(folder);
  const official = top.includes("train") && top.includes("test");
  const roots = official ? ["train", "test"] : [""];
  const classes = [...new Set(roots.flatMap((root) => subfolders(path.join(folder, root))))].sort();
  const files = roots.map((root) => filesByClass(folder, root, classes));
  if (classes.length < 2 || files[0]!.length === 0)
    throw new Error(
      `data: ${folder} has ${classes.length} folders of images and no train-images file; a folder for each class ` +
        `(${ENDINGS.join(", ")} in it), or four IDX files, are right`,
    );
  const shape = shapeOf((await decode(path.join(folder, files[0]![0]!.key))).info);
  const [train, test = emptyPart()] = await Promise.all(files.map((some) => readPart(folder, some, shape)));
  return {
    name: path.basename(path.resolve(folder)),
    task: "classification",
    inputShape: shape,
    classes,
    train: train!,
    test,
  };
}

type File = { key: string; label: number; split: Facts["split"] };

const emptyPart = (): Part => ({ count: 0, keys: [], inputs: new Uint8Array(), targets: new Int32Array() });

const subfolders = (folder: string): string[] =>
  readdirSync(folder, { withFileTypes: true }).flatMap((entry) => (entry.isDirectory() ? [entry.name] : []));

/** Keys are paths in the folder, with `/`, in their order. */
function filesByClass(folder: string, root: string, classes: string[]): File[] {
  const split = root === "train" || root === "test" ? root : null;
  return classes.flatMap((name, label) => {
    const place = path.join(folder, root, name);
    if (!statSync(place, { throwIfNoEntry: false })?.isDirectory()) return [];
    const images = readdirSync(place).filter((file) => ENDINGS.includes(path.extname(file).toLowerCase()));
    return images.sort().map((file) => ({ key: [root, name, file].filter(Boolean).join("/"), label, split }));
  });
}

const shapeOf = ({ height, width, channels }: OutputInfo): number[] => [height, width, channels];

async function readPart(folder: string, files: File[], shape: number[]): Promise<Part> {
  const size = shape.reduce((product, length) => product * length, 1);
  const inputs = new Uint8Array(files.length * size);
  const facts: Facts[] = [];
  for (const [index, { key, split }] of files.entries()) {
    const { data, info, byteHash } = await decode(path.join(folder, key));
    const found = shapeOf(info);
    if (found.join() !== shape.join())
      throw new Error(
        `data: ${path.join(folder, key)} is ${found.join("×")}, the first image ${shape.join("×")}; one size and one ` +
          `number of channels are right: save them alike, then --preprocessing.resize fits them to the model`,
      );
    inputs.set(data, index * size);
    facts.push({ group: null, time: null, split, sealed: false, byteHash });
  }
  return {
    count: files.length,
    keys: files.map(({ key }) => key),
    inputs,
    targets: Int32Array.from(files, ({ label }) => label),
    facts,
  };
}

/** Pixels of 8 bits, turned as the file says, and the hash of the file; transparency is put on black. */
async function decode(file: string): Promise<{ data: Buffer; info: OutputInfo; byteHash: string }> {
  try {
    const bytes = readFileSync(file);
    const image = sharp(bytes).rotate().flatten({ background: "#000" });
    const grey = (await sharp(bytes).metadata()).space === "b-w";
    const decoded = await (grey ? image.toColourspace("b-w") : image.toColourspace("srgb"))
      .raw({ depth: "uchar" })
      .toBuffer({ resolveWithObject: true });
    return { ...decoded, byteHash: createHash("sha256").update(bytes).digest("hex") };
  } catch (error) {
    throw new Error(`data: ${file} is no image that can be read: ${(error as Error).message}`);
  }
}
