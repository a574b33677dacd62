import { expect, test } from "vitest";
import { numberTicks } from "./ticks.ts";
import { durationTicks, timeTicks } from "./time-ticks.ts";

const linear = (from: number, to: number) => ({ from, to, log: false });
const log = (from: number, to: number) => ({ from, to, log: true });

test.each([
  [linear(-0.05, 1.05), ["0", "0.2", "0.4", "0.6", "0.8", "1.0"]],
  [linear(0.13, 0.34), ["0.15", "0.20", "0.25", "0.30"]],
  [linear(0, 1400), ["0", "500", "1,000"]],
  [linear(-46e9, 1e9), ["−40G", "−30G", "−20G", "−10G", "0"]],
  [linear(0, 2.5e6), ["0", "0.5M", "1.0M", "1.5M", "2.0M", "2.5M"]],
  [linear(0, 8.4e-6), ["0", "2e−6", "4e−6", "6e−6", "8e−6"]],
  [linear(0, 3e26), ["0", "0.5e26", "1.0e26", "1.5e26", "2.0e26", "2.5e26", "3.0e26"]],
  [log(0.008, 1.2), ["0.01", "0.02", "0.05", "0.1", "0.2", "0.5", "1"]],
  [log(0.0008, 12), ["0.001", "0.01", "0.1", "1", "10"]],
  [log(1.1, 9.5), ["2", "4", "6", "8"]],
  [log(9e-7, 2), ["10⁻⁶", "10⁻⁴", "10⁻²", "10⁰"]],
  [log(10, 1e6), ["10", "100", "1,000", "10k", "100k", "1M"]],
])("the numbers at an axis of %j", (scale, texts) => {
  const ticks = numberTicks(scale, false, 6);
  expect(ticks.texts).toEqual(texts);
  expect(ticks.base).toBeNull();
  for (const value of ticks.values) expect(value >= scale.from && value <= scale.to).toBe(true);
});

test("steps are whole, and thousands of them are written short", () => {
  expect(numberTicks(linear(0, 3), true, 6).texts).toEqual(["0", "1", "2", "3"]);
  expect(numberTicks(linear(0, 24_000), true, 5).texts).toEqual(["0", "5k", "10k", "15k", "20k"]);
  expect(numberTicks(linear(7, 7), true, 5).values).toEqual([]);
});

test("steps that are timestamps are told from each other by what is added to their common beginning", () => {
  const start = 1_767_600_000_000_000;
  expect(numberTicks(linear(start, start + 9_000), true, 5)).toEqual({
    values: [0, 2_000, 4_000, 6_000, 8_000].map((more) => start + more),
    texts: ["0", "2,000", "4,000", "6,000", "8,000"],
    base: "1,767,600,000,000,000",
  });
  const few = numberTicks(linear(2 ** 53 - 4, 2 ** 53 - 1), true, 5);
  expect(few.values).toEqual([2 ** 53 - 4, 2 ** 53 - 3, 2 ** 53 - 2, 2 ** 53 - 1]);
  expect(new Set(few.texts).size).toBe(4);
});

test("a metric that hardly moves round a large number has ticks of its movement", () => {
  const ticks = numberTicks(linear(1.7e9 - 10, 1.7e9 + 10), false, 5);
  expect(ticks.base).toBe("1,699,999,900");
  expect(ticks.texts).toEqual(["90", "95", "100", "105", "110"]);
  const small = numberTicks(linear(1.00000001, 1.00000005), false, 5);
  expect([small.base, small.texts]).toEqual([
    "1",
    ["0.00000001", "0.00000002", "0.00000003", "0.00000004", "0.00000005"],
  ]);
});

const at = (text: string) => Date.parse(`${text}Z`);

test.each([
  ["2026-01-05T09:58", "2026-01-05T11:40", ["10:00", "10:30", "11:00", "11:30"], "2026-01-05"],
  ["2026-01-05T22:00", "2026-01-06T04:00", ["22:00", "01-06", "02:00", "04:00"], "2026-01-05"],
  ["2026-01-05T09:58:01", "2026-01-05T09:58:19", ["09:58:05", "09:58:10", "09:58:15"], "2026-01-05"],
  ["2026-01-05T09:58:01.1", "2026-01-05T09:58:01.65", ["01.200", "01.400", "01.600"], "2026-01-05"],
  ["2026-01-05T22:00", "2026-01-09T04:00", ["01-06", "01-07", "01-08", "01-09"], "2026"],
  ["2025-11-20T00:00", "2026-03-02T00:00", ["2025-12", "2026-01", "2026-02", "2026-03"], null],
  ["2019-11-20T00:00", "2026-03-02T00:00", ["2020", "2022", "2024", "2026"], null],
])("times from %s to %s", (from, to, texts, base) => {
  const ticks = timeTicks({ from: at(from), to: at(to) }, 4);
  expect(ticks.texts).toEqual(texts);
  expect(ticks.base).toBe(base);
  for (const value of ticks.values) expect(value >= at(from) && value <= at(to)).toBe(true);
});

test("times beyond the year 9999 are shown with their year, up to the last that there is", () => {
  const { texts } = timeTicks({ from: at("2026-01-05T00:00"), to: 9e15 }, 4);
  expect(texts).toEqual(["100000", "200000"]);
});

test.each([
  [0, 90, ["0", "50"], "seconds"],
  [0, 600, ["0:00", "5:00", "10:00"], "m:ss"],
  [0, 6 * 3600, ["0:00", "2:00", "4:00", "6:00"], "h:mm"],
  [7320, 7330, ["2:02:00", "2:02:05", "2:02:10"], "h:mm:ss"],
  [0, 4 * 86400, ["0", "2", "4"], "days"],
])("seconds from %d to %d since a start", (from, to, texts, unit) => {
  const duration = durationTicks(linear(from, to), 3);
  expect(duration.ticks.texts).toEqual(texts);
  expect(duration.unit).toBe(unit);
});
