import { expect, test } from "vitest";
import { baselineOf, gridQuery, movedBy, movedTo, orderOf, readGridState } from "./table-address.ts";

test("an address reads as it was written, and what others keep in it is left alone", () => {
  const query = new URLSearchParams("run=a&run=b&baseline=b&hide=a&all=1&pin=config/a%26b&closed=data&find=lr&x=1");
  expect(gridQuery(readGridState(query), query).toString().split("&").sort()).toEqual(
    query.toString().split("&").sort(),
  );
  expect(readGridState(query)).toMatchObject({ pinned: ["config/a&b"], closed: ["data"], find: "lr", hidden: ["a"] });
});

test("at most eight rows are pinned", () => {
  const query = new URLSearchParams(Array.from({ length: 20 }, (_, at) => ["pin", `config/${at}`]));
  expect(readGridState(query).pinned).toHaveLength(8);
});

test("columns stand as the address says, without what isn't there; others come after them", () => {
  expect(orderOf({ runs: ["c", "x", "A"] }, ["a", "b", "c"])).toEqual(["c", "a", "b"]);
  expect(orderOf({ runs: null }, ["a", "b"])).toEqual(["a", "b"]);
  expect(baselineOf({ baseline: "x" }, ["a", "b"])).toBe("a");
  expect(baselineOf({ baseline: "b" }, ["a", "b"])).toBe("b");
});

test.each([
  ["from the left it comes behind", "a", "c", ["b", "c", "a", "d"]],
  ["from the right it comes before", "d", "b", ["a", "d", "b", "c"]],
  ["onto itself nothing moves", "b", "b", ["a", "b", "c", "d"]],
  ["what isn't there doesn't move", "x", "b", ["a", "b", "c", "d"]],
])("%s", (_, id, target, order) => {
  expect(movedTo(["a", "b", "c", "d"], id, target)).toEqual(order);
});

test("a column steps over those that are hidden, and stays at the end", () => {
  expect(movedBy(["a", "b", "c"], "a", 1, ["b"])).toEqual(["b", "c", "a"]);
  expect(movedBy(["a", "b", "c"], "a", -1, [])).toEqual(["a", "b", "c"]);
  expect(movedBy(["a", "b", "c"], "c", -1, ["b"])).toEqual(["c", "a", "b"]);
});
