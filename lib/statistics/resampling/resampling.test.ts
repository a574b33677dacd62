import fc from "fast-check";
import { expect, test } from "vitest";
import { binomialProbability } from "../distributions/binomial.ts";
import { chiSquareTail } from "../distributions/chi-square.ts";
import { ascending, mean, quantile, standardDeviation } from "../moments.ts";
import { drawBinomial } from "./binomial-draw.ts";
import { bootstrapUnits, drawBags, weightsOfGroups } from "./bootstrap.ts";
import { exactBootstrapOfAccuracy, exactBootstrapOfMean } from "./exact-bootstrap.ts";
import { drawCounts } from "./multinomial-draw.ts";
import { seededRandom, seedOf } from "./random.ts";

test("one seed gives the same draws on every machine", () => {
  const random = seededRandom(11);
  const laws = [
    [5, 0.3],
    [1_000, 0.004],
    [40, 0.5],
    [1_000, 0.9],
    [100_000, 0.37],
    [1_000_000, 0.01],
  ] as const;
  expect(laws.flatMap(([n, p]) => [drawBinomial(n, p, random), drawBinomial(n, p, random)])).toEqual([
    1, 2, 9, 4, 23, 17, 886, 904, 36881, 37183, 10152, 10101,
  ]);
  const out = new Float64Array(5);
  drawCounts([40, 0, 7, 1, 952], random, out);
  expect([...out]).toEqual([50, 0, 5, 0, 945]);
  expect([...bootstrapUnits(4, { resamples: 3, seed: 2 }, (weights) => Number(weights.join("")))]).toEqual([
    211, 220, 2110,
  ]);
  expect([seedOf(1, "panel"), seedOf(1, "other"), seedOf(2, "panel")]).toEqual([1388918260, 1447752772, -258949337]);
});

test.each([
  [30, 0.2],
  [60, 0.5],
  [300, 0.97],
  [2_000, 0.1],
])("draws of Binomial(%d, %d) follow its law", (n, p) => {
  const random = seededRandom(5);
  const draws = 40_000;
  const counts = new Float64Array(n + 1);
  for (let at = 0; at < draws; at++) counts[drawBinomial(n, p, random)]!++;
  let [chi2, cells, restSeen, restExpected] = [0, 0, 0, 0];
  for (let k = 0; k <= n; k++) {
    const expected = draws * binomialProbability(k, n, p);
    if (expected < 10) {
      restSeen += counts[k]!;
      restExpected += expected;
    } else {
      chi2 += (counts[k]! - expected) ** 2 / expected;
      cells++;
    }
  }
  if (restExpected > 1) chi2 += (restSeen - restExpected) ** 2 / restExpected;
  expect(chiSquareTail(chi2, cells)).toBeGreaterThan(0.001);
});

test("resampled counts keep their sum, and cells that hold nothing stay empty", () => {
  fc.assert(
    fc.property(fc.array(fc.nat(300), { minLength: 1, maxLength: 30 }), fc.integer(), (counts, seed) => {
      const out = new Float64Array(counts.length);
      drawCounts(counts, seededRandom(seed), out);
      expect(out.reduce((a, b) => a + b, 0)).toBe(counts.reduce((a, b) => a + b, 0));
      for (const [at, count] of counts.entries()) {
        expect(out[at]).toBeGreaterThanOrEqual(0);
        if (count === 0) expect(out[at]).toBe(0);
      }
    }),
    { seed: 7 },
  );
});

test("the bootstrap of a mean comes to what all resamples give", () => {
  const data = [1, 2, 4, 9];
  const exact = exactBootstrapOfMean(data);
  const replicates = bootstrapUnits(4, { resamples: 20_000, seed: 4 }, (weights) =>
    weights.reduce((sum, weight, at) => sum + (weight * data[at]!) / 4, 0),
  );
  expect(Math.abs(standardDeviation(replicates, 0) - exact.se)).toBeLessThan(0.02);
  const sorted = ascending(replicates);
  expect(Math.abs(quantile(sorted, 0.025) - exact.percentile[0])).toBeLessThanOrEqual(0.02 * 8);
  expect(Math.abs(quantile(sorted, 0.975) - exact.percentile[1])).toBeLessThanOrEqual(0.02 * 8);
});

test("the bootstrap of an accuracy comes to its exact law", () => {
  const [low, high] = exactBootstrapOfAccuracy(87, 100);
  const random = seededRandom(8);
  const sorted = ascending(Float64Array.from({ length: 10_000 }, () => drawBinomial(100, 0.87, random) / 100));
  expect(Math.abs(quantile(sorted, 0.025) - low)).toBeLessThan(0.015);
  expect(Math.abs(quantile(sorted, 0.975) - high)).toBeLessThan(0.015);
});

test("strata keep their sizes, and a group's samples are drawn together", () => {
  const strata = [0, 1, 1, 0, 1];
  const seen = bootstrapUnits(5, { resamples: 200, seed: 3, strata }, (weights) => weights[0]! + weights[3]!);
  expect([...new Set(seen)]).toEqual([2]);
  const weights = new Uint32Array(5);
  weightsOfGroups([0, 0, 1, 2, 1], Uint32Array.of(2, 0, 1), weights);
  expect([...weights]).toEqual([2, 2, 0, 1, 0]);
});

test("bags are of the samples' positions, and leave about 1/e of them out", () => {
  const bags = drawBags(200, { resamples: 100, seed: 1 });
  const left = bags.map((bag) => 1 - new Set(bag).size / 200);
  expect(Math.abs(mean(left) - Math.exp(-1))).toBeLessThan(0.01);
  expect(bags.every((bag) => bag.every((at) => at < 200))).toBe(true);
});

test("settings that can't be are refused", () => {
  expect(() => bootstrapUnits(0, { resamples: 1, seed: 1 }, () => 0)).toThrow("needs a unit");
  expect(() => bootstrapUnits(2, { resamples: 1, seed: 1, strata: [0] }, () => 0)).toThrow("1 strata for 2 units");
  expect(() => exactBootstrapOfMean(new Array(11).fill(0))).toThrow("1–10 values");
  expect(() => exactBootstrapOfMean([1, Number.NaN])).toThrow("1 of 2 values must be finite; at 1");
});
