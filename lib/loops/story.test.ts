import { expect, test } from "vitest";
import type { Loop, RulingAnswer } from "../wire/studies/loops.ts";
import { storyOf } from "./story.ts";

const rule = { seeds: 5, screen: 1, along: 1, incumbentMin: 3, incumbentMax: 10, smallest: 0.01, alpha: 0.1 };
const loop = (rulings: unknown[], more: object = {}) =>
  ({
    rule,
    rulings: [...rulings].reverse(),
    incumbent: { value: 0.9, runs: 4 },
    noiseFloor: { sd: 0.002, dof: 9 },
    nextLevel: 0.004,
    spent: 0,
    keeps: 0,
    ...more,
  }) as unknown as Loop;
const ruled = (number: number, recipe: string, more: Partial<RulingAnswer["figures"] & RulingAnswer>) => {
  const {
    ruling = "discard",
    reason = "screen",
    candidate = [0.8],
    incumbent = [0.9, 0.92],
    test = null,
    level = 0.005,
  } = more as Record<string, unknown>;
  return { number, recipe, ruling, reason, figures: { candidate, incumbent, test, level } };
};
const study = { objective: { metric: "accuracy", split: "validation", direction: "max" } } as const;

test("incumbents stand beside what one run each would claim, and tests spend places of the budget", () => {
  const rulings = [
    ruled(1, "a", { ruling: "run-again", reason: "unconfirmed", candidate: [0.95] }),
    ruled(2, "a", { candidate: [0.95, 0.9], reason: "not-distinguishable", test: {} as never }),
    ruled(3, "b", { ruling: "keep", reason: "gain", candidate: [0.94, 0.94], test: {} as never, level: 0.004 }),
    ruled(4, "c", { candidate: [null], reason: "crashed", incumbent: [] }),
  ];
  const spent = new Map([1, 2, 3, 4].map((number) => [number, { runs: number * 3, hours: number }]));
  const { points: all, greedy, budget, saturation } = storyOf(loop(rulings, { keeps: 1 }), study, spent);
  const [began, ...points] = all;
  expect(began).toMatchObject({ number: 0, incumbent: 0.9, greedy: 0.9, spent: { candidates: 0, runs: 0 } });
  expect(points.map(({ spent: { candidates, runs } }) => [candidates, runs])).toEqual([
    [1, 3],
    [1, 6],
    [2, 9],
    [3, 12],
  ]);
  expect(points.map(({ candidate }) => candidate)).toEqual([0.95, null, 0.94, null]);
  expect(points.map(({ incumbent }) => incumbent)).toEqual([0.91, 0.91, 0.91, null]);
  expect(greedy).toEqual({ candidates: 3, keeps: 1, claim: 0.95, recipe: "a" });
  expect(budget).toEqual({
    places: [
      { level: 0.005, isKept: false },
      { level: 0.004, isKept: true },
    ],
    next: 0.004,
    expectedFalse: expect.closeTo(0.009, 12),
  });
  expect(saturation.sinceKeep).toEqual({ candidates: 1, runs: 3 });
});

test("what can be seen follows from the noise floor, and a loop without one says so", () => {
  // (z(.996) + z(.8)) · .002 · √(1/4 + 1/5)
  const { visible, seeds } = storyOf(loop([]), study, new Map()).saturation;
  expect(visible).toBeCloseTo((2.652 + 0.8416) * 0.002 * Math.sqrt(1 / 4 + 1 / 5), 5);
  expect(seeds).toBe(1);
  expect(storyOf(loop([], { noiseFloor: null }), study, new Map()).saturation).toMatchObject({
    visible: null,
    seeds: null,
  });
  const small = { rule: { ...rule, smallest: 0.001 } };
  expect(storyOf(loop([], small), study, new Map()).saturation.seeds).toBeNull();
});
