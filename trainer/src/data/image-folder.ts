/** A folder of images, a subfolder for each class; with folders of train, validation and test above them where the set has them. */
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import path from "node:path";
import type { OutputInfo } from "sharp";
import type { DataSet, Facts, Part } from "./data.ts";
import { endings, type ImageFile, layoutOf } from "./image-layout.ts";

/** Reads all images; one size and one number of channels is right. Throws an error that names the file that is wrong. */
export async function readImageFolder(folder: string): Promise<DataSet> {
  const { classes, files, remarks } = layoutOf(folder);
  const trained = files.filter(({ split }) => split !== "test");
  const tested = files.filter(({ split }) => split === "test");
  if (classes.length < 2 || trained.length === 0) throw nothingToTell(folder, classes, trained.length, remarks);
  const shape = shapeOf((await decode(path.join(folder, trained[0]!.key))).info);
  const [training, testing] = [await readPart(folder, trained, shape), await readPart(folder, tested, shape)];
  const [train, test] = [training.part, testing.part];
  const clear = training.transparent + testing.transparent;
  if (clear > 0)
    remarks.push(
      `${clear} of ${files.length} images are transparent in places, and read on black: what is black there too is lost`,
    );
  const name = path.basename(path.resolve(folder));
  return { name, task: "classification", inputShape: shape, classes, remarks, train, test };
}

function nothingToTell(folder: string, classes: string[], count: number, remarks: string[]): Error {
  const named = classes.length > 0 ? ` (${classes.slice(0, 5).join(", ")})` : "";
  const folders = `${classes.length} ${classes.length === 1 ? "folder" : "folders"} of images${named}`;
  const found = `${folders}, ${count} to train on, and no train-images file`;
  return new Error(
    `data: ${folder} has ${found}; two folders at least, one for each class (${endings.join(", ")} in it), below train, ` +
      `validation and test where the set has them, or four IDX files, are right${remarks.map((one) => `; ${one}`).join("")}`,
  );
}

const shapeOf = ({ height, width, channels }: OutputInfo): number[] => [height, width, channels];

/** `transparent`: how many of the images have pixels that show what is behind them. */
async function readPart(
  folder: string,
  files: ImageFile[],
  shape: number[],
): Promise<{ part: Part; transparent: number }> {
  const size = shape.reduce((product, length) => product * length, 1);
  const inputs = new Uint8Array(files.length * size);
  const facts: Facts[] = [];
  let transparent = 0;
  for (const [index, { key, split }] of files.entries()) {
    const { data, info, byteHash, isOpaque } = await decode(path.join(folder, key));
    const found = shapeOf(info);
    if (found.join() !== shape.join())
      throw new Error(
        `data: ${path.join(folder, key)} is ${found.join("×")}, the first image ${shape.join("×")}; one size and one ` +
          `number of channels are right: save them alike, then --preprocessing.resize fits them to the model`,
      );
    inputs.set(data, index * size);
    if (!isOpaque) transparent++;
    facts.push({ group: null, time: null, split, sealed: false, byteHash });
  }
  const part = {
    count: files.length,
    keys: files.map(({ key }) => key),
    inputs,
    targets: Int32Array.from(files, ({ label }) => label),
    facts,
  };
  return { part, transparent };
}

type DecodedImage = { data: Buffer; info: OutputInfo; byteHash: string; isOpaque: boolean };

/** Pixels of 8 bits, turned as the file says, and the hash of the file; transparency is put on black. */
async function decode(file: string): Promise<DecodedImage> {
  const bytes = readFileSync(file);
  // a tenth of a second, which only a folder of images waits for
  const { default: sharp } = await import("sharp");
  const { space, depth, hasAlpha } = await read(file, () => sharp(bytes).metadata());
  // what differs in the low byte alone would be one content
  if (depth !== undefined && depth !== "uchar")
    throw new Error(
      `data: ${file} has ${bitsOf[depth] ?? depth} bits a channel; 8 are right: scale the values to 0–255 yourself (with one ` +
        "range for all files) and save them so, or write them as numbers: JSON lines with inputs",
    );
  const image = sharp(bytes).rotate().flatten({ background: "#000" });
  const decoded = await read(file, () =>
    image
      .toColourspace(space === "b-w" ? "b-w" : "srgb")
      .raw({ depth: "uchar" })
      .toBuffer({ resolveWithObject: true }),
  );
  // many a file has an alpha channel that hides nothing
  const isOpaque = !hasAlpha || (await read(file, () => sharp(bytes).stats())).isOpaque;
  return { ...decoded, byteHash: createHash("sha256").update(bytes).digest("hex"), isOpaque };
}

const bitsOf: Record<string, string> = { ushort: "16", short: "16", uint: "32", int: "32", float: "32", double: "64" };

async function read<T>(file: string, decoding: () => Promise<T>): Promise<T> {
  try {
    return await decoding();
  } catch (error) {
    throw new Error(`data: ${file} is no image that can be read: ${(error as Error).message}`);
  }
}
