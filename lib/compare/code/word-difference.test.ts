import fc from "fast-check";
import { expect, test } from "vitest";
import { differenceOfWords, wordsOf } from "./word-difference.ts";

const parts = (text: string, ranges: [number, number][]) => ranges.map(([from, to]) => text.slice(from, to));

test.each([
  ["lr = 1e-3, 0.001", "lr = 3e-3, 0.01", ["1e-3", "0.001"], ["3e-3", "0.01"]],
  ["  return x", "    return x", ["  "], ["    "]],
  ["学习率 = 衰减", "学习率 = 预热", ["衰减"], ["预热"]],
  ["name = 'Zoë'", "name = 'Zoe\u0301'", ["Zoë"], ["Zoe\u0301"]],
  ["x = '👩‍🔬'", "x = '👨‍🔬'", ["👩"], ["👨"]],
  ["f(a, b)", "f(a, b, c)", [], [", c"]],
])("%j becomes %j", (from, to, removed, added) => {
  const found = differenceOfWords(from, to)!;
  expect([parts(from, found.from), parts(to, found.to)]).toEqual([removed, added]);
});

test("lines with little in common aren't told by words", () => {
  expect(differenceOfWords("import torch", "return loss.mean()")).toBeNull();
  expect(differenceOfWords("x".repeat(3000), "y".repeat(3000))).toBeNull();
});

test("what is left of both lines without the ranges is the same, whatever they hold", () => {
  const without = (text: string, ranges: [number, number][]) =>
    ranges.reduceRight((left, [from, to]) => left.slice(0, from) + left.slice(to), text);
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), fc.string({ unit: "binary" }), fc.string(), (own, other, both) => {
      const [from, to] = [both + own + both, both + other + both];
      expect(wordsOf(from).join("")).toBe(from);
      const found = differenceOfWords(from, to);
      if (found) expect(without(from, found.from)).toBe(without(to, found.to));
    }),
  );
});
