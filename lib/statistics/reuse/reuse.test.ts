import fc from "fast-check";
import { expect, test } from "vitest";
import { mean } from "../moments.ts";
import { seededRandom } from "../resampling/random.ts";
import { keepBudget, lookBudget } from "./budget.ts";
import { fixedLadder, parameterFreeLadder, parameterFreeRung } from "./ladder.ts";
import { thresholdout } from "./thresholdout.ts";

const seeded = { seed: 7 };

test("more looks, and finer answers, widen the interval; one look is the single one", () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 100_000 }),
      fc.integer({ min: 1, max: 400 }),
      fc.integer({ min: 1, max: 1_000 }),
      (n, looks, values) => {
        const budget = lookBudget({ n, looks, values });
        expect(budget.single).toBeLessThanOrEqual(budget.nonAdaptive + 1e-12);
        expect(budget.nonAdaptive).toBeLessThanOrEqual(budget.adaptiveWorst + 1e-12);
        expect(lookBudget({ n, looks: looks + 1, values }).adaptiveWorst).toBeGreaterThan(budget.adaptiveWorst);
        expect(lookBudget({ n, looks: 1, values }).adaptiveWorst).toBeCloseTo(budget.single, 12);
      },
    ),
    seeded,
  );
  expect(lookBudget({ n: 100, looks: 7, values: 1 }).leakedBits).toBe(0);
  expect(() => lookBudget({ n: 0, looks: 1, values: 2 })).toThrow("from 1");
});

test("a budget by keeps is never worse than by looks, and finite for very many", () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 2_000 }), fc.nat(2_000), (verdicts, keeps) => {
      const found = keepBudget({ n: 10_000, verdicts, keeps: Math.min(keeps, verdicts), outcomes: 2 });
      expect(found.use).toBeLessThanOrEqual(found.full);
      expect(Number.isFinite(found.use)).toBe(true);
    }),
    seeded,
  );
  expect(() => keepBudget({ n: 10, verdicts: 2, keeps: 3, outcomes: 2 })).toThrow("3 of 2 verdicts");
});

test("a ladder's shown loss only falls, and a gain of one sample is not enough", () => {
  const random = seededRandom(6);
  const submissions = Array.from({ length: 30 }, (_, at) =>
    Uint8Array.from({ length: 200 }, () => (random() < 0.5 - at / 100 ? 1 : 0)),
  );
  const rungs = parameterFreeLadder(submissions);
  expect(rungs[0]!.accepted).toBe(true);
  for (let at = 1; at < rungs.length; at++) {
    expect(rungs[at]!.released).toBeLessThanOrEqual(rungs[at - 1]!.released);
    expect(rungs[at]!.accepted).toBe(rungs[at]!.released < rungs[at - 1]!.released);
  }
  expect(rungs.some(({ accepted }) => !accepted)).toBe(true);
  const best = [1, 1, 0, 0, 0, 0, 0, 0];
  expect(parameterFreeRung([0, 1, 0, 0, 0, 0, 0, 0], best)).toEqual({ accepted: false, released: mean(best) });
  expect(() => parameterFreeRung([1], null)).toThrow("two samples");
});

test("a fixed ladder shows multiples of its step, each more than a step below the last", () => {
  fc.assert(
    fc.property(fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 1, maxLength: 20 }), (losses) => {
      const released = fixedLadder(losses, 0.05);
      for (const [at, value] of released.entries()) {
        expect(Math.abs(value / 0.05 - Math.round(value / 0.05))).toBeLessThan(1e-9);
        if (at > 0) expect(value).toBeLessThanOrEqual(released[at - 1]!);
      }
    }),
    seeded,
  );
});

test("thresholdout answers by train until the holdout disagrees, then for as long as the budget lasts", () => {
  const noise = { gamma: [0, 0, 0], eta: [0, 0, 0, 0], xi: [0.001, 0.002, 0.003, 0.004] };
  const queries = [
    { train: 0.9, holdout: 0.89 },
    { train: 0.95, holdout: 0.8 },
    { train: 0.9, holdout: 0.7 },
    { train: 0.9, holdout: 0.9 },
  ];
  expect(thresholdout(queries, { threshold: 0.05, budget: 2, noise })).toEqual({
    answers: [0.9, 0.802, 0.703, null],
    budgetLeft: 0,
  });
  expect(() => thresholdout(queries, { threshold: 0.05, budget: 3, noise })).toThrow("3 noises for a budget of 3");
});
