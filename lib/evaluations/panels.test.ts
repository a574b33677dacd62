import { expect, test } from "vitest";
import { panelsSchema } from "../wire/evaluations/panels.ts";
import type { PanelInputs } from "./panels/panel.ts";
import { makePanels } from "./panels.ts";
import { classifiedOf, plantedScores, scoredOf } from "./test-evaluated.ts";

const inputs: PanelInputs = { seed: 5, split: "validation", validation: null, topK: 2 };
const whole = (text: unknown) => panelsSchema.parse(JSON.parse(JSON.stringify(text)));

const metricsOf = (evaluated: Parameters<typeof makePanels>[0]) => {
  const { headline } = whole(makePanels(evaluated, inputs)).panels;
  return Object.fromEntries(headline!.metrics.map((row) => [row.metric, row]));
};

test("the headline of a small set is what the references say, with intervals", () => {
  // cls-01 of the reference cases
  const truth = [0, 0, 0, 1, 1, 2, 2, 2, 2, 1];
  const predicted = [0, 0, 1, 1, 1, 2, 2, 0, 2, 2];
  const rows = metricsOf(classifiedOf(truth, predicted, 3));
  expect(rows.accuracy).toMatchObject({ value: 0.7, samples: 10, interval: { method: "wilson" } });
  expect(rows["balanced-accuracy"]!.value).toBeCloseTo(0.694444, 6);
  expect(rows["macro-f1"]!.value).toBeCloseTo(0.694444, 6);
  expect(rows.matthews!.value).toBeCloseTo(0.545455, 6);
  expect(rows["macro-f1"]!.interval).toMatchObject({ resamples: { drawn: 2_000, undefined: 0 } });
  expect(rows["log-loss"]).toBeUndefined();
});

test("scores of two classes give the area with DeLong's interval and average precision with one of its own", () => {
  const up = [0.1, 0.4, 0.35, 0.8];
  const rows = metricsOf(scoredOf([0, 0, 1, 1], [up.map((p) => 1 - p), up]));
  expect(rows["roc-auc"]!.value).toBe(0.75);
  expect(rows["average-precision"]!.value).toBeCloseTo(0.833333, 6);
  expect(rows["log-loss"]!.value).toBeCloseTo(0.472288, 6);
  expect(rows["binary-brier"]!.value).toBeCloseTo(0.158125, 6);
  expect(rows["roc-auc"]!.interval).toMatchObject({ method: "delong-logit" });
  expect(rows["top-k"]).toBeUndefined();
});

test("the same predictions give the same numbers, and another seed moves resampled intervals alone", () => {
  const evaluated = plantedScores(300, { classes: 3, signal: 1, seed: 2 });
  const first = makePanels(evaluated, inputs);
  expect(makePanels(evaluated, inputs)).toEqual(first);
  const other = makePanels(evaluated, { ...inputs, seed: 6 });
  const values = (panels: typeof first) => panels.panels.headline!.metrics.map(({ value }) => value);
  expect(values(other)).toEqual(values(first));
  expect(other.panels.headline).not.toEqual(first.panels.headline);
});

const cycle = (samples: number, classes: number, by = 0) =>
  Array.from({ length: samples }, (_, at) => (at + by) % classes);
const sure = (truth: number[], classes: number, by = 0) =>
  scoredOf(
    truth,
    Array.from({ length: classes }, (_, of) => truth.map((label) => ((label + by) % classes === of ? 1 : 0))),
  );

test.each([
  ["one sample", classifiedOf([1], [1], 2)],
  ["one sample with scores", scoredOf([0], [[0.4], [0.6]])],
  ["one class", classifiedOf([0, 0, 0], [0, 0, 0], 1)],
  ["one class with scores", scoredOf([0, 0], [[1, 1]])],
  ["an empty class", classifiedOf([0, 0, 1, 1], [0, 1, 1, 1], 3)],
  [
    "an empty class with scores",
    scoredOf(
      [0, 0, 1],
      [
        [0.5, 0.2, 0.1],
        [0.3, 0.5, 0.8],
        [0.2, 0.3, 0.1],
      ],
    ),
  ],
  ["all right", sure(cycle(40, 4), 4)],
  ["all wrong", sure(cycle(40, 4), 4, 1)],
  ["two classes, all right", sure(cycle(40, 2), 2)],
  ["one group", { ...plantedScores(30, { classes: 2, signal: 1, seed: 1 }), units: new Int32Array(30) }],
  ["200 classes", plantedScores(1_000, { classes: 200, signal: 4, seed: 3 })],
  [
    "one score for all",
    scoredOf(
      [0, 1, 0, 1],
      [
        [0.5, 0.5, 0.5, 0.5],
        [0.5, 0.5, 0.5, 0.5],
      ],
    ),
  ],
])("%s: no number is NaN, and none is without an interval but for a reason", (_, evaluated) => {
  const made = makePanels(evaluated, inputs);
  // the schema refuses NaN and infinities, which JSON would make null
  expect(whole(made)).toEqual(made);
});

test("undefined numbers say why, and intervals of width 0 are none", () => {
  const right = metricsOf(sure(cycle(40, 4), 4));
  expect(right.accuracy).toMatchObject({ value: 1, interval: { high: 1 } });
  expect(right["macro-f1"]).toMatchObject({ value: 1, interval: { undefined: "resamples-same" } });
  expect(right["roc-auc-ovr"]).toMatchObject({ value: 1, interval: { undefined: "no-variance" } });
  const two = metricsOf(sure(cycle(40, 2), 2));
  expect(two["roc-auc"]).toMatchObject({ value: 1, interval: { method: "one-sided", high: 1 } });
  const alone = metricsOf(classifiedOf([0, 0, 0], [0, 0, 0], 1));
  expect(alone.matthews!.value).toEqual({ undefined: "one-true-class", countsAs: 0 });
  expect(alone.kappa!.value).toEqual({ undefined: "one-class-alone" });
});

test("whole groups are drawn: ten copies of each sample are no more than one", () => {
  const one = plantedScores(200, { classes: 3, signal: 1, seed: 4 });
  const tenfold = (column: ArrayLike<number>) => Array.from(column).flatMap((value) => Array(10).fill(value));
  const copies = scoredOf(tenfold(one.truth), one.probabilities!.map(tenfold));
  const grouped = { ...copies, units: Int32Array.from(copies.truth, (_, at) => Math.floor(at / 10)) };
  const [alone, naive, whole] = [one, copies, grouped].map(metricsOf);
  for (const metric of ["accuracy", "macro-f1", "log-loss", "roc-auc-ovr", "average-precision-macro", "top-k"]) {
    const width = (rows: typeof alone) => {
      const { interval } = rows![metric]!;
      return "low" in interval ? interval.high - interval.low : Number.NaN;
    };
    expect(width(whole) / width(alone)).toBeGreaterThan(0.9);
    expect(width(whole) / width(alone)).toBeLessThan(1.1);
    expect(width(naive) / width(alone)).toBeLessThan(0.4);
  }
});

test("each class has its counts, and F1 an interval of three of them", () => {
  const { perClass } = whole(makePanels(classifiedOf([0, 0, 0, 0, 1, 1], [0, 0, 0, 1, 1, 0], 3), inputs)).panels;
  const [zero, , two] = perClass!.classes;
  expect(zero).toMatchObject({ support: 4, predicted: 4, right: 3, rare: true, recall: { value: 0.75 } });
  expect(zero!.f1).toMatchObject({ value: 0.75, interval: { method: "bca" } });
  expect(two!.precision.value).toEqual({ undefined: "class-never-predicted", countsAs: 0 });
  expect(two!.f1.interval).toEqual({ undefined: "class-nowhere" });
});

test("the confusion matrix is whole where it is small, its mistakes the fullest first", () => {
  const { confusion } = whole(makePanels(classifiedOf([0, 0, 0, 1, 2, 2], [1, 1, 0, 1, 0, 1], 3), inputs)).panels;
  expect(confusion).toMatchObject({
    rows: [3, 1, 2],
    columns: [2, 4, 0],
    diagonal: [1, 1, 0],
    mistakes: [
      [0, 1, 2],
      [2, 0, 1],
      [2, 1, 1],
    ],
    left: { cells: 0, samples: 0 },
  });
});
