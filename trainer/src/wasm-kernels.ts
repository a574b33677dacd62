/** Kernels that TensorFlow.js 4.22 lacks on WebAssembly, made of those that it has. */
import type { KernelConfig, NamedAttrMap, Tensor, Tensor4D } from "@tensorflow/tfjs";

type Tf = typeof import("@tensorflow/tfjs");
type Convolution = NamedAttrMap & {
  strides: [number, number] | number;
  pad: "same" | "valid" | number;
  filterShape: [number, number, number, number];
};

/**
 * The gradient of a convolution by its filter, as a convolution itself. With x `[n, h, w, c]`, dy `[n, h', w', k]` and
 * a filter `[fh, fw, c, k]`: batch and channels change places, so that x is `[c, h, w, n]`, dy is a filter
 * `[h', w', n, k]`, and the strides become dilations; the result `[c, fh, fw, k]` changes back.
 */
function conv2dBackpropFilter(tf: Tf): KernelConfig {
  return {
    kernelName: "Conv2DBackpropFilter",
    backendName: "wasm",
    kernelFunc: ({ inputs, attrs }) => {
      const { strides, pad, filterShape } = attrs as unknown as Convolution;
      // operations hand over tensors; wrapping their data once more would leave a tensor behind at each call
      const { x, dy } = inputs as { x: Tensor4D; dy: Tensor4D };
      return tf.tidy(() => filterGradient(tf, x, dy, { strides, pad, filterShape }));
    },
  };
}

function filterGradient(tf: Tf, x: Tensor4D, dy: Tensor4D, { strides, pad, filterShape }: Convolution): Tensor {
  const [strideHeight, strideWidth] = typeof strides === "number" ? [strides, strides] : strides;
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
function padding(pad: Convolution["pad"], size: number, outputs: number, stride: number, filter: number): number {
  if (typeof pad === "number") return pad;
  if (pad === "valid") return 0;
  return Math.floor(Math.max(0, (outputs - 1) * stride + filter - size) / 2);
}

/** Adds rows of x `[n, …]` into `numSegments` sums by `segmentIds` `[n]`, as a product with a one-hot matrix. */
function unsortedSegmentSum(tf: Tf): KernelConfig {
  return {
    kernelName: "UnsortedSegmentSum",
    backendName: "wasm",
    kernelFunc: ({ inputs, attrs }) => {
      const { x, segmentIds } = inputs as { x: Tensor; segmentIds: Tensor };
      const { numSegments } = attrs as unknown as { numSegments: number };
      return tf.tidy(() => {
        const rows = x.shape[0] ?? 0;
        const member = tf.oneHot(segmentIds.toInt().as1D(), numSegments).toFloat();
        const flat = tf.matMul(member, x.toFloat().reshape([rows, -1]), true, false);
        return flat.reshape([numSegments, ...x.shape.slice(1)]);
      });
    },
  };
}

/** Registers what is missing; a kernel that the library has by now is left alone. Returns the names registered. */
export function registerMissingKernels(tf: Tf): string[] {
  const missing = [conv2dBackpropFilter(tf), unsortedSegmentSum(tf)].filter(
    ({ kernelName }) => !tf.getKernel(kernelName, "wasm"),
  );
  for (const kernel of missing) tf.registerKernel(kernel);
  return missing.map(({ kernelName }) => kernelName);
}
