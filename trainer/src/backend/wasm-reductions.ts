/**
 * Sums, means, products and what runs along a dimension, in float64: a float32 sum that runs over ten million numbers is 9 %
 * off (measured), and no two sizes of a batch or an image would compare. Each result is rounded to float32 once.
 */

import type { KernelConfig, TensorInfo } from "@tensorflow/tfjs";
import type { Tf } from "./tf.ts";

type Kernel = KernelConfig["kernelFunc"];
type Values = Float32Array | Int32Array | Uint8Array;

/** What the WebAssembly backend offers beside the common interface. */
export type Memory = {
  makeOutput: (shape: number[], dtype: string) => TensorInfo;
  typedArrayFromHeap: (tensor: TensorInfo) => Float32Array;
  incRef: (data: TensorInfo["dataId"]) => void;
};
export const memoryOf = (backend: unknown) => backend as Memory;

/** How many numbers each result takes in, and where it lies: neighbours that are kept, or reduced, are one. */
type Stretch = { size: number; reduced: boolean };
type Fold = "sum" | "product";

/** Sum, mean or product over some dimensions. What has another type than float32 stays with the library, but for its mean. */
export const reduction =
  (tf: Tf, of: "sum" | "mean" | "product") =>
  (library: Kernel): Kernel =>
  (call) => {
    const { x } = call.inputs as { x: TensorInfo };
    const { axis, keepDims } = call.attrs as unknown as { axis: number | number[]; keepDims: boolean };
    if (x.dtype !== "float32" && of !== "mean") return library(call);
    const axes = new Set(tf.util.parseAxisParam(axis, x.shape));
    const kept = x.shape.filter((_, at) => !axes.has(at));
    const memory = memoryOf(call.backend);
    const shape = keepDims ? x.shape.map((size, at) => (axes.has(at) ? 1 : size)) : kept;
    const output = memory.makeOutput(shape, "float32");
    const from: Values = memory.typedArrayFromHeap(x);
    const results = fold(from, stretchesOf(x.shape, axes), of === "product" ? "product" : "sum");
    const count = of === "mean" ? from.length / results.length : 1;
    const to = memory.typedArrayFromHeap(output);
    for (const [at, result] of results.entries()) to[at] = result / count;
    return output;
  };

function stretchesOf(shape: number[], axes: Set<number>): Stretch[] {
  const stretches: Stretch[] = [];
  for (const [at, size] of shape.entries()) {
    const reduced = axes.has(at);
    const last = stretches.at(-1);
    if (last?.reduced === reduced) last.size *= size;
    else stretches.push({ size, reduced });
  }
  return stretches;
}

const sizeOf = (stretches: Stretch[]) => stretches.reduce((product, { size }) => product * size, 1);

/** One result for each number that is kept. */
function fold(from: Values, stretches: Stretch[], how: Fold): Float64Array {
  const results = new Float64Array(sizeOf(stretches.filter(({ reduced }) => !reduced)));
  if (how === "product") results.fill(1);
  if (from.length > 0) foldInto(results, from, stretches, how, 0, from.length, 0);
  return results;
}

/** Folds numbers `start` to `end`, which `stretches` describe, into results from `place` on. */
function foldInto(
  results: Float64Array,
  from: Values,
  stretches: Stretch[],
  how: Fold,
  start: number,
  end: number,
  place: number,
): void {
  const [outer, ...inner] = stretches;
  if (stretches.length === 0) results[place] = from[start]!;
  else if (inner.length === 0 && outer!.reduced) foldOne(results, from, how, start, end, place);
  else if (inner.length <= 1 && !inner[0]?.reduced)
    foldColumns(results, from, how, start, end, place, inner[0]?.size ?? outer!.size);
  else {
    const step = sizeOf(inner);
    const away = outer!.reduced ? 0 : sizeOf(inner.filter(({ reduced }) => !reduced));
    for (let at = start, to = place; at < end; at += step, to += away)
      foldInto(results, from, inner, how, at, at + step, to);
  }
}

/** All of them into one; four sums at a time, as each addition waits for the one before it. */
function foldOne(results: Float64Array, from: Values, how: Fold, start: number, end: number, place: number): void {
  if (how === "product") {
    let product = results[place]!;
    for (let at = start; at < end; at++) product *= from[at]!;
    results[place] = product;
    return;
  }
  let [a, b, c, d] = [results[place]!, 0, 0, 0];
  const whole = end - ((end - start) % 4);
  for (let at = start; at < whole; at += 4) {
    a += from[at]!;
    b += from[at + 1]!;
    c += from[at + 2]!;
    d += from[at + 3]!;
  }
  for (let at = whole; at < end; at++) a += from[at]!;
  results[place] = a + b + (c + d);
}

/** Rows of so many columns, each column into its own; four rows at a time, as each visit to a sum costs more than an addition. */
function foldColumns(
  results: Float64Array,
  from: Values,
  how: Fold,
  start: number,
  end: number,
  place: number,
  columns: number,
): void {
  const isSum = how === "sum";
  const whole = isSum ? end - ((end - start) % (4 * columns)) : start;
  for (let row = start; row < whole; row += 4 * columns)
    for (let at = row, to = place; to < place + columns; at++, to++)
      results[to] = results[to]! + from[at]! + from[at + columns]! + from[at + 2 * columns]! + from[at + 3 * columns]!;
  for (let row = whole; row < end; row += columns)
    for (let at = row, to = place; to < place + columns; at++, to++)
      results[to] = isSum ? results[to]! + from[at]! : results[to]! * from[at]!;
}

/** Sums or products along one dimension, each of all before it. */
export const cumulative =
  (tf: Tf, how: Fold) =>
  (library: Kernel): Kernel =>
  (call) => {
    const { x } = call.inputs as { x: TensorInfo };
    const { axis, exclusive, reverse } = call.attrs as unknown as {
      axis: number;
      exclusive: boolean;
      reverse: boolean;
    };
    if (x.dtype !== "float32") return library(call);
    const [along = 0] = tf.util.parseAxisParam(axis, x.shape);
    const memory = memoryOf(call.backend);
    const output = memory.makeOutput(x.shape, "float32");
    const [from, to] = [memory.typedArrayFromHeap(x), memory.typedArrayFromHeap(output)];
    const [length, inner] = [x.shape[along] ?? 1, tf.util.sizeFromShape(x.shape.slice(along + 1))];
    for (let block = 0; block < from.length; block += length * inner)
      for (let column = 0; column < inner; column++) {
        let running = how === "sum" ? 0 : 1;
        for (let row = 0; row < length; row++) {
          const at = block + (reverse ? length - 1 - row : row) * inner + column;
          const next = how === "sum" ? running + from[at]! : running * from[at]!;
          to[at] = exclusive ? running : next;
          running = next;
        }
      }
    return output;
  };

/** Rows up to this long are summed well enough by the library: within 1e-6 (measured). */
const SHORT = 1024;

/** Shares of the exponentials of each row, which lies in the last dimension. Short rows go to the library. */
export const softmax =
  (library: Kernel): Kernel =>
  (call) => {
    const { logits } = call.inputs as { logits: TensorInfo };
    const { dim } = call.attrs as unknown as { dim: number };
    const length = logits.shape.at(-1) ?? 0;
    if (logits.dtype !== "float32" || dim !== logits.shape.length - 1 || length <= SHORT) return library(call);
    const memory = memoryOf(call.backend);
    const output = memory.makeOutput(logits.shape, "float32");
    const [from, to] = [memory.typedArrayFromHeap(logits), memory.typedArrayFromHeap(output)];
    for (let start = 0; start < from.length; start += length) {
      let most = Number.NEGATIVE_INFINITY;
      for (let at = start; at < start + length; at++) most = Math.max(most, from[at]!);
      let sum = 0;
      for (let at = start; at < start + length; at++) sum += Math.exp(from[at]! - most);
      for (let at = start; at < start + length; at++) to[at] = Math.exp(from[at]! - most) / sum;
    }
    return output;
  };

/** Means of windows of images `[n, h, w, c]`. Windows of few pixels go to the library. */
export const averagePool =
  (tf: Tf) =>
  (library: Kernel): Kernel =>
  (call) => {
    const { x } = call.inputs as { x: TensorInfo };
    const { filterSize, strides, pad, dimRoundingMode } = call.attrs as unknown as Pooling;
    const shape = x.shape as [number, number, number, number];
    const info = tf.backend_util.computePool2DInfo(shape, filterSize, strides, 1, pad, dimRoundingMode);
    if (x.dtype !== "float32" || info.filterHeight * info.filterWidth <= SHORT) return library(call);
    const memory = memoryOf(call.backend);
    const output = memory.makeOutput(info.outShape, "float32");
    const [from, to] = [memory.typedArrayFromHeap(x), memory.typedArrayFromHeap(output)];
    const { inHeight, inWidth, inChannels, strideHeight, strideWidth, padInfo } = info;
    for (let at = 0; at < to.length; at++) {
      const channel = at % inChannels;
      const column = Math.floor(at / inChannels) % info.outWidth;
      const row = Math.floor(at / (inChannels * info.outWidth)) % info.outHeight;
      const image = Math.floor(at / (inChannels * info.outWidth * info.outHeight));
      const [top, left] = [row * strideHeight - padInfo.top, column * strideWidth - padInfo.left];
      let [sum, count] = [0, 0];
      for (let y = Math.max(0, top); y < Math.min(inHeight, top + info.filterHeight); y++)
        for (let z = Math.max(0, left); z < Math.min(inWidth, left + info.filterWidth); z++, count++)
          sum += from[((image * inHeight + y) * inWidth + z) * inChannels + channel]!;
      to[at] = sum / count;
    }
    return output;
  };

type Pooling = {
  filterSize: [number, number] | number;
  strides: [number, number] | number;
  pad: "same" | "valid" | number;
  dimRoundingMode?: "floor" | "round" | "ceil";
};
