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
