import { expect, test } from "vitest";
import { betaRegularised } from "../special/incomplete-beta.ts";
import { logGamma } from "../special/log-gamma.ts";
import { tCdf, tQuantile, tQuantileQuick } from "./student-t.ts";

// Abramowitz and Stegun, table 26.10, and closed forms for one and two degrees of freedom
test.each([
  [0.975, 1, Math.tan(Math.PI * 0.475)],
  [0.975, 2, 4.302652729911275],
  [0.975, 4, 2.7764451051977987],
  [0.975, 9, 2.2621571627409915],
  [0.975, 30, 2.0422724563012373],
  [0.995, 5, 4.032142983557536],
  [0.025, 9, -2.2621571627409915],
  [0.975, 1e6, 1.9599664],
])("the quantile %d of t with %d degrees of freedom is %d", (p, freedom, expected) => {
  expect(tQuantile(p, freedom)).toBeCloseTo(expected, freedom > 1000 ? 5 : 9);
});

test("the distribution function and the quantile undo each other", () => {
  for (const freedom of [1, 2, 3.5, 17, 400])
    for (const p of [0.001, 0.2, 0.5, 0.9, 0.9999]) expect(tCdf(tQuantile(p, freedom), freedom)).toBeCloseTo(p, 10);
});

test("the quick quantile is the quantile, to 1e-11 of itself", () => {
  for (const freedom of [0.6, 1, 1.2, 2, 2.7, 4, 9, 31.5, 400, 1e5])
    for (const p of [0.6, 0.8, 0.975, 0.9995]) {
      const exact = tQuantile(p, freedom);
      expect(Math.abs(tQuantileQuick(p, freedom) / exact - 1)).toBeLessThan(1e-11);
    }
});

test("ln Γ and the incomplete beta function have their known values", () => {
  expect(logGamma(10)).toBeCloseTo(Math.log(362880), 12);
  expect(logGamma(0.5)).toBeCloseTo(Math.log(Math.sqrt(Math.PI)), 13);
  expect(betaRegularised(0.3, 1, 4)).toBeCloseTo(1 - 0.7 ** 4, 13);
  expect(betaRegularised(0.5, 7, 7)).toBeCloseTo(0.5, 13);
});
