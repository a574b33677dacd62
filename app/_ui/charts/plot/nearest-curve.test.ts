import { expect, test } from "vitest";
import { nearestCurve } from "./nearest-curve.ts";
import type { Plane } from "./plane.ts";
import type { Trace } from "./traces.ts";

const plane: Plane = {
  box: { left: 0, top: 0, width: 100, height: 100 },
  x: { from: 0, to: 100, log: false },
  y: { from: 0, to: 100, log: false },
};
const trace = (owner: string, x: number[], y: number[]): Trace => ({
  key: owner,
  owner,
  label: owner,
  split: null,
  name: owner,
  color: "",
  dash: [],
  width: 1,
  opacity: 1,
  steps: Float64Array.from(x),
  raw: { x: Float64Array.from(x), y },
  smoothed: null,
  band: null,
});
const level = trace("level", [0, 100], [50, 50]);
const steep = trace("steep", [0, 50, 60, 100], [0, 0, 100, 100]);
const broken = trace("broken", [0, 20, 50, 80, 100], [90, 90, Number.NaN, 90, 90]);
const lone = trace("lone", [20], [20]);

test.each([
  ["on a line between its points", { x: 25, y: 48 }, "level"],
  ["beside a steep piece, nearer than the level one's points", { x: 56, y: 30 }, "steep"],
  ["over a gap, where nothing is drawn", { x: 38, y: 10 }, null],
  ["at a lone point", { x: 22, y: 78 }, "lone"],
  ["far from all", { x: 90, y: 75 }, null],
] as const)("the curve is found %s", (_, pixel, owner) => {
  expect(nearestCurve([level, steep, broken, lone], plane, pixel)?.owner ?? null).toBe(owner);
});
