/**
 * Kernels of the WebAssembly backend for what TensorFlow.js 4.22 lacks there (the gradient of a convolution by its filter,
 * the sum of segments), and for what is slow there in training. They read and write the backend's own memory.
 */

import type { GradConfig, KernelConfig, NamedAttrMap, Tensor, Tensor1D, Tensor4D, TensorInfo } from "@tensorflow/tfjs";
import type { Tf } from "./tf.ts";
import { averagePool, cumulative, memoryOf, reduction, softmax } from "./wasm-reductions.ts";

type Pad = "same" | "valid" | number;
type Convolution = NamedAttrMap & { strides: [number, number] | number; pad: Pad };
type FilterGradient = Convolution & { filterShape: [number, number, number, number] };
type InputGradient = Convolution & { inputShape: [number, number, number, number]; dataFormat?: string };
type Pooling = NamedAttrMap & { filterSize: [number, number] | number; strides: [number, number] | number; pad: Pad };

type Kernel = KernelConfig["kernelFunc"];

const pairOf = (value: [number, number] | number): [number, number] =>
  typeof value === "number" ? [value, value] : value;

/**
 * The gradient of a convolution by its filter, as a convolution itself. With x `[n, h, w, c]`, dy `[n, h', w', k]` and
 * a filter `[fh, fw, c, k]`: batch and channels change places, so that x is `[c, h, w, n]`, dy is a filter
 * `[h', w', n, k]`, and the strides become dilations; the result `[c, fh, fw, k]` changes back.
 */
const conv2dBackpropFilter =
  (tf: Tf): Kernel =>
  ({ inputs, attrs }) => {
    const { strides, pad, filterShape } = attrs as unknown as FilterGradient;
    // operations hand over tensors; wrapping their data once more would leave a tensor behind at each call
    const { x, dy } = inputs as { x: Tensor4D; dy: Tensor4D };
    const pixels = (dy.shape[1] ?? 1) * (dy.shape[2] ?? 1);
    const images = Math.max(1, Math.floor(SUMMED_AT_ONCE / Math.max(1, pixels)));
    return tf.tidy(() => {
      const parts: Tensor[] = [];
      for (let from = 0; from < x.shape[0]; from += images) {
        const [some, gradients] = x.shape[0] <= images ? [x, dy] : [x, dy].map((all) => rowsOf(tf, all, from, images));
        parts.push(filterGradient(tf, some!, gradients!, { strides, pad, filterShape }));
      }
      return parts.length === 1 ? parts[0]! : tf.sum(tf.stack(parts), 0);
    });
  };

/** Products that a convolution adds up in float32; those of more are added up in parts, and the parts in float64. */
const SUMMED_AT_ONCE = 65_536;

const rowsOf = (tf: Tf, all: Tensor4D, from: number, rows: number): Tensor4D =>
  tf.slice(all, [from, 0, 0, 0], [Math.min(rows, all.shape[0] - from), -1, -1, -1]);

function filterGradient(tf: Tf, x: Tensor4D, dy: Tensor4D, { strides, pad, filterShape }: FilterGradient): Tensor {
  const [strideHeight, strideWidth] = pairOf(strides);
  const [filterHeight, filterWidth] = filterShape;
  const top = padding(pad, x.shape[1], dy.shape[1], strideHeight, filterHeight);
  const left = padding(pad, x.shape[2], dy.shape[2], strideWidth, filterWidth);
  // what is read of the padded x: rows and columns beyond the last stride take no part
  const height = (dy.shape[1] - 1) * strideHeight + filterHeight;
  const width = (dy.shape[2] - 1) * strideWidth + filterWidth;
  const bottom = Math.max(0, height - x.shape[1] - top);
  const right = Math.max(0, width - x.shape[2] - left);
  const padded = tf.pad(x, [
    [0, 0],
    [top, bottom],
    [left, right],
    [0, 0],
  ]);
  const read = tf.slice(padded, [0, 0, 0, 0], [x.shape[0], height, width, x.shape[3]]);
  const images = tf.transpose(read, [3, 1, 2, 0]);
  const filter = tf.transpose(dy, [1, 2, 0, 3]) as Tensor4D;
  const gradient = tf.conv2d(images as Tensor4D, filter, 1, "valid", "NHWC", [strideHeight, strideWidth]);
  return tf.transpose(gradient, [1, 2, 0, 3]);
}

/** Zeros before the first row or column, as `tf.conv2d` has them. */
function padding(pad: Pad, size: number, outputs: number, stride: number, filter: number): number {
  if (typeof pad === "number") return pad;
  if (pad === "valid") return 0;
  return Math.floor(Math.max(0, (outputs - 1) * stride + filter - size) / 2);
}

/**
 * The gradient of a convolution by its input, where the stride is 1: dy convolved with the filter, turned by 180° and its
 * channels exchanged. Others go to the library's kernel.
 */
const conv2dBackpropInput =
  (tf: Tf, library: Kernel): Kernel =>
  (call) => {
    const { strides, pad, inputShape, dataFormat } = call.attrs as unknown as InputGradient;
    const { dy, filter } = call.inputs as { dy: Tensor4D; filter: Tensor4D };
    const [strideHeight, strideWidth] = pairOf(strides);
    if (strideHeight !== 1 || strideWidth !== 1 || dataFormat === "NCHW") return library(call);
    const [filterHeight, filterWidth] = filter.shape;
    const top = filterHeight - 1 - padding(pad, inputShape[1], dy.shape[1], 1, filterHeight);
    const left = filterWidth - 1 - padding(pad, inputShape[2], dy.shape[2], 1, filterWidth);
    const bottom = inputShape[1] - dy.shape[1] + filterHeight - 1 - top;
    const right = inputShape[2] - dy.shape[2] + filterWidth - 1 - left;
    if (Math.min(top, left, bottom, right) < 0) return library(call); // padded by more than the filter reaches
    return tf.tidy(() => {
      const turned = tf.transpose(tf.reverse(filter, [0, 1]), [0, 1, 3, 2]) as Tensor4D;
      const margins: [number, number][] = [
        [0, 0],
        [top, bottom],
        [left, right],
        [0, 0],
      ];
      return tf.conv2d(dy, turned, 1, margins as Parameters<typeof tf.conv2d>[3]);
    });
  };

/** Repeats x along its dimensions; the library's kernel copies number by number. */
const tile =
  (library: Kernel): Kernel =>
  (call) => {
    const { x } = call.inputs as { x: TensorInfo };
    const { reps } = call.attrs as unknown as { reps: number[] };
    if (x.dtype !== "float32") return library(call);
    const memory = memoryOf(call.backend);
    const shape = x.shape.map((size, axis) => size * (reps[axis] ?? 1));
    const output = memory.makeOutput(shape, x.dtype);
    const [from, to] = [memory.typedArrayFromHeap(x), memory.typedArrayFromHeap(output)];
    copyTiled(from, to, x.shape, reps);
    return output;
  };

/** From the last dimension to the first: what is there already is copied to where it belongs, then repeated. */
function copyTiled(from: Float32Array, to: Float32Array, shape: number[], reps: number[]): void {
  if (to.length === 0) return;
  to.set(from);
  let [block, filled] = [1, from.length];
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    const times = reps[axis] ?? 1;
    block *= shape[axis]!;
    if (times > 1) {
      // backwards, as blocks move to higher places
      for (let at = filled / block - 1; at >= 0; at--) {
        const place = at * block * times;
        to.copyWithin(place, at * block, (at + 1) * block);
        repeat(to, place, block, block * times);
      }
      filled *= times;
    }
    block *= times;
  }
}

/** Fills `length` numbers from `place` by its first `done`, twice as many each time. */
function repeat(to: Float32Array, place: number, done: number, length: number): void {
  let filled = done;
  while (filled < length) {
    const more = Math.min(filled, length - filled);
    to.copyWithin(place + filled, place, place + more);
    filled += more;
  }
}

/** Adds rows of x `[n, …]` into `numSegments` sums by `segmentIds` `[n]`; ids outside of them are left out. */
const unsortedSegmentSum: Kernel = ({ inputs, attrs, backend }) => {
  const { x, segmentIds } = inputs as { x: TensorInfo; segmentIds: TensorInfo };
  const { numSegments } = attrs as unknown as { numSegments: number };
  const memory = memoryOf(backend);
  const output = memory.makeOutput([numSegments, ...x.shape.slice(1)], x.dtype);
  const [from, ids] = [memory.typedArrayFromHeap(x), memory.typedArrayFromHeap(segmentIds)];
  const sums = new Float64Array(numSegments * x.shape.slice(1).reduce((product, length) => product * length, 1));
  const size = x.shape.slice(1).reduce((product, length) => product * length, 1);
  for (const [row, segment] of ids.entries()) {
    if (segment < 0 || segment >= numSegments) continue;
    const place = segment * size;
    for (let column = 0; column < size; column++)
      sums[place + column] = sums[place + column]! + from[row * size + column]!;
  }
  memory.typedArrayFromHeap(output).set(sums);
  return output;
};

/** The same numbers once more: tensors never change, so that both may share them. The library's kernel copies them. */
const identity: Kernel = ({ inputs, backend }) => {
  const { x } = inputs as { x: TensorInfo };
  memoryOf(backend).incRef(x.dataId);
  return { dataId: x.dataId, shape: x.shape, dtype: x.dtype };
};

/** What has its type already stays as it is. */
const cast =
  (library: Kernel): Kernel =>
  (call) =>
    (call.inputs.x as TensorInfo).dtype === (call.attrs as unknown as { dtype: string }).dtype
      ? identity(call)
      : library(call);

/** Each gradient goes to the first of the largest inputs of its window. */
const maxPoolGrad =
  (tf: Tf, library: Kernel): Kernel =>
  (call) => {
    const { dy, input } = call.inputs as { dy: Tensor4D; input: Tensor4D };
    const { filterSize, strides, pad } = call.attrs as unknown as Pooling;
    if (input.dtype !== "float32") return library(call);
    const memory = memoryOf(call.backend);
    const info = tf.backend_util.computePool2DInfo(input.shape, filterSize, strides, 1, pad);
    const output = memory.makeOutput(input.shape, "float32");
    const [values, gradients, to] = [input, dy, output].map((tensor) => memory.typedArrayFromHeap(tensor)) as [
      Float32Array,
      Float32Array,
      Float32Array,
    ];
    to.fill(0);
    const { inHeight, inWidth, outHeight, outWidth, inChannels, strideHeight, strideWidth } = info;
    const { filterHeight, filterWidth, padInfo } = info;
    const places = new Int32Array(filterHeight * filterWidth); // of a window's pixels, at channel 0
    const largest = new Int32Array(inChannels); // the place of each channel's largest input in the window
    let at = 0;
    for (let image = 0; image < info.batchSize; image++)
      for (let row = 0; row < outHeight; row++) {
        const top = Math.max(0, row * strideHeight - padInfo.top);
        const bottom = Math.min(inHeight, row * strideHeight - padInfo.top + filterHeight);
        for (let column = 0; column < outWidth; column++) {
          const left = Math.max(0, column * strideWidth - padInfo.left);
          const right = Math.min(inWidth, column * strideWidth - padInfo.left + filterWidth);
          let count = 0;
          for (let y = top; y < bottom; y++)
            for (let x = left; x < right; x++) places[count++] = ((image * inHeight + y) * inWidth + x) * inChannels;
          for (let channel = 0; channel < inChannels; channel++) largest[channel] = places[0]! + channel;
          for (let pixel = 1; pixel < count; pixel++) {
            const place = places[pixel]!;
            for (let channel = 0; channel < inChannels; channel++)
              if (values[place + channel]! > values[largest[channel]!]!) largest[channel] = place + channel;
          }
          if (count > 0)
            for (let channel = 0; channel < inChannels; channel++) {
              const place = largest[channel]!;
              to[place] = to[place]! + gradients[at + channel]!;
            }
          at += inChannels;
        }
      }
    return output;
  };

/**
 * The gradient of batch normalisation by sums over a channel. The library's repeats each channel's numbers for every pixel
 * first, and goes over all pixels a dozen times.
 */
const batchNormGradient = (tf: Tf, library: GradConfig): GradConfig => ({
  ...library,
  gradFunc: (dy, saved, attrs) => {
    const [x, mean, variance, scale] = saved as [Tensor, Tensor1D, Tensor1D, Tensor1D | undefined];
    const { varianceEpsilon } = attrs as unknown as { varianceEpsilon: number };
    if (mean.rank !== 1) return library.gradFunc(dy, saved, attrs);
    const gradient = dy as Tensor;
    const axes = Array.from({ length: x.rank - 1 }, (_, axis) => axis);
    const inverse = tf.rsqrt(tf.add(variance, varianceEpsilon)); // [c]
    const factor = scale ? tf.mul(inverse, scale) : inverse; // [c]
    const sum = tf.sum(gradient, axes); // [c]
    const product = tf.sum(tf.mul(gradient, tf.sub(x, mean)), axes); // [c]
    return {
      x: () => tf.mul(gradient, factor),
      mean: () => tf.neg(tf.mul(factor, sum)),
      variance: () => tf.mul(-0.5, tf.mul(tf.mul(factor, tf.square(inverse)), product)),
      scale: () => tf.mul(inverse, product),
      offset: () => sum,
    };
  },
});

/** The gradient of a mean, repeated for what it was taken of. The library's multiplies by ones, then divides all of it. */
const meanGradient = (tf: Tf, library: GradConfig): GradConfig => ({
  ...library,
  gradFunc: (dy, saved, attrs) => {
    const [x] = saved as [Tensor];
    const { axis } = attrs as unknown as { axis: number | number[] };
    const axes = tf.util.parseAxisParam(axis, x.shape);
    const kept = x.shape.map((size, at) => (axes.includes(at) ? 1 : size));
    const count = tf.util.sizeFromShape(x.shape) / tf.util.sizeFromShape(kept);
    return { x: () => tf.broadcastTo(tf.div(dy as Tensor, count).reshape(kept), x.shape) };
  },
});

/**
 * Registers these kernels, or only those that the library lacks, of which one that it has by now is left alone. Returns
 * their names.
 */
export function registerKernels(tf: Tf, which: "all" | "missing" = "all"): string[] {
  const missing: Record<string, Kernel> = {
    Conv2DBackpropFilter: conv2dBackpropFilter(tf),
    UnsortedSegmentSum: unsortedSegmentSum,
  };
  const faster: Record<string, (library: Kernel) => Kernel> = {
    Conv2DBackpropInput: (library) => conv2dBackpropInput(tf, library),
    Tile: tile,
    MaxPoolGrad: (library) => maxPoolGrad(tf, library),
    Sum: reduction(tf, "sum"),
    Mean: reduction(tf, "mean"),
    Prod: reduction(tf, "product"),
    Cumsum: cumulative(tf, "sum"),
    Cumprod: cumulative(tf, "product"),
    Softmax: softmax,
    AvgPool: averagePool(tf),
    Identity: () => identity,
    Cast: cast,
  };
  const registered: string[] = [];
  for (const [kernelName, kernelFunc] of Object.entries(missing)) {
    if (tf.getKernel(kernelName, "wasm")) continue;
    tf.registerKernel({ kernelName, backendName: "wasm", kernelFunc });
    registered.push(kernelName);
  }
  if (which === "missing") return registered;
  for (const [kernelName, over] of Object.entries(faster)) {
    const library = tf.getKernel(kernelName, "wasm");
    if (!library || replaced.has(library.kernelFunc)) continue;
    const kernelFunc = over(library.kernelFunc);
    replaced.add(kernelFunc);
    tf.unregisterKernel(kernelName, "wasm"); // the library warns of one that is registered twice
    tf.registerKernel({ ...library, kernelFunc });
    registered.push(kernelName);
  }
  for (const [kernelName, over] of Object.entries({ FusedBatchNorm: batchNormGradient, Mean: meanGradient })) {
    const gradient = tf.getGradient(kernelName);
    if (!gradient || replaced.has(gradient.gradFunc)) continue;
    const own = over(tf, gradient);
    replaced.add(own.gradFunc);
    tf.registerGradient(own);
  }
  return registered;
}

/** Ours, so that a second call doesn't put ours over ours. */
const replaced = new Set<unknown>();
