import fc from "fast-check";
import { expect, test } from "vitest";
import {
  chipsOf,
  type Filter,
  FilterError,
  type FilterValue,
  joinChips,
  operators,
  parseFilter,
  printFilter,
} from "./filter-language.ts";

const columns = [
  { name: "name", type: "text" },
  { name: "config.learningRate", type: "number" },
  { name: "validation/accuracy.max", type: "number" },
] as const;

test("comparisons, lists, dates, regular expressions and parentheses make a tree", () => {
  expect(parseFilter('config.lr >= 1e-3 and (tags = "a b" or not name ~ "^cnn") and created > 2026-11-01')).toEqual({
    kind: "and",
    parts: [
      { kind: "compare", column: "config.lr", op: ">=", value: { type: "number", value: 0.001 } },
      {
        kind: "or",
        parts: [
          { kind: "compare", column: "tags", op: "=", value: { type: "text", value: "a b" } },
          { kind: "not", part: { kind: "match", column: "name", pattern: "^cnn", negated: false } },
        ],
      },
      { kind: "compare", column: "created", op: ">", value: { type: "date", value: "2026-11-01" } },
    ],
  });
  expect(parseFilter("config.x in (1, two, true) ")).toMatchObject({
    values: [{ type: "number" }, { type: "text" }, { type: "boolean" }],
  });
  expect(parseFilter("seed is not null")).toEqual({ kind: "null", column: "seed", negated: true });
  expect(parseFilter('config."my key" = 1')).toMatchObject({ column: "config.my key" });
  expect(parseFilter('"validation/my metric".max > 1')).toMatchObject({ column: "validation/my metric.max" });
  expect(parseFilter('name = a"nd"')).toMatchObject({ value: { type: "text", value: "and" } });
});

test.each([
  ["2026-02-28", "date"],
  ["2024-02-29T10:00Z", "date"],
  ["2026-02-29", "text"],
  ["2026-02-30T10:00Z", "text"],
  ["2026-13-01", "text"],
])("%s is a %s: a day that doesn't exist is no date", (day, type) => {
  expect(parseFilter(`created > ${day}`)).toMatchObject({ value: { type, value: day } });
});

test.each([
  ["parentheses", "(", ")", 200],
  ["nots", "not ", "", 800],
])("%s beyond 200 levels are refused where the 201st stands, however many", (_, open, close, start) => {
  const nested = (levels: number) => `${open.repeat(levels)}seed = 1${close.repeat(levels)}`;
  expect(() => parseFilter(nested(200))).not.toThrow();
  for (const levels of [201, 50_000])
    expect(() => parseFilter(nested(levels))).toThrow(expect.objectContaining({ name: "FilterError", start }));
});

test("words without an operator are looked for in names", () => {
  expect(parseFilter("cnn baseline")).toEqual({ kind: "words", words: ["cnn", "baseline"] });
  expect(parseFilter("  ")).toEqual({ kind: "words", words: [] });
});

test.each([
  ["config.lr =", "expected a value, and the filter ends", 11],
  ["config.lr 3 and x", "expected =, !=, <, <=, >, >=, ~, !~, in or is after config.lr", 10],
  ["(config.lr = 3", "expected ) to close", 14],
  ["config.lr = 3 config.x = 4", "expected and, or, or the end", 14],
  ['name = "open', "this quote isn't closed", 7],
  ["config.x in 3", "expected ( and the values", 12],
  ["config.x is 3", "expected null, not null or sha256 after is", 12],
  ["= 3", "expected a column", 0],
  ["name = and", "expected a value", 7],
])("%s is refused, with what was expected and where", (text, message, start) => {
  try {
    parseFilter(text);
    expect.unreachable();
  } catch (error) {
    expect(error).toBeInstanceOf(FilterError);
    expect((error as FilterError).message).toContain(message);
    expect((error as FilterError).start).toBe(start);
  }
});

test("an unknown column is refused with the nearest known one", () => {
  expect(() => parseFilter("config.learningrate > 1", [...columns])).toThrow("did you mean config.learningRate?");
  expect(() => parseFilter("learningRate > 1", [...columns])).toThrow("did you mean config.learningRate?");
  expect(() => parseFilter("whatever > 1", [...columns])).toThrow(/^there is no column "whatever"$/);
});

const text = fc.string({ minLength: 1, maxLength: 8 });
const value: fc.Arbitrary<FilterValue> = fc.oneof(
  fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => ({ type: "number" as const, value: value + 0 })),
  text.map((value) => ({ type: "text" as const, value })),
  fc.boolean().map((value) => ({ type: "boolean" as const, value })),
  fc.constant({ type: "date" as const, value: "2026-11-01T10:00Z" }),
);
const column = fc.oneof(fc.constantFrom("name", "config.a.b", "validation/x y.max"), text);
const leaf: fc.Arbitrary<Filter> = fc.oneof(
  fc.record({ kind: fc.constant("compare" as const), column, op: fc.constantFrom(...operators), value }),
  fc.record({ kind: fc.constant("in" as const), column, values: fc.array(value, { minLength: 1, maxLength: 3 }) }),
  fc.record({ kind: fc.constant("null" as const), column, negated: fc.boolean() }),
  fc.record({ kind: fc.constant("match" as const), column, pattern: text, negated: fc.boolean() }),
);
const { filter } = fc.letrec<{ filter: Filter }>((tie) => ({
  filter: fc.oneof(
    { depthSize: "small" },
    leaf,
    fc.record({
      kind: fc.constantFrom("and" as const, "or" as const),
      parts: fc.array(tie("filter"), { minLength: 2, maxLength: 3 }),
    }),
    fc.record({ kind: fc.constant("not" as const), part: tie("filter") }),
  ),
}));

test("what is printed is read as the same tree, whatever stands in it", () => {
  fc.assert(
    fc.property(filter, (given) => {
      expect(parseFilter(printFilter(given))).toEqual(given);
    }),
    { seed: 9, numRuns: 500 },
  );
});

test("chips are the parts that must all hold, and together the filter again", () => {
  const filter = parseFilter('tags = a and (seed = 1 or seed = 2) and name ~ "x"');
  expect(chipsOf(filter).map((chip) => chip.text)).toEqual(["tags = a", "seed = 1 or seed = 2", 'name ~ "x"']);
  expect(joinChips(chipsOf(filter).map((chip) => chip.filter))).toEqual(filter);
  expect(printFilter(joinChips([parseFilter("cnn"), parseFilter("seed = 1")]))).toBe('seed = 1 and name ~ "cnn"');
});
