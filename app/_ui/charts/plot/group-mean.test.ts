import { expect, test } from "vitest";
import { tQuantile } from "@/lib/statistics/distributions/student-t.ts";
import { groupMean } from "./group-mean.ts";

const line = (unit: string, x: number[], y: number[]) => ({ unit, x: Float64Array.from(x), y });
const rounded = (values: ArrayLike<number>) => Array.from(values, (value) => Math.round(value * 1e9) / 1e9);

test("at steps that all runs have it is their mean, with Student's interval", () => {
  const { mean, band } = groupMean([
    line("a", [0, 1], [1, 10]),
    line("b", [0, 1], [3, 10]),
    line("c", [0, 1], [5, 10]),
  ]);
  expect(rounded(mean.y)).toEqual([3, 10]);
  expect(Array.from(band.n)).toEqual([3, 3]);
  expect(band.between).toBe(0);
  const half = (tQuantile(0.975, 2) * 2) / Math.sqrt(3);
  expect(rounded(band.low)).toEqual(rounded([3 - half, 10]));
  expect(rounded(band.high)).toEqual(rounded([3 + half, 10]));
});

test("a run counts on the line between its points, and nowhere before its first or after its last", () => {
  const { mean, band } = groupMean([line("a", [0, 10], [0, 10]), line("b", [5, 20], [1, 1])]);
  expect(Array.from(mean.x)).toEqual([0, 5, 10, 20]);
  expect(rounded(mean.y)).toEqual([0, 3, 5.5, 1]);
  expect(Array.from(band.n)).toEqual([1, 2, 2, 1]);
  // at 5 the first, at 10 the second
  expect(band.between).toBe(2);
  expect(band.low[0]).toBeNaN();
  expect(band.low[1]).toBeLessThan(3);
});

test("what is not finite counts nowhere, and leaves the others", () => {
  const { mean, band } = groupMean([line("a", [0, 1, 2], [1, Number.NaN, 1]), line("b", [0, 1, 2], [3, 3, 3])]);
  expect(rounded(mean.y)).toEqual([2, 3, 2]);
  expect(Array.from(band.n)).toEqual([2, 1, 2]);
});

test("a seed that is repeated counts once, with its mean", () => {
  const { mean, band } = groupMean([line("seed 1", [0], [1]), line("seed 1", [0], [3]), line("seed 2", [0], [6])]);
  expect(rounded(mean.y)).toEqual([4]);
  expect(Array.from(band.n)).toEqual([2]);
});

test("places where a clock went back are taken in order, and no more are taken than a chart has pixels", () => {
  const back = groupMean([line("a", [0, 2, 1], [0, 2, 1]), line("b", [0, 1, 2], [0, 1, 2])]);
  expect(rounded(back.mean.y)).toEqual([0, 1, 2]);
  const steps = Array.from({ length: 5000 }, (_, step) => step);
  const long = groupMean([line("a", steps, steps)]).mean;
  expect([long.x.length, long.x[0], long.x.at(-1)]).toEqual([1000, 0, 4999]);
});
