import { expect, test } from "vitest";
import { drawRow } from "./sparklines.ts";

const curve = (run: string, steps: number[], values: number[]) => ({
  run,
  steps: Float64Array.from(steps),
  values: Float64Array.from(values),
  means: null,
});

test("the curves of a row share their scales, and what isn't finite is left out", () => {
  const lines = drawRow([
    curve("a", [0, 10], [0, 1]),
    curve("b", [0, 5, 20], [2, Number.NaN, 0]),
    curve("one point", [3], [1]),
    curve("none", [], []),
    curve("no number", [0, 1], [Number.POSITIVE_INFINITY, Number.NaN]),
  ]);
  expect(lines).toEqual({ a: "M0 20L50 10", b: "M0 0L100 20" });
});

test("a curve that stays level is drawn in the middle, and a row without points not at all", () => {
  expect(drawRow([curve("a", [0, 1], [7, 7])])).toEqual({ a: "M0 10L100 10" });
  expect(drawRow([])).toEqual({});
});
