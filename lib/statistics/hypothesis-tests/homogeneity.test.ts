import { expect, test } from "vitest";
import { permutationP } from "./homogeneity.ts";

const options = { permutations: 9_999, seed: 1 };
const enough = 20;

test("a permutation test that ends early says about the same of chance, and exactly the same of what is none", () => {
  const chance = [
    [7, 5, 8],
    [6, 6, 7],
  ];
  expect(permutationP(chance, { ...options, enough })).toBeCloseTo(permutationP(chance, options), 1);
  const shifted = [
    [19, 1],
    [3, 17],
  ];
  expect(permutationP(shifted, { ...options, enough })).toBe(permutationP(shifted, options));
  expect(permutationP(shifted, options)).toBeLessThan(0.001);
});

test("a permutation test that ends early can't come below the line of .001 for want of permutations", () => {
  // 20 as large among at most 9,999 are at least .002
  const border = [
    [14, 6],
    [6, 14],
  ];
  const p = permutationP(border, { ...options, enough });
  expect(p).toBeGreaterThanOrEqual(enough / options.permutations);
  expect(p).toBeLessThan(0.1);
});
