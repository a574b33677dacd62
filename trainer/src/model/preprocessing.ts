/** What is done to each sample before a model sees it: the same in every split, fitted on the training split alone. */

import type { Tensor4D } from "@tensorflow/tfjs";
import type { Tf } from "../backend/tf.ts";
import type { TrainingConfig } from "../config/training.ts";
import { type DataSet, type Part, sizeOf } from "../data/data.ts";
import { gaussian } from "../data/made-sets.ts";
import { seededRandom } from "../data/random.ts";

type Steps = TrainingConfig["preprocessing"];

/** What is stored with a checkpoint: enough to do the same to a sample that nobody has seen. */
export type Fitted = Steps & {
  /** By channel or feature. */
  mean: number[];
  standardDeviation: number[];
  /** Of the numbers to be told, in regression: a model is trained on how far they are from the mean, in deviations. */
  target: { mean: number; standardDeviation: number } | null;
  /** The digest of the training split that all of these were made of. */
  fittedOn: string;
};

const RESIZED_AT_ONCE = 256;

/** A set whose images are resized and padded as the steps say. Throws for what isn't images, or would be cut. */
export async function prepareSet(tf: Tf, set: DataSet, { resize, pad }: Steps): Promise<DataSet> {
  if (!resize && !pad) return set;
  const [height = 0, width = 0] = set.inputShape;
  if (set.inputShape.length !== 3)
    throw new Error(
      `preprocessing.${resize ? "resize" : "pad"}: ${set.name} has samples of [${set.inputShape.join(", ")}]; only images [height, width, channels] have a size to change`,
    );
  const inner = resize ?? [height, width];
  const outer = pad ?? inner;
  if (outer[0] < inner[0] || outer[1] < inner[1])
    throw new Error(
      `preprocessing.pad: [${outer.join(", ")}] is less than the images' [${inner.join(", ")}]; padding only adds`,
    );
  const channels = set.inputShape[2]!;
  const isMask = set.task === "segmentation";
  const prepared = async (part: Part): Promise<Part> => ({
    ...part,
    inputs: await resized(tf, part.inputs as Uint8Array, [height, width, channels], inner, outer, "bilinear"),
    targets: isMask
      ? await resized(tf, part.targets as Uint8Array, [height, width, 1], inner, outer, "nearest")
      : part.targets,
  });
  return { ...set, inputShape: [...outer, channels], train: await prepared(set.train), test: await prepared(set.test) };
}

/** `[n, ...from]` to `[n, ...outer]`, rounded to whole values, in the middle of zeros. */
async function resized(
  tf: Tf,
  images: Uint8Array,
  from: [number, number, number],
  inner: [number, number],
  outer: [number, number],
  how: "bilinear" | "nearest",
): Promise<Uint8Array> {
  const [height, width, channels] = from;
  const [before, after] = [sizeOf(from), outer[0] * outer[1] * channels];
  const count = images.length / before;
  const out = new Uint8Array(count * after);
  const [top, left] = [Math.floor((outer[0] - inner[0]) / 2), Math.floor((outer[1] - inner[1]) / 2)];
  for (let start = 0; start < count; start += RESIZED_AT_ONCE) {
    const some = images.subarray(start * before, (start + RESIZED_AT_ONCE) * before);
    const n = some.length / before;
    const changed = tf.tidy(() => {
      const tensor = tf.tensor4d(Float32Array.from(some), [n, height, width, channels]) as Tensor4D;
      if (inner[0] === height && inner[1] === width) return tensor;
      return how === "bilinear"
        ? tf.image.resizeBilinear(tensor, inner, false, true)
        : tf.image.resizeNearestNeighbor(tensor, inner, false, true);
    });
    const values = await changed.data();
    changed.dispose();
    const row = inner[1] * channels;
    for (let image = 0; image < n; image++)
      for (let y = 0; y < inner[0]; y++)
        for (let at = 0; at < row; at++)
          out[(start + image) * after + ((top + y) * outer[1] + left) * channels + at] = Math.round(
            values[(image * inner[0] + y) * row + at]!,
          );
  }
  return out;
}

/** A mask of the prepared size `[height, width]` as it lies on the image that it is of: what was padded is cut, what was resized is resized back. */
export function restoreMask(
  mask: Uint8Array,
  [height, width]: [number, number],
  { resize, pad }: Steps,
  [toHeight, toWidth]: [number, number],
): Uint8Array {
  if (!resize && !pad) return mask;
  const inner = resize ?? [toHeight, toWidth];
  const [top, left] = [Math.floor((height - inner[0]) / 2), Math.floor((width - inner[1]) / 2)];
  const out = new Uint8Array(toHeight * toWidth);
  // the nearest pixel, by the pixels' middles
  const near = (at: number, from: number, to: number) => Math.min(from - 1, Math.floor(((at + 0.5) * from) / to));
  for (let y = 0; y < toHeight; y++)
    for (let x = 0; x < toWidth; x++)
      out[y * toWidth + x] = mask[(top + near(y, inner[0], toHeight)) * width + left + near(x, inner[1], toWidth)]!;
  return out;
}

/**
 * Fits the normalisation to the training split's samples; no other split is looked at. In float64 and two passes, before
 * anything becomes float32. The deviation of what is the same in all of them is 1.
 */
export function fitNormalisation(set: DataSet, samples: Uint32Array, steps: Steps, fittedOn: string): Fitted {
  const channels = set.inputShape.at(-1) ?? 1;
  const constant = (value: number) => Array.from({ length: channels }, () => value);
  const target = set.task === "regression" ? spreadOf(set, samples) : null;
  if (steps.normalise === "none")
    return { ...steps, mean: constant(0), standardDeviation: constant(1), target, fittedOn };
  if (steps.normalise === "scale") {
    if (!(set.train.inputs instanceof Uint8Array))
      throw new Error(
        `preprocessing.normalise: scale is for images of 0–255; ${set.name} has numbers, for which standardise is right`,
      );
    return { ...steps, mean: constant(0), standardDeviation: constant(255), target, fittedOn };
  }
  const size = sizeOf(set.inputShape);
  const count = (samples.length * size) / channels;
  const { inputs } = set.train;
  const [sums, squares] = [constant(0), constant(0)];
  for (const sample of samples)
    for (let at = 0; at < size; at++) sums[at % channels] = sums[at % channels]! + inputs[sample * size + at]!;
  const mean = sums.map((sum) => sum / count);
  for (const sample of samples)
    for (let at = 0; at < size; at++) {
      const away = inputs[sample * size + at]! - mean[at % channels]!;
      squares[at % channels] = squares[at % channels]! + away * away;
    }
  const still = new Set(constantFeatures(set, samples));
  const standardDeviation = squares.map((sum, channel) => (still.has(channel) ? 1 : Math.sqrt(sum / count)));
  return { ...steps, mean, standardDeviation, target, fittedOn };
}

/** Channels or features that have one value in all of these training samples. */
export function constantFeatures({ inputShape, train: { inputs } }: DataSet, samples: Uint32Array): number[] {
  const [size, channels] = [sizeOf(inputShape), inputShape.at(-1) ?? 1];
  const first = (samples[0] ?? 0) * size;
  const isConstant = (channel: number) =>
    samples.every((sample) => {
      for (let at = channel; at < size; at += channels)
        if (inputs[sample * size + at] !== inputs[first + channel]) return false;
      return true;
    });
  return Array.from({ length: channels }, (_, channel) => channel).filter(isConstant);
}

function spreadOf({ train }: DataSet, samples: Uint32Array): { mean: number; standardDeviation: number } {
  const values = Float64Array.from(samples, (sample) => train.targets[sample]!);
  if (values.every((value) => value === values[0])) return { mean: values[0]!, standardDeviation: 1 };
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length;
  return { mean, standardDeviation: Math.sqrt(variance) };
}

/** What checkpoints declare of it: one number for each constant, by name. */
export function declaredValues({ mean, standardDeviation, target }: Fitted): Record<string, number> {
  const ofTarget: Record<string, number> = target
    ? { "target.mean": target.mean, "target.standardDeviation": target.standardDeviation }
    : {};
  if (mean.length === 1) return { mean: mean[0]!, standardDeviation: standardDeviation[0]!, ...ofTarget };
  const named = (name: string, values: number[]) => values.map((value, index) => [`${name}.${index}`, value] as const);
  const constants = [...named("mean", mean), ...named("standardDeviation", standardDeviation)];
  return { ...Object.fromEntries(constants), ...ofTarget };
}

/** Normalised inputs of some samples, flat. */
export function normalisedInputs(
  { inputShape, train }: DataSet,
  samples: Uint32Array,
  { mean, standardDeviation }: Pick<Fitted, "mean" | "standardDeviation">,
): Float32Array {
  const size = sizeOf(inputShape);
  const channels = mean.length;
  const values = new Float32Array(samples.length * size);
  const [first = 0, deviation = 1] = [mean[0], standardDeviation[0]];
  for (let row = 0; row < samples.length; row++) {
    const from = samples[row]! * size;
    const to = row * size;
    if (channels === 1)
      for (let at = 0; at < size; at++) values[to + at] = (train.inputs[from + at]! - first) / deviation;
    else
      for (let at = 0; at < size; at++)
        values[to + at] = (train.inputs[from + at]! - mean[at % channels]!) / standardDeviation[at % channels]!;
  }
  return values;
}

/** Each sample's own move, mirror and noise of an epoch, whatever batch it is in. */
export function augment(
  set: DataSet,
  samples: Uint32Array,
  inputs: Float32Array,
  masks: Int32Array | null,
  config: Pick<TrainingConfig, "augmentation" | "seed">,
  epoch: number,
): void {
  const { shift, flip, noise } = config.augmentation;
  if (shift === 0 && !flip && noise === 0) return;
  const [height = 1, width = 1, channels = 1] = set.inputShape;
  const size = sizeOf(set.inputShape);
  const isImage = set.inputShape.length === 3;
  for (const [row, sample] of samples.entries()) {
    const random = seededRandom(config.seed, "augmentation", epoch, sample);
    const move = () => Math.floor(random() * (2 * shift + 1)) - shift;
    const change = { down: move(), right: move(), mirrored: flip && random() < 0.5 };
    if (isImage) {
      moveImage(inputs.subarray(row * size, (row + 1) * size), [height, width, channels], change);
      const area = height * width;
      if (masks) moveImage(masks.subarray(row * area, (row + 1) * area), [height, width, 1], change);
    }
    if (noise > 0)
      for (let at = row * size; at < (row + 1) * size; at++) inputs[at] = inputs[at]! + noise * gaussian(random);
  }
}

/** What comes in from outside is what stood at the edge. */
function moveImage(
  image: Float32Array | Int32Array,
  [height, width, channels]: [number, number, number],
  { down, right, mirrored }: { down: number; right: number; mirrored: boolean },
): void {
  const before = image.slice();
  const within = (value: number, size: number) => Math.min(size - 1, Math.max(0, value));
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      const column = within(x - right, width);
      const from = (within(y - down, height) * width + (mirrored ? width - 1 - column : column)) * channels;
      for (let channel = 0; channel < channels; channel++)
        image[(y * width + x) * channels + channel] = before[from + channel]!;
    }
}
