import { expect, test } from "vitest";
import { dotSize } from "./draw-traces.ts";
import { type ChartView, type CurveSeries, chartTraces, clipOf, stepRange } from "./traces.ts";

type SeriesValues = (number | "NaN" | "Infinity" | "-Infinity")[];
type Change = Partial<Omit<CurveSeries, "steps" | "times">> & { steps?: number[]; times?: number[] };

const series = (values: SeriesValues, { steps, times, ...change }: Change = {}): CurveSeries => ({
  run: "0199f3a2-1c00-7000-8000-0000000000aa",
  split: "train",
  metric: "loss",
  kind: "raw",
  count: values.length,
  nonFiniteCount: 0,
  overwrittenCount: 0,
  steps: Float64Array.from(steps ?? values.map((_, index) => index * 10)),
  times: Float64Array.from(times ?? values.map((_, index) => 1_000_000 + index * 2_000)),
  values: Float64Array.from(values, Number),
  means: null,
  look: { color: "#123456", round: 0 },
  origin: 0,
  ...change,
});
const raw: ChartView = { smoothing: 0, method: "ema", x: "step", clip: false };

test("train is solid and validation dashed, in one colour", () => {
  expect(chartTraces([series([1, 2]), series([1, 2], { split: "validation" })], raw)).toMatchObject([
    { color: "#123456", dash: [] },
    { color: "#123456", dash: [5, 3] },
  ]);
});

test("smoothing keeps the raw line beside the smoothed one", () => {
  const [trace] = chartTraces([series([1, 5, 1, 5])], { ...raw, smoothing: 0.9 });
  expect([...Array.from(trace!.raw.y)]).toEqual([1, 5, 1, 5]);
  expect(Array.from(trace!.smoothed!.y)).not.toEqual([1, 5, 1, 5]);
  expect(chartTraces([series([1, 5, 1, 5])], raw)[0]!.smoothed).toBeNull();
});

test("a dense train line lets the validation line through; sparse, alone or smoothed it needs not", () => {
  const dense = Array.from({ length: 500 }, (_, step) => step % 7);
  const opacities = (all: Parameters<typeof chartTraces>[0], view: ChartView) =>
    chartTraces(all, view).map(({ opacity }) => opacity);
  const validation = series([1, 2], { split: "validation" });
  expect(opacities([series(dense), validation], raw)).toEqual([0.6, 1]);
  expect(opacities([series(dense.slice(0, 100)), validation], raw)).toEqual([1, 1]);
  expect(opacities([series(dense)], raw)).toEqual([1]);
  expect(opacities([series(dense), validation], { ...raw, smoothing: 0.5 })).toEqual([1, 1]);
});

test("a point alone between gaps is a dot, and so is each of a few", () => {
  const many = Array.from({ length: 40 }, (_, index) => (index < 19 || index > 21 ? 2 : index === 20 ? 1 : Number.NaN));
  expect(dotSize(many, 20)).toBeGreaterThan(0);
  expect(dotSize(many, 21)).toBe(0);
  expect(dotSize(many, 5)).toBe(0);
  expect(dotSize([1, 2, 3], 1)).toBeGreaterThan(0);
});

test.each([
  ["step", [0, 10]],
  ["relative", [1, 3]],
  ["wall", [1_000_000, 1_002_000]],
] as const)("x as %s", (x, expected) => {
  const [line] = chartTraces([series([1, 2], { origin: 999_000 })], { ...raw, x });
  expect([...line!.raw.x]).toEqual(expected);
});

test("a zoom asks for one point beyond each edge, over all series, whatever the x-axis", () => {
  const sparse = series([1, 2, 3], { steps: [0, 50, 100], times: [0, 50_000, 100_000] });
  const dense = series([1, 2, 3, 4], { steps: [0, 30, 60, 90], times: [0, 30_000, 60_000, 90_000] });
  expect(stepRange([sparse, dense], raw, () => 0, [35, 55])).toEqual({ from: 0, to: 100 });
  expect(stepRange([dense], { ...raw, x: "relative" }, () => 0, [35, 55])).toEqual({ from: 30, to: 60 });
  expect(stepRange([sparse], raw, () => 0, [-5, 500])).toEqual({ from: 0, to: 100 });
  expect(stepRange([series([])], raw, () => 0, [0, 1])).toBeNull();
});

test("over a metric, points stand at its value at their step, on the line between its points", () => {
  const axis = { steps: Float64Array.of(10, 30), times: Float64Array.of(0, 1), values: Float64Array.of(1, 3) };
  const [line] = chartTraces([series([5, 6, 7, 8, 9], { axis })], { ...raw, x: "metric:epoch" });
  expect([...line!.raw.x]).toEqual([Number.NaN, 1, 2, 3, Number.NaN]);
});

test("of an envelope the means are smoothed, and the envelope stays behind", () => {
  const means = {
    steps: Float64Array.of(5, 15, 25),
    times: Float64Array.of(0, 1, 2),
    values: Float64Array.of(1, 2, 3),
  };
  const [trace] = chartTraces([series([0, 9, 0, 9], { kind: "envelope", means })], { ...raw, smoothing: 0.5 });
  expect(Array.from(trace!.raw.y)).toEqual([0, 9, 0, 9]);
  expect([...trace!.smoothed!.x]).toEqual([5, 15, 25]);
});

test("outliers are counted, and nothing is cut off where there are none", () => {
  const values = Array.from({ length: 1000 }, (_, index) => index / 1000);
  expect(clipOf([series([...values, 50, -50, 60])])).toMatchObject({ beyond: 3 });
  expect(clipOf([series([1, 1, 1])])).toBeNull();
  expect(clipOf([series(["NaN"])])).toBeNull();
});
