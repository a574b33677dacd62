import { expect, test } from "vitest";
import { flattenConfig } from "./flatten.ts";

test("nested keys are joined by dots; lists and empty objects are JSON text", () => {
  expect(flattenConfig({ a: { b: { c: 1 }, d: [1, 2] }, e: {}, f: null })).toEqual({
    "a.b.c": 1,
    "a.d": "[1, 2]",
    e: "{}",
    f: null,
  });
});
