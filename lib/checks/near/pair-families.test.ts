import { expect, test } from "vitest";
import { familiesOf } from "./pair-families.ts";

const pair = (aKey: string, bKey: string) => ({ aKey, bKey });

test("pairs that share a sample, or are tied by others that do, are one family, in the order in which they come", () => {
  const pairs = [pair("a", "b"), pair("x", "y"), pair("c", "d"), pair("b", "c"), pair("x", "z")];
  expect(familiesOf(pairs)).toEqual([
    [pair("a", "b"), pair("c", "d"), pair("b", "c")],
    [pair("x", "y"), pair("x", "z")],
  ]);
  expect(familiesOf([])).toEqual([]);
});
