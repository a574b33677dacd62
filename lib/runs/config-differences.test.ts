import { expect, test } from "vitest";
import type { Config } from "../wire/base/config.ts";
import { groupRows, isDifferent, pairConfigs } from "./config-differences.ts";

const own: Config = {
  family: "cnn",
  optimizer: { name: "adam", schedule: { warmup: 5 } },
  seeds: [1, 2],
  momentum: null,
};
const other: Config = { family: "cnn", optimizer: { name: "sgd", learningRate: 0.1 }, seeds: [1, 3], momentum: null };

test("keys that either config has stand beside each other, and differ where one lacks them", () => {
  const differing = pairConfigs(own, other).filter(isDifferent);
  expect(Object.fromEntries(differing.map(({ key, own, other }) => [key, [own, other]]))).toEqual({
    "optimizer.name": ["adam", "sgd"],
    "optimizer.learningRate": [undefined, 0.1],
    "optimizer.schedule.warmup": [5, undefined],
    seeds: ["[1, 2]", "[1, 3]"],
  });
});

test("a number and its text differ; keys that an object inherits are no keys of a config", () => {
  expect(pairConfigs({ a: 1 }, { a: "1" }).every(isDifferent)).toBe(true);
  expect(pairConfigs({ toString: 1 }, {})).toEqual([{ key: "toString", own: 1, other: undefined }]);
});

test("rows are grouped by what stands before their last dot, those without one first", () => {
  const groups = groupRows(pairConfigs(own, other));
  expect(groups.map(({ prefix, rows }) => [prefix, rows.map(({ key }) => key)])).toEqual([
    ["", ["family", "momentum", "seeds"]],
    ["optimizer", ["optimizer.learningRate", "optimizer.name"]],
    ["optimizer.schedule", ["optimizer.schedule.warmup"]],
  ]);
});
