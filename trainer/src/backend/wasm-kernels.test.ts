import * as tf from "@tensorflow/tfjs";
import "@tensorflow/tfjs-backend-wasm";
import { beforeAll, expect, test } from "vitest";
import { registerKernels } from "./wasm-kernels.ts";

beforeAll(async () => {
  registerKernels(tf);
  await tf.setBackend("cpu");
  await tf.setBackend("wasm");
});

type Case = {
  size: [number, number];
  channels: number;
  filters: number;
  filter: [number, number];
  stride: number;
  pad: "same" | "valid";
};
const cases: Case[] = [];
for (const size of [
  [8, 8],
  [7, 9],
  [5, 6],
] as [number, number][])
  for (const filter of [
    [3, 3],
    [2, 4],
    [1, 1],
    [5, 5],
  ] as [number, number][])
    for (const stride of [1, 2, 3])
      for (const pad of ["same", "valid"] as const)
        cases.push({ size, channels: stride, filters: 4, filter, stride, pad });

/** The gradients by x and by the filter of a sum over squares of the convolution, computed on one backend. */
async function gradients(backend: string, { size, channels, filters, filter, stride, pad }: Case): Promise<number[][]> {
  await tf.setBackend(backend);
  const x = tf.randomNormal([3, ...size, channels], 0, 1, "float32", 1) as tf.Tensor4D;
  const w = tf.randomNormal([...filter, channels, filters], 0, 1, "float32", 2) as tf.Tensor4D;
  const loss = (images: tf.Tensor, kernel: tf.Tensor) =>
    tf
      .conv2d(images as tf.Tensor4D, kernel as tf.Tensor4D, stride, pad)
      .square()
      .sum() as tf.Scalar;
  const found = tf.grads((images, kernel) => loss(images!, kernel!))([x, w]);
  return Promise.all(found.map(async (gradient) => [...(await gradient.data())]));
}

function expectClose(actual: number[], expected: number[]): void {
  expect(actual.length).toBe(expected.length);
  const scale = Math.max(1, ...expected.map(Math.abs));
  for (const [index, value] of actual.entries()) expect(Math.abs(value - expected[index]!) / scale).toBeLessThan(1e-5);
}

test.each(cases)("the gradients of a convolution are those of the plain backend: %o", async (convolution) => {
  const [wasm, cpu] = [await gradients("wasm", convolution), await gradients("cpu", convolution)];
  expectClose(wasm[0]!, cpu[0]!);
  expectClose(wasm[1]!, cpu[1]!);
});

test.each([[[6]], [[6, 3]], [[6, 2, 2]]])(
  "the gradient of gather of rows shaped %o is that of the plain backend",
  async (shape) => {
    const gradient = async (backend: string) => {
      await tf.setBackend(backend);
      const x = tf.randomNormal(shape, 0, 1, "float32", 3);
      const indices = tf.tensor1d([0, 2, 2, 5], "int32");
      return [
        ...(await tf
          .grad((rows) => tf.gather(rows, indices).square().sum())(x)
          .data()),
      ];
    };
    expectClose(await gradient("wasm"), await gradient("cpu"));
  },
);

/** The gradient of `of` summed over random weights, by x, on one backend. */
async function gradientOf(backend: string, shape: number[], of: (x: tf.Tensor) => tf.Tensor): Promise<number[]> {
  await tf.setBackend(backend);
  const x = tf.randomNormal(shape, 0, 1, "float32", 7);
  const gradient = tf.grad((input) => {
    const y = of(input);
    return y.mul(tf.randomNormal(y.shape, 0, 1, "float32", 8)).sum();
  })(x);
  return [...(await gradient.data())];
}

test.each(
  [2, 3].flatMap((size) =>
    [1, 2, 3].flatMap((stride) =>
      (["same", "valid"] as const).flatMap((pad) =>
        [
          [7, 9],
          [6, 6],
        ].map(([height, width]) => ({ size, stride, pad, height, width })),
      ),
    ),
  ),
)("the gradient of max pooling is that of the plain backend: %o", async ({ size, stride, pad, height, width }) => {
  const pool = (x: tf.Tensor) => tf.maxPool(x as tf.Tensor4D, size, stride, pad);
  const shape = [3, height!, width!, 5];
  expectClose(await gradientOf("wasm", shape, pool), await gradientOf("cpu", shape, pool));
});

test.each([
  { strides: 1, pad: 1, dilations: 1 },
  { strides: 2, pad: 1, dilations: 1 },
  { strides: 1, pad: 3, dilations: 1 },
  { strides: 1, pad: "same", dilations: 2 },
  { strides: 1, pad: "valid", dilations: 2 },
] as const)("a convolution's gradient by its input is that of the plain backend: %o", async (options) => {
  const filter = () => tf.randomNormal([3, 3, 2, 4], 0, 1, "float32", 9) as tf.Tensor4D;
  const { strides, pad, dilations } = options;
  const convolve = (x: tf.Tensor) => tf.conv2d(x as tf.Tensor4D, filter(), strides, pad, "NHWC", dilations);
  const [wasm, cpu] = [await outcomeOf("wasm", convolve), await outcomeOf("cpu", convolve)];
  if (typeof cpu === "string") expect(wasm).toBe(cpu);
  else expectClose(wasm as number[], cpu);
});

/** The gradient, or why there is none: the library has none for dilated convolutions. */
async function outcomeOf(backend: string, of: (x: tf.Tensor) => tf.Tensor): Promise<number[] | string> {
  try {
    return await gradientOf(backend, [2, 7, 6, 2], of);
  } catch (error) {
    return (error as Error).message;
  }
}

test.each([
  [[3], [4]],
  [
    [2, 3],
    [2, 1],
  ],
  [
    [2, 3],
    [3, 4],
  ],
  [
    [1, 1, 5],
    [4, 3, 1],
  ],
  [
    [2, 1, 3, 2],
    [1, 5, 2, 3],
  ],
  [
    [2, 0],
    [2, 2],
  ],
])("a tile of %o by %o is that of the plain backend", async (shape, reps) => {
  const tiled = async (backend: string) => {
    await tf.setBackend(backend);
    const y = tf.tile(tf.randomNormal(shape, 0, 1, "float32", 10), reps);
    return [y.shape, [...(await y.data())]];
  };
  expect(await tiled("wasm")).toEqual(await tiled("cpu"));
});

test.each(
  [
    { shape: [6, 3, 5, 4], axis: [0, 1, 2] },
    { shape: [7, 3], axis: [0] },
    { shape: [9, 2, 3], axis: [-3, 1] },
    { shape: [4, 6], axis: [1] },
    { shape: [2, 3, 4], axis: [0, 2] },
    { shape: [5], axis: [0] },
    { shape: [3, 0], axis: [0] },
  ].flatMap((one) => [true, false].map((keepDims) => ({ ...one, keepDims }))),
)("sums, means and their gradients are those of the plain backend: %o", async ({ shape, axis, keepDims }) => {
  for (const reduce of [tf.sum, tf.mean]) {
    const reduced = async (backend: string) => {
      await tf.setBackend(backend);
      const y = reduce(tf.randomNormal(shape, 0, 1, "float32", 13), axis, keepDims);
      return { shape: y.shape, values: [...(await y.data())] };
    };
    const [wasm, cpu] = [await reduced("wasm"), await reduced("cpu")];
    expect(wasm.shape).toEqual(cpu.shape);
    expectClose(wasm.values, cpu.values);
    const of = (x: tf.Tensor) => reduce(x, axis, keepDims);
    expectClose(await gradientOf("wasm", shape, of), await gradientOf("cpu", shape, of));
  }
});

test("numbers that tensors share stay until the last of them is gone", async () => {
  await tf.setBackend("wasm");
  const { numDataBuffers } = tf.memory();
  const x = tf.tensor1d([1, 2, 3]);
  const [copy, same] = [x.clone(), x.cast("float32")];
  x.dispose();
  tf.dispose(tf.zeros([3])); // takes the place of what was let go too early
  expect([[...copy.dataSync()], [...same.dataSync()]]).toEqual([
    [1, 2, 3],
    [1, 2, 3],
  ]);
  tf.dispose([copy, same]);
  expect(tf.memory().numDataBuffers).toBe(numDataBuffers);
});

test("the gradients of batch normalisation are those of differences", async () => {
  await tf.setBackend("wasm");
  const shape = [4, 3, 3, 2] as const;
  const x = tf.randomNormal([...shape], 0.5, 2, "float32", 11) as tf.Tensor4D;
  const [mean, variance, scale, offset] = [
    [0.3, -0.2],
    [1.5, 0.7],
    [1.2, 0.8],
    [0.1, 0.4],
  ].map((values) => tf.tensor1d(values));
  const weights = tf.randomNormal([...shape], 0, 1, "float32", 12);
  const inputs = [x, mean!, variance!, offset!, scale!];
  const loss = (...given: tf.Tensor[]) => {
    const [a, b, c, d, e] = given as [tf.Tensor4D, tf.Tensor1D, tf.Tensor1D, tf.Tensor1D, tf.Tensor1D];
    return tf.batchNorm4d(a, b, c, d, e, 1e-3).mul(weights).sum() as tf.Scalar;
  };
  const gradients = tf.grads((...given) => loss(...(given as tf.Tensor[])))(inputs);
  for (const [which, gradient] of gradients.entries()) {
    const found = await gradient.data();
    for (const place of [0, found.length - 1]) {
      const moved = (by: number) => {
        const values = Float32Array.from(inputs[which]!.dataSync());
        values[place] = values[place]! + by;
        return loss(
          ...inputs.map((input, at) => (at === which ? tf.tensor(values, input.shape) : input)),
        ).dataSync()[0]!;
      };
      const expected = (moved(0.01) - moved(-0.01)) / 0.02;
      expect(Math.abs(found[place]! - expected), `input ${which} at ${place}`).toBeLessThan(
        0.02 * Math.max(1, Math.abs(expected)),
      );
    }
  }
});

test("a gradient leaves nothing behind but itself, and its inputs usable", async () => {
  await tf.setBackend("wasm");
  const images = tf.randomNormal([2, 6, 6, 1], 0, 1, "float32", 4) as tf.Tensor4D;
  const kernel = tf.randomNormal([3, 3, 1, 2], 0, 1, "float32", 5) as tf.Tensor4D;
  const rows = tf.randomNormal([4, 3], 0, 1, "float32", 6);
  const indices = tf.tensor1d([0, 2, 2], "int32");
  const gradients = () => {
    const byKernel = tf.grad((weights) =>
      tf
        .conv2d(images, weights as tf.Tensor4D, 1, "same")
        .square()
        .sum(),
    )(kernel);
    return [byKernel, tf.grad((table) => tf.gather(table, indices).square().sum())(rows)];
  };
  const before = tf.memory();
  tf.dispose(gradients());
  const again = gradients();
  expect((await again[0]!.data()).every(Number.isFinite)).toBe(true);
  tf.dispose(again);
  const { numTensors, numDataBuffers } = tf.memory();
  expect([numTensors, numDataBuffers]).toEqual([before.numTensors, before.numDataBuffers]);
});
