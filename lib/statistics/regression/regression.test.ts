import fc from "fast-check";
import { expect, test } from "vitest";
import { counted } from "../measured.ts";
import { mean } from "../moments.ts";
import { seededRandom } from "../resampling/random.ts";
import { pearson, spearman } from "./correlation.ts";
import { regressionErrors } from "./errors.ts";
import { explainedVariance, rSquared } from "./explained.ts";
import { pearsonInfluences, spearmanInfluences, unexplainedInfluences } from "./influences.ts";

const pairs = fc
  .array(fc.tuple(fc.integer({ min: -50, max: 50 }), fc.integer({ min: -50, max: 50 })), {
    minLength: 2,
    maxLength: 30,
  })
  .map((rows) => ({ truth: rows.map(([truth]) => truth), prediction: rows.map(([, prediction]) => prediction) }));

test("errors are ordered as they must be, and the explained variance is R² of predictions without their bias", () => {
  fc.assert(
    fc.property(pairs, ({ truth, prediction }) => {
      const errors = regressionErrors(truth, prediction) as Record<string, number>;
      expect(errors.mae).toBeLessThanOrEqual(errors.rmse! + 1e-12);
      expect(errors.rmse).toBeLessThanOrEqual(errors.maxError! + 1e-12);
      expect(Math.abs(errors.bias!)).toBeLessThanOrEqual(errors.mae! + 1e-12);
      const unbiased = prediction.map((value) => value - errors.bias!);
      const explained = counted(explainedVariance(truth, prediction));
      expect(explained).toBeGreaterThanOrEqual(counted(rSquared(truth, prediction)) - 1e-9);
      if (new Set(truth).size > 1) expect(explained).toBeCloseTo(counted(rSquared(truth, unbiased)), 9);
    }),
    { seed: 7 },
  );
});

test("ranks see any growing curve as a straight line", () => {
  fc.assert(
    fc.property(fc.uniqueArray(fc.integer({ min: -30, max: 30 }), { minLength: 2, maxLength: 20 }), (values) => {
      const curved = values.map((value) => value ** 3);
      expect(spearman(values, curved)).toBeCloseTo(1, 12);
      expect(
        pearson(
          values,
          values.map((value) => 3 - 2 * value),
        ),
      ).toBeCloseTo(-1, 12);
    }),
    { seed: 7 },
  );
});

test("what a constant or a lone target leaves undefined is named", () => {
  expect(rSquared([2, 2, 2], [2, 2, 2])).toEqual({ undefined: "targets-same", countsAs: 1 });
  expect(rSquared([2, 2, 2], [2, 2, 3])).toEqual({ undefined: "targets-same", countsAs: 0 });
  expect(rSquared([2], [3])).toEqual({ undefined: "one-sample", countsAs: Number.NaN });
  expect(pearson([1, 2], [3, 3])).toEqual({ undefined: "predictions-same" });
  expect(regressionErrors([], []).mae).toEqual({ undefined: "no-sample" });
  expect(() => regressionErrors([1], [Number.NaN])).toThrow("1 of 1 predictions must be finite; at 0");
});

test("an influence is what leaving a sample out takes away, of very skewed numbers and ties too", () => {
  const random = seededRandom(8);
  const n = 400;
  const truth = Float64Array.from({ length: n }, () => Math.round(40 * random() ** 3));
  const predicted = truth.map((target) => target + 12 * (random() - 0.3) ** 3 + Math.round(4 * random()));
  const without = (column: Float64Array, left: number) => column.filter((_, at) => at !== left);
  const statistics = [
    [pearson, pearsonInfluences],
    [spearman, spearmanInfluences],
    [(y: Float64Array, p: Float64Array) => 1 - (explainedVariance(y, p) as number), unexplainedInfluences],
  ] as const;
  for (const [of, influencesOf] of statistics) {
    const whole = of(truth, predicted) as number;
    const influences = influencesOf(truth, predicted);
    const left = influences.map(
      (_, at) => (n - 1) * (whole - (of(without(truth, at), without(predicted, at)) as number)),
    );
    const apart = influences.map((one, at) => Math.abs(one - left[at]!));
    expect(mean(influences)).toBeCloseTo(0, 9);
    expect(mean(apart) / mean(influences.map(Math.abs))).toBeLessThan(0.03);
  }
});
