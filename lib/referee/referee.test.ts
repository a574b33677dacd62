import fc from "fast-check";
import { expect, test } from "vitest";
import { InputError } from "../statistics/inputs.ts";
import { lord, refereeDecay } from "./levels.ts";
import { levelOf, loopSettings, newLoop, ruleOn } from "./loop.ts";
import { minimumSeeds } from "./planning.ts";
import { rule } from "./ruling.ts";

test("levels are known before their p-values, and a keep gives back what later tests may spend", () => {
  const pValues = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 1, maxLength: 40 });
  fc.assert(
    fc.property(pValues, fc.nat(39), (given, changed) => {
      const at = changed % given.length;
      const settings = { alpha: 0.1, start: 0.05, decay: refereeDecay };
      const before = lord(given, settings).levels;
      const after = lord(
        given.map((p, index) => (index >= at ? 1 : p)),
        settings,
      ).levels;
      expect(after.slice(0, at + 1)).toEqual(before.slice(0, at + 1));
      // no more is ever spent than was there and came back
      const { levels, rejected } = lord(given, settings);
      const spent = levels.reduce((sum, level) => sum + level, 0);
      expect(spent).toBeLessThanOrEqual(0.05 + 0.1 * rejected.filter(Boolean).length + 1e-12);
    }),
  );
});

test("a loop is left as it was by what is to be run again, and a replaced incumbent isn't tried again", () => {
  const loop = newLoop("min", "first", [3.28, 3.29, 3.27, 3.285, 3.281]);
  const good = {
    recipe: "better",
    screen: [3.1],
    confirm: [3.1, 3.11, 3.09, 3.1],
    alongside: [3.28],
    fresh: [3.1, 3.11, 3.1, 3.09, 3.1],
  };
  const half = ruleOn(loop, { ...good, confirm: [3.1], alongside: [] });
  expect(half.ruling).toMatchObject({ ruling: "run-again", run: { incumbent: 1, candidate: 3 } });
  expect(half.loop).toBe(loop);
  const kept = ruleOn(loop, good);
  expect(kept.ruling).toMatchObject({ ruling: "keep", reason: "gain" });
  expect(kept.loop.incumbent.recipe).toBe("better");
  expect(levelOf(kept.loop, loopSettings)).toBeGreaterThan(levelOf({ ...kept.loop, keeps: [] }, loopSettings));
  expect(ruleOn(kept.loop, { ...good, recipe: "first" }).ruling).toMatchObject({
    ruling: "discard",
    reason: "history",
  });
  expect(ruleOn(kept.loop, good).ruling).toMatchObject({ ruling: "refused", reason: "seed-only" });
});

test("a floor without spread, one seed and a gain that no seeds can show are refused", () => {
  const flat = {
    goal: "max",
    relation: "new",
    incumbent: [1, 1, 1],
    screen: [2],
    confirm: [],
    floor: { squares: 0, dof: 0 },
    level: 0.01,
  } as const;
  expect(rule(flat)).toMatchObject({ ruling: "refused", reason: "seed-changes-nothing" });
  expect(() => rule(flat, { ...loopSettings, seeds: 1 })).toThrow(InputError);
  expect(minimumSeeds({ noise: 1, gain: 0.1, alpha: 0.05, power: 0.8, sampleVariance: 1 }).seeds).toBeNull();
});
