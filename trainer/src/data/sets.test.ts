import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import sharp from "sharp";
import { afterAll, expect, test } from "vitest";
import { encodePicture, gridOf } from "../client/images.ts";
import { contentHash, labelAt } from "./data.ts";
import { readDataSet } from "./sets.ts";
import { splitSamples } from "./split.ts";

const root = mkdtempSync(path.join(tmpdir(), "holdout-sets-"));
afterAll(() => rmSync(root, { recursive: true, force: true }));

/** Writes an image of one grey under a folder of its class; returns its path. */
function writeGrey(folder: string, name: string, grey: number, size = 3): string {
  const place = path.join(root, folder, name);
  mkdirSync(path.dirname(place), { recursive: true });
  const pixels = new Uint8Array(size * size).fill(grey);
  writeFileSync(place, encodePicture({ height: size, width: size, channels: 1, pixels }));
  return place;
}

test("a folder of images is a set: classes are its folders, keys the paths, pixels as they were written", async () => {
  for (const [name, grey] of [
    ["cat/1.png", 10],
    ["cat/2.png", 20],
    ["dog/1.png", 200],
  ] as const)
    writeGrey("pets", name, grey);
  writeFileSync(path.join(root, "pets", "cat", "notes.txt"), "no image");
  const set = await readDataSet(path.join(root, "pets"));
  expect(set).toMatchObject({ name: "pets", task: "classification", inputShape: [3, 3, 1], classes: ["cat", "dog"] });
  expect(set.train.keys).toEqual(["cat/1.png", "cat/2.png", "dog/1.png"]);
  expect([...set.train.targets]).toEqual([0, 0, 1]);
  expect([...set.train.inputs.filter((_, at) => at % 9 === 0)]).toEqual([10, 20, 200]);
  expect(set.test.count).toBe(0);
});

test("train and test folders are the official parts, and colours and JPEG are read", async () => {
  for (const [part, file, level] of [
    ["train", "1.jpg", 0],
    ["train", "2.jpg", 64],
    ["test", "1.jpg", 128],
  ] as const)
    for (const [name, channel] of [
      ["red", 0],
      ["blue", 2],
    ] as const) {
      const folder = path.join(root, "signs", part, name);
      mkdirSync(folder, { recursive: true });
      const pixels = new Uint8Array(8 * 8 * 3).map((_, at) => (at % 3 === channel ? 255 : level));
      await sharp(pixels, { raw: { width: 8, height: 8, channels: 3 } })
        .jpeg({ quality: 100 })
        .toFile(path.join(folder, file));
    }
  const set = await readDataSet(path.join(root, "signs"));
  expect([set.inputShape, set.classes]).toEqual([
    [8, 8, 3],
    ["blue", "red"],
  ]);
  expect([set.train.keys, set.test.keys]).toEqual([
    ["train/blue/1.jpg", "train/blue/2.jpg", "train/red/1.jpg", "train/red/2.jpg"],
    ["test/blue/1.jpg", "test/red/1.jpg"],
  ]);
  expect(set.train.inputs[2]).toBeGreaterThan(240);
  const { samples } = splitSamples(set, { seed: 1, subset: null, testSubset: null, validationFraction: 0.5 });
  expect(samples.filter(({ split }) => split === "test").map(({ key }) => key)).toEqual(set.test.keys);
});

test("an image of another size, and a file that is none, are refused by their names", async () => {
  writeGrey("mixed", "a/1.png", 1);
  writeGrey("mixed", "b/2.png", 1, 4);
  await expect(readDataSet(path.join(root, "mixed"))).rejects.toThrow(/b\/2\.png is 4×4×1, the first image 3×3×1/);
  writeGrey("broken", "a/1.png", 1);
  mkdirSync(path.join(root, "broken", "b"));
  writeFileSync(path.join(root, "broken", "b", "1.png"), "no image");
  await expect(readDataSet(path.join(root, "broken"))).rejects.toThrow(/b\/1\.png is no image that can be read/);
  mkdirSync(path.join(root, "empty"));
  await expect(readDataSet(path.join(root, "empty"))).rejects.toThrow(
    /0 folders of images, .* four IDX files, are right/,
  );
});

function writeTable(name: string, text: string): string {
  const file = path.join(root, name);
  writeFileSync(file, text);
  return file;
}

test("a table of labels is classification, of targets regression; a column names samples, another their part", async () => {
  const labelled = await readDataSet(
    writeTable("flowers.csv", "id,petal,sepal,label,split\na,1.5,2,rose,train\nb,2.5,3,lily,train\nc,1,1,rose,test\n"),
  );
  expect(labelled).toMatchObject({ task: "classification", inputShape: [2], classes: ["lily", "rose"] });
  expect([labelled.train.keys, [...labelled.train.inputs], [...labelled.train.targets]]).toEqual([
    ["a", "b"],
    [1.5, 2, 2.5, 3],
    [1, 0],
  ]);
  expect(labelled.test.keys).toEqual(["c"]);
  const prices = await readDataSet(writeTable("prices.csv", "rooms,target\n3,1.5\n4,2.5\n"));
  expect(prices).toMatchObject({ task: "regression", inputShape: [1], classes: [] });
  expect([prices.train.keys, [...prices.train.targets]]).toEqual([
    ["row/2", "row/3"],
    [1.5, 2.5],
  ]);
  const asClasses = await readDataSet(path.join(root, "prices.csv"), { target: "rooms", task: "classification" });
  expect(asClasses.classes).toEqual(["3", "4"]);
});

test("what says who a row is of, when, and for what is no feature, and its validation samples aren't trained on", async () => {
  const rows = [
    "a,1,x,p 1,1767600000,train,",
    "b,2,y,p 1,2026-01-05T08:00:00,val,no",
    "c,3,x,,,test,0",
    "d,4,y,p 2,,,yes",
  ];
  const set = await readDataSet(writeTable("who.csv", `key,size,label,group,time,split,sealed\n${rows.join("\n")}\n`));
  expect([set.inputShape, set.train.keys, set.test.keys]).toEqual([[1], ["a", "b"], ["c", "d"]]);
  const nothing = { group: null, time: null, split: null, sealed: false, byteHash: null };
  expect(set.train.facts).toEqual([
    { ...nothing, group: "p 1", time: "2026-01-05T08:00:00.000Z", split: "train" },
    { ...nothing, group: "p 1", time: "2026-01-05T08:00:00.000Z", split: "validation" },
  ]);
  expect(set.test.facts).toEqual([
    { ...nothing, split: "test" },
    { ...nothing, group: "p 2", sealed: true },
  ]);
  const apart = rows.map((row, at) => row.replace("p 1", `p ${at}`));
  const given = await readDataSet(
    writeTable("given.csv", `key,size,label,group,time,split,sealed\n${apart.join("\n")}\n`),
  );
  const { samples } = splitSamples(given, { seed: 1, subset: null, testSubset: null, validationFraction: 0.25 });
  expect(Object.fromEntries(samples.map(({ key, split }) => [key, split]))).toEqual({
    a: "train",
    b: "validation",
    c: "test",
    d: "test",
  });
});

test("a number to be told is a label as it was written, up to a float's precision", async () => {
  const set = await readDataSet(writeTable("told.csv", "rooms,target\n3,0.1\n4,-250000.5\n5,1e-7\n6,16777216\n"));
  expect(set.train.keys.map((_, index) => labelAt(set, set.train, index))).toEqual([
    "0.1",
    "-250000.5",
    "1e-7",
    "16777216",
  ]);
});

test("JSON lines hold sequences", async () => {
  const set = await readDataSet(
    writeTable(
      "steps.jsonl",
      '{"inputs":[[1,2],[3,4],[5,6]],"label":"up"}\n{"inputs":[[6,5],[4,3],[2,1]],"label":"down"}\n',
    ),
  );
  expect([set.inputShape, set.classes, [...set.train.inputs]]).toEqual([
    [3, 2],
    ["down", "up"],
    [1, 2, 3, 4, 5, 6, 6, 5, 4, 3, 2, 1],
  ]);
});

test.each([
  ["words.csv", "size,label\nbig,a\n", /words\.csv, line 2: size is "big"; a number is right/],
  ["gap.csv", "size,label\n1,a\n,b\n", /gap\.csv, line 3: size is ""; a number is right/],
  ["untold.csv", "a,b\n1,2\n", /untold\.csv has the columns a, b; none is label or target, so say which with --target/],
  ["none.csv", "a,label\n", /none\.csv has no rows/],
  ["fold.csv", "a,label,split\n1,x,fold\n", /line 2: split is "fold"; train, validation, test, or nothing, is right/],
  [
    "noon.csv",
    "a,label,time\n1,x,noon\n",
    /line 2: time is "noon"; ISO 8601, such as .* or seconds since 1970 are right/,
  ],
  ["hush.csv", "a,label,sealed\n1,x,hush\n", /line 2: sealed is "hush"; true, t, yes, .* or nothing, is right/],
  [
    "ragged.jsonl",
    '{"inputs":[1,2],"label":"a"}\n{"inputs":[1],"label":"b"}\n',
    /line 2: inputs has 1 numbers; \[2\] is right/,
  ],
  ["cut.jsonl", '{"inputs":[1,2]', /cut\.jsonl: line 1 is not JSON/],
])("%s is refused by line and column", async (name, text, message) => {
  await expect(readDataSet(writeTable(name, text))).rejects.toThrow(message);
});

test("what is neither there nor of a kind that is known is said", async () => {
  await expect(readDataSet("no-such-set")).rejects.toThrow("data: no-such-set isn't there");
  await expect(readDataSet(writeTable("set.txt", ""))).rejects.toThrow(/is neither a folder nor a table \(\.csv/);
});

test("the sets that are made here are the same each time, and no test scene is one of training", async () => {
  for (const [name, hash] of [
    ["mnist-scenes", "3fac508266982821d544b5e6158a1af9866d5b0616aa3661e53cca4af5a2bff1"],
    ["waves", "6175df0cf729541364336af5105cbd45226e17278adb9b9f1793ebb8ea8c38a2"],
    ["curve", "92a763cb1211d26ec8c0e9d6401ac4d002d0283914e8ae8b66366f75d57043eb"],
  ] as const) {
    const set = await readDataSet(name);
    expect(contentHash(set, set.train, 17), name).toBe(hash);
    const trained = new Set(set.train.keys.map((_, index) => contentHash(set, set.train, index)));
    expect(trained.size).toBe(set.train.count);
    expect(set.test.keys.some((_, index) => trained.has(contentHash(set, set.test, index)))).toBe(false);
  }
});

test("a scene's mask says where its digits are: brighter than the ground, and two to four of them", async () => {
  const { train, classes } = await readDataSet("mnist-scenes");
  expect(classes).toEqual(["ground", "0", "1", "2", "3", "4", "5", "6", "7", "8", "9"]);
  for (const scene of [0, 1, 2]) {
    const place = [scene * 48 * 48, (scene + 1) * 48 * 48] as const;
    const [pixels, mask] = [train.inputs.subarray(...place), train.targets.subarray(...place)];
    const shown = new Set(mask);
    expect(shown.size).toBeGreaterThanOrEqual(2);
    expect(shown.size).toBeLessThanOrEqual(5);
    for (const [at, one] of mask.entries()) if (one > 0) expect(pixels[at]).toBeGreaterThanOrEqual(96);
  }
});

test("a grid puts pictures side by side, each stretched to its own range", () => {
  const { height, width, pixels } = gridOf([0, 1, 5, 9], [1, 2, 1], { columns: 2 });
  expect([height, width, [...pixels]]).toEqual([1, 5, [0, 255, 0, 0, 255]]);
});
