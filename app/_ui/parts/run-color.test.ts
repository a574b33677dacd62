import fc from "fast-check";
import { expect, test } from "vitest";
import { runColor, runColors } from "./run-color.ts";

type Triple = [number, number, number];

/** Colour vision without one kind of cone: Machado, Oliveira, Fernandes 2009, severity 1, on linear RGB. */
const visions: Record<string, { matrix: Triple[]; least: number }> = {
  "all cones": {
    matrix: [
      [1, 0, 0],
      [0, 1, 0],
      [0, 0, 1],
    ],
    least: 0.1,
  },
  protanopia: {
    matrix: [
      [0.152286, 1.052583, -0.204868],
      [0.114503, 0.786281, 0.099216],
      [-0.003882, -0.048116, 1.051998],
    ],
    least: 0.075,
  },
  deuteranopia: {
    matrix: [
      [0.367322, 0.860646, -0.227968],
      [0.280085, 0.672501, 0.047413],
      [-0.01182, 0.04294, 0.968881],
    ],
    least: 0.075,
  },
  tritanopia: {
    matrix: [
      [1.255528, -0.076749, -0.178779],
      [-0.078411, 0.930809, 0.147602],
      [0.004733, 0.691367, 0.3039],
    ],
    least: 0.05,
  },
};

const times = (matrix: Triple[], v: Triple) => matrix.map((row) => row[0] * v[0] + row[1] * v[1] + row[2] * v[2]);

function linear(hex: string): Triple {
  const channel = (at: number) => {
    const value = Number.parseInt(hex.slice(at, at + 2), 16) / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  };
  return [channel(1), channel(3), channel(5)];
}

/** OKLab (Ottosson 2020) of linear RGB; distances in it follow what the eye tells apart. */
function oklab(rgb: Triple): Triple {
  const cones = times(
    [
      [0.4122214708, 0.5363325363, 0.0514459929],
      [0.2119034982, 0.6806995451, 0.1073969566],
      [0.0883024619, 0.2817188376, 0.6299787005],
    ],
    rgb,
  ).map(Math.cbrt) as Triple;
  return times(
    [
      [0.2104542553, 0.793617785, -0.0040720468],
      [1.9779984951, -2.428592205, 0.4505937099],
      [0.0259040371, 0.7827717662, -0.808675766],
    ],
    cones,
  ) as Triple;
}

const luminance = ([r, g, b]: Triple) => 0.2126 * r + 0.7152 * g + 0.0722 * b;
const contrast = (a: number, b: number) => (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);

test.each(Object.entries(visions))("every two colours are told apart with %s", (_, { matrix, least }) => {
  const seen = runColors.map((hex) =>
    oklab(times(matrix, linear(hex)).map((part) => Math.min(1, Math.max(0, part))) as Triple),
  );
  for (const [index, one] of seen.entries())
    for (const other of seen.slice(0, index))
      expect(Math.hypot(one[0] - other[0], one[1] - other[1], one[2] - other[2])).toBeGreaterThan(least);
});

test.each([
  ["light", "#ffffff"],
  ["dark", "#0e0e11"],
])("every colour reaches 3 to 1 on the %s background", (_, background) => {
  for (const hex of runColors)
    expect(contrast(luminance(linear(hex)), luminance(linear(background)))).toBeGreaterThanOrEqual(3);
});

test("a run keeps its colour, and runs made together get different ones", () => {
  fc.assert(
    fc.property(fc.uuid({ version: 7 }), (id) => {
      expect(runColors).toContain(runColor(id));
      expect(runColor(id)).toBe(runColor(id));
    }),
  );
  const together = Array.from(
    { length: 240 },
    (_, index) => `0199f3a2-1c00-7000-8000-${String(index).padStart(12, "0")}`,
  );
  const uses = new Map<string, number>();
  for (const id of together) uses.set(runColor(id), (uses.get(runColor(id)) ?? 0) + 1);
  expect(uses.size).toBe(runColors.length);
  expect(Math.max(...uses.values())).toBeLessThan(60);
});
