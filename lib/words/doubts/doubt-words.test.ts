import { expect, test } from "vitest";
import { doubtWords } from "./doubt-words.ts";

test.each([
  [1, 12, "Of 12 runs 1 says no seed"],
  [5, 12, "Of 12 runs 5 say no seed"],
  [12, 12, "All 12 runs say no seed"],
  [1, 1, "The one run says no seed"],
])("%i of %i runs without a seed are said so: %s", (count, of, words) => {
  const { seen } = doubtWords({ kind: "no-seed", tone: "warning", count, of, runs: [] });
  expect(seen).toBe(`${words}, neither by itself nor in its config.`);
});
