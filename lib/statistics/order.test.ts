import fc from "fast-check";
import { expect, test } from "vitest";
import { ascending, mean, quantile, standardDeviation, variance } from "./moments.ts";
import { midRanks, orderOf } from "./order.ts";
import { seededRandom } from "./resampling/random.ts";

const finite = fc.double({ noNaN: true, noDefaultInfinity: true });
const seeded = { seed: 7 };

test("few numbers and many are ordered alike, ties in the order given, −0 as 0", () => {
  const random = seededRandom(3);
  // few distinct values of every size and sign, so that ties and all bits occur
  const values = Float64Array.from({ length: 20_000 }, () => {
    const size = 10 ** (random() * 600 - 300);
    return random() < 0.3 ? Math.round(random() * 4 - 2) * 0 : random() < 0.5 ? -size : Math.round(size * 8) / 8;
  });
  const expected = [...values.keys()].sort((a, b) => values[a]! - values[b]! || a - b);
  expect([...orderOf(values)]).toEqual(expected);
});

test("an order is ascending and stable", () => {
  fc.assert(
    fc.property(fc.array(fc.oneof(finite, fc.integer({ min: -2, max: 2 }))), (values) => {
      const order = orderOf(values);
      for (let at = 1; at < order.length; at++) {
        const [a, b] = [order[at - 1]!, order[at]!];
        expect(values[a]! < values[b]! || (values[a] === values[b] && a < b)).toBe(true);
      }
    }),
    seeded,
  );
});

test("ranks sum to what they would without ties", () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: -3, max: 3 })), (values) => {
      const n = values.length;
      expect(midRanks(values).reduce((a, b) => a + b, 0)).toBe((n * (n + 1)) / 2);
    }),
    seeded,
  );
  expect([...midRanks([3, 1, 3, 2])]).toEqual([3.5, 1, 3.5, 2]);
});

test("a quantile lies within the values, and the halves of two are their mean", () => {
  fc.assert(
    fc.property(fc.array(finite, { minLength: 1 }), fc.double({ min: 0, max: 1, noNaN: true }), (values, q) => {
      const sorted = ascending(values.map((value) => value / 1e10));
      expect(quantile(sorted, q)).toBeGreaterThanOrEqual(sorted[0]!);
      expect(quantile(sorted, q)).toBeLessThanOrEqual(sorted.at(-1)!);
    }),
    seeded,
  );
  expect(quantile([1, 4], 0.5)).toBe(2.5);
});

test("a large offset costs a variance no digits", () => {
  expect(variance([1e8 + 1, 1e8 + 2, 1e8 + 3])).toBe(1);
  expect(standardDeviation([2, 4], 0)).toBe(1);
  expect([mean([]), variance([5]), variance([], 0)]).toEqual([Number.NaN, Number.NaN, Number.NaN]);
});
