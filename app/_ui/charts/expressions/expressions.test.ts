import fc from "fast-check";
import { expect, test } from "vitest";
import type { Split } from "@/lib/wire/base/words.ts";
import type { PointSeries } from "@/lib/wire/points/points.ts";
import { evaluatePoints } from "./evaluate.ts";
import { ExpressionError, parseExpression } from "./parse.ts";
import { type Expression, functionNames, printExpression } from "./tree.ts";

const named = (split: Split | null, metric: string) => ({ split, metric });
const known = [
  named("train", "loss"),
  named("validation", "loss"),
  named("train", "accuracy"),
  named("validation", "accuracy"),
  named(null, "learning-rate"),
  named(null, 'odd "name", (1)'),
  named("validation", "精度"),
  named(null, "log"),
];

type Given = Partial<Omit<PointSeries, "values">> & { values: ArrayLike<number>; at?: number[] };
const series = ({ values, at, ...given }: Given): PointSeries => ({
  run: "a",
  split: "train",
  metric: "loss",
  kind: "raw",
  count: values.length,
  nonFiniteCount: 0,
  overwrittenCount: 0,
  steps: Float64Array.from(at ?? Array.from(values, (_, index) => index)),
  times: Float64Array.from(Array.from(values, (_, index) => 1000 * index)),
  means: null,
  ...given,
  values: Float64Array.from(values),
});
const evaluate = (text: string, points: PointSeries[]) => evaluatePoints(parseExpression(text, known), text, points);
const valuesOf = (text: string, points: PointSeries[]) => Array.from(evaluate(text, points)[0]!.values);

test.each([
  ["1 - accuracy", '1 − "accuracy"'],
  ["1-accuracy", '1 − "accuracy"'],
  ["train/loss / validation/loss", '"train/loss" ÷ "validation/loss"'],
  ["train/loss/validation/loss", '"train/loss" ÷ "validation/loss"'],
  ["loss/2", '"loss" ÷ 2'],
  ["learning-rate*1e3", '"learning-rate" × 1000'],
  ["-/learning-rate × 2", '"-/learning-rate" × 2'],
  ["log(loss) + log", 'log("loss") + "log"'],
  ["MAX(loss, .5, -accuracy)", 'max("loss", 0.5, −"accuracy")'],
  ["2 − (loss − accuracy) − 1", '2 − ("loss" − "accuracy") − 1'],
  ["-(loss+1)*2", '−("loss" + 1) × 2'],
  ["精度 ÷ 2", '"精度" ÷ 2'],
  [String.raw`"odd \"name\", (1)" + 1`, String.raw`"odd \"name\", (1)" + 1`],
])("%s is read as %s", (text, expected) => {
  expect(printExpression(parseExpression(text, known))).toBe(expected);
});

test.each([
  ["", "expected a metric or a number at character 1"],
  ["loss × ", "expected a metric or a number at character 8"],
  ["loss * * 2", "expected a metric or a number at character 8"],
  ["loss accuracy", "expected a sign such as + or × at character 6"],
  ["(loss + 1", "expected ) at character 10"],
  ["(loss 1)", "expected a sign such as + or × at character 7"],
  ["loss)", "this ) closes nothing at character 5"],
  ["1 - acuracy", "“acuracy” is no metric of these runs (accuracy?), at character 5"],
  ["test/loss", "“test/loss” is no metric of these runs, at character 1"],
  ["精度 + x", "“x” is no metric of these runs, at character 6"],
  ['1 + "loss', "this quote isn't closed at character 5"],
  ["abs(loss, 1)", "abs takes one value, found a second at character 9"],
  ["min()", "expected a metric or a number at character 5"],
  ["1 + 1", "expected at least one metric, and found none at character 1"],
  [`${"(".repeat(60)}loss`, "there are more than 50 parentheses or signs within each other at character 52"],
  ["+loss", "expected a metric or a number at character 1"],
])("%s says what is wrong and where", (text, expected) => {
  expect(() => parseExpression(text, known)).toThrow(expected);
});

const { expression } = fc.letrec<{ expression: Expression }>((tie) => ({
  expression: fc.oneof(
    { depthSize: "small", withCrossShrink: true },
    fc.record({ kind: fc.constantFrom("number" as const), value: fc.double({ min: 0, max: 1e6, noNaN: true }) }),
    fc.constantFrom(...known).map(({ split, metric }) => ({ kind: "metric" as const, split, metric })),
    fc.constantFrom("loss", "accuracy").map((metric) => ({ kind: "metric" as const, split: "each" as const, metric })),
    tie("expression").map((of) => ({ kind: "negative" as const, of })),
    fc
      .tuple(
        fc.constantFrom("+" as const, "−" as const, "×" as const, "÷" as const),
        tie("expression"),
        tie("expression"),
      )
      .map(([sign, left, right]) => ({ kind: "operation" as const, sign, left, right })),
    fc
      .tuple(fc.constantFrom(...functionNames), fc.array(tie("expression"), { minLength: 1, maxLength: 3 }))
      .map(([name, of]) => ({
        kind: "call" as const,
        name,
        of: name === "min" || name === "max" ? of : of.slice(0, 1),
      })),
  ),
}));

test("what is printed is read as the same expression, and nothing else than an ExpressionError is ever thrown", () => {
  fc.assert(
    fc.property(expression, (tree) => {
      const text = printExpression({
        kind: "operation",
        sign: "+",
        left: tree,
        right: { kind: "metric", ...known[0]! },
      });
      if (text.length > 500) return;
      expect(printExpression(parseExpression(text, known))).toBe(text);
    }),
  );
  const scraps = fc.constantFrom(
    "(",
    ")",
    ",",
    '"',
    "loss",
    "train/",
    "log",
    "-",
    "/",
    "*",
    "1",
    "e5",
    ".",
    " ",
    "x",
    "精",
  );
  fc.assert(
    fc.property(fc.array(scraps, { maxLength: 12 }), (parts) => {
      try {
        parseExpression(parts.join(""), known);
      } catch (error) {
        expect(error).toBeInstanceOf(ExpressionError);
      }
    }),
  );
});

test("at each step it is what JavaScript computes of the values there", () => {
  const numbers = fc.array(fc.double({ min: -1e3, max: 1e3, noNaN: true }), { minLength: 1, maxLength: 20 });
  fc.assert(
    fc.property(numbers, numbers, (a, b) => {
      const length = Math.min(a.length, b.length);
      const points = [
        series({ values: a.slice(0, length) }),
        series({ metric: "accuracy", values: b.slice(0, length) }),
      ];
      const expected = a.slice(0, length).map((value, at) => {
        const found = (value * 2 - Math.abs(b[at]!)) / Math.max(b[at]!, -1);
        return Number.isFinite(found) ? found : Number.NaN;
      });
      expect(valuesOf("(loss × 2 − abs(accuracy)) ÷ max(accuracy, −1)", points)).toEqual(expected);
    }),
  );
});

test("a metric without a split is drawn for each that it has, beside one that belongs to none", () => {
  const points = [
    series({ metric: "accuracy", values: [0.5, 0.75] }),
    series({ metric: "accuracy", split: "validation", values: [0.25, 0.5] }),
    series({ metric: "learning-rate", split: null, values: [1, 2] }),
  ];
  const found = evaluate("1 - accuracy * learning-rate", points);
  expect(found.map(({ split, values }) => [split, Array.from(values)])).toEqual([
    ["train", [0.5, -0.5]],
    ["validation", [0.75, 0]],
  ]);
  expect(evaluate("1 - validation/accuracy", points).map(({ split }) => split)).toEqual([null]);
  // a run that lacks one of the metrics has no curve
  expect(evaluate("accuracy + loss", points)).toEqual([]);
});

test("where steps differ, the metric with the fewest points says where, and others are read on the line between theirs", () => {
  const dense = series({ values: [0, 10, 20, 30, 40, 50], at: [0, 10, 20, 30, 40, 50] });
  const exact = series({ split: "validation", values: [1, 2], at: [10, 30] });
  const [same] = evaluate("train/loss / validation/loss", [dense, exact]);
  expect([Array.from(same!.steps), Array.from(same!.values), same!.between]).toEqual([[10, 30], [10, 15], 0]);
  const beside = series({ split: "validation", values: [1, 2, 4], at: [5, 25, 60] });
  const [read] = evaluate("train/loss / validation/loss", [dense, beside]);
  // nothing is said of a step beyond where one of them ends
  expect([Array.from(read!.steps), Array.from(read!.values), read!.between]).toEqual([[5, 25], [5, 12.5], 2]);
});

test.each([
  ["1 / loss", [0, 2], [Number.NaN, 0.5]],
  ["1 / (1 / loss)", [0, 2], [Number.NaN, 2]],
  ["log(loss)", [-1, 0, 1], [Number.NaN, Number.NaN, 0]],
  ["sqrt(loss)", [-4, 4], [Number.NaN, 2]],
  ["exp(loss)", [1000, 0], [Number.NaN, 1]],
  ["loss + 1", [Number.NaN, Number.POSITIVE_INFINITY, 1], [Number.NaN, Number.NaN, 2]],
  ["min(loss, 0)", [Number.NEGATIVE_INFINITY, Number.NaN, 1], [Number.NaN, Number.NaN, 0]],
  ["0 * loss", [Number.NaN, 3], [Number.NaN, 0]],
])("%s has no value where there is none, and never 0", (text, values, expected) => {
  expect(valuesOf(text, [series({ values })])).toEqual(expected);
  expect(evaluate(text, [series({ values })])[0]!.nonFiniteCount).toBe(expected.filter(Number.isNaN).length);
});

test("of an envelope each pixel's mean is taken", () => {
  const means = {
    steps: Float64Array.from([5, 15]),
    times: Float64Array.from([0, 1]),
    values: Float64Array.from([2, 4]),
  };
  const [found] = evaluate("loss × 2", [series({ values: [1, 3, 3, 5], kind: "envelope", means })]);
  expect([found!.kind, Array.from(found!.steps), Array.from(found!.values)]).toEqual(["envelope", [5, 15], [4, 8]]);
});
