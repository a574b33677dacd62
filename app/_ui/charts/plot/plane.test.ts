import { expect, test } from "vitest";
import { boxOf, placeX, placeY, type Scale, shownY, valueAtX, wholeX } from "./plane.ts";
import type { Trace } from "./traces.ts";

const trace = (y: number[], x = y.map((_, index) => index)): Trace => ({
  key: "run train/loss",
  owner: "",
  label: null,
  split: "train",
  name: "train",
  color: "",
  dash: [],
  width: 1,
  opacity: 1,
  steps: Float64Array.from(x),
  raw: { x: Float64Array.from(x), y },
  smoothed: null,
  band: null,
});
const box = boxOf(400, 220);
const linear = (from: number, to: number): Scale => ({ from, to, log: false });

test("numbers lie where their share of the axis is, by their logarithms where it is logarithmic", () => {
  const across = placeX(linear(10, 20), box);
  expect([across(10), across(15), across(20)]).toEqual([box.left, box.left + box.width / 2, box.left + box.width]);
  const down = placeY({ from: 0.01, to: 100, log: true }, box);
  expect([down(0.01), down(1), down(100)].map(Math.round)).toEqual(
    [box.top + box.height, box.top + box.height / 2, box.top].map(Math.round),
  );
  expect(Number.isFinite(down(0))).toBe(false);
  expect(Number.isFinite(down(-1))).toBe(false);
});

test.each([linear(-5, 5), { from: 1, to: 1000, log: true }])(
  "a pixel is read as the number that lies there: %j",
  (x) => {
    const across = placeX(x, box);
    for (const value of [x.from, 2, x.to]) expect(valueAtX(x, box, across(value))).toBeCloseTo(value, 9);
  },
);

test("the whole of x reaches from the first to the last of all traces; a lone one stands in the middle", () => {
  expect(wholeX([trace([1, 1]), trace([1, 1], [5, 30])], false)).toEqual(linear(0, 30));
  expect(wholeX([trace([1], [7])], false)).toEqual(linear(6, 8));
  expect(wholeX([trace([1, 1, 1], [0, 10, 100])], true)).toEqual({ from: 10, to: 100, log: true });
});

test("every finite value that is shown has room, those beside a zoom have none", () => {
  const spike = trace([1, 2, 500, Number.NaN, Number.POSITIVE_INFINITY, 3, 4, 2]);
  const whole = shownY([spike], linear(0, 7), false, null);
  expect([whole.from, whole.to]).toEqual([expect.closeTo(1 - 24.95), expect.closeTo(500 + 24.95)]);
  const zoomed = shownY([spike], linear(5.5, 7), false, null);
  expect(zoomed.from).toBeLessThan(2);
  expect(zoomed.to).toBeGreaterThan(4);
  expect(zoomed.to).toBeLessThan(500);
});

test("a logarithmic axis shows what is above 0 alone", () => {
  const { from, to } = shownY([trace([0, -3, 0.01, 100])], linear(0, 3), true, null);
  expect(from).toBeGreaterThan(0.001);
  expect(from).toBeLessThan(0.01);
  expect(to).toBeGreaterThan(100);
});

test("what is clipped has no room", () => {
  const { from, to } = shownY([trace([1, 2, 900])], linear(0, 2), false, { low: 0, high: 10, beyond: 1 });
  expect(from).toBeGreaterThanOrEqual(-1);
  expect(to).toBeLessThan(20);
});

test("a constant is shown against 0, so that 0.002 is told from it", () => {
  const of = (value: number) => shownY([trace([value, value])], linear(0, 1), false, null);
  expect(of(0.002)).toEqual(linear(0, 0.004));
  expect(of(-5)).toEqual(linear(-10, 0));
  expect(of(0)).toEqual(linear(-1, 1));
  expect(shownY([trace([Number.NaN])], linear(0, 1), false, null)).toEqual(linear(0, 1));
});
