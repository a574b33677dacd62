import * as tf from "@tensorflow/tfjs";
import "@tensorflow/tfjs-backend-wasm";
import { beforeAll, expect, test } from "vitest";
import { seededRandom } from "../data/random.ts";
import { lossValue } from "../model/task.ts";
import { registerKernels } from "./wasm-kernels.ts";

const COUNT = 10_000_000;
/** All above zero, so that a sum that runs in float32 loses digits at each step. */
const values = Float32Array.from({ length: COUNT }, (_, at) => 2.3 + ((at * 2_654_435_761) % 1000) / 10_000);
let numbers: tf.Tensor1D;

beforeAll(async () => {
  registerKernels(tf);
  await tf.setBackend("wasm");
  numbers = tf.tensor1d(values);
});

const sumOf = (some: Iterable<number>, of = (value: number) => value): number => {
  let sum = 0;
  for (const value of some) sum += of(value);
  return sum;
};
const every = (step: number, from: number, to: number) => values.subarray(from, to).filter((_, at) => at % step === 0);
const mean = sumOf(values) / COUNT;

/** One number of a result, which is to be within float32's own precision of what float64 says. */
async function expectOf(result: () => tf.Tensor, right: number, at = 0): Promise<void> {
  const tensor = tf.tidy(result);
  const found = (await tensor.data()).at(at)!;
  tensor.dispose();
  expect(Math.abs(found / right - 1), `${found} where ${right} is right`).toBeLessThan(1e-6);
}

test.each<[string, () => tf.Tensor, () => number]>([
  ["a sum", () => tf.sum(numbers), () => sumOf(values)],
  ["a mean", () => tf.mean(numbers), () => mean],
  ["a mean of whole numbers", () => tf.mean(tf.ones([COUNT], "int32").mul(3)), () => 3],
  ["a variance", () => tf.moments(numbers).variance, () => sumOf(values, (value) => (value - mean) ** 2) / COUNT],
  ["a norm", () => tf.norm(numbers), () => Math.sqrt(sumOf(values, (value) => value ** 2))],
  ["the logarithm of a sum of exponentials", () => tf.logSumExp(numbers), () => Math.log(sumOf(values, Math.exp))],
  ["shares of a softmax, all together,", () => tf.sum(tf.softmax(numbers)), () => 1],
  ["a sum over the last axis", () => tf.sum(numbers.reshape([10, -1]), 1), () => sumOf(values.subarray(0, COUNT / 10))],
  ["a sum over the first axis", () => tf.sum(numbers.reshape([-1, 16]), 0), () => sumOf(every(16, 0, COUNT))],
  ["a sum over the axis between", () => tf.sum(numbers.reshape([2, -1, 20]), 1), () => sumOf(every(20, 0, COUNT / 2))],
  [
    "a sum over the outer axes",
    () => tf.sum(numbers.reshape([-1, 2, 20]), [0, 2]),
    () => sumOf(values.filter((_, at) => at % 40 < 20)),
  ],
  ["a mean of an image", () => tf.mean(numbers.reshape([1, 2500, 4000, 1]), [1, 2]), () => mean],
  [
    "a pooled mean of an image",
    () => tf.avgPool(numbers.reshape([1, 2500, 4000, 1]) as tf.Tensor4D, [2500, 4000], 1, "valid"),
    () => mean,
  ],
  [
    "a sum of segments",
    () => tf.unsortedSegmentSum(numbers, tf.zeros([COUNT], "int32") as tf.Tensor1D, 1),
    () => sumOf(values),
  ],
])("%s of ten million numbers on WebAssembly is float64's", (_, result, right) => expectOf(result, right()));

test("products, and sums and products that run along ten million numbers, are float64's", async () => {
  const near = values.map((value, at) => 1 + (at % 2 ? value - 2.3 : 2.3 - value) * 1e-3 + 1e-7);
  const factors = tf.tensor1d(near);
  let product = 1;
  for (const value of near) product *= value;
  await expectOf(() => tf.prod(factors), product);
  await expectOf(() => tf.cumprod(factors), product, -1);
  await expectOf(() => tf.cumsum(numbers), sumOf(values), -1);
  await expectOf(() => tf.cumsum(numbers, 0, true, true), sumOf(values.subarray(1)), 0);
  factors.dispose();
});

test("the gradient of a convolution's filter adds up a large batch as float64 does", async () => {
  const shape: [number, number, number, number] = [256, 48, 48, 1];
  const pixels = 256 * 48 * 48;
  const images = numbers.slice(0, pixels).reshape(shape) as tf.Tensor4D;
  const filter = tf.ones([1, 1, 1, 2]) as tf.Tensor4D;
  const gradient = () => tf.grad((kernel) => tf.conv2d(images, kernel as tf.Tensor4D, 1, "same").sum())(filter);
  const tensor = gradient();
  const right = sumOf(values.subarray(0, pixels));
  expect(Math.abs((await tensor.data())[0]! / right - 1)).toBeLessThan(1e-5);
  tf.dispose([images, filter, tensor]);
});

test("the mean of images that are 2.3 everywhere is 2.3, however many there are", async () => {
  for (const images of [1, 16, 256]) await expectOf(() => tf.mean(tf.fill([images, 48, 48], 2.3)), Math.fround(2.3));
});

test("the loss of a batch of scenes is that of float64", async () => {
  const [pixels, classes] = [256 * 48 * 48, 11];
  const random = seededRandom("scenes");
  const logits = Float32Array.from({ length: pixels * classes }, () => random() * 2 - 1);
  const truths = Int32Array.from({ length: pixels }, (_, at) => at % classes);
  let right = 0;
  for (let pixel = 0; pixel < pixels; pixel++) {
    const row = logits.subarray(pixel * classes, (pixel + 1) * classes);
    right += Math.log(sumOf(row, Math.exp)) - row[truths[pixel]!]!;
  }
  await expectOf(() => {
    const targets = tf.oneHot(tf.tensor(truths, [256, 48, 48], "int32"), classes).toFloat();
    return lossValue(tf, "cross_entropy", targets, tf.tensor(logits, [256, 48, 48, classes]));
  }, right / pixels);
});

test.each<[number[], number | number[]]>([
  [[4, 6], [1]],
  [
    [2, 3, 4],
    [0, 2],
  ],
  [[2, 3, 4, 5], [1]],
  [
    [2, 3, 4, 5],
    [0, 1, 3],
  ],
  [
    [2, 3, 4, 5],
    [0, 2],
  ],
  [[5], []],
  [[7], 0],
])("a product of %o over %o is that of the plain backend", async (shape, axis) => {
  const product = async (backend: string) => {
    await tf.setBackend(backend);
    const y = tf.tidy(() => tf.prod(tf.randomUniform(shape, 0.5, 2, "float32", 1), axis, true));
    return { shape: y.shape, values: [...(await y.data())].map((value) => Number(value.toPrecision(6))) };
  };
  const [wasm, cpu] = [await product("wasm"), await product("cpu")];
  await tf.setBackend("wasm");
  expect(wasm).toEqual(cpu);
});

test.each([
  { shape: [3, 4, 2], axis: 1 },
  { shape: [3, 4], axis: 0 },
  { shape: [5], axis: 0 },
])("sums that run along $axis of $shape are those of the plain backend", async ({ shape, axis }) => {
  for (const exclusive of [true, false])
    for (const reverse of [true, false]) {
      const running = async (backend: string) => {
        await tf.setBackend(backend);
        const y = tf.cumsum(
          tf
            .range(
              0,
              shape.reduce((a, b) => a * b),
            )
            .reshape(shape),
          axis,
          exclusive,
          reverse,
        );
        return [...(await y.data())];
      };
      expect(await running("wasm")).toEqual(await running("cpu"));
    }
  await tf.setBackend("wasm");
});
