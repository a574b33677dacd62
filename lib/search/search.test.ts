import fc from "fast-check";
import { expect, test } from "vitest";
import { InputError } from "../statistics/inputs.ts";
import { ask, type SearchMethod } from "./ask.ts";
import { crowdedEdge } from "./boundary.ts";
import { gridAt, gridSize } from "./grid.ts";
import { centredDiscrepancy, haltonPoint, scrambledHaltonPoint } from "./halton.ts";
import type { Trial } from "./history.ts";
import { coordinateOf, pointOf, type Space, valuesAt } from "./space.ts";
import { isBelowMedian, isHalved, rungsOf } from "./stopping.ts";
import { branin, cube, hartmann, medianLowest } from "./test-functions.ts";

const mixed: Space = [
  { name: "optimizer", kind: "categorical", choices: ["adam", "sgd"] },
  { name: "learningRate", kind: "float", low: 1e-5, high: 0.1, scale: "log" },
  {
    name: "optimizer=sgd/momentum",
    kind: "float",
    low: 0,
    high: 0.99,
    scale: "linear",
    when: { name: "optimizer", is: ["sgd"] },
  },
  { name: "layers", kind: "integer", low: 1, high: 8, scale: "linear" },
  { name: "batchSize", kind: "integer", low: 16, high: 512, scale: "log" },
];

test("values go to a point of the cube and back, within their ranges", () => {
  fc.assert(
    fc.property(
      fc.array(fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }), { minLength: 5, maxLength: 5 }),
      (point) => {
        const values = valuesAt(mixed, point);
        expect(Object.hasOwn(values, "optimizer=sgd/momentum")).toBe(values.optimizer === "sgd");
        expect(
          Number.isInteger(values.layers) && (values.layers as number) >= 1 && (values.layers as number) <= 8,
        ).toBe(true);
        const again = valuesAt(
          mixed,
          pointOf(mixed, values).map((at) => Math.min(at ?? 0, 1 - 1e-12)),
        );
        expect(Object.keys(again)).toEqual(Object.keys(values));
        for (const [name, value] of Object.entries(values))
          if (typeof value === "number") expect(again[name] as number).toBeCloseTo(value, 9);
          else expect(again[name]).toBe(value);
      },
    ),
  );
  expect(coordinateOf(mixed[1]!, 1e-3)).toBeCloseTo(0.5, 12);
});

test.each<[string, Space]>([
  ["empty", []],
  ["twice", [mixed[0]!, mixed[0]!]],
  ["too far apart", [{ name: "a", kind: "float", low: -1e308, high: 1e308, scale: "linear" }]],
  ["must be below", [{ name: "a", kind: "float", low: 1, high: 1, scale: "linear" }]],
  ["above 0", [{ name: "a", kind: "float", low: 0, high: 1, scale: "log" }]],
  ["both must be integers", [{ name: "a", kind: "integer", low: 0.5, high: 2, scale: "linear" }]],
  ["no choice", [{ name: "a", kind: "categorical", choices: [] }]],
  ["hangs on", [mixed[2]!]],
  ["is right", [mixed[0]!, { ...mixed[2]!, when: { name: "optimizer", is: ["lion"] } }]],
])("a space that can't be is refused by name: %s", (words, space) => {
  expect(() => ask(space, [], { method: "random", goal: "min", seed: 1 })).toThrow(words);
  expect(() => ask(space, [], { method: "random", goal: "min", seed: 1 })).toThrow(InputError);
});

test("a grid has every combination once, conditions make no copies, and it ends", () => {
  const some = mixed.slice(0, 4);
  const grid = Array.from({ length: gridSize(some, 3) }, (_, at) => gridAt(some, 3, at)!);
  expect(grid).toHaveLength(3 * 3 + 3 * 3 * 3);
  expect(new Set(grid.map((one) => JSON.stringify(one))).size).toBe(grid.length);
  expect(grid[0]!.learningRate).toBeCloseTo(1e-5, 12);
  expect(
    ask(
      mixed.slice(0, 1),
      [
        { values: {}, outcome: 1 },
        { values: {}, outcome: 1 },
      ],
      { method: "grid", goal: "min", seed: 1 },
    ),
  ).toBeNull();
});

test("a grid of any size is counted and refused, and the space of a search that has too few axes", () => {
  const axes = (count: number): Space =>
    Array.from({ length: count }, (_, at) => ({ name: `a${at}`, kind: "float", low: 0, high: 1, scale: "linear" }));
  const search = (method: SearchMethod, steps = 100) => ({ method, steps, goal: "min" as const, seed: 1 });
  expect(() => ask(axes(50), [], search("grid"))).toThrow(/a grid of more than 100000 trials/);
  for (const method of ["quasi-random", "tpe", "gaussian-process"] as const)
    expect(() => ask(axes(26), [], search(method))).toThrow(/26 parameters; quasi-random .* at most 25/);
  expect(Object.keys(ask(axes(26), [], search("random"))!)).toHaveLength(26);
});

test("scrambled points are as even as Halton's, evener than chance, and the same for a seed", () => {
  // hal-01 of the reference cases: SciPy's, without the first point
  expect(haltonPoint(3, 2)).toEqual([0.75, expect.closeTo(1 / 9, 12)]);
  const discrepancy = (make: (index: number) => number[]) =>
    centredDiscrepancy(Array.from({ length: 64 }, (_, at) => make(at + 1)));
  const random = (seed: number) => {
    const history: Trial[] = [];
    return Array.from({ length: 64 }, () => {
      const values = ask(cube(4), history, { method: "random", goal: "min", seed })!;
      history.push({ values, outcome: 0 });
      return Object.values(values) as number[];
    });
  };
  for (let seed = 1; seed <= 5; seed++)
    expect(discrepancy((index) => scrambledHaltonPoint(index, 4, seed))).toBeLessThan(centredDiscrepancy(random(seed)));
  expect(scrambledHaltonPoint(7, 4, 3)).toEqual(scrambledHaltonPoint(7, 4, 3));
  expect(scrambledHaltonPoint(7, 4, 3)).not.toEqual(scrambledHaltonPoint(7, 4, 4));
});

test("quasi-random beats random in the median, of so many seeds that it isn't luck", () => {
  // of 20 seeds the two medians change places as often as not: the difference is a tenth of their spread
  const [random, quasi] = (["random", "quasi-random"] as const).map((method) =>
    medianLowest([branin, 2], { method, seeds: 400, trials: 50 }),
  );
  expect(quasi!).toBeLessThan(random!);
});

test.each([
  ["Branin", branin, 2, 0.397887],
  ["Hartmann of six variables", hartmann, 6, -3.32237],
] as const)(
  "on %s the estimator beats quasi-random in the median of 20 seeds of 50 trials",
  (_, objective, axes, best) => {
    const [quasi, tpe] = (["quasi-random", "tpe"] as const).map((method) =>
      medianLowest([objective, axes], { method, seeds: 20, trials: 50 }),
    );
    expect(tpe!).toBeLessThan(quasi!);
    expect(tpe!).toBeGreaterThanOrEqual(best - 1e-5);
  },
);

test.each(["tpe", "gaussian-process"] as const)(
  "%s goes on beside trials that are pending, crashed or lack a conditional value, and repeats itself",
  (method) => {
    const history: Trial[] = [];
    const next = () => ask(mixed, history, { method, goal: "max", seed: 5 })!;
    for (let trial = 0; trial < 40; trial++) {
      const values = next();
      const { learningRate } = values as { learningRate: number };
      const outcome =
        trial % 7 === 3
          ? "infeasible"
          : trial % 7 === 5
            ? "pending"
            : -Math.abs(Math.log10(learningRate) + 3) - (values.optimizer === "sgd" ? 1 : 0);
      history.push({ values, outcome });
    }
    expect(next()).toEqual(next());
    const late = history.slice(25);
    expect(late.filter(({ values }) => values.optimizer === "adam").length).toBeGreaterThan(late.length / 2);
  },
);

test("the best at the edge of a range is told, and so are three of the five best in its outer part", () => {
  const rate = mixed[1]!;
  const trials = (rates: number[]): Trial[] =>
    rates.map((learningRate, at) => ({ values: { learningRate }, outcome: at }));
  expect(crowdedEdge(rate, trials([0.08, 0.001]), "min")).toBe("high");
  expect(crowdedEdge(rate, trials([0.001, 0.05, 0.05, 0.06, 0.001]), "min")).toBe("high");
  expect(crowdedEdge(rate, trials([0.001, 0.05, 0.002, 0.003, 0.001]), "min")).toBeNull();
  expect(crowdedEdge(rate, trials([0.001, 0.0012, 1.1e-5]), "max")).toBe("low");
  expect(crowdedEdge(mixed[0]!, trials([0.08]), "min")).toBeNull();
});

test("a hopeless trial stops by the median and by halving, and not before there is something to compare with", () => {
  const curve = (level: number) => Array.from({ length: 10 }, (_, step) => ({ step, value: level / (step + 1) }));
  const ended = [1, 2, 3, 4, 5].map(curve);
  expect(isBelowMedian(curve(40), ended, { step: 5, goal: "min" })).toBe(true);
  expect(isBelowMedian(curve(2), ended, { step: 5, goal: "min" })).toBe(false);
  expect(isBelowMedian(curve(40), ended.slice(1), { step: 5, goal: "min" })).toBe(false);
  expect(isBelowMedian(curve(40), ended, { step: 5, goal: "min", warmUp: 6 })).toBe(false);
  expect(isBelowMedian([{ step: 0, value: Number.NaN }], ended, { step: 5, goal: "min" })).toBe(false);
  expect(rungsOf({ first: 100, last: 3_000 })).toEqual([100, 300, 900, 2_700]);
  expect(isHalved(0.5, [], { goal: "max" })).toBe(false);
  expect(isHalved(0.5, [0.6, 0.4, 0.3, 0.2, 0.1], { goal: "max" })).toBe(false);
  expect(isHalved(0.5, [0.6, 0.7, 0.3, 0.2, 0.1], { goal: "max" })).toBe(true);
  expect(isHalved(Number.NaN, [], { goal: "max" })).toBe(true);
});
