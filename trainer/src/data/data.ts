/** A set of samples to train on: images, sequences or rows, in an official training and an official test part. */
import { createHash } from "node:crypto";
import type { Split } from "../../../lib/wire/base/words.ts";

/** `segmentation` tells the class of each pixel; `regression` a number. */
export const tasks = ["classification", "segmentation", "regression"] as const;
export type Task = (typeof tasks)[number];

/** What a set's maker says of a sample beside its input and target; null where nothing is said. */
export type Facts = {
  /** Of a patient, a video: samples of one group go together. */
  group: string | null;
  /** ISO 8601, UTC. */
  time: string | null;
  split: Split | null;
  /** The label is for the server alone to know; a sealed sample is never trained on. */
  sealed: boolean;
  /** SHA-256 of the sample's file. */
  byteHash: string | null;
};

export type Part = {
  count: number;
  /** Each sample's own name in the set. */
  keys: string[];
  /** `[count, ...inputShape]`; images are 0–255. Of tables in float64: they become float32 once they are standardised. */
  inputs: Uint8Array | Float32Array | Float64Array;
  /** `[count]` classes from 0, `[count, height, width]` classes of pixels, or `[count]` numbers. */
  targets: Uint8Array | Int32Array | Float32Array | Float64Array;
  /** Left out where the part itself is all that is said. */
  facts?: Facts[];
  /** Labels as the set's maker wrote them, of a table; null: it has none, as a sample of test may. */
  labels?: (string | null)[];
  /** Of a table's rows: the content's hash, those by which earlier versions knew it, and the cells to compare it by. */
  contents?: { hash: string; earlier: string[]; features: string | null }[];
};
export type DataSet = {
  name: string;
  task: Task;
  /** Of one sample: `[height, width, channels]`, `[steps, features]` or `[features]`. */
  inputShape: number[];
  /** Names of the classes by their number; none in regression. */
  classes: string[];
  /** Names of the features, where they have some. */
  features?: string[];
  /** What a person should know of how it was read: what was left out, or changed. */
  remarks?: string[];
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

/** What the set's maker says of a sample of a part. */
export const factsAt = (set: DataSet, part: "train" | "test", index: number): Facts => {
  const split = set.test.count > 0 ? part : null;
  return set[part].facts?.[index] ?? { group: null, time: null, split, sealed: false, byteHash: null };
};

/** The name of a sample's class, or its number that is to be told; null where it has no one label (segmentation). */
export function labelAt({ task, classes }: DataSet, { targets, labels }: Part, index: number): string | null {
  if (labels) return labels[index]!;
  if (task === "regression")
    return targets instanceof Float32Array ? shortest(targets[index]!) : String(targets[index]!);
  return task === "classification" ? (classes[targets[index]!] ?? null) : null;
}

/** The shortest decimal that is the same float32: 0.1, not 0.10000000149011612. */
function shortest(value: number): string {
  for (let digits = 1; digits < 9; digits++) {
    const rounded = Number(value.toPrecision(digits));
    if (Math.fround(rounded) === value) return String(rounded);
  }
  return String(Number(value.toPrecision(9)));
}

/** Where a sample lies in a set: in which official part, and its index there. */
export type SamplePlace = { part: "train" | "test"; index: number };

/** A set of these samples alone, in this order: all of them are its training part, and it has no test part. */
export function pickSamples(set: DataSet, places: SamplePlace[]): DataSet {
  const { train } = set;
  const size = {
    inputs: sizeOf(set.inputShape),
    targets: set.task === "segmentation" ? sizeOf(set.inputShape.slice(0, 2)) : 1,
  };
  const part = (some: SamplePlace[]): Part => {
    const columns = {
      inputs: sized(train.inputs, some.length * size.inputs),
      targets: sized(train.targets, some.length * size.targets),
    };
    for (const [row, { part, index }] of some.entries())
      for (const name of ["inputs", "targets"] as const)
        columns[name].set(set[part][name].subarray(index * size[name], (index + 1) * size[name]), row * size[name]);
    const labels = set.train.labels && { labels: some.map(({ part, index }) => set[part].labels![index]!) };
    const contents = set.train.contents && { contents: some.map(({ part, index }) => set[part].contents![index]!) };
    const keys = some.map(({ part, index }) => set[part].keys[index]!);
    return { count: some.length, keys, ...columns, ...labels, ...contents };
  };
  return { ...set, train: part(places), test: part([]) };
}

/** Zeros of the same type; a Buffer, as files are read, becomes plain bytes. */
function sized<Values extends Part["inputs"] | Part["targets"]>(like: Values, length: number): Values {
  const type = [Float64Array, Float32Array, Int32Array].find((one) => like instanceof one) ?? Uint8Array;
  return new type(length) as Values;
}

/**
 * SHA-256 of a sample's content: equal exactly for equal inputs. Of a table's row as lib/wire/alike/canonical-row.ts has it; else of `image HEIGHT WIDTH CHANNELS uint8` or
 * `row SIZE … float32`, a line feed, and the values (float32 in little-endian).
 */
export function contentHash(set: DataSet, part: Part, index: number): string {
  if (part.contents) return part.contents[index]!.hash;
  const input = inputAt(set, part, index);
  const [word, type] = input instanceof Uint8Array ? ["image", "uint8"] : ["row", "float32"];
  const hash = createHash("sha256").update(`${word} ${set.inputShape.join(" ")} ${type}\n`);
  const { buffer, byteOffset, byteLength } = input instanceof Float64Array ? Float32Array.from(input) : input;
  return hash.update(Buffer.from(buffer, byteOffset, byteLength)).digest("hex");
}
