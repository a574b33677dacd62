import fc from "fast-check";
import { expect, test } from "vitest";
import { binomialProbability } from "../distributions/binomial.ts";
import type { Interval } from "../measured.ts";
import { bootstrapUnits } from "../resampling/bootstrap.ts";
import { bootstrapIntervals } from "./bootstrap.ts";
import { meanInterval } from "./mean.ts";
import { bonettPriceInterval, newcombeInterval } from "./paired-proportions.ts";
import { clopperPearsonInterval, wilsonInterval } from "./proportion.ts";

const seeded = { seed: 7 };
const trials = fc.integer({ min: 1, max: 500 }).chain((n) => fc.tuple(fc.integer({ min: 0, max: n }), fc.constant(n)));
const pairs = fc.tuple(fc.nat(60), fc.nat(20), fc.nat(20), fc.integer({ min: 1, max: 60 }));

test("an interval of a proportion holds it, stays in 0–1, and mirrors with successes and failures", () => {
  fc.assert(
    fc.property(trials, ([k, n]) => {
      for (const interval of [wilsonInterval, clopperPearsonInterval]) {
        const [low, high] = interval(k, n);
        expect(low).toBeGreaterThanOrEqual(0);
        expect(high).toBeLessThanOrEqual(1);
        expect(low).toBeLessThanOrEqual(k / n);
        expect(high).toBeGreaterThanOrEqual(k / n);
        const [otherLow, otherHigh] = interval(n - k, n);
        expect(otherLow).toBeCloseTo(1 - high, 12);
        expect(otherHigh).toBeCloseTo(1 - low, 12);
      }
    }),
    seeded,
  );
});

/** With which probability the interval of k of n holds p. */
function coverage(interval: (k: number, n: number) => Interval, n: number, p: number): number {
  let sum = 0;
  for (let k = 0; k <= n; k++) {
    const [low, high] = interval(k, n);
    if (low <= p && p <= high) sum += binomialProbability(k, n, p);
  }
  return sum;
}

test("Clopper and Pearson cover with at least 95 %, Wilson as computed elsewhere", () => {
  for (const [n, p] of [
    [30, 0.95],
    [100, 0.9],
    [40, 0.5],
  ] as const)
    expect(coverage(clopperPearsonInterval, n, p)).toBeGreaterThanOrEqual(0.95);
  expect(coverage(wilsonInterval, 30, 0.95)).toBeCloseTo(0.939, 3);
  expect(coverage(wilsonInterval, 1000, 0.99)).toBeCloseTo(0.964, 3);
});

test("the interval of a difference of accuracies turns round with the models, and is never of width 0", () => {
  fc.assert(
    fc.property(pairs, ([bothRight, onlyA, onlyB, bothWrong]) => {
      const counts = { bothRight, onlyA, onlyB, bothWrong };
      for (const interval of [newcombeInterval, bonettPriceInterval]) {
        const [low, high] = interval(counts);
        const [otherLow, otherHigh] = interval({ ...counts, onlyA: onlyB, onlyB: onlyA });
        expect(otherLow).toBeCloseTo(-high, 12);
        expect(otherHigh).toBeCloseTo(-low, 12);
        expect(high - low).toBeGreaterThan(0);
        expect(low).toBeGreaterThanOrEqual(-1);
        expect(high).toBeLessThanOrEqual(1);
      }
    }),
    seeded,
  );
  expect(() => newcombeInterval({ bothRight: 0, onlyA: 0, onlyB: 0, bothWrong: 0 })).toThrow("needs a sample");
});

test("undefined resamples are counted, and more than 5 % refuse BCa by their number", () => {
  const replicates = Float64Array.from({ length: 200 }, (_, at) => (at < 12 ? Number.NaN : at % 10));
  const jackknife = { values: [1, 2, 4] };
  const many = bootstrapIntervals({ estimate: 4.5, replicates, jackknife });
  expect(many).toMatchObject({ replicates: 200, undefinedReplicates: 12 });
  expect(many.bca).toEqual({ undefined: "many-resamples-undefined" });
  expect(many.percentile).toEqual([0, 9]);
  const few = bootstrapIntervals({ estimate: 4.5, replicates: replicates.slice(5), jackknife });
  expect(few.undefinedReplicates).toBe(7);
  expect(few.bca).toHaveLength(2);
});

test("BCa says why it is undefined", () => {
  const of = (values: number[], more: object = {}) =>
    bootstrapIntervals({ estimate: 1, replicates: Float64Array.from(values), ...more });
  const jackknife = { values: [1, 2, 4] };
  expect(of([1, 1, 1], { jackknife }).bca).toEqual({ undefined: "resamples-same" });
  expect(of([2, 3], { jackknife }).bca).toEqual({ undefined: "resamples-one-sided" });
  expect(of([0, 3]).bca).toEqual({ undefined: "no-jackknife" });
  expect(of([0, 3], { jackknife: { values: [5, 5] } }).bca).toEqual({ undefined: "unit-changes-nothing" });
  expect(of([0, 3], { jackknife: { values: [5, Number.NaN] } }).bca).toEqual({
    undefined: "undefined-without-unit",
  });
  expect(of([Number.NaN]).percentile).toEqual({ undefined: "every-resample-undefined" });
  expect(of([]).percentile).toEqual({ undefined: "no-replicate" });
});

test("a jackknife by cells, with counts, is one by units", () => {
  const data = [1, 1, 1, 2, 5, 5, 9];
  const sum = data.reduce((a, b) => a + b, 0);
  const without = (value: number) => (sum - value) / 6;
  const replicates = bootstrapUnits(7, { resamples: 999, seed: 1 }, (weights) =>
    weights.reduce((total, weight, at) => total + (weight * data[at]!) / 7, 0),
  );
  const estimate = sum / 7;
  const byUnit = bootstrapIntervals({ estimate, replicates, jackknife: { values: data.map(without) } });
  const byCell = bootstrapIntervals({
    estimate,
    replicates,
    jackknife: { values: [1, 2, 5, 9, 7].map(without), counts: [3, 1, 2, 1, 0] },
  });
  expect(byCell.acceleration).toBeCloseTo(byUnit.acceleration as number, 12);
  expect(byCell.percentile).toEqual(byUnit.percentile);
});

test("one seed has a mean and no interval", () => {
  expect(meanInterval([0.9])).toEqual({
    mean: 0.9,
    sd: { undefined: "one-value" },
    interval: { undefined: "one-value" },
  });
  expect(meanInterval([]).mean).toEqual({ undefined: "no-value" });
});
