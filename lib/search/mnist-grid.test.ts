/** Searches over what real trainings came to (bench/processes/record-mnist-grid.ts): the share of images told wrong. */
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { quantileOf } from "../statistics/moments.ts";
import { ask, type SearchMethod } from "./ask.ts";
import type { Trial } from "./history.ts";
import { type Assignment, coordinateOf, type Parameter, type Space } from "./space.ts";

type Axis = "learningRate" | "momentum" | "batchSize" | "units";
const { axes, errors } = JSON.parse(readFileSync(new URL("mnist-grid.json", import.meta.url), "utf8")) as {
  axes: Record<Axis, number[]>;
  errors: number[];
};
const names = Object.keys(axes) as Axis[];

const space: Space = [
  { name: "learningRate", kind: "float", low: 1e-4, high: axes.learningRate.at(-1)!, scale: "log" },
  { name: "momentum", kind: "categorical", choices: axes.momentum },
  { name: "batchSize", kind: "integer", low: 8, high: 64, scale: "log" },
  { name: "units", kind: "integer", low: 16, high: 64, scale: "log" },
];

/** Of the training nearest to the values, on each axis. */
function errorAt(values: Assignment): number {
  const at = names.reduce((row, name, axis) => {
    const distance = (value: number) =>
      Math.abs(coordinateOf(space[axis] as Parameter, value) - coordinateOf(space[axis] as Parameter, values[name]!));
    const nearest = axes[name].reduce(
      (best, value, index, all) => (distance(value) < distance(all[best]!) ? index : best),
      0,
    );
    return row * axes[name].length + nearest;
  }, 0);
  return errors[at]!;
}

/** The best of so many trials, in the median over seeds. */
function medianBest(method: SearchMethod, { trials, seeds }: { trials: number; seeds: number }): number {
  const best = Float64Array.from({ length: seeds }, (_, seed) => {
    const history: Trial[] = [];
    for (let trial = 0; trial < trials; trial++) {
      const values = ask(space, history, { method, goal: "min", seed: seed + 1 })!;
      history.push({ values, outcome: errorAt(values) });
    }
    return Math.min(...history.map(({ outcome }) => outcome as number));
  });
  return quantileOf(best, 0.5);
}

const SEEDS = process.env.HOLDOUT_TEST_SLOW ? 20 : 4;

test("over real trainings the Gaussian process beats the estimator, in the median", () => {
  const few = { trials: 50, seeds: SEEDS };
  expect(medianBest("gaussian-process", few)).toBeLessThan(medianBest("tpe", few));
});

test("over real trainings the estimator beats quasi-random, and that random, in the median", () => {
  const few = { trials: 50, seeds: 20 };
  expect(medianBest("tpe", few)).toBeLessThan(medianBest("quasi-random", few));
  expect(medianBest("quasi-random", { trials: 50, seeds: 200 })).toBeLessThanOrEqual(
    medianBest("random", { trials: 50, seeds: 200 }),
  );
});
