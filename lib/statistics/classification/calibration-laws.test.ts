import { expect, test } from "vitest";
import { standardDeviation } from "../moments.ts";
import { bootstrapUnits } from "../resampling/bootstrap.ts";
import { seededRandom } from "../resampling/random.ts";
import { calibrationError } from "./calibration.ts";
import { bootstrapCalibration } from "./calibration-bootstrap.ts";
import { suspectedLabels } from "./label-errors.ts";

test("cells of a calibration drawn anew have the law of samples drawn anew, and groups are drawn whole", () => {
  const random = seededRandom(4);
  const confidence = Float64Array.from({ length: 300 }, () => 0.5 + random() / 2);
  const correct = Uint8Array.from(confidence, (p) => (random() < p - 0.08 ? 1 : 0));
  const cells = bootstrapCalibration(confidence, correct, { resamples: 2_000, seed: 1 });
  const samples = bootstrapUnits(300, { resamples: 1_000, seed: 2 }, (weights) => {
    const drawn = [...weights.keys()].flatMap((at) => new Array<number>(weights[at]!).fill(at));
    const of = (column: ArrayLike<number>) => drawn.map((at) => column[at]!);
    return calibrationError(of(confidence), of(correct)).ece as number;
  });
  const centre = (values: Float64Array) => values.reduce((a, b) => a + b, 0) / values.length;
  expect(Math.abs(centre(cells) - centre(samples))).toBeLessThan(0.003);
  expect(Math.abs(standardDeviation(cells) / standardDeviation(samples) - 1)).toBeLessThan(0.1);
  const four = (column: ArrayLike<number>) => Array.from(column).flatMap((value) => [value, value, value, value]);
  const groups = { of: four(confidence.map((_, at) => at)), count: 300 };
  const whole = bootstrapCalibration(four(confidence), four(correct), { resamples: 2_000, seed: 1, groups });
  expect(Math.abs(standardDeviation(whole) / standardDeviation(cells) - 1)).toBeLessThan(0.1);
});

test("a label is suspected where the sample is confidently of another class, as cleanlab has it", () => {
  // by hand: thresholds (.9 + .8 + .1)/3 = .6, and (.7 + .6 + .8)/3 = .7
  const truth = [0, 0, 0, 1, 1, 1];
  const ups = [0.1, 0.2, 0.9, 0.7, 0.6, 0.8];
  const found = suspectedLabels(truth, [ups.map((p) => 1 - p), ups]);
  expect(found.thresholds[0]).toBeCloseTo(0.6, 12);
  expect(found.thresholds[1]).toBeCloseTo(0.7, 12);
  expect(found.samples).toEqual([2]);
  // confidently of two classes: the highest counts; predicted as labelled: none is suspected; an empty class has no threshold
  const three = suspectedLabels(
    [0, 0, 1, 1],
    [
      [0.5, 0.3, 0.45, 0.1],
      [0.4, 0.6, 0.55, 0.2],
      [0.1, 0.1, 0, 0.7],
    ],
  );
  expect(three.samples).toEqual([1]);
  expect(three.thresholds[2]).toBeNaN();
  // the first is confidently of 1 alone, yet it is predicted as its label
  const weak = suspectedLabels(
    [0, 0, 1],
    [
      [0.55, 0.9, 0.6],
      [0.45, 0.1, 0.4],
    ],
  );
  expect(weak.thresholds[0]).toBeCloseTo(0.725, 12);
  expect(weak.samples).toEqual([]);
});
