import fc from "fast-check";
import { expect, test } from "vitest";
import { counted } from "../measured.ts";
import { pearson, spearman } from "./correlation.ts";
import { regressionErrors } from "./errors.ts";
import { explainedVariance, rSquared } from "./explained.ts";

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
