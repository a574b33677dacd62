/** A set of samples to train on: images, sequences or rows, in an official training and an official test part. */
import { createHash } from "node:crypto";

/** `segmentation` tells the class of each pixel; `regression` a number. */
export const tasks = ["classification", "segmentation", "regression"] as const;
export type Task = (typeof tasks)[number];

export type Part = {
  count: number;
  /** Each sample's own name in the set. */
  keys: string[];
  /** `[count, ...inputShape]`; images are 0–255. */
  inputs: Uint8Array | Float32Array;
  /** `[count]` classes from 0, `[count, height, width]` classes of pixels, or `[count]` numbers. */
  targets: Uint8Array | Int32Array | Float32Array;
};
export type DataSet = {
  name: string;
  task: Task;
  /** Of one sample: `[height, width, channels]`, `[steps, features]` or `[features]`. */
  inputShape: number[];
  /** Names of the classes by their number; none in regression. */
  classes: string[];
  train: Part;
  /** Empty where the set's maker put no samples apart. */
  test: Part;
};

export const sizeOf = (shape: number[]): number => shape.reduce((product, size) => product * size, 1);
export const isImages = ({ inputShape, train }: DataSet): boolean =>
  inputShape.length === 3 && train.inputs instanceof Uint8Array;

/** `train/12` is the twelfth of the training samples, counted from 0. */
export const keysOf = (part: string, count: number): string[] =>
  Array.from({ length: count }, (_, index) => `${part}/${index}`);

/** One sample's input, `inputShape` flat. */
export function inputAt<Inputs extends Part["inputs"]>(
  { inputShape }: Pick<DataSet, "inputShape">,
  { inputs }: { inputs: Inputs },
  index: number,
): Inputs {
  const size = sizeOf(inputShape);
  return inputs.subarray(index * size, (index + 1) * size) as Inputs;
}

/** The name of a sample's class; null where it has none of its own. */
export const labelAt = ({ task, classes }: DataSet, { targets }: Part, index: number): string | null =>
  task === "classification" ? (classes[targets[index]!] ?? null) : null;

/**
 * SHA-256 of a sample's content: equal exactly for equal inputs. Of `image HEIGHT WIDTH CHANNELS uint8` or
 * `row SIZE … float32`, a line feed, and the values (float32 in little-endian).
 */
export function contentHash(set: DataSet, part: Part, index: number): string {
  const input = inputAt(set, part, index);
  const [word, type] = input instanceof Uint8Array ? ["image", "uint8"] : ["row", "float32"];
  const hash = createHash("sha256").update(`${word} ${set.inputShape.join(" ")} ${type}\n`);
  return hash.update(Buffer.from(input.buffer, input.byteOffset, input.byteLength)).digest("hex");
}
