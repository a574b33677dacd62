import { expect, test } from "vitest";
import { InputError } from "../statistics/inputs.ts";
import { isPeriodic, readCurve } from "./curves.ts";
import { scalingOf } from "./throughput.ts";

test("a curve that comes back with the epoch is told, one that only falls isn't, and of one epoch nothing is said", () => {
  const falling = Array.from({ length: 60 }, (_, at) => 1 / (at + 5));
  const wavy = Array.from({ length: 60 }, (_, at) => 1 - at / 100 + (at % 6 === 0 ? 0.2 : 0));
  expect(isPeriodic(wavy, 6)).toBe(true);
  expect(
    isPeriodic(
      wavy.map((_, at) => Math.sin(at * at)),
      6,
    ),
  ).toBe(false);
  expect(isPeriodic(falling.slice(0, 10), 6)).toBeNull();
});

test("too few values and probes that can't be are refused by name", () => {
  expect(() => readCurve([1, Number.NaN, 2], { tolerance: 0 })).toThrow(InputError);
  expect(() => scalingOf([{ batch: 16, examplesPerSecond: 400 }])).toThrow(/two or more/);
  expect(() =>
    scalingOf([
      { batch: 16, examplesPerSecond: 0 },
      { batch: 32, examplesPerSecond: 1 },
    ]),
  ).toThrow(/batch 16/);
});
