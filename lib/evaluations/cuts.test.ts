import { expect, test } from "vitest";
import { cutOf } from "./cuts.ts";

const words = (of: number[], names: string[]) => ({ of: Int32Array.from(of), names });

test("a column of few words is cut by them; a missing value is in no slice", () => {
  const cut = cutOf({ name: "site", numbers: null, words: words([0, 1, -1, 0], ["A", "B"]) });
  expect(cut).toEqual({ by: "site", slices: ["A", "B"], of: Int32Array.from([0, 1, -1, 0]) });
});

test("numbers are cut into five ranges of equal counts, and equal ones stand in one", () => {
  const numbers = Float64Array.from({ length: 10 }, (_, at) => at);
  const cut = cutOf({ name: "age", numbers, words: null })!;
  expect(cut.slices).toEqual(["0 to below 2", "2 to below 4", "4 to below 6", "6 to below 8", "8 to 9"]);
  expect([...cut.of]).toEqual([0, 0, 1, 1, 2, 2, 3, 3, 4, 4]);
  const mostlyZero = cutOf({ name: "count", numbers: Float64Array.from([0, 0, 0, 0, 0, 0, 0, 0, 3, 9]), words: null })!;
  expect([mostlyZero.slices, [...mostlyZero.of]]).toEqual([
    ["0 to below 3", "3 to 9"],
    [0, 0, 0, 0, 0, 0, 0, 0, 1, 1],
  ]);
});

test("a column that tells nothing apart, or has a word for each sample, is no cut", () => {
  expect(
    cutOf({ name: "constant", numbers: Float64Array.from([2, 2, NaN]), words: words([0, 0, -1], ["2"]) }),
  ).toBeNull();
  expect(cutOf({ name: "one word", numbers: null, words: words([0, 0], ["A"]) })).toBeNull();
  expect(cutOf({ name: "names", numbers: null, words: null })).toBeNull();
});

test("few numbers are classes: a slice each", () => {
  const cut = cutOf({ name: "stage", numbers: Float64Array.from([1, 2, 1]), words: words([0, 1, 0], ["1", "2"]) });
  expect(cut?.slices).toEqual(["1", "2"]);
});
