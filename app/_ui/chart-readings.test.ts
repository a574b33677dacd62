import { expect, test } from "vitest";
import { placesOf, type ReadableCurve, readableCurve, readingsAt } from "./chart-readings.ts";
import type { DrawnSeries } from "./chart-traces.ts";

const view = { smoothing: 0, method: "ema", x: "step", clip: false } as const;

function curve(run: string, points: [step: number, value: number][], smoothing = 0): ReadableCurve {
  const series: DrawnSeries = {
    run,
    split: "validation",
    metric: "loss",
    kind: "raw",
    count: points.length,
    nonFiniteCount: 0,
    overwrittenCount: 0,
    means: null,
    color: "#000",
    steps: Float64Array.from(points, ([step]) => step),
    times: Float64Array.from(points, ([step]) => 1000 * step),
    values: Float64Array.from(points, ([, value]) => value),
  };
  return readableCurve(series, { ...view, smoothing }, 0)!;
}

const words = (curves: ReadableCurve[], x: number, direction: "min" | "max" | null) =>
  readingsAt(curves, x, direction).map(({ run, step, value }) => `${run} ${step} ${value}`);

test("each curve is read at its nearest point, best first", () => {
  const curves = [
    curve("a", [
      [0, 5],
      [10, 4],
      [20, 3],
    ]),
    curve("b", [
      [0, 1],
      [12, 2],
      [20, 9],
    ]),
  ];
  expect(words(curves, 11, "min")).toEqual(["b 12 2", "a 10 4"]);
  expect(words(curves, 11, "max")).toEqual(["a 10 4", "b 12 2"]);
  expect(words(curves, 5, null)).toEqual(["a 0 5", "b 0 1"]);
});

test("what isn't finite follows what is, and a curve that ended or hasn't begun has no value, but its end", () => {
  const curves = [
    curve("ended", [
      [0, 1],
      [5, 2],
    ]),
    curve("nan", [
      [0, 1],
      [10, Number.NaN],
    ]),
    curve("late", [[11, 1]]),
    curve("fine", [
      [0, 3],
      [20, 4],
    ]),
  ];
  expect(words(curves, 10, "min")).toEqual(["fine 0 3", "nan 10 NaN", "ended 5 null", "late 11 null"]);
});

test("a smoothed curve is read beside the raw one", () => {
  const [reading] = readingsAt(
    [
      curve(
        "a",
        [
          [0, 0],
          [1, 10],
          [2, 0],
          [3, 10],
        ],
        0.9,
      ),
    ],
    3,
    null,
  );
  expect(reading!.value).toBe(10);
  expect(reading!.smoothed).toBeGreaterThan(0);
  expect(reading!.smoothed).toBeLessThan(10);
});

test("the cursor may stand wherever a curve has a point", () => {
  expect(
    placesOf([
      curve("a", [
        [0, 1],
        [4, 1],
      ]),
      curve("b", [
        [2, 1],
        [4, 1],
      ]),
    ]),
  ).toEqual([0, 2, 4]);
});
