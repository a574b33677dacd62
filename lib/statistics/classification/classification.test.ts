import fc from "fast-check";
import { expect, test } from "vitest";
import { counted, isUndefined } from "../measured.ts";
import { mean, quantile, standardDeviation } from "../moments.ts";
import { bootstrapPairedConfusion, marginsOfBoth, pairedConfusionOf } from "../paired/paired-confusion.ts";
import { swapTest } from "../paired/swap-test.ts";
import { seededNormal, seededRandom } from "../resampling/random.ts";
import { bootstrapRocAuc } from "../scores/auc-bootstrap.ts";
import { delongAuc, delongPaired, jackknifeRocAuc } from "../scores/delong.ts";
import { averagePrecision, precisionRecallCurve } from "../scores/precision-recall.ts";
import { multiClassAuc, rocAuc, rocCurve } from "../scores/roc.ts";
import { accuracy, balancedAccuracy } from "./accuracy.ts";
import { cohensKappa, matthews } from "./agreement.ts";
import { calibratedNull, calibrationError } from "./calibration.ts";
import { confusionOf } from "./confusion.ts";
import { bootstrapConfusion, jackknifeConfusion } from "./confusion-bootstrap.ts";
import { adaptiveCalibrationError, equalMassCalibration } from "./equal-mass-calibration.ts";
import { averagesOf, macroF1, scoresByClass } from "./per-class.ts";
import { binaryBrier, binaryLogLoss, brier, logLoss } from "./probability-scores.ts";
import { topK } from "./top-k.ts";

const seeded = { seed: 7 };
/** Labels and scores with many ties; each label occurs twice. */
const scored = fc
  .array(fc.tuple(fc.integer({ min: 0, max: 1 }), fc.integer({ min: 0, max: 6 })), { minLength: 0, maxLength: 30 })
  .map((rows) => [...rows, [0, 3], [0, 1], [1, 2], [1, 5]] as [number, number][])
  .map((rows) => ({ truth: rows.map(([label]) => label), scores: rows.map(([, score]) => score / 6) }));
const labelled = fc
  .array(fc.tuple(fc.integer({ min: 0, max: 3 }), fc.integer({ min: 0, max: 3 })), { minLength: 1, maxLength: 40 })
  .map((rows) => ({ truth: rows.map(([truth]) => truth), prediction: rows.map(([, prediction]) => prediction) }));

/** Samples of two classes whose scores lie apart by `shift` standard deviations. */
function twoClasses(n: number, shift: number, seed: number) {
  const random = seededRandom(seed);
  const normal = seededNormal(random);
  const truth = Array.from({ length: n }, () => (random() < 0.4 ? 1 : 0));
  const scores = truth.map((label) => label * shift + normal());
  return { truth, scores, other: scores.map((score, at) => 0.8 * score + 0.5 * normal() + 0.1 * truth[at]!) };
}

test("a class without a sample or a prediction is undefined by name, and counts as 0 in the mean that says so", () => {
  const confusion = confusionOf([0, 0, 1, 1], [0, 0, 1, 3], 4);
  const scores = scoresByClass(confusion);
  expect(scores[2]!.precision).toEqual({ undefined: "class-never-predicted", countsAs: 0 });
  expect(scores[2]!.recall).toEqual({ undefined: "class-without-sample", countsAs: 0 });
  expect(scores[3]!.f1).toBe(0);
  expect(averagesOf(confusion).countedAsZero).toEqual([2, 3]);
  expect(matthews(confusionOf([1, 1], [1, 1], 2))).toEqual({
    undefined: "one-true-class",
    countsAs: 0,
  });
  expect(cohensKappa(confusionOf([1, 1], [1, 1], 2))).toEqual({
    undefined: "one-class-alone",
  });
  for (const measured of [accuracy, balancedAccuracy, matthews, cohensKappa])
    expect(measured(confusionOf([], [], 2))).toHaveProperty("undefined", "no-sample");
});

test("metrics by label stay in their ranges, and the micro mean is the accuracy", () => {
  fc.assert(
    fc.property(labelled, ({ truth, prediction }) => {
      const confusion = confusionOf(truth, prediction, 4);
      const averages = averagesOf(confusion);
      expect(counted(averages.micro.f1)).toBeCloseTo(accuracy(confusion) as number, 12);
      expect(macroF1(confusion)).toBeCloseTo(counted(averages.macro.f1), 12);
      expect(Math.abs(counted(matthews(confusion)))).toBeLessThanOrEqual(1 + 1e-12);
      const kappa = cohensKappa(confusion);
      if (!isUndefined(kappa)) expect(kappa).toBeLessThanOrEqual(1);
      // Matthews' correlation doesn't tell truth from prediction
      const mirrored = matthews(confusionOf(prediction, truth, 4));
      expect(counted(mirrored)).toBeCloseTo(counted(matthews(confusion)), 12);
    }),
    seeded,
  );
});

test("the area under the ROC curve is that of its points, of all pairs, and of no scale", () => {
  fc.assert(
    fc.property(scored, ({ truth, scores }) => {
      const area = rocAuc(truth, scores) as number;
      let [won, pairs] = [0, 0];
      for (const [a, label] of truth.entries())
        for (const [b, other] of truth.entries())
          if (label === 1 && other === 0) {
            pairs++;
            won += scores[a]! > scores[b]! ? 1 : scores[a] === scores[b] ? 0.5 : 0;
          }
      expect(area).toBeCloseTo(won / pairs, 12);
      const curve = rocCurve(truth, scores) as Exclude<ReturnType<typeof rocCurve>, { undefined: string }>;
      let trapezoid = 0;
      for (let at = 1; at < curve.fpr.length; at++)
        trapezoid += ((curve.fpr[at]! - curve.fpr[at - 1]!) * (curve.tpr[at]! + curve.tpr[at - 1]!)) / 2;
      expect(area).toBeCloseTo(trapezoid, 12);
      expect(
        rocAuc(
          truth,
          scores.map((score) => score ** 3 * 100 - 7),
        ),
      ).toBe(area);
      expect(
        rocAuc(
          truth,
          scores.map((score) => -score),
        ),
      ).toBeCloseTo(1 - area, 12);
      const both = multiClassAuc(truth, [scores.map((score) => 1 - score), scores]);
      expect(both.ovrMacro).toBeCloseTo(area, 12);
      expect(both.ovoMacro).toBeCloseTo(area, 12);
    }),
    seeded,
  );
});

test("average precision lies in 0–1 and the recall of a PR curve grows to 1", () => {
  fc.assert(
    fc.property(scored, ({ truth, scores }) => {
      const value = averagePrecision(truth, scores) as number;
      expect(value).toBeGreaterThan(0);
      expect(value).toBeLessThanOrEqual(1 + 1e-12);
      const { recall } = precisionRecallCurve(truth, scores) as { recall: Float64Array };
      expect(recall.at(-1)).toBe(1);
      expect([...recall]).toEqual([...recall].sort((a, b) => a - b));
    }),
    seeded,
  );
});

test("where a class is missing, areas are undefined and say which", () => {
  expect(rocAuc([1, 1], [0.2, 0.4])).toEqual({ undefined: "no-negative" });
  expect(rocCurve([0, 0], [0.2, 0.4])).toEqual({ undefined: "no-positive" });
  expect(averagePrecision([0], [0.2])).toEqual({ undefined: "no-positive" });
  const columns = [
    [0.5, 0.2],
    [0.3, 0.5],
    [0.2, 0.3],
  ];
  expect(multiClassAuc([0, 1], columns).ovrMacro).toEqual({ undefined: "class-without-sample" });
  expect(delongAuc([1, 0, 0], [0.4, 0.2, 0.1])).toEqual({ undefined: "one-positive" });
  expect(binaryLogLoss([], [])).toEqual({ undefined: "no-sample" });
});

test("wrong values are refused with their count and places", () => {
  expect(() => rocAuc([0, 1, 1], [Number.NaN, 1, Number.POSITIVE_INFINITY])).toThrow(
    "2 of 3 scores must be finite; at 0, 2",
  );
  expect(() => rocAuc([0, 2], [0, 1])).toThrow("1 of 2 true labels must be 0 or 1; at 1");
  expect(() => binaryBrier([0], [1.5])).toThrow("1 of 1 probabilities must be in 0–1; at 0");
  expect(() => confusionOf([0, 3], [0, 1], 3)).toThrow("1 of 2 true classes must be a class in 0–2; at 1");
  expect(() => confusionOf([0], [0, 1], 3)).toThrow("have 1 and 2 values");
  expect(() => topK([0], [[1], [2]], 3)).toThrow("k is 3: it must be 1–2");
});

test("Brier of two classes is twice the binary one, and log loss the same", () => {
  const truth = [0, 1, 1, 0];
  const p = [0.2, 0.9, 0.4, 0.5];
  const columns = [p.map((one) => 1 - one), p];
  expect(brier(truth, columns)).toBeCloseTo(2 * (binaryBrier(truth, p) as number), 12);
  expect(logLoss(truth, columns)).toBeCloseTo(binaryLogLoss(truth, p) as number, 12);
  // as Keras clips, a certain miss costs less
  expect(binaryLogLoss([1], [0])).toBeCloseTo(36.0437, 4);
  expect(binaryLogLoss([1], [0], 1e-7)).toBeCloseTo(16.1181, 4);
});

test("a tie for the last place is counted, and its fair worth lies between", () => {
  const scores = [[0.4], [0.4], [0.2]];
  expect(topK([0], scores, 1)).toEqual({ accuracy: 0, expected: 0.5, ties: 1 });
  expect(topK([1], scores, 1)).toEqual({ accuracy: 1, expected: 0.5, ties: 1 });
  expect(topK([0], scores, 2)).toEqual({ accuracy: 1, expected: 1, ties: 0 });
  expect(topK([2], scores, 2)).toEqual({ accuracy: 0, expected: 0, ties: 0 });
});

test("confidences at the edges of decimal bins stay in the bin that the edge closes", () => {
  for (const bins of [3, 7, 10, 15, 100])
    for (let edge = 1; edge <= bins; edge++) {
      expect(calibrationError([edge / bins], [1], { bins }).bins[0]!.index).toBe(edge - 1);
      expect(calibrationError([edge / bins], [1], { bins, closed: "left" }).bins[0]!.index).toBe(edge);
    }
  expect(calibrationError([0], [1]).bins[0]!.index).toBe(0);
  expect(calibrationError([], []).ece).toEqual({ undefined: "no-sample" });
  expect(adaptiveCalibrationError([0], [[0.5], [0.5]], 2)).toEqual({ undefined: "too-few-samples" });
});

test("calibration error of a calibrated model is its null's, and an overconfident one's is beyond", () => {
  const random = seededRandom(9);
  const confidence = Array.from({ length: 2_000 }, () => 0.5 + random() / 2);
  const calibrated = confidence.map((one) => (random() < one ? 1 : 0));
  const overconfident = confidence.map((one) => (random() < one - 0.15 ? 1 : 0));
  const { mean: usual, p95 } = calibratedNull(confidence, { seed: 1 }) as { mean: number; p95: number };
  expect(usual).toBeGreaterThan(0);
  expect(calibrationError(confidence, calibrated).ece).toBeLessThan(1.2 * p95);
  expect(calibrationError(confidence, overconfident).ece).toBeGreaterThan(2 * p95);
  expect(equalMassCalibration(confidence, overconfident).ece).toBeGreaterThan(2 * p95);
});

test("cells drawn anew have the law of samples drawn anew", () => {
  const random = seededRandom(2);
  const truth = Array.from({ length: 400 }, () => Math.floor(random() * 3));
  const prediction = truth.map((label) => (random() < 0.8 ? label : Math.floor(random() * 3)));
  const confusion = confusionOf(truth, prediction, 3);
  const [accuracies, f1s] = bootstrapConfusion(confusion, { resamples: 4_000, seed: 5 }, [accuracy, macroF1]);
  const right = accuracy(confusion) as number;
  expect(Math.abs(standardDeviation(accuracies!) / Math.sqrt((right * (1 - right)) / 400) - 1)).toBeLessThan(0.05);
  const ofSamples = Float64Array.from({ length: 2_000 }, () => {
    const drawn = truth.map(() => Math.floor(random() * 400));
    return macroF1(
      confusionOf(
        drawn.map((at) => truth[at]!),
        drawn.map((at) => prediction[at]!),
        3,
      ),
    );
  });
  expect(Math.abs(mean(f1s!) - mean(ofSamples))).toBeLessThan(0.003);
  expect(Math.abs(standardDeviation(f1s!) / standardDeviation(ofSamples) - 1)).toBeLessThan(0.08);
});

test("strata keep the samples of each class, and metrics without a value there are NaN", () => {
  const confusion = confusionOf([0, 0, 0, 1], [0, 0, 1, 1], 2);
  const supports: number[] = [];
  bootstrapConfusion(confusion, { resamples: 50, seed: 1, stratified: true }, [
    (drawn) => {
      supports.push(scoresByClass(drawn)[1]!.support);
      return 0;
    },
  ]);
  expect([...new Set(supports)]).toEqual([1]);
  const [recalls] = bootstrapConfusion(confusion, { resamples: 200, seed: 1 }, [
    (drawn) => (scoresByClass(drawn)[1]!.support === 0 ? { undefined: "class-without-sample" } : 1),
  ]);
  const share = recalls!.filter(Number.isNaN).length / 200;
  expect(Math.abs(share - 0.75 ** 4)).toBeLessThan(0.1);
});

test("a jackknife of cells is that of samples", () => {
  const truth = [0, 0, 1, 1, 1, 2];
  const prediction = [0, 1, 1, 1, 0, 2];
  const { values, counts } = jackknifeConfusion(confusionOf(truth, prediction, 3), macroF1);
  for (const [at, label] of truth.entries()) {
    const without = (column: number[]) => column.filter((_, other) => other !== at);
    // of the cells that hold a sample: (0,0), (0,1), (1,0), (1,1), (2,2)
    const cell = [0, 1, 5, 2, 3, 5, 5, 5, 4][label * 3 + prediction[at]!]!;
    expect(values[cell]).toBe(macroF1(confusionOf(without(truth), without(prediction), 3)));
  }
  expect(Array.from(counts!).reduce((a, b) => a + b, 0)).toBe(6);
});

test("DeLong's standard error is the bootstrap's and the jackknife's", () => {
  const { truth, scores, other } = twoClasses(300, 1.2, 4);
  const found = delongAuc(truth, scores) as Exclude<ReturnType<typeof delongAuc>, { undefined: string }>;
  expect(found.auc).toBeCloseTo(rocAuc(truth, scores) as number, 12);
  const [one, two] = bootstrapRocAuc(truth, [scores, other], { resamples: 4_000, seed: 3, stratified: true });
  expect(Math.abs(standardDeviation(one!) / found.se - 1)).toBeLessThan(0.06);
  const paired = delongPaired(truth, { a: scores, b: other }) as Exclude<
    ReturnType<typeof delongPaired>,
    { undefined: string }
  >;
  const differences = one!.map((area, at) => area - two![at]!);
  const se = paired.difference / (paired.z as number);
  expect(Math.abs(standardDeviation(differences) / se - 1)).toBeLessThan(0.06);
  expect(Math.abs(quantile(differences.sort(), 0.5) - paired.difference)).toBeLessThan(0.005);
  const values = Float64Array.from(jackknifeRocAuc(truth, scores).values);
  expect(Math.abs(standardDeviation(values, 0) * Math.sqrt(values.length - 1) * (1 / found.se) - 1)).toBeLessThan(0.06);
  expect(delongPaired(truth, { a: scores, b: scores })).toMatchObject({ p: 1, difference: 0 });
});

test("the weights of a resample give the area of the samples drawn, for each model alike", () => {
  const { truth, scores } = twoClasses(60, 0.5, 6);
  const rounded = scores.map(Math.round);
  const [first, second] = bootstrapRocAuc(truth, [rounded, rounded.map((score) => score * 2)], {
    resamples: 20,
    seed: 1,
  });
  expect(first).toEqual(second);
  const [alone] = bootstrapRocAuc(truth, [rounded], { resamples: 20, seed: 1 });
  expect(alone).toEqual(first);
  // a sample that is drawn n times weighs as n samples
  const [tiny] = bootstrapRocAuc([1, 0], [[1, 0]], { resamples: 40, seed: 1 });
  expect(new Set(tiny)).toEqual(new Set([1, Number.NaN]));
});

test("a perfect ranking has no variance, and a bound instead of an interval", () => {
  const found = delongAuc([0, 0, 0, 1, 1], [0.1, 0.2, 0.3, 0.7, 0.9]);
  expect(found).toMatchObject({ degenerate: true, logit: { undefined: "no-variance" } });
  expect((found as { lowerBound: number }).lowerBound).toBeCloseTo(Math.sqrt(0.05), 12);
});

test("a paired comparison draws the same samples for both, and tells a planted difference", () => {
  const random = seededRandom(12);
  const truth = Array.from({ length: 2_000 }, () => Math.floor(random() * 3));
  const guess = (right: number) => truth.map((label) => (random() < right ? label : (label + 1) % 3));
  const [a, b, c] = [guess(0.9), guess(0.85), guess(0.9)];
  const better = pairedConfusionOf(truth, { a, b }, 3);
  const [matrixA] = marginsOfBoth(better);
  expect(macroF1(matrixA)).toBe(macroF1(confusionOf(truth, a, 3)));
  const [differences] = bootstrapPairedConfusion(better, { resamples: 2_000, seed: 1 }, [macroF1]);
  expect(quantile(differences!.sort(), 0.025)).toBeGreaterThan(0);
  expect(swapTest(better, { permutations: 999, seed: 1 }, macroF1)).toMatchObject({ p: 0.001 });
  const same = swapTest(pairedConfusionOf(truth, { a, b: c }, 3), { permutations: 999, seed: 1 }, macroF1);
  expect((same as { p: number }).p).toBeGreaterThan(0.01);
  const [none] = bootstrapPairedConfusion(pairedConfusionOf(truth, { a, b: a }, 3), { resamples: 9, seed: 1 }, [
    macroF1,
  ]);
  expect([...new Set(none)]).toEqual([0]);
});
