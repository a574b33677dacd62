import fc from "fast-check";
import { expect, test } from "vitest";
import { influenceVariance, logitInterval } from "../intervals/influence.ts";
import { standardDeviation } from "../moments.ts";
import { orderOf } from "../order.ts";
import { bootstrapUnits } from "../resampling/bootstrap.ts";
import { seededNormal, seededRandom } from "../resampling/random.ts";
import { areasOfColumn, type Influences, truthsOf } from "./column-areas.ts";
import { delongAuc } from "./delong.ts";
import { averagePrecision, prTrapezoid } from "./precision-recall.ts";
import { multiClassAuc, rocAuc } from "./roc.ts";

const scratch = (n: number): Influences => ({
  auc: new Float64Array(n),
  averagePrecision: new Float64Array(n),
  pairs: new Float64Array(n),
});

function areasOf(truth: ArrayLike<number>, scores: ArrayLike<number>, { wanted = 1, classes = 2 } = {}) {
  const into = scratch(truth.length);
  const column = { wanted, scores, order: orderOf(scores) };
  return { ...areasOfColumn(truthsOf(truth, classes), column, into), into };
}

const scored = fc
  .array(fc.tuple(fc.integer({ min: 0, max: 2 }), fc.integer({ min: 0, max: 6 })), { minLength: 0, maxLength: 40 })
  .map((rows) => [...rows, [0, 3], [0, 1], [1, 2], [1, 5], [2, 2], [2, 4]] as [number, number][])
  .map((rows) => ({ truth: rows.map(([label]) => label), scores: rows.map(([, score]) => score / 6) }));

test("one pass over a sorted column gives the areas that the curves have, ties and all", () => {
  fc.assert(
    fc.property(scored, ({ truth, scores }) => {
      const binary = truth.map((label) => (label === 1 ? 1 : 0));
      const found = areasOf(truth, scores, { classes: 3 });
      expect(found.auc).toBeCloseTo(rocAuc(binary, scores) as number, 12);
      expect(found.averagePrecision).toBeCloseTo(averagePrecision(binary, scores) as number, 12);
      expect(found.trapezoid).toBeCloseTo(prTrapezoid(binary, scores) as number, 12);
      const columns = [scores.map((score) => 1 - score), scores, scores.map((score) => score / 2)];
      const wins = columns.map((column, wanted) => areasOf(truth, column, { wanted, classes: 3 }).wins);
      const support = [0, 1, 2].map((wanted) => truth.filter((label) => label === wanted).length);
      let pairs = 0;
      for (const a of [0, 1, 2])
        for (const b of [0, 1, 2]) if (a !== b) pairs += wins[a]![b]! / support[a]! / support[b]! / 6;
      expect(pairs).toBeCloseTo(multiClassAuc(truth, columns).ovoMacro as number, 12);
    }),
    { seed: 7 },
  );
});

function twoClasses(n: number, seed: number) {
  const random = seededRandom(seed);
  const normal = seededNormal(random);
  const truth = Array.from({ length: n }, () => (random() < 0.3 ? 1 : 0));
  return { truth, scores: truth.map((label) => Math.round(8 * (1.2 * label + normal())) / 8) };
}

test("the variance of an area by influences is DeLong's", () => {
  const { truth, scores } = twoClasses(250, 3);
  const { auc, into } = areasOf(truth, scores);
  const delong = delongAuc(truth, scores) as { variance: number; logit: [number, number] };
  const variance = influenceVariance(into.auc);
  expect(variance).toBeCloseTo(delong.variance, 14);
  const [low, high] = logitInterval(auc as number, variance) as [number, number];
  expect(low).toBeCloseTo(delong.logit[0], 12);
  expect(high).toBeCloseTo(delong.logit[1], 12);
});

test("the influences of average precision are its derivatives by the weights of samples", () => {
  const { truth, scores } = twoClasses(60, 5);
  const { into } = areasOf(truth, scores);
  const step = 1e-6;
  for (const at of [0, 7, 20, 41, 59]) {
    const moved = weightedPrecision(truth, scores, (sample) => (sample === at ? 1 + step : 1));
    const base = weightedPrecision(truth, scores, () => 1);
    expect(into.averagePrecision[at]! / truth.length).toBeCloseTo((moved - base) / step, 5);
  }
  expect(into.averagePrecision.reduce((a, b) => a + b, 0)).toBeCloseTo(0, 9);
});

test("the standard error of average precision is the bootstrap's, with groups and without", () => {
  const { truth, scores } = twoClasses(200, 9);
  const { into } = areasOf(truth, scores);
  const drawn = bootstrapUnits(200, { resamples: 1_000, seed: 1 }, (weights) =>
    weightedPrecision(truth, scores, (at) => weights[at]!),
  );
  const se = Math.sqrt(influenceVariance(into.averagePrecision));
  expect(Math.abs(standardDeviation(drawn) / se - 1)).toBeLessThan(0.08);
  // every sample twice, as a group: the same spread as of one each
  const twice = (values: number[]) => values.flatMap((value) => [value, value]);
  const doubled = areasOf(twice(truth), twice(scores));
  const groups = { of: twice(truth.map((_, at) => at)), count: 200 };
  const grouped = influenceVariance(doubled.into.averagePrecision, groups);
  expect(grouped / influenceVariance(into.averagePrecision)).toBeCloseTo(200 / 199, 6);
  expect(influenceVariance(doubled.into.averagePrecision)).toBeLessThan(0.6 * grouped);
});

test("a column whose class is missing, or alone, has no area and moves nothing", () => {
  const into = scratch(2);
  const column = { wanted: 1, scores: [0.1, 0.2], order: orderOf([0.1, 0.2]) };
  expect(areasOfColumn(truthsOf([0, 0], 2), column, into).auc).toEqual({ undefined: "class-without-sample" });
  expect(areasOfColumn(truthsOf([1, 1], 2), column, into)).toMatchObject({
    auc: { undefined: "class-alone" },
    averagePrecision: 1,
  });
  expect([...into.auc, ...into.averagePrecision]).toEqual([0, 0, 0, 0]);
  expect(influenceVariance([1, -1], { of: [0, 0], count: 1 })).toBeNaN();
  expect(logitInterval(0.5, Number.NaN)).toEqual({ undefined: "one-group" });
  expect(logitInterval(1, 0.1)).toEqual({ undefined: "no-variance" });
});

function weightedPrecision(truth: number[], scores: number[], weight: (at: number) => number): number {
  let [sum, positives] = [0, 0];
  for (const [at, label] of truth.entries()) {
    if (label !== 1) continue;
    let [ups, all] = [0, 0];
    for (const [other, score] of scores.entries()) {
      if (score < scores[at]!) continue;
      all += weight(other);
      if (truth[other] === 1) ups += weight(other);
    }
    positives += weight(at);
    if (all > 0) sum += (weight(at) * ups) / all;
  }
  return sum / positives;
}
