import { expect, test } from "vitest";
import { seededNormal, seededRandom } from "../resampling/random.ts";
import { type Band, curveBands } from "../scores/curve-bands.ts";
import { type RocCurve, rocCurve } from "../scores/roc.ts";
import { cheapestThreshold, confusionAt } from "../scores/threshold.ts";
import { accuracy } from "./accuracy.ts";
import { logLoss } from "./probability-scores.ts";
import { fitTemperature, probabilitiesOf } from "./temperature.ts";

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

test("bands hold the curves that they are of, and narrow with more samples", () => {
  const normal = seededNormal(seededRandom(5));
  const make = (n: number) => {
    const truth = Array.from({ length: n }, (_, at) => at % 2);
    return { truth, scores: truth.map((label) => label + normal()) };
  };
  const bandsOf = ({ truth, scores }: ReturnType<typeof make>) =>
    curveBands(truth, scores, { resamples: 400, seed: 1 }) as { roc: Band; precisionRecall: Band };
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
  const flat = curveBands([0, 1, 0, 0], [2, 2, 2, 2], { resamples: 9, seed: 1 }) as {
    roc: Band;
    precisionRecall: Band;
  };
  for (const [point, at] of flat.roc.at.entries())
    for (const end of ["low", "high"] as const) {
      expect(flat.roc[end][point]).toBeCloseTo(at, 12);
      expect(flat.precisionRecall[end][point]).toBe(0.25);
    }
  expect(curveBands([1, 1], [0, 1], { resamples: 2, seed: 1 })).toEqual({ undefined: "no-negative" });
});
