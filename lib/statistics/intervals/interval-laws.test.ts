import { expect, test } from "vitest";
import { ascending, mean, quantile, quantileOf, standardDeviation } from "../moments.ts";
import { seededNormal, seededRandom } from "../resampling/random.ts";
import { medianInterval } from "./median.ts";
import { rankCorrelationInterval } from "./rank-correlation.ts";
import { skewedInterval } from "./skewed.ts";

/** The share of intervals of planted samples that hold the true value; its standard error is about .01. */
function coverage(repetitions: number, holds: (normal: () => number, random: () => number) => boolean): number {
  const random = seededRandom(17);
  const normal = seededNormal(random);
  let held = 0;
  for (let at = 0; at < repetitions; at++) if (holds(normal, random)) held++;
  return held / repetitions;
}

const isIn = (value: number, found: ReturnType<typeof medianInterval>): boolean =>
  Array.isArray(found) && found[0] <= value && value <= found[1];

test("the interval of a mean that leans to one side holds it as often as it says, on both sides", () => {
  let [below, above] = [0, 0];
  const share = coverage(2_000, (_, random) => {
    const values = Array.from({ length: 60 }, () => -Math.log(1 - random()));
    const centre = mean(values);
    const found = skewedInterval(
      centre,
      values.map((value) => value - centre),
      60,
    ) as [number, number];
    if (found[0] > 1) below++;
    if (found[1] < 1) above++;
    return isIn(1, found);
  });
  expect(share).toBeGreaterThan(0.92);
  // without the correction the true mean lies above it four times as often as below
  expect(above / below).toBeLessThan(2.5);
});

test("without skewness the interval of a mean is z standard errors to both sides, and groups are its units", () => {
  const values = [-2, -1, 0, 1, 2, -3, 3];
  const se = standardDeviation(values) / Math.sqrt(7);
  const [low, high] = skewedInterval(5, values, 7) as [number, number];
  expect(high - 5).toBeCloseTo(1.959963984540054 * se, 12);
  expect(5 - low).toBeCloseTo(high - 5, 12);
  const [lowTwice, highTwice] = skewedInterval(
    5,
    values.map((value) => 2 * value),
    14,
  ) as [number, number];
  expect([lowTwice, highTwice]).toEqual([low, high]);
  expect(skewedInterval(1, [0], 1)).toEqual({ undefined: "one-sample" });
  expect(skewedInterval(1, [0, 0], 2)).toEqual({ undefined: "no-variance" });
});

test("the interval of a median holds it as often as it says", () => {
  const share = coverage(600, (normal) => isIn(0, medianInterval(Array.from({ length: 81 }, normal))));
  expect(share).toBeGreaterThan(0.92);
  expect(share).toBeLessThan(0.98);
  // five copies of each in a group are no more than one
  const normal = seededNormal(seededRandom(3));
  const values = Array.from({ length: 200 }, normal);
  const copies = values.flatMap((value) => new Array<number>(5).fill(value));
  const groups = { of: copies.map((_, at) => Math.floor(at / 5)), count: 200 };
  const width = ([low, high]: number[]) => high! - low!;
  const alone = width(medianInterval(values) as number[]);
  expect(width(medianInterval(copies, groups) as number[]) / alone).toBeCloseTo(1, 1);
  expect(width(medianInterval(copies) as number[])).toBeLessThan(0.7 * alone);
  expect(medianInterval([])).toEqual({ undefined: "no-sample" });
  expect(medianInterval([1, 2], { of: [0, 0], count: 1 })).toEqual({ undefined: "one-group" });
});

test("the interval of a rank correlation is Fisher's z with its own variance", () => {
  const [low, high] = rankCorrelationInterval(0.5, 53) as [number, number];
  const half = 1.959963984540054 * Math.sqrt(1.125 / 50);
  expect(Math.atanh(high) - Math.atanh(0.5)).toBeCloseTo(half, 12);
  expect(Math.atanh(0.5) - Math.atanh(low)).toBeCloseTo(half, 12);
  expect(rankCorrelationInterval(0.5, 3)).toEqual({ undefined: "too-few-samples" });
  expect(rankCorrelationInterval(1, 30)).toEqual({ undefined: "no-variance" });
});

test("a quantile by selection is that of the sorted values", () => {
  const random = seededRandom(9);
  for (const n of [1, 2, 3, 10, 101, 2_000]) {
    const values = Float64Array.from({ length: n }, () => Math.floor(random() * 40));
    const sorted = ascending(values);
    for (const q of [0, 0.025, 0.5, 0.975, 1]) expect(quantileOf(values, q)).toBe(quantile(sorted, q));
  }
});
