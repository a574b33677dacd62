import { expect, test } from "vitest";
import { seededNormal, seededRandom } from "../resampling/random.ts";
import { noiseFloor } from "./noise-floor.ts";
import { validationSampleVariance } from "./sample-variance.ts";

const floor = (groups: Parameters<typeof noiseFloor>[0], incumbentRuns = 5) => noiseFloor(groups, { incumbentRuns });

test("the floor is the noise that seeds were given, whatever the recipes are worth", () => {
  const normal = seededNormal(seededRandom(3));
  const groups = Array.from({ length: 20 }, (_, at) => ({
    values: Array.from({ length: 6 }, () => at / 10 + 0.01 * normal()),
  }));
  const found = floor(groups);
  expect(found).toMatchObject({ groupsUsed: 20, dof: 100, status: "ok", uneven: false });
  expect(Math.abs((found.sd as number) - 0.01)).toBeLessThan(0.002);
});

test("crashed runs, repeated seeds, the screening run and old groups don't enter", () => {
  const values = [0.5, null, 0.6, 0.9, 0.7];
  const found = floor([{ values, seeds: [1, 2, 3, 3, 4], selected: true }]);
  expect(found).toMatchObject({ groupsUsed: 1, dof: 1, status: "none", runIncumbent: 1 });
  expect(found.variance).toBeCloseTo(0.005, 12);
  const many = Array.from({ length: 30 }, (_, at) => ({ values: [at, at + 1] }));
  expect(floor(many).groupsUsed).toBe(20);
});

test("no floor, and a seed that changes nothing, are told apart", () => {
  expect(floor([], 0)).toMatchObject({
    status: "none",
    runIncumbent: 3,
    sd: { undefined: "no-repeated-recipe" },
  });
  expect(floor([{ values: [0.1, 0.1, 0.1] }])).toMatchObject({ status: "zero", sd: 0 });
  const uneven = floor([{ values: [0, 1, 2, 3, 4, 5] }, { values: [0, 0.001, 0.002, 0.003, 0.004, 0.005] }]);
  expect(uneven.uneven).toBe(true);
});

test("the part of a difference that the samples bring is found under run-to-run noise", () => {
  const random = seededRandom(4);
  const normal = seededNormal(random);
  const n = 3_000;
  const own = Array.from({ length: n }, () => 0.3 * normal());
  const replicate = (part: number) => own.map((value) => part * value + 0.5 * normal());
  const found = validationSampleVariance([replicate(1), replicate(1), replicate(1)], [replicate(0), replicate(0)]);
  const { raw, variance } = found as { raw: number; variance: number };
  expect(Math.abs((variance * n) / 0.09 - 1)).toBeLessThan(0.2);
  expect(raw * n).toBeGreaterThan(0.25);
  expect(validationSampleVariance([[1]], [[1]])).toEqual({ undefined: "one-sample" });
  expect(validationSampleVariance([], [[1, 0]])).toEqual({ undefined: "side-empty" });
});
