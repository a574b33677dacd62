import fc from "fast-check";
import { expect, test } from "vitest";
import { paretoFront } from "../selection/pareto.ts";
import { categoryBins, quantileBins } from "./bins.ts";
import { correlatePairs } from "./correlations.ts";
import { firstOrderIndices } from "./first-order.ts";

/**
 * Forty runs of a search over a learning rate, a weight decay, three optimisers and three batch sizes, drawn with
 * numpy's `default_rng(18)`; NumPy 2.4.6, SciPy 1.17.1, Optuna 5.0.0. Indices of the numbers:
 * `np.array([v[b == k].mean() for k in range(5)]).var() / v.var()` over the bins
 * `np.searchsorted(np.quantile(x, [.2, .4, .6, .8]), x, side="right")`; of the others the same, weighted by the runs of a
 * bin. Lines: the .95 quantile of the index over 20,000 permutations of `default_rng(1)`. Correlations:
 * `scipy.stats.spearmanr` and `pearsonr`. Front: `study.best_trials` of `create_study(directions=["minimize", "maximize"])`.
 */
const runs = {
  lr: [
    0.001577, 0.014199, 0.000696, 0.000177, 0.081155, 0.004918, 0.00857, 0.005378, 0.002667, 0.000233, 0.000873,
    0.016167, 0.052743, 0.046324, 0.069978, 0.000119, 0.016373, 0.010418, 0.007509, 0.008182, 0.000239, 0.00756,
    0.022976, 0.000105, 0.05796, 0.000247, 0.00134, 0.004488, 0.00668, 0.004449, 0.001456, 0.043747, 0.001548, 0.041739,
    0.000976, 0.007536, 0.035437, 0.000229, 0.000326, 0.015303,
  ],
  wd: [
    0.1257, 0.017, 0.1907, 0.3947, 0.7027, 0.7002, 0.2142, 0.2245, 0.0519, 0.0225, 0.1348, 0.7519, 0.3403, 0.3481,
    0.3454, 0.2406, 0.9414, 0.9411, 0.9325, 0.7201, 0.6516, 0.5743, 0.4094, 0.697, 0.5323, 0.7526, 0.734, 0.6182,
    0.4872, 0.726, 0.7536, 0.7103, 0.1555, 0.2523, 0.6719, 0.6853, 0.5919, 0.6632, 0.9231, 0.0718,
  ],
  opt: [
    1, 1, 2, 0, 2, 0, 0, 2, 1, 0, 0, 0, 1, 0, 2, 0, 2, 2, 2, 0, 0, 1, 2, 1, 2, 2, 2, 1, 2, 2, 2, 2, 2, 0, 0, 0, 0, 2, 1,
    2,
  ],
  batch: [
    32, 32, 64, 16, 16, 64, 64, 16, 64, 16, 32, 64, 16, 32, 64, 32, 16, 32, 32, 32, 64, 64, 64, 16, 64, 32, 32, 16, 32,
    32, 16, 32, 64, 16, 16, 64, 64, 16, 16, 64,
  ],
  v: [
    0.91157, 0.90521, 0.87193, 0.82829, 0.80688, 0.89181, 0.88806, 0.88739, 0.91537, 0.82468, 0.87897, 0.88957, 0.84211,
    0.84291, 0.81275, 0.78353, 0.8735, 0.88197, 0.88062, 0.88675, 0.84926, 0.92494, 0.85871, 0.80345, 0.81975, 0.84205,
    0.9061, 0.91298, 0.88527, 0.8983, 0.87442, 0.83351, 0.89933, 0.81814, 0.89575, 0.88654, 0.84278, 0.83209, 0.86968,
    0.8761,
  ],
};
const expected = {
  index: [0.7701623534129661, 0.20813247561165982, 0.08380248395061472, 0.07932460888150375],
  line: [0.23594493510635753, 0.23113550543491904, 0.14800627968190777, 0.15084917695642078],
  // Spearman, its p, Pearson
  correlation: [
    [-0.05178236397748594, 0.7509944508211897, -0.4824249964842815],
    [-0.038086303939962485, 0.8155088717513232, 0.007375018406827475],
    [0.26604025796123254, 0.0970581381875127, 0.2229597633660593],
  ],
  pareto: {
    a: [
      0.7, 0.9, 1.0, 0.2, 0.3, 0.3, 0.5, 0.9, 1.0, 0.8, 0.2, 0.9, 0.1, 0.5, 0.2, 0.6, 0.3, 0.1, 0.5, 0.2, 0.8, 0.5, 0.4,
      0.2, 1.0, 0.3, 0.6, 0.6, 0.7, 0.2,
    ],
    b: [
      0.6, 1.0, 1.1, 0.6, 0.5, 0.2, 0.8, 1.0, 1.0, 0.8, 0.4, 1.0, 0.4, 0.7, 0.2, 0.5, 0.3, 0.4, 0.6, 0.2, 0.5, 0.5, 0.7,
      0.5, 0.8, 0.3, 0.8, 0.7, 0.8, 0.6,
    ],
    front: [1, 2, 3, 6, 7, 11, 12, 17, 22, 29],
  },
};

const factors = [quantileBins(runs.lr), quantileBins(runs.wd), categoryBins(runs.opt), quantileBins(runs.batch)];

test("indices are those of the formula, and their null lines those of 20,000 permutations", () => {
  const found = firstOrderIndices(factors, runs.v, { seed: 7, permutations: 4_000 });
  for (const [at, one] of found.entries()) {
    if (one.kind !== "measured") throw new Error(one.kind);
    expect(one.index).toBeCloseTo(expected.index[at]!, 12);
    // the .95 quantile of 4,000 lies within .014 of the one of many, at three standard errors
    expect(Math.abs(one.line - expected.line[at]!)).toBeLessThan(0.014);
    expect(one.p).toBeGreaterThan(0);
    expect(one.n).toBe(40);
  }
  const isAbove = found.map((one) => one.kind === "measured" && one.index > one.line);
  expect(isAbove).toEqual([true, false, false, false]);
});

test("the same seed shuffles alike, and another otherwise", () => {
  const of = (seed: number) => firstOrderIndices(factors, runs.v, { seed });
  expect(of(1)).toEqual(of(1));
  expect(of(1)).not.toEqual(of(2));
});

test("bins hold equally many, keep ties together, and give what is missing one of its own", () => {
  expect([...quantileBins([5, 1, 4, 2, 3, 10, 9, 8, 7, 6]).of]).toEqual([2, 0, 1, 0, 1, 4, 4, 3, 3, 2]);
  expect(quantileBins([16, 64, 32, 16]).count).toBe(3);
  expect([...quantileBins([1, 1, 1, 1, 1, 1, 2, 3, 4, 5, 6]).of]).toEqual([0, 0, 0, 0, 0, 0, 1, 2, 2, 3, 3]);
  expect([...quantileBins([2, Number.NaN, 1, Number.POSITIVE_INFINITY]).of]).toEqual([1, 2, 0, 2]);
  expect([...categoryBins([2, -1, 0, 2]).of]).toEqual([1, 2, 0, 1]);
  expect(quantileBins([]).count).toBe(0);
});

test("where nothing can be said, it is said why", () => {
  const some = Array.from({ length: 19 }, (_, at) => at);
  const of = (values: number[], x = values) => firstOrderIndices([quantileBins(x)], values, { seed: 1 })[0];
  expect(of(some)).toEqual({ kind: "too-few", n: 19, bins: 5, needed: 20 });
  expect(of([])).toEqual({ kind: "too-few", n: 0, bins: 0, needed: 8 });
  expect(
    of(
      some,
      some.map(() => 3),
    ),
  ).toMatchObject({ kind: "constant" });
  expect(of(Array(20).fill(0.1), [...some, 19])).toMatchObject({ kind: "no-variance" });
  expect(() => of([1, Number.NaN])).toThrow(/objective values must be finite/);
  expect(() => firstOrderIndices([], [1], { seed: 1, permutations: 199 })).toThrow(/at least 200/);
});

test("an index lies in 0–1, is 1 of what decides, and doesn't change where all values are moved or stretched", () => {
  const numbers = fc.array(fc.double({ min: -1e3, max: 1e3, noNaN: true }), { minLength: 24, maxLength: 60 });
  fc.assert(
    fc.property(numbers, fc.integer({ min: 2, max: 5 }), (values, levels) => {
      const bins = categoryBins(values.map((_, at) => at % levels));
      const [one] = firstOrderIndices([bins], values, { seed: 3, permutations: 200 });
      const [moved] = firstOrderIndices(
        [bins],
        values.map((value) => 4 * value + 1024),
        { seed: 3, permutations: 200 },
      );
      if (one!.kind !== "measured" || moved!.kind !== "measured") return;
      expect(one!.index).toBeGreaterThanOrEqual(0);
      expect(one!.index).toBeLessThanOrEqual(1);
      expect(moved!.index).toBeCloseTo(one!.index, 6);
      const [decided] = firstOrderIndices(
        [bins],
        values.map((_, at) => at % levels),
        { seed: 3, permutations: 200 },
      );
      expect(decided).toMatchObject({ kind: "measured", index: expect.closeTo(1, 9) });
    }),
    { numRuns: 40 },
  );
});

test("correlations are those of SciPy, and their p is held against as many as are shown", () => {
  const pairs = [runs.lr, runs.wd, runs.batch].map((x) => [x, runs.v] as const);
  const alone = pairs.map((pair) => correlatePairs([pair]).pairs[0]!);
  for (const [at, [rho, p, r]] of expected.correlation.entries()) {
    expect(alone[at]!.spearman).toBeCloseTo(rho!, 12);
    expect(alone[at]!.p).toBeCloseTo(p!, 10);
    expect(alone[at]!.pearson).toBeCloseTo(r!, 12);
    const [low, high] = alone[at]!.interval!;
    expect(low < rho! && rho! < high).toBe(true);
  }
  const together = correlatePairs(pairs);
  expect(together.family).toBe(3);
  const smallest = Math.min(...expected.correlation.map(([, p]) => p!));
  expect(Math.min(...together.pairs.map(({ p }) => p!))).toBeCloseTo(3 * smallest, 10);
});

test.each([
  [[], [], { n: 0, spearman: null, interval: null, pearson: null, p: null }],
  [[1, Number.NaN, 2], [1, 2, Number.POSITIVE_INFINITY], { n: 1, spearman: null }],
  [[1, 1, 1, 1], [1, 2, 3, 4], { n: 4, spearman: null, pearson: null, p: null }],
  [[1, 2, 3, 4], [2, 4, 6, 8], { n: 4, spearman: 1, interval: null, pearson: 1, p: 0 }],
  [[1, 2, 4], [3, 1, 2], { n: 3, interval: null }],
])("the correlation of %j and %j", (x, y, found) => {
  expect(correlatePairs([[x, y]]).pairs[0]).toMatchObject(found);
});

test("the front is the one that Optuna finds", () => {
  const { a, b, front } = expected.pareto;
  const objectives = [
    { values: a, towards: "min" },
    { values: b, towards: "max" },
  ] as const;
  expect(paretoFront(objectives)).toEqual(front);
});

test("no point dominates one of the front, and each other point is dominated by one of it", () => {
  const value = fc.oneof(
    { weight: 8, arbitrary: fc.integer({ min: 0, max: 6 }) },
    { weight: 1, arbitrary: fc.constant(Number.NaN) },
  );
  const points = fc.array(fc.tuple(value, value, value), { maxLength: 40 });
  fc.assert(
    fc.property(points, (all) => {
      const towards = ["min", "max", "min"] as const;
      const front = paretoFront(towards.map((to, at) => ({ values: all.map((point) => point[at]!), towards: to })));
      const cost = (at: number) => all[at]!.map((one, axis) => (towards[axis] === "min" ? one : -one));
      const beats = (a: number, b: number) =>
        cost(a).every((one, axis) => one <= cost(b)[axis]!) && cost(a).some((one, axis) => one < cost(b)[axis]!);
      const isWhole = (at: number) => all[at]!.every(Number.isFinite);
      for (const at of all.keys()) {
        const isDominated = [...all.keys()].some((other) => isWhole(other) && beats(other, at));
        expect(front.includes(at)).toBe(isWhole(at) && !isDominated);
      }
    }),
  );
});
