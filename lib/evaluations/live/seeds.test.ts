import { expect, test } from "vitest";
import { outperforms, type Seeds } from "./seeds.ts";

const seedsOf = (values: number[]): Seeds => ({
  runs: values.map((value, seed) => ({ run: `run ${seed}`, name: `run ${seed}`, seed, value })),
  mean: 0,
  sd: 0,
  low: 0,
  high: 0,
});

test("a recipe beats another in so many pairs of seeds, the lower value where lower is better, ties by half", () => {
  const [ours, theirs] = [seedsOf([0.9, 0.8, 0.7]), seedsOf([0.85, 0.7])];
  // of .9 both, of .8 one, of .7 none and a tie
  expect(outperforms(ours, theirs, "accuracy")).toBeCloseTo(3.5 / 6, 12);
  expect(outperforms(ours, theirs, "log-loss")).toBeCloseTo(2.5 / 6, 12);
  expect(outperforms(ours, null, "accuracy")).toBeNull();
});
