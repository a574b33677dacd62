import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { gzipSync } from "node:zlib";
import fc from "fast-check";
import { afterAll, expect, test } from "vitest";
import { idxOf } from "../test/test-images.ts";
import { contentHash, type DataSet, keysOf, type Part } from "./data.ts";
import { parseIdx } from "./idx.ts";
import { readDataSet } from "./sets.ts";
import { splitSamples } from "./split.ts";

const folder = mkdtempSync(path.join(tmpdir(), "holdout-idx-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test.each([
  ["a text file", Buffer.from("hello world"), "begins with 68 65 6c 6c"],
  ["an empty file", Buffer.alloc(0), "begins with nothing"],
  ["floats", Buffer.from([0, 0, 0x0d, 1, 0, 0, 0, 0]), "type 0xd; 0x08"],
  ["seven dimensions", Buffer.from([0, 0, 8, 7]), "7 dimensions"],
  ["half a header", Buffer.from([0, 0, 8, 3, 0, 0]), "ends within its header"],
  ["a value too few", Buffer.from([0, 0, 8, 1, 0, 0, 0, 3, 1, 2]), "has 2 values; its shape [3] needs 3"],
])("an IDX file that is %s is refused with what came and what is right", (_, bytes, message) => {
  expect(() => parseIdx(bytes, "labels")).toThrow(message);
});

test("files are read with either name, gzipped or not", async () => {
  writeFileSync(path.join(folder, "train-images.idx3-ubyte"), idxOf([2, 2, 1], [1, 2, 3, 4]));
  writeFileSync(path.join(folder, "train-labels-idx1-ubyte.gz"), gzipSync(idxOf([2], [0, 1])));
  writeFileSync(path.join(folder, "t10k-images-idx3-ubyte"), gzipSync(idxOf([1, 2, 1], [9, 9])));
  await expect(readDataSet(folder)).rejects.toThrow("has no file t10k-labels-idx1-ubyte");
  writeFileSync(path.join(folder, "t10k-labels-idx1-ubyte"), gzipSync(idxOf([1], [2])).subarray(0, 12));
  await expect(readDataSet(folder)).rejects.toThrow("t10k-labels-idx1-ubyte is gzipped, and broken");
  writeFileSync(path.join(folder, "t10k-labels-idx1-ubyte"), idxOf([1], [2]));
  const set = await readDataSet(folder);
  const parts = { train: { count: 2, keys: ["train/0", "train/1"] }, test: { count: 1 } };
  expect(set).toMatchObject({ task: "classification", classes: ["0", "1", "2"], inputShape: [2, 1, 1], ...parts });
  expect([...set.train.inputs]).toEqual([1, 2, 3, 4]);
});

test("MNIST is there, whole", async () => {
  const set = await readDataSet(null);
  expect([set.train.count, set.test.count, set.inputShape, set.classes.length]).toEqual([
    60_000,
    10_000,
    [28, 28, 1],
    10,
  ]);
});

const partOf = (images: [pixel: number, label: number][], name = "train"): Part => ({
  count: images.length,
  keys: keysOf(name, images.length),
  inputs: Uint8Array.from(images, ([pixel]) => pixel),
  targets: Uint8Array.from(images, ([, label]) => label),
});
const dots = (train: [number, number][], test: [number, number][] = []): DataSet => ({
  name: "dots",
  task: "classification",
  inputShape: [1, 1, 1],
  classes: ["a", "b", "c", "d"],
  train: partOf(train),
  test: partOf(test, "test"),
});
const image = fc.tuple(fc.nat({ max: 255 }), fc.nat({ max: 3 }));
const setArbitrary: fc.Arbitrary<DataSet> = fc
  .tuple(fc.array(image, { minLength: 4, maxLength: 80 }), fc.array(image, { maxLength: 10 }))
  .map(([train, test]) => dots(train, test));
const options = { seed: 3, subset: null, testSubset: null, validationFraction: 0.25 };

/** Null where so little is left that a split would be empty. */
function splitOrRefusal(set: DataSet) {
  try {
    return splitSamples(set, options);
  } catch (error) {
    expect((error as Error).message).toMatch(/none is left for (train|validation)/);
    return null;
  }
}

test("no content stands in two splits, and official test images stay test", () => {
  fc.assert(
    fc.property(setArbitrary, (set) => {
      const split = splitOrRefusal(set);
      if (split === null) return;
      const { samples, leftOut } = split;
      const splitOf = new Map<string, string>();
      for (const { contentHash: hash, split } of samples) {
        expect(splitOf.get(hash) ?? split).toBe(split);
        splitOf.set(hash, split);
      }
      expect(samples.length + leftOut).toBe(set.train.count + set.test.count);
      for (const { part, split } of samples) expect(part === "test").toBe(split === "test");
    }),
    { seed: 5 },
  );
});

test("the split follows from content and seed: the order of the images changes nothing", () => {
  const trained = (set: DataSet) =>
    splitSamples(set, options)
      .samples.filter((sample) => sample.split === "validation")
      .map((sample) => sample.contentHash)
      .sort();
  const images = Array.from({ length: 60 }, (_, index): [number, number] => [index, index % 4]);
  expect(trained(dots(images))).toEqual(trained(dots(images.toReversed())));
  expect(trained(dots(images))).toHaveLength(16); // each class of 15 has 4, the nearest to a quarter
});

test("an official test image is kept out of training, whether the manifest tests on it or not", () => {
  const set = dots(
    [7, 1, 2, 3, 7, 4].map((pixel) => [pixel, 0]),
    [[7, 0]],
  );
  const { samples, leftOut } = splitSamples(set, { ...options, testSubset: 0 });
  expect(samples.map(({ key }) => key)).toEqual(["train/1", "train/2", "train/3", "train/5"]);
  expect(leftOut).toBe(2);
});

test.each([
  ["validation", [1, 2, 3], 0.1],
  ["train", [5, 5, 5], 0.7],
] as const)("a split that would leave nothing for %s is refused", (split, pixels, validationFraction) => {
  const set = dots(pixels.map((pixel) => [pixel, 0]));
  expect(() => splitSamples(set, { ...options, validationFraction })).toThrow(`none is left for ${split}`);
});

test("of a part of the images each class has its share, within one", () => {
  fc.assert(
    fc.property(
      fc.array(fc.integer({ min: 3, max: 40 }), { minLength: 1, maxLength: 4 }),
      fc.double({ min: 0.5, max: 1, noNaN: true }),
      (counts, share) => {
        const images = counts.flatMap((count, label) => Array.from({ length: count }, () => label));
        const subset = Math.max(2, Math.floor(images.length * share));
        const set = dots(images.map((label, at): [number, number] => [at, label]));
        const { samples } = splitSamples(set, { ...options, subset, validationFraction: 0.5 });
        expect(samples).toHaveLength(subset);
        for (const [label, count] of counts.entries()) {
          const used = samples.filter((sample) => sample.label === set.classes[label]).length;
          expect(Math.abs(used - (count * subset) / images.length)).toBeLessThan(1);
        }
      },
    ),
    { seed: 9 },
  );
});

test("an image's content hash is SHA-256 of its shape and its pixels", () => {
  // printf 'image 1 1 1 uint8\n\x07' | sha256sum
  const set = dots([[7, 0]]);
  expect(contentHash(set, set.train, 0)).toBe("4db1f6f4c48d4c38737778de6721573fd7e9d48973279a5fd55a24cccd495c0b");
});
