import { expect, test } from "vitest";
import { welchTest } from "../../statistics/hypothesis-tests/welch.ts";
import { panelsSchema } from "../../wire/evaluations/panels.ts";
import {
  classifiedOf,
  plantedMasks,
  plantedNumbers,
  plantedScores,
  regressedOf,
  scoredOf,
  segmentedOf,
} from "../test-evaluated.ts";
import type { PanelInputs } from "./panel.ts";
import { makePanels } from "./panels.ts";

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

const thirds = (samples: number) => Int32Array.from({ length: samples }, (_, at) => Math.floor(at / 3));

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
  ["one number", regressedOf([1], [2])],
  ["one number for all", regressedOf([1, 2, 3], [2, 2, 2])],
  ["one target for all", regressedOf([2, 2, 2], [1, 2, 3])],
  ["numbers all right", regressedOf([1, 2, 3, 4], [1, 2, 3, 4])],
  ["many numbers", plantedNumbers(6_000, { noise: 0.5, seed: 1 })],
  ["numbers in groups", { ...plantedNumbers(90, { noise: 0.5, seed: 1 }), units: thirds(90) }],
  ["one image", segmentedOf([[3, 1, 1, 3]], 2)],
  [
    "an empty image",
    segmentedOf(
      [
        [3, 1, 1, 3],
        [0, 0, 0, 0],
      ],
      2,
    ),
  ],
  [
    "images with an empty class",
    segmentedOf(
      [
        [3, 1, 0, 1, 3, 0, 0, 0, 0],
        [2, 1, 0, 1, 4, 0, 0, 0, 0],
      ],
      3,
    ),
  ],
  [
    "images all right",
    segmentedOf(
      [
        [3, 0, 0, 3],
        [2, 0, 0, 2],
      ],
      2,
    ),
  ],
  ["images in groups", { ...plantedMasks(60, { right: 0.9, seed: 1 }), units: thirds(60) }],
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

test("numbers have every metric that the references have, and the same intervals however they are found", () => {
  // reg-01 of the reference cases
  const rows = metricsOf(regressedOf([3, -0.5, 2, 7], [2.5, 0, 2, 8]));
  expect(rows.mae!.value).toBe(0.5);
  expect(rows.rmse!.value).toBeCloseTo(0.612372, 6);
  expect(rows["r-squared"]!.value).toBeCloseTo(0.948608, 6);
  expect(rows["max-error"]).toMatchObject({ value: 1, interval: { undefined: "extreme" } });
  // 5,000 are resampled, one more isn't
  const { truth, predicted } = plantedNumbers(5_001, { noise: 0.5, seed: 1 });
  const [resampled, normal] = [5_000, 5_001].map((n) =>
    metricsOf(regressedOf([...truth.slice(0, n)], [...predicted.slice(0, n)])),
  );
  for (const metric of ["mae", "mse", "rmse", "bias", "r-squared", "explained-variance", "pearson"]) {
    const [a, b] = [resampled![metric]!.interval, normal![metric]!.interval];
    if (!("low" in a && "low" in b)) throw new Error(metric);
    expect([a.method, b.method]).toEqual(["bca", "normal"]);
    expect(Math.abs((b.high - b.low) / (a.high - a.low) - 1)).toBeLessThan(0.08);
    expect(Math.abs(b.low - a.low)).toBeLessThan(0.1 * (a.high - a.low));
  }
});

test("every residual is in a mark, however many there are", () => {
  const few = whole(makePanels(plantedNumbers(400, { noise: 1, seed: 2 }), inputs)).panels.residuals!;
  expect(few).toMatchObject({ binned: false });
  const many = whole(makePanels(plantedNumbers(5_000, { noise: 1, seed: 2 }), inputs)).panels.residuals!;
  expect(many.binned).toBe(true);
  expect(many.marks.samples.length).toBeLessThanOrEqual(400);
  expect(many.marks.samples.reduce((a, b) => a + b, 0)).toBe(5_000);
  expect(many.ranges.map(({ samples }) => samples)).toEqual(new Array(10).fill(500));
  // a normal law's quantiles lie on its line
  for (const [at, normal] of many.quantiles.normal.entries())
    if (at > 4 && at < 195) expect(Math.abs(many.quantiles.residual[at]! - normal)).toBeLessThan(0.12);
});

test("masks are measured over all pixels and over images, which aren't the same", () => {
  // two images, the second without class 1: IoU .5 and .75; 1
  const rows = metricsOf(
    segmentedOf(
      [
        [3, 0, 1, 1],
        [9, 0, 0, 0],
      ],
      2,
    ),
  );
  expect(rows["mean-iou"]!.value).toBeCloseTo((12 / 13 + 1 / 2) / 2, 12);
  expect(rows["image-mean-iou"]!.value).toBeCloseTo((0.625 + 1) / 2, 12);
  const many = whole(makePanels(plantedMasks(200, { right: 0.9, seed: 3 }), inputs)).panels;
  expect(many.masks!.histogram.reduce((a, b) => a + b, 0)).toBe(200);
  expect(many.masks!.classes[1]!.iou.interval).toMatchObject({ method: "bca" });
  expect(many.confusion!.rows.reduce((a, b) => a + b, 0)).toBe(200 * 64);
});

test("what validation chose is applied to test, and nothing is chosen there", () => {
  const evaluated = plantedScores(2_000, { classes: 2, signal: 1.5, seed: 8 });
  const here = whole(makePanels(evaluated, inputs)).panels;
  const { threshold } = here.operatingPoint!.chosen!;
  expect(here.calibration!.temperature).toMatchObject({ fittedOn: "here" });
  const shut = whole(makePanels(evaluated, { ...inputs, split: "test" })).panels;
  expect([shut.operatingPoint!.chosen, shut.calibration!.temperature]).toEqual([null, null]);
  const validation = { threshold, temperature: here.calibration!.temperature!.value as number };
  const applied = whole(makePanels(evaluated, { ...inputs, split: "test", validation })).panels;
  expect(applied.operatingPoint!.chosen).toEqual({ ...here.operatingPoint!.chosen, chosenOn: "validation" });
  expect(applied.calibration!.temperature!.logLoss).toBe(here.calibration!.temperature!.logLoss);
  expect(applied.calibration!.temperature!.logLoss as number).toBeLessThanOrEqual(here.calibration!.logLoss as number);
});

test("curves have few points, whole counts, and areas by name", () => {
  const { operatingPoint } = whole(makePanels(plantedScores(3_000, { classes: 2, signal: 1, seed: 8 }), inputs)).panels;
  const [curve] = operatingPoint!.curves;
  expect(curve!.thresholds.length).toBeLessThanOrEqual(201);
  expect(curve!.truePositives.at(-1)).toBe(curve!.positives);
  expect(curve!.falsePositives.at(-1)).toBe(curve!.negatives);
  expect(curve!.prTrapezoid).not.toBe(curve!.averagePrecision.value);
  expect(curve!.bands!.roc.low).toHaveLength(101);
  const many = whole(makePanels(plantedScores(2_000, { classes: 40, signal: 3, seed: 8 }), inputs)).panels;
  expect(many.operatingPoint!.curves).toHaveLength(30);
  expect(many.operatingPoint!.areas).toHaveLength(40);
});

test("a slice that is worse is told by Holm, small ones are not judged, and a lucky one isn't told", () => {
  const evaluated = plantedScores(2_000, { classes: 3, signal: 2, seed: 5 });
  const light = Int32Array.from({ length: 2_000 }, (_, at) => (at < 10 ? 2 : at % 40 === 0 ? -1 : at % 2));
  // the second slice of light answers at random
  const predicted = evaluated.predicted.map((of, at) => (light[at] === 1 ? at % 3 : of));
  const noise = Int32Array.from({ length: 2_000 }, (_, at) => at % 20);
  const cuts = [
    { by: "light", slices: ["dark", "bright", "night"], of: light },
    { by: "noise", slices: Array.from({ length: 20 }, (_, at) => `${at}`), of: noise },
  ];
  const { slices } = whole(makePanels({ ...evaluated, predicted, cuts }, inputs)).panels;
  const [byLight] = slices!.cuts;
  const named = Object.fromEntries(byLight!.slices.map((slice) => [slice.name, slice]));
  expect(slices!.family).toBe(22);
  expect(byLight).toMatchObject({ exploratory: true, without: 49, left: 0 });
  expect(named.bright!.test).toMatchObject({ holm: expect.any(Number) });
  expect((named.bright!.test as { holm: number }).holm).toBeLessThan(1e-6);
  expect(named.bright!.difference).toBeLessThan(0);
  expect(named.night).toMatchObject({ tooSmall: true, test: { undefined: "too-few-samples" } });
});

test("errors are the worst first, and a label that was changed is suspected", () => {
  const evaluated = plantedScores(500, { classes: 4, signal: 4, seed: 6 });
  const sure = [...evaluated.truth.keys()].filter(
    (at) =>
      evaluated.predicted[at] === evaluated.truth[at] && evaluated.probabilities![evaluated.truth[at]!]![at]! > 0.97,
  );
  const changed = sure.slice(0, 8);
  const truth = evaluated.truth.map((label, at) => (changed.includes(at) ? (label + 1) % 4 : label));
  const { errors } = whole(makePanels({ ...evaluated, truth }, inputs)).panels;
  const lists = Object.fromEntries(errors!.lists.map((list) => [list.kind, list]));
  const suspected = lists["suspected-labels"]!.rows.map(({ sample }) => sample);
  expect(suspected.slice(0, 12)).toEqual(expect.arrayContaining(changed));
  const figures = lists["highest-loss"]!.rows.map(({ figure }) => figure);
  expect(figures).toEqual([...figures].sort((a, b) => b - a));
  expect(figures).toHaveLength(200);
  for (const { truth, predicted } of lists["confident-errors"]!.rows) expect(predicted).not.toBe(truth);
});

test("a slice of numbers is tested against the rest by Welch, whose spread is that of the rest", () => {
  const evaluated = plantedNumbers(300, { noise: 1, seed: 9 });
  const of = Int32Array.from({ length: 300 }, (_, at) => (at % 3 === 0 ? 0 : at % 3 === 1 ? 1 : -1));
  const cut = { by: "light", slices: ["dark", "bright"], of };
  const { slices } = whole(makePanels({ ...evaluated, cuts: [cut] }, inputs)).panels;
  const sizes = evaluated.truth.map((target, at) => Math.abs(evaluated.predicted[at]! - target));
  for (const [slice, row] of slices!.cuts[0]!.slices.entries()) {
    const welch = welchTest(
      sizes.filter((_, at) => of[at] === slice),
      sizes.filter((_, at) => of[at] !== slice),
    ) as { p: number; difference: number };
    expect((row.test as { p: number }).p).toBeCloseTo(welch.p, 10);
    expect(row.difference).toBeCloseTo(welch.difference, 10);
  }
});
