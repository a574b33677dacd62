import fc from "fast-check";
import { expect, test } from "vitest";
import { smooth, smoothGaussian } from "./smoothing.ts";

const value = fc.double({ min: -1e6, max: 1e6, noNaN: true });
const gap = fc.constantFrom(Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY);
const weight = fc.double({ min: 0.01, max: 0.99, noNaN: true });
/** Points with rising steps. */
const points = (y: fc.Arbitrary<number>) =>
  fc.array(fc.tuple(fc.integer({ min: 1, max: 500 }), y), { minLength: 3, maxLength: 60 }).map((pairs) => {
    let step = 0;
    return { x: pairs.map(([gapX]) => (step += gapX)), y: pairs.map(([, v]) => v) };
  });

test("weight 0 draws the raw line, gaps and all", () => {
  fc.assert(
    fc.property(points(fc.oneof(value, gap)), ({ x, y }) => {
      expect(smooth(x, y, 0)).toEqual(y);
    }),
  );
});

test("a smoothed value lies between the least and the greatest so far", () => {
  fc.assert(
    fc.property(points(value), weight, ({ x, y }, w) => {
      for (const [index, smoothed] of smooth(x, y, w).entries()) {
        const seen = y.slice(0, index + 1);
        const slack = 1e-9 * Math.max(1, ...seen.map(Math.abs));
        expect(smoothed).toBeGreaterThanOrEqual(Math.min(...seen) - slack);
        expect(smoothed).toBeLessThanOrEqual(Math.max(...seen) + slack);
      }
    }),
  );
});

test("a constant stays that constant", () => {
  fc.assert(
    fc.property(points(fc.constant(0.1)), weight, ({ x, y }, w) => {
      expect(smooth(x, y, w)).toEqual(y);
    }),
  );
});

test("NaN and infinities are gaps, and nothing else moves because of them", () => {
  fc.assert(
    fc.property(points(fc.oneof({ weight: 4, arbitrary: value }, gap)), weight, ({ x, y }, w) => {
      fc.pre(Number.isFinite(y[0]) && Number.isFinite(y.at(-1)));
      const smoothed = smooth(x, y, w);
      const finite = y.flatMap((v, index) => (Number.isFinite(v) ? [index] : []));
      fc.pre(finite.length >= 3);
      expect(smoothed.map(Number.isFinite)).toEqual(y.map(Number.isFinite));
      const without = smooth(
        finite.map((index) => x[index]!),
        finite.map((index) => y[index]!),
        w,
      );
      for (const [at, index] of finite.entries()) expect(smoothed[index]).toBeCloseTo(without[at]!, 6);
    }),
  );
});

test("stretching the steps changes nothing", () => {
  fc.assert(
    fc.property(points(value), weight, fc.integer({ min: 2, max: 1000 }), ({ x, y }, w, factor) => {
      const stretched = smooth(
        x.map((step) => step * factor),
        y,
        w,
      );
      for (const [index, smoothed] of smooth(x, y, w).entries()) expect(stretched[index]).toBeCloseTo(smoothed, 5);
    }),
  );
});

test("more weight follows a jump more slowly", () => {
  const x = Array.from({ length: 200 }, (_, index) => index);
  const jump = x.map((step) => (step < 100 ? 0 : 1));
  const [little, much] = [smooth(x, jump, 0.5), smooth(x, jump, 0.97)];
  expect(much[105]!).toBeLessThan(little[105]!);
});

test("across a long stretch of steps the average forgets, however few the points", () => {
  const jump = [0, 0, 0, 1];
  expect(smooth([0, 1, 2, 900], jump, 0.9).at(-1)).toBeGreaterThan(0.999);
  expect(smooth([0, 898, 899, 900], jump, 0.9).at(-1)).toBeLessThan(0.6);
});

test("a Gaussian keeps constants and the inside of a straight line, and leaves gaps", () => {
  const x = Array.from({ length: 101 }, (_, index) => index);
  expect(
    smoothGaussian(
      x,
      x.map(() => 3),
      0.5,
    ),
  ).toEqual(x.map(() => 3));
  const line = smoothGaussian(
    x,
    x.map((at) => 2 * at + 1),
    0.2,
  );
  expect(line[50]).toBeCloseTo(101, 10);
  const gap = smoothGaussian(
    x,
    x.map((at) => (at === 40 ? Number.NaN : 1)),
    0.5,
  );
  expect(gap[40]).toBeNaN();
  expect(gap[41]).toBe(1);
});

test("a Gaussian spreads a single spike as the normal density of its width", () => {
  const x = Array.from({ length: 1001 }, (_, index) => index);
  const spread = smoothGaussian(
    x,
    x.map((at) => (at === 500 ? 1 : 0)),
    0.5,
  );
  const sigma = 50;
  const density = (at: number) => Math.exp(-0.5 * ((at - 500) / sigma) ** 2) / (sigma * Math.sqrt(2 * Math.PI));
  for (const at of [400, 480, 500, 530]) expect(spread[at]).toBeCloseTo(density(at), 6);
});
