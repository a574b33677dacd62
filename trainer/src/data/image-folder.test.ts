import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import sharp from "sharp";
import { afterAll, expect, test } from "vitest";
import { encodePicture } from "../client/images.ts";
import { idxOf } from "../test/test-images.ts";
import { startTrainer } from "../test/test-program.ts";
import { readDataSet } from "./sets.ts";
import { splitSamples } from "./split.ts";

const root = mkdtempSync(path.join(tmpdir(), "holdout-folders-"));
afterAll(() => rmSync(root, { recursive: true, force: true }));
let grey = 0;

/** Writes files: images of a grey that no other has where the ending is one of an image, else some text. */
function write(set: string, ...files: string[]): string {
  for (const file of files) {
    const place = path.join(root, set, file);
    mkdirSync(path.dirname(place), { recursive: true });
    const pixels = new Uint8Array(9).fill(grey++);
    writeFileSync(place, /\.png$/i.test(file) ? encodePicture({ height: 3, width: 3, channels: 1, pixels }) : "text");
  }
  return path.join(root, set);
}

test("what tools leave behind is no class and no sample", async () => {
  const folder = write(
    "leftovers",
    ...["cat/1.png", "cat/2.png", "dog/1.png", "dog/._1.png", "dog/.DS_Store"],
    ...[".ipynb_checkpoints/1-checkpoint.png", "__MACOSX/cat/._1.png", "cat/.ipynb_checkpoints/1-checkpoint.png"],
  );
  const set = await readDataSet(folder);
  expect(set).toMatchObject({ classes: ["cat", "dog"], remarks: [] });
  expect(set.train.keys).toEqual(["cat/1.png", "cat/2.png", "dog/1.png"]);
});

test("what isn't read is counted by its ending, and a folder without images is named and no class", async () => {
  const folder = write(
    "aside",
    ...["cat/1.PNG", "dog/1.png", "cat/1.bmp", "cat/2.bmp", "dog/1.ppm", "README", "loose.png"],
  );
  mkdirSync(path.join(folder, "bird"));
  const { classes, train, remarks } = await readDataSet(folder);
  expect([classes, train.keys]).toEqual([
    ["cat", "dog"],
    ["cat/1.PNG", "dog/1.png"],
  ]);
  expect(remarks).toEqual([
    "1 folder has no image and is no class: bird",
    "1 image is in no folder of a class and not read: 1 .png",
    expect.stringMatching(/^4 files are not read: 2 \.bmp, 1 \.ppm, 1 without an ending \(\.png, /),
  ]);
});

test.each([
  ["train", "val", "test"],
  ["Train", "valid", "Test"],
  ["training", "validation", "testing"],
])("folders %s, %s and %s are the splits of the set's maker", async (...names) => {
  const folder = write(
    names.join("-"),
    ...names.flatMap((name) => [1, 2, 3, 4].map((at) => `${name}/c${at % 2}/${at}.png`)),
  );
  const set = await readDataSet(folder);
  expect([set.train.count, set.test.count]).toEqual([8, 4]);
  const { samples } = splitSamples(set, { seed: 1, subset: null, testSubset: null, validationFraction: 0.5 });
  const [train, validation, test] = ["train", "validation", "test"].map((split) =>
    samples.filter((sample) => sample.split === split).map(({ key }) => key.split("/")[0]),
  );
  expect([train, validation, test]).toEqual(names.map((name) => [name, name, name, name]));
});

test("train and validation alone, or train alone, leave the others to be cut", async () => {
  const some = (name: string) => Array.from({ length: 20 }, (_, at) => `${name}/c${at % 2}/${at}.png`);
  const options = { seed: 1, subset: null, testSubset: null, validationFraction: 0.2, testFraction: 0.2 };
  const countsOf = async (folder: string) => {
    const { samples } = splitSamples(await readDataSet(folder), options);
    return ["train", "validation", "test"].map((split) => samples.filter((sample) => sample.split === split).length);
  };
  expect(await countsOf(write("two", ...some("train"), ...some("val")))).toEqual([12, 20, 8]);
  expect(await countsOf(write("alone", ...some("train")))).toEqual([12, 4, 4]);
});

test("test images without classes are counted, and a class may be called train", async () => {
  const flat = await readDataSet(write("flat", "train/cat/1.png", "train/dog/1.png", "test/1.png", "test/2.png"));
  expect([flat.train.count, flat.test.count]).toEqual([2, 0]);
  expect(flat.remarks).toEqual(["2 images are in no folder of a class and not read: 2 .png"]);
  expect((await readDataSet(write("vehicles", "train/1.png", "bus/1.png"))).classes).toEqual(["bus", "train"]);
});

test("a class that test alone has is said", async () => {
  const folder = write("late", "train/cat/1.png", "train/dog/1.png", "test/cat/1.png", "test/owl/1.png");
  expect(await readDataSet(folder)).toMatchObject({
    classes: ["cat", "dog", "owl"],
    remarks: ["only test has images of owl"],
  });
});

test.each([
  [
    "nested",
    ["cat/1.png", "dog/1.png", "dog/sub/2.png", "dog/sub/3.png"],
    /dog\/sub\/2\.png lies in a folder below its class, and 2 images do in dog; images lie in/,
  ],
  [
    "wrapped",
    ["flowers/rose/1.png", "flowers/lily/1.png"],
    /flowers\/lily\/1\.png lies in a folder below its class.*name the folder above the classes with --data/,
  ],
  [
    "twice",
    ["train/a/1.png", "val/a/1.png", "validation/a/1.png"],
    /the folders train, val, validation, two of them of validation; one of each split is right/,
  ],
  ["untrained", ["val/a/1.png", "test/a/1.png"], /has the folders test, val; train beside them is right/],
  [
    "bitmaps",
    ["cat/1.bmp", "dog/1.bmp"],
    /has 0 folders of images, 0 to train on.*2 folders have no image and are no class: cat, dog; 2 files are not read: 2 \.bmp/,
  ],
  ["single", ["cat/1.png", "cat/2.png"], /has 1 folder of images \(cat\), 2 to train on/],
])("a folder that can't be meant so is refused by what is in it: %s", async (name, files, message) => {
  await expect(readDataSet(write(name, ...files))).rejects.toThrow(message);
});

test.each([
  ["grey", "grey16", 1],
  ["coloured", "rgb16", 3],
] as const)("a %s image of 16 bits is refused by name, with a way out", async (name, space, channels) => {
  const folder = write(name, "a/1.png", "b/1.png");
  const pixels = Uint16Array.from({ length: 9 * channels }, (_, at) => 2747 + at);
  await sharp(pixels, { raw: { width: 3, height: 3, channels } })
    .toColourspace(space)
    .png()
    .toFile(path.join(folder, "b", "2.png"));
  await expect(readDataSet(folder)).rejects.toThrow(/b\/2\.png has 16 bits a channel; 8 are right: scale the values/);
});

test("a folder that is called as a file of MNIST is none, and the file may lie in it", async () => {
  const folder = path.join(root, "kaggle");
  for (const [part, labels] of [
    ["train", [0, 1]],
    ["t10k", [1]],
  ] as const) {
    mkdirSync(path.join(folder, `${part}-images-idx3-ubyte`), { recursive: true });
    mkdirSync(path.join(folder, `${part}-labels-idx1-ubyte`));
    const images = idxOf(
      [labels.length, 1, 1],
      labels.map((label) => label * 9),
    );
    writeFileSync(path.join(folder, `${part}-images-idx3-ubyte`, `${part}-images-idx3-ubyte`), images);
    writeFileSync(path.join(folder, `${part}-labels.idx1-ubyte`), idxOf([labels.length], labels));
  }
  expect(await readDataSet(folder)).toMatchObject({ classes: ["0", "1"], train: { count: 2 }, test: { count: 1 } });
});

test("the command line says what reading left aside", async () => {
  const folder = write("said", "cat/1.png", "dog/1.png", "dog/1.bmp");
  const { said, ended } = startTrainer(["train", "--offline", "--data", folder, "--testFraction", "0"], {
    cwd: root,
    url: "http://127.0.0.1:9",
    spoolDir: path.join(root, "spool"),
  });
  await ended;
  expect(said()).toContain("said: 1 file is not read: 1 .bmp");
});

test("images that are transparent in places are counted, and those whose alpha channel hides nothing are not", async () => {
  const folder = path.join(root, "transparent");
  const alphas = { "icon/1.png": 0, "icon/2.png": 1, "photo/1.png": 1, "photo/2.png": 0.5 };
  for (const [name, alpha] of Object.entries(alphas)) {
    const place = path.join(folder, name);
    mkdirSync(path.dirname(place), { recursive: true });
    const background = { r: grey++, g: 9, b: 9, alpha };
    await sharp({ create: { width: 3, height: 3, channels: 4, background } })
      .png()
      .toFile(place);
  }
  const { remarks } = await readDataSet(folder);
  expect(remarks).toEqual([expect.stringMatching(/^2 of 4 images are transparent in places, and read on black/)]);
});
