import { expect, test } from "vitest";
import { isAlike, ratioTo } from "./aligned-row.ts";
import { alignConfigs, alignValues } from "./config-rows.ts";

test("configs stand side by side by prefix and key, each value once, and absent ones are told from null", () => {
  const rows = alignConfigs([
    { family: "cnn", optimizer: { name: "adam", learningRate: 0.1 }, note: null },
    { family: "cnn", optimizer: { name: "adam", learningRate: 0.01 } },
    { family: "cnn", optimizer: { name: "sgd", learningRate: 0.1 }, crop: [28, 28] },
  ]);
  expect(rows.map(({ key, choices, at }) => [key, choices, at])).toEqual([
    ["crop", ["[28, 28]"], [-1, -1, 0]],
    ["family", ["cnn"], [0, 0, 0]],
    ["note", [null], [0, -1, -1]],
    ["optimizer.learningRate", [0.1, 0.01], [0, 1, 0]],
    ["optimizer.name", ["adam", "sgd"], [0, 0, 1]],
  ]);
  expect(rows.map(({ prefix }) => prefix)).toEqual(["", "", "", "optimizer", "optimizer"]);
  expect(rows.filter((row) => !isAlike(row)).map(({ key }) => key)).not.toContain("family");
});

test.each([
  ["a number and its text", [1, "1"], false],
  ["true and its text", [true, "true"], false],
  ["the same number", [0.5, 0.5], true],
  ["zero and minus zero", [0, -0], true],
  ["nothing at all", [undefined, undefined], true],
  ["nothing and null", [undefined, null], false],
  ["one run", ["x"], true],
  ["no run", [], true],
])("whether a row differs: %s", (_, values, alike) => {
  expect(isAlike(alignValues("k", values))).toBe(alike);
});

test("no configs, and a key named as what every object has, are no trouble", () => {
  expect(alignConfigs([])).toEqual([]);
  expect(alignConfigs([{ constructor: 1 }, {}]).map(({ at }) => at)).toEqual([[0, -1]]);
});

test.each([
  [2, 1, 2],
  [0.001, 0.01, 0.1],
  [-2, -1, 2],
  [1, 1, null],
  [1, 0, null],
  [0, 1, null],
  [-1, 1, null],
  ["2", 1, null],
  [undefined, 1, null],
  [1e308, 1e-308, null],
] as const)("%s is so many times %s: %s", (value, baseline, ratio) => {
  expect(ratioTo(value, baseline)).toEqual(ratio === null ? null : expect.closeTo(ratio, 12));
});
