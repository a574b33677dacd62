import { expect, test } from "vitest";
import type { ComparedRun } from "@/lib/wire/comparison.ts";
import { dimensionsOf } from "./dimensions.ts";

const run = (config: ComparedRun["config"], given: Partial<ComparedRun> = {}) =>
  ({ config, seed: null, status: "finished", manifest: null, createdBy: "ada", ...given }) as ComparedRun;
const found = (runs: ComparedRun[]) => dimensionsOf(runs).map(({ words, values, of }) => [words, values, of]);

test("keys in which all are alike are none; numbers stand in their order, words in a natural one", () => {
  expect(
    found([
      run({ optimizer: { lr: 0.1, name: "adam" }, layers: "net10", same: [1, 2] }),
      run({ optimizer: { lr: 1e-3, name: "adam" }, layers: "net9", same: [1, 2] }),
    ]),
  ).toEqual([
    ["layers", ["net9", "net10"], [1, 0]],
    ["optimizer.lr", ["0.001", "0.1"], [1, 0]],
  ]);
});

test("a run without a key has no value, null is one, and a key of numbers and words has no order of numbers", () => {
  const [depth, width] = dimensionsOf([
    run({ width: 2, depth: 3 }),
    run({ width: "wide", depth: 20 }),
    run({ width: null }),
  ]);
  expect([depth!.values, depth!.of, depth!.isOrdered]).toEqual([["3", "20"], [0, 1, null], true]);
  expect([width!.values, width!.of, width!.isOrdered]).toEqual([["2", "null", "wide"], [0, 2, 1], false]);
});

test("what isn't config groups too where it differs: seeds, how runs ended, their manifests and makers", () => {
  const runs = [
    run({}, { seed: 1, status: "failed" }),
    run({}, { seed: 0, manifest: { name: "digits" } as ComparedRun["manifest"] }),
  ];
  expect(found(runs)).toEqual([
    ["seed of the run", ["0", "1"], [1, 0]],
    ["status", ["failed", "finished"], [0, 1]],
    ["manifest", ["digits"], [null, 0]],
  ]);
  expect(found([run({ lr: 1 })])).toEqual([]);
});
