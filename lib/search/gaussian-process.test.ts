/** The Gaussian process against scikit-learn's, and its expected improvement against mpmath (fixtures/record-process.py). */
import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { mean, standardDeviation } from "../statistics/moments.ts";
import { seededRandom } from "../statistics/resampling/random.ts";
import { logExpectedImprovement, logImprovement } from "./expected-improvement.ts";
import { fitProcess } from "./fit-process.ts";
import { conditionOn, type Hyperparameters, likelihoodSlopes, logLikelihood, predict } from "./gaussian-process.ts";

type Recorded = {
  choices: number[];
  points: number[][];
  values: number[];
  lengths: number[];
  signal: number;
  noise: number;
  asked: number[][];
  means: number[];
  variances: number[];
  logLikelihood: number;
  slopes: number[];
};
const recorded = JSON.parse(readFileSync(new URL("fixtures/process.json", import.meta.url), "utf8")) as {
  cases: Recorded[];
  logImprovement: [number, number][];
};

const expectNear = (found: number, right: number): void =>
  expect(Math.abs(found - right)).toBeLessThanOrEqual(1e-9 * Math.max(1, Math.abs(right)));

describe.each(recorded.cases)("a process of $lengths.length axes", (one) => {
  const { points, values, lengths, signal, noise } = one;
  const axes = lengths.map((_, axis) => ({ isChoice: one.choices.includes(axis) }));
  const process = conditionOn(axes, points, { values, kept: { lengths, signal, noise } });

  test("has scikit-learn's means and variances to 1e-9", () => {
    for (const [at, point] of one.asked.entries()) {
      const { mean, variance } = predict(process, point);
      expectNear(mean, one.means[at]!);
      expectNear(variance, one.variances[at]!);
    }
  });

  test("has its log marginal likelihood and the slopes of that to 1e-9", () => {
    expectNear(logLikelihood(process), one.logLikelihood);
    for (const [at, slope] of likelihoodSlopes(process).entries()) expectNear(slope, one.slopes[at]!);
  });
});

test.each(recorded.logImprovement)("the logarithm of the improvement at z = %f is mpmath's", (z, right) => {
  expect(Math.abs(logImprovement(z) - right)).toBeLessThanOrEqual(1e-8 + 4e-16 * Math.abs(right));
});

test("what is certain has the improvement itself, and none where it is behind", () => {
  expect(logExpectedImprovement({ mean: 1, variance: 0 }, 3)).toBeCloseTo(Math.log(2), 12);
  expect(logExpectedImprovement({ mean: 3, variance: 0 }, 3)).toBe(Number.NEGATIVE_INFINITY);
});

test("the hyperparameters that are fitted explain the values better than what they are drawn of, and find what matters", () => {
  const random = seededRandom(4);
  const points = Array.from({ length: 40 }, () => [random(), random(), random()]);
  const raw = points.map(([x, y]) => Math.sin(6 * x!) + 0.2 * y! + 0.05 * (random() - 0.5));
  const values = raw.map((one) => (one - mean(raw)) / standardDeviation(raw));
  const axes = [{ isChoice: false }, { isChoice: false }, { isChoice: false }];
  const kept = fitProcess(axes, points, values);
  const explained = (by: Hyperparameters) => logLikelihood(conditionOn(axes, points, { values, kept: by }));
  for (const lengths of [
    [0.3, 0.3, 0.3],
    [1, 1, 1],
    [0.3, 3, 10],
  ])
    expect(explained(kept)).toBeGreaterThan(explained({ lengths, signal: 1, noise: 1e-3 }));
  const [first, second, third] = kept.lengths;
  expect(first!).toBeLessThan(second!);
  expect(second!).toBeLessThanOrEqual(third!);
  expect(kept.noise).toBeGreaterThan(1e-6);
});

test("a matrix that can't be factorised is refused", () => {
  const kept = { lengths: [1], signal: 1, noise: 0 };
  expect(() => conditionOn([{ isChoice: false }], [[0.5], [0.5]], { values: [0, 1], kept })).toThrow(
    /singular at row 1/,
  );
});
