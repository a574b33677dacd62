import fc from "fast-check";
import { expect, test } from "vitest";
import { adjustP } from "../corrections/adjust-p.ts";
import { seededNormal, seededRandom } from "../resampling/random.ts";
import { detectableDifference } from "./detectable-difference.ts";
import { agreementOf, mcnemarTest } from "./mcnemar.ts";
import { outperformance } from "./outperformance.ts";
import { correctedResampledTest } from "./resampled-t.ts";
import { permutationP, signFlipTest } from "./sign-flip.ts";
import { welchTest } from "./welch.ts";
import { wilcoxonTest } from "./wilcoxon.ts";

const seeded = { seed: 7 };
const pOf = (found: { p: number } | { undefined: string }): number => (found as { p: number }).p;

test("McNemar's p-values don't tell A from B, lie in 0–1, and the mid-p is below the exact one", () => {
  fc.assert(
    fc.property(fc.nat(2_000), fc.nat(2_000), (b, c) => {
      const found = mcnemarTest(b, c);
      expect(mcnemarTest(c, b).midP).toBeCloseTo(found.midP, 12);
      expect(found.exact).toBeLessThanOrEqual(1);
      expect(found.midP).toBeGreaterThanOrEqual(0);
      expect(found.midP).toBeLessThanOrEqual(found.exact);
    }),
    seeded,
  );
  expect(() => mcnemarTest(-1, 2)).toThrow("must be a whole number from 0");
});

test("signs flipped over right and wrong answers are McNemar's exact test", () => {
  for (const [b, c, same] of [
    [1, 7, 30],
    [6, 12, 0],
    [0, 0, 5],
    [4, 4, 3],
  ] as const) {
    const differences = [...Array(b).fill(1), ...Array(c).fill(-1), ...Array(same).fill(0)];
    expect(pOf(signFlipTest(differences))).toBeCloseTo(mcnemarTest(b, c).exact, 12);
  }
});

test("drawn signs come to the exact p, of many equal differences and of many unequal ones", () => {
  const equal = [...Array(40).fill(1), ...Array(24).fill(-1)];
  const exact = mcnemarTest(40, 24).exact;
  expect(Math.abs(pOf(signFlipTest(equal, { seed: 3 })) - exact)).toBeLessThan(0.012);
  const normal = seededNormal(seededRandom(4));
  const unequal = Array.from({ length: 60 }, () => normal() + 0.25);
  const rank = pOf(wilcoxonTest(unequal));
  expect(Math.abs(pOf(signFlipTest(unequal, { seed: 5 })) - rank)).toBeLessThan(0.06);
  expect(signFlipTest(unequal, { seed: 5 })).toEqual(signFlipTest(unequal, { seed: 5 }));
  expect(signFlipTest([])).toEqual({ undefined: "no-pair" });
});

test("where nothing differs, drawn signs reject no more often than they say", () => {
  const normal = seededNormal(seededRandom(21));
  const rejected = Array.from({ length: 300 }, (_, seed) =>
    pOf(signFlipTest(Array.from({ length: 30 }, normal), { permutations: 199, seed })),
  ).filter((p) => p <= 0.1).length;
  expect(rejected / 300).toBeLessThan(0.15);
  expect(rejected / 300).toBeGreaterThan(0.05);
});

test("Wilcoxon's exact tail is that of all signs, and the normal one is near", () => {
  const values = [3, -1, 4, -2, 6, 5, -7, 8, 9];
  const statistic = 1 + 2 + 7;
  let asFar = 0;
  for (let signs = 0; signs < 2 ** 9; signs++) {
    let down = 0;
    for (let rank = 1; rank <= 9; rank++) if ((signs >> (rank - 1)) & 1) down += rank;
    if (Math.min(down, 45 - down) <= statistic) asFar++;
  }
  expect(wilcoxonTest(values)).toEqual({ statistic, p: asFar / 512, exact: true });
  // ties and zeros take the normal law; values of SciPy 1.17.1
  const tied = [
    { values: [3, -1, 4, -2, 6, 5, -7, 8, 8], statistic: 10, p: 0.13829429092519505 },
    { values: [3, -1, 4, 0, -2, 6, 5, -7, 8, 8, 2, 2], statistic: 13, p: 0.0746471929426968 },
  ];
  for (const { values, statistic, p } of tied) {
    const found = wilcoxonTest(values) as { statistic: number; p: number; exact: boolean };
    expect(found).toMatchObject({ statistic, exact: false });
    expect(found.p).toBeCloseTo(p, 12);
  }
  expect(wilcoxonTest([0, 0])).toEqual({ undefined: "differences-zero" });
});

test("adjusted p-values are no smaller than given, keep their order, and Bonferroni's are the largest", () => {
  fc.assert(
    fc.property(fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 1, maxLength: 20 }), (values) => {
      const [holm, bonferroni, fdr] = (["holm", "bonferroni", "benjamini-hochberg"] as const).map((method) =>
        adjustP(values, method),
      );
      for (const [a, p] of values.entries()) {
        // p · n / n may round down
        expect(fdr![a]! * (1 + 1e-12)).toBeGreaterThanOrEqual(p);
        expect(holm![a]! * (1 + 1e-12)).toBeGreaterThanOrEqual(fdr![a]!);
        expect(bonferroni![a]).toBeGreaterThanOrEqual(holm![a]!);
        for (const [b, other] of values.entries()) if (p < other) expect(holm![a]).toBeLessThanOrEqual(holm![b]!);
      }
    }),
    seeded,
  );
  expect(adjustP([], "holm")).toEqual([]);
  expect(() => adjustP([1.2], "holm")).toThrow("1 of 1 p-values must be in 0–1");
});

test("tests of too little are undefined, because …", () => {
  expect(welchTest([1], [2, 3])).toEqual({ undefined: "side-below-two" });
  expect(welchTest([1, 1], [2, 2])).toEqual({ undefined: "no-variance" });
  expect(correctedResampledTest([0.1, 0.1], { train: 9, test: 1 })).toEqual({
    undefined: "differences-same",
  });
  expect(outperformance([], [1])).toEqual({ undefined: "side-empty" });
  expect(outperformance([1, 2], [1, 2])).toBe(0.5);
  expect(permutationP(0, 0)).toBe(1);
});

test("agreement counts each sample once, and the detectable difference shrinks with the root of n", () => {
  expect(agreementOf([0, 1, 2, 2], { a: [0, 1, 0, 1], b: [0, 0, 2, 1] })).toEqual({
    bothRight: 1,
    onlyA: 1,
    onlyB: 1,
    bothWrong: 1,
  });
  expect(detectableDifference(400, 0.1) / detectableDifference(1600, 0.1)).toBeCloseTo(2, 12);
  expect(() => detectableDifference(10, 2)).toThrow("must be in 0–1");
});
