import fc from "fast-check";
import { expect, test } from "vitest";
import { RUN_COLORS } from "@/lib/wire/runs.ts";
import { assignSlots, colorNames, keepSlots, lookOfSlot, readSlots, runColors, writeSlots } from "./run-color.ts";

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

test("every colour has a name, and the wire knows how many there are", () => {
  expect(colorNames).toHaveLength(runColors.length);
  expect(new Set(colorNames).size).toBe(RUN_COLORS);
});

const none = new Map<string, number>();
const slots = (shown: string[], kept: Record<string, number> = {}, chosen: Record<string, number> = {}) =>
  Object.fromEntries(assignSlots(shown, new Map(Object.entries(kept)), new Map(Object.entries(chosen))));

test.each([
  ["in their order", [["a", "b", "c"]], { a: 0, b: 1, c: 2 }],
  ["a kept one stays, in whatever order they are shown", [["c", "a", "d"], { a: 0, c: 2 }], { c: 2, a: 0, d: 1 }],
  ["a slot of one that left is given again", [["b", "x"], { a: 0, b: 1 }], { b: 1, x: 0 }],
  [
    "a chosen colour goes before a kept one, which takes the first that is free",
    [["a", "b"], { a: 0, b: 1 }, { b: 0 }],
    { b: 0, a: 1 },
  ],
  ["two that were given one colour by people differ by stroke", [["a", "b"], {}, { a: 5, b: 5 }], { a: 5, b: 17 }],
  ["of few, one with a later slot keeps it while nobody has its colour", [["a", "b"], { a: 15 }], { a: 15, b: 0 }],
  [
    "of few, one with a later slot gives it up to the one that had the colour first",
    [["a", "b"], { a: 15, b: 3 }],
    { a: 0, b: 3 },
  ],
] as [string, Parameters<typeof slots>, Record<string, number>][])("colours are given %s", (_, given, expected) => {
  expect(slots(...given)).toEqual(expected);
});

test("the thirteenth has the first colour in another stroke", () => {
  const given = assignSlots(
    Array.from({ length: 13 }, (_, at) => `run ${at}`),
    none,
    none,
  );
  expect(lookOfSlot(given.get("run 12")!)).toEqual({ color: runColors[0], round: 1 });
});

const keys = fc.uniqueArray(fc.stringMatching(/^[a-f]{1,3}$/), { maxLength: 30 });
const marks = (max: number) =>
  fc.dictionary(fc.stringMatching(/^[a-f]{1,3}$/), fc.nat(max)).map((found) => new Map(Object.entries(found)));

test("no two have one slot; twelve or fewer share no colour unless people chose it; a chosen colour is the one shown", () => {
  fc.assert(
    fc.property(keys, marks(40), marks(11), (shown, kept, chosen) => {
      const given = assignSlots(shown, kept, chosen);
      expect([...given.keys()].sort()).toEqual([...shown].sort());
      expect(new Set(given.values()).size).toBe(shown.length);
      for (const key of shown) if (chosen.has(key)) expect(given.get(key)! % 12).toBe(chosen.get(key));
      if (shown.length > 12) return;
      const colors = shown.filter((key) => !chosen.has(key)).map((key) => given.get(key)! % 12);
      const taken = new Set(shown.filter((key) => chosen.has(key)).map((key) => chosen.get(key)));
      expect(new Set(colors).size).toBe(colors.length);
      expect(colors.filter((color) => taken.has(color))).toEqual([]);
    }),
  );
});

test("those that stay keep their slot whatever comes and goes, and so does an address", () => {
  fc.assert(
    fc.property(keys, keys, (before, after) => {
      const first = assignSlots(before, none, none);
      const then = assignSlots(after, keepSlots(none, first), none);
      // of few, a slot beyond the first twelve may have to be given up
      for (const key of after) if (first.has(key) && first.get(key)! < 12) expect(then.get(key)).toBe(first.get(key));
      const whole = new Map(after.map((key, at) => [`${key.padEnd(8, "-")}`, then.get(after[at]!)!]));
      expect(readSlots(writeSlots(whole), [...whole.keys()])).toEqual(whole);
    }),
  );
});

test("one that left has its slot back if nobody took it meanwhile", () => {
  const first = assignSlots(["a", "b", "c"], none, none);
  const alone = keepSlots(first, assignSlots(["b"], first, none));
  expect(assignSlots(["b", "c"], alone, none)).toEqual(
    new Map([
      ["b", 1],
      ["c", 2],
    ]),
  );
  const other = keepSlots(alone, assignSlots(["b", "x"], alone, none));
  expect(assignSlots(["b", "a", "x"], other, none)).toEqual(
    new Map([
      ["x", 0],
      ["b", 1],
      ["a", 2],
    ]),
  );
});
