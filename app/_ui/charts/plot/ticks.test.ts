import { expect, test } from "vitest";
import { farDates, offsetTicks } from "./ticks.ts";

test("steps that are timestamps are told from each other by what is added to their common beginning", () => {
  const start = 1_767_600_000_000_000;
  expect(offsetTicks({ from: start, to: start + 9_000, log: false }, true)).toEqual({
    values: [0, 2_000, 4_000, 6_000, 8_000].map((more) => start + more),
    texts: ["0", "2,000", "4,000", "6,000", "8,000"],
    base: "1,767,600,000,000,000",
  });
  const few = offsetTicks({ from: 2 ** 53 - 4, to: 2 ** 53 - 1, log: false }, true)!;
  expect(few.values).toEqual([2 ** 53 - 4, 2 ** 53 - 3, 2 ** 53 - 2, 2 ** 53 - 1]);
  expect(new Set(few.texts).size).toBe(4);
});

test("a metric that hardly moves round a large number has ticks of its movement", () => {
  const ticks = offsetTicks({ from: 1.7e9 - 10, to: 1.7e9 + 10, log: false }, false)!;
  expect(ticks.base).toBe("1,699,999,900");
  expect(ticks.texts).toEqual(["90", "95", "100", "105", "110"]);
  const small = offsetTicks({ from: 1.00000001, to: 1.00000005, log: false }, false)!;
  expect([small.base, small.texts]).toEqual([
    "1",
    ["0.00000001", "0.00000002", "0.00000003", "0.00000004", "0.00000005"],
  ]);
});

test.each([
  [{ from: 0, to: 1e6, log: false }],
  [{ from: 0.1, to: 0.2, log: false }],
  [{ from: 100_000, to: 100_010, log: false }],
  [{ from: 1, to: 1 + 1e-9, log: true }],
  [{ from: 0, to: 0, log: false }],
])("%j needs none", (scale) => {
  expect(offsetTicks(scale, false)).toBeNull();
});

test("a time beyond the year 9999 is shown with its year", () => {
  const from = Date.UTC(2026, 0, 5);
  expect(farDates({ from, to: Date.UTC(2027, 0, 1), log: false }, 500)).toBeNull();
  const ticks = farDates({ from, to: 8.64e15, log: false }, 300)!;
  expect(ticks.texts).toEqual(["2026-01-05", "138893-05-10", "275760-09-13"]);
});
