import { expect, test } from "vitest";
import { gaussian } from "../data/made-sets.ts";
import { seededRandom } from "../data/random.ts";
import { convergenceOf } from "./convergence.ts";

const curve = (of: (share: number) => number, noise: number, steps = 1000) => {
  const random = seededRandom("curve", steps);
  return Array.from({ length: steps }, (_, step) => of(step / steps) + noise * gaussian(random));
};

test.each([
  ["falling", (share: number) => 2 - share, 0.05],
  ["falling", (share: number) => 2 - share, 0],
  ["level", (share: number) => Math.exp(-12 * share), 0.02],
  ["level", () => 1, 0],
  ["rising", (share: number) => (share < 0.8 ? 1 - share : 0.2 + share - 0.8), 0.02],
  ["oscillating", (share: number) => 1 + 0.01 * Math.sin(share * 300), 0.5],
] as const)("a loss is said to be %s", (expected, of, noise) => {
  expect(convergenceOf(curve(of, noise))).toBe(expected);
});

test("nothing is said of a training that is too short, or of a loss that is no number", () => {
  expect(convergenceOf(curve(() => 1, 0.1, 150))).toBeNull();
  expect(convergenceOf([...curve(() => 1, 0.1), Number.NaN])).toBeNull();
});
