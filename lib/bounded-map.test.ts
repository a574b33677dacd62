import { expect, test } from "vitest";
import { BoundedMap } from "./bounded-map.ts";

test("a full map is emptied before the next comes", () => {
  const map = new BoundedMap<string, number>(2);
  map.set("a", 1).set("b", 2);
  expect([...map]).toEqual([
    ["a", 1],
    ["b", 2],
  ]);
  map.set("c", 3);
  expect([...map]).toEqual([["c", 3]]);
});
