import { expect, test } from "vitest";
import { accuracy } from "../classification/accuracy.ts";
import { logLoss } from "../classification/probability-scores.ts";
import { fitTemperature, probabilitiesOf } from "../classification/temperature.ts";
import { orderOf } from "../order.ts";
import { seededNormal, seededRandom } from "../resampling/random.ts";
import { truthsOf } from "./column-areas.ts";
import { type Band, curveBands } from "./curve-bands.ts";
import { countCurve, rangesOfSamples } from "./curve-counts.ts";
import { type RocCurve, rocCurve } from "./roc.ts";
import { cheapestThreshold, confusionAt } from "./threshold.ts";

test("the cheapest threshold is that of a search over all, and dear misses lower it", () => {
  const random = seededRandom(3);
  const truth = Array.from({ length: 80 }, () => (random() < 0.4 ? 1 : 0));
  const scores = truth.map((label) => Math.round(8 * (random() + label * 0.4)) / 8);
  const cost = (threshold: number, falsePositive: number, falseNegative: number) => {
    const { cells } = confusionAt(truth, scores, threshold);
    return (cells[1]! * falsePositive + cells[2]! * falseNegative) / truth.length;
  };
  const thresholds: number[] = [];
  for (const falseNegative of [0.2, 1, 5]) {
    const found = cheapestThreshold(truth, scores, { falsePositive: 1, falseNegative });
    const { threshold, cost: least } = found as { threshold: number; cost: number };
    thresholds.push(threshold);
    expect(least).toBeCloseTo(cost(threshold, 1, falseNegative), 12);
    for (const other of [...scores, Number.POSITIVE_INFINITY])
      expect(least).toBeLessThanOrEqual(cost(other, 1, falseNegative) + 1e-12);
  }
  expect(thresholds).toEqual([...thresholds].sort((a, b) => b - a));
  expect(cheapestThreshold([], [], { falsePositive: 1, falseNegative: 1 })).toEqual({
    undefined: "no-sample",
  });
  expect(cheapestThreshold([0], [1], { falsePositive: 1, falseNegative: 1 })).toEqual({
    threshold: Number.POSITIVE_INFINITY,
    cost: 0,
  });
  expect(accuracy(confusionAt([0, 1], [0.2, 0.7], 0.7))).toBe(1);
});

test("a model that is made overconfident gets its temperature back", () => {
  const random = seededRandom(8);
  const normal = seededNormal(random);
  const logits = Array.from({ length: 3 }, () => Float64Array.from({ length: 6_000 }, () => 1.5 * normal()));
  const honest = probabilitiesOf(logits);
  const truth = Array.from({ length: 6_000 }, (_, at) => {
    const u = random();
    return u < honest[0]![at]! ? 0 : u < honest[0]![at]! + honest[1]![at]! ? 1 : 2;
  });
  const loud = logits.map((column) => column.map((value) => value * 2.5));
  const temperature = fitTemperature(truth, loud) as number;
  expect(Math.abs(temperature / 2.5 - 1)).toBeLessThan(0.06);
  const loss = (at: number) => logLoss(truth, probabilitiesOf(loud, at)) as number;
  for (const other of [0.9, 1.1]) expect(loss(temperature)).toBeLessThan(loss(temperature * other));
  expect(fitTemperature([0, 1], [Float64Array.of(1, 0), Float64Array.of(0, 1)])).toEqual({
    undefined: "no-best-temperature",
  });
});

const columnOf = (scores: ArrayLike<number>) => ({ wanted: 1, scores, order: orderOf(scores) });
const countsOf = (truth: ArrayLike<number>, scores: ArrayLike<number>, points = Number.POSITIVE_INFINITY) =>
  countCurve(columnOf(scores), truthsOf(truth, 2), points);

test("bands hold the curves that they are of, and narrow with more samples", () => {
  const normal = seededNormal(seededRandom(5));
  const make = (n: number) => {
    const truth = Array.from({ length: n }, (_, at) => at % 2);
    return { truth, scores: truth.map((label) => label + normal()) };
  };
  const bandsOf = ({ truth, scores }: ReturnType<typeof make>) =>
    curveBands(countsOf(truth, scores), { resamples: 400, seed: 1 }) as { roc: Band; precisionRecall: Band };
  const few = make(200);
  const { roc, precisionRecall } = bandsOf(few);
  const curve = rocCurve(few.truth, few.scores) as RocCurve;
  for (const [point, at] of roc.at.entries()) {
    const first = curve.fpr.findIndex((fpr) => fpr >= at - 1e-12);
    expect(roc.low[point]).toBeLessThanOrEqual(curve.tpr[curve.fpr.findLastIndex((fpr) => fpr <= at + 1e-12)]! + 1e-12);
    expect(roc.high[point]).toBeGreaterThanOrEqual(curve.tpr[Math.max(0, first - 1)]! - 1e-12);
    if (point > 0) expect(roc.low[point]).toBeGreaterThanOrEqual(roc.low[point - 1]!);
  }
  expect([roc.low.at(-1), roc.high.at(-1)]).toEqual([1, 1]);
  expect(precisionRecall.low.at(-1)).toBeGreaterThanOrEqual(0.5);
  const many = bandsOf(make(3_200));
  const width = (band: Band) => band.high[30]! - band.low[30]!;
  expect(width(many.roc)).toBeLessThan(width(roc) / 2.5);
  expect(width(many.precisionRecall)).toBeLessThan(width(precisionRecall) / 2.5);
  // one score for all: a straight line, at the share of positives, in every resample
  const flat = curveBands(countsOf([0, 1, 0, 0], [2, 2, 2, 2]), { resamples: 9, seed: 1 }) as {
    roc: Band;
    precisionRecall: Band;
  };
  for (const [point, at] of flat.roc.at.entries())
    for (const end of ["low", "high"] as const) {
      expect(flat.roc[end][point]).toBeCloseTo(at, 12);
      expect(flat.precisionRecall[end][point]).toBe(0.25);
    }
  expect(curveBands(countsOf([1, 1], [0, 1]), { resamples: 2, seed: 1 })).toEqual({ undefined: "no-negative" });
});

test("a thinned curve keeps every sample, and equal scores together", () => {
  const normal = seededNormal(seededRandom(7));
  const truth = Array.from({ length: 5_000 }, (_, at) => (at % 5 === 0 ? 1 : 0));
  const scores = truth.map((label) => Math.round(50 * (label + normal())) / 50);
  const { thresholds, ups, downs } = countsOf(truth, scores, 40);
  expect(thresholds.length).toBeGreaterThan(20);
  expect(thresholds.length).toBeLessThanOrEqual(41);
  for (const [at, threshold] of thresholds.entries()) {
    const reach = (label: number) => scores.filter((score, sample) => truth[sample] === label && score >= threshold);
    expect(ups.slice(0, at + 1).reduce((a, b) => a + b)).toBe(reach(1).length);
    expect(downs.slice(0, at + 1).reduce((a, b) => a + b)).toBe(reach(0).length);
  }
  const ranges = rangesOfSamples(columnOf(scores), { thresholds, ups, downs });
  const found = new Float64Array(ups.length);
  for (const [sample, label] of truth.entries()) if (label === 1) found[ranges[sample]!]!++;
  expect(found).toEqual(ups);
});

test("bands of whole groups are wider than those of their samples", () => {
  const normal = seededNormal(seededRandom(3));
  const truth = Array.from({ length: 2_000 }, (_, at) => Math.floor(at / 20) % 2);
  const shift = Array.from({ length: 100 }, () => normal());
  const scores = truth.map((label, at) => label + shift[Math.floor(at / 20)]! + 0.3 * normal());
  const counts = countsOf(truth, scores, 100);
  const ranges = rangesOfSamples(columnOf(scores), counts);
  const group = truth.map((_, at) => Math.floor(at / 20));
  const draw = { resamples: 300, seed: 1 };
  const width = (found: ReturnType<typeof curveBands>) => {
    const { roc } = found as { roc: Band };
    return roc.high[30]! - roc.low[30]!;
  };
  const grouped = curveBands(counts, { ...draw, grouped: { group, groups: 100, ranges, positive: truth } });
  expect(width(grouped)).toBeGreaterThan(2 * width(curveBands(counts, draw)));
});
