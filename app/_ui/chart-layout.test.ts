import { expect, test } from "vitest";
import { chartLayout } from "./chart-layout.ts";

const colors = { bg: "", raised: "", text: "", muted: "", line: "", "line-strong": "", font: "" };
const layout = (extent: [number, number] | null, log = false) =>
  chartLayout({ x: "step", log, width: 400, colors, extent }).yaxis;

test("a constant is shown against 0, so that 0.002 is told from it", () => {
  expect(layout([0.002, 0.002])?.range).toEqual([0, 0.004]);
  expect(layout([-5, -5])?.range).toEqual([-10, 0]);
});

test("what isn't constant, is 0, or lies on a logarithmic axis, finds its own range", () => {
  expect(layout([0.001, 0.002])?.range).toBeUndefined();
  expect(layout([0, 0])?.range).toBeUndefined();
  expect(layout(null)?.range).toBeUndefined();
  expect(layout([0.002, 0.002], true)?.range).toBeUndefined();
});

test.each([
  [[0, 1400], ","],
  [[-46e9, 0], "~s"],
  [[0, 3e26], ","],
  [null, ","],
] as const)("the numbers at the axis of %j are written by %s", (extent, format) => {
  expect(layout(extent === null ? null : [...extent])?.tickformat).toBe(format);
});
