import fc from "fast-check";
import { expect, test } from "vitest";
import { mean } from "../moments.ts";
import { drawBags } from "../resampling/bootstrap.ts";
import { seededNormal, seededRandom } from "../resampling/random.ts";
import { biasCorrectedBest } from "./bias-corrected.ts";
import { bestOfQuantiles, expectedBest } from "./expected-best.ts";
import { expectedBestAccuracy, expectedMaximum } from "./expected-maximum.ts";
import { selectionNoise } from "./selection-noise.ts";
import { winnersLuck } from "./winner.ts";

const seeded = { seed: 7 };
const scores = fc.array(fc.integer({ min: 0, max: 100 }), { minLength: 1, maxLength: 25 });

test("the expected best grows from the mean to the best, and lowest is best the other way round", () => {
  fc.assert(
    fc.property(scores, (values) => {
      const { biased, unbiased } = expectedBest(values);
      expect(unbiased[0]).toBeCloseTo(mean(values), 9);
      expect(biased[0]).toBeCloseTo(mean(values), 9);
      expect(unbiased.at(-1)).toBe(Math.max(...values));
      for (const curve of [biased, unbiased])
        for (let n = 1; n < curve.length; n++) expect(curve[n]! - curve[n - 1]!).toBeGreaterThan(-1e-9);
      for (const [n, value] of unbiased.entries()) expect(value - biased[n]!).toBeGreaterThan(-1e-9);
      const mirrored = expectedBest(
        values.map((value) => -value),
        "min",
      );
      for (const [n, value] of mirrored.unbiased.entries()) expect(value).toBeCloseTo(-unbiased[n]!, 9);
    }),
    seeded,
  );
});

test("the best of three of ten is at a quantile by counts, also where the power rounds", () => {
  const ten = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10];
  // .7 of ten, and .7² = .49: the equality counts
  expect(bestOfQuantiles(ten, { k: 2, quantiles: [0.49, 0.4900001, 1] })).toEqual([7, 8, 10]);
  expect(bestOfQuantiles(ten, { k: 1, quantiles: [0.1], better: "min" })).toEqual([10]);
});

test("the mean of the largest of N normal variables is as tabled", () => {
  // Harter 1961
  const tabled: [number, number][] = [
    [1, 0],
    [2, 0.5641895835477563],
    [3, 0.8462843753216345],
    [5, 1.1629644736],
    [10, 1.5387527308],
    [100, 2.5075936],
    [1000, 3.2414357],
  ];
  for (const [n, want] of tabled) expect(expectedMaximum(n)).toBeCloseTo(want, 6);
  expect(() => expectedMaximum(0)).toThrow("whole number from 1");
  expect(expectedBestAccuracy(1, { n: 40, p: 0.3 }).optimism).toBeCloseTo(0, 12);
});

test("a winner's luck is what a simulation shows", () => {
  const normal = seededNormal(seededRandom(5));
  const [candidates, noise, spread, rounds] = [20, 0.01, 0.02, 4_000];
  let luck = 0;
  for (let round = 0; round < rounds; round++) {
    let [best, trueOfBest] = [Number.NEGATIVE_INFINITY, 0];
    for (let at = 0; at < candidates; at++) {
      const truth = spread * normal();
      const seen = truth + noise * normal();
      if (seen > best) [best, trueOfBest] = [seen, truth];
    }
    luck += (best - trueOfBest) / rounds;
  }
  expect(Math.abs(winnersLuck(0.93, { candidates, noise, spread }).optimism / luck - 1)).toBeLessThan(0.04);
  expect(winnersLuck(0.9, { candidates: 5, noise: 0 })).toEqual({ optimism: 0, corrected: 0.9 });
});

/** Candidates that are equally good, each right with probability p, on the same samples. */
function equals(candidates: number, n: number, p: number, seed: number): Uint8Array[] {
  const random = seededRandom(seed);
  return Array.from({ length: candidates }, () => Uint8Array.from({ length: n }, () => (random() < p ? 1 : 0)));
}

test("of equally good candidates, BBC and the disagreement take the luck off that the best shows", () => {
  const [p, n, rounds] = [0.9, 300, 40];
  let [naive, bbc, corrected] = [0, 0, 0];
  for (let seed = 1; seed <= rounds; seed++) {
    const correct = equals(15, n, p, seed);
    const found = biasCorrectedBest(correct, drawBags(n, { resamples: 60, seed }));
    const noise = selectionNoise(correct) as { best: number; optimism: number };
    naive += (found.naive as number) / rounds;
    bbc += (found.estimate as number) / rounds;
    corrected += (noise.best - noise.optimism) / rounds;
    expect(noise.best).toBe(found.naive);
  }
  expect(naive - p).toBeGreaterThan(0.02);
  expect(Math.abs(bbc - p)).toBeLessThan(0.01);
  expect(Math.abs(corrected - p)).toBeLessThan(0.01);
});

test("candidates that agree on every sample bring no luck, and one alone is no choice", () => {
  const [one] = equals(1, 50, 0.8, 3);
  expect(selectionNoise([one!, one!])).toMatchObject({ disagreement: 0, noise: 0, optimism: 0 });
  expect(selectionNoise([one!])).toEqual({ undefined: "no-choice" });
  expect(biasCorrectedBest([], []).estimate).toEqual({ undefined: "no-candidate" });
  expect(biasCorrectedBest([[1, 0]], [[0, 1]])).toMatchObject({
    estimate: { undefined: "no-bag" },
    skipped: 1,
  });
  expect(() => biasCorrectedBest([[1, 0], [1]], [])).toThrow("candidate 1 has 1 scores, the first 2");
});
