import fc from "fast-check";
import { expect, test } from "vitest";
import { parseFilter } from "./filter-language.ts";
import { chipsOf, joinChips, printFilter } from "./filter-print.ts";
import { FilterError } from "./filter-tokens.ts";
import { type Filter, type FilterValue, operators } from "./filter-tree.ts";

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
  expect(parseFilter(`config.day > ${day}`)).toMatchObject({ value: { type, value: day } });
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
  ["config.lr = 3 or", "expected a column", 16],
  ["config.lr = 3)", "expected and, or, or the end", 13],
  ["config.lr rate = 4", 'there is no column "config.lr rate"', 0],
  ["seed > abc", "expected a number for seed", 7],
  ["created > abc", "expected a date such as 2026-11-01, or -1d for a day ago for created", 10],
  ["created = -1d", "expected a day", 10],
  ['name = "open', "this quote isn't closed", 7],
  ["config.x in 3", "expected ( and the values", 12],
  ["config.x is (", "expected null, not null, sha256 or a value after is", 12],
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

const compared = (column: string, op: string, value: unknown) => ({ kind: "compare", column, op, value: { value } });

test.each([
  ["config.a = 1 config.b = 2"],
  ["config.a = 1, config.b = 2"],
  ["config.a == 1, and config.b == 2"],
  ["config.a = 1 && config.b = 2"],
  ["1 = config.a and config.b is 2"],
])("%s: both must hold, however they are joined", (text) => {
  expect(parseFilter(text)).toMatchObject({
    kind: "and",
    parts: [compared("config.a", "=", 1), compared("config.b", "=", 2)],
  });
});

test.each([
  ["1e-4 < config.lr < 1e-2", ">", "<"],
  ["1e-4 <= config.lr <= 1e-2", ">=", "<="],
  ["config.lr between 1e-4 and 1e-2", ">=", "<="],
  ["config.lr between 1e-2 to 1e-4", ">=", "<="],
])("%s is a range", (text, low, high) => {
  const parts = [compared("config.lr", low, 1e-4), compared("config.lr", high, 1e-2)];
  expect(parseFilter(text)).toMatchObject({ kind: "and", parts });
});

test.each([
  ["created > -1d", compared("created", ">", "-1d")],
  ["created < 2h", compared("created", ">", "-2h")],
  ["started >= 30min", compared("started", "<=", "-30min")],
  ["duration > 2h", compared("duration", ">", 7200)],
  ["duration < 1.5min", compared("duration", "<", 90)],
  ["name = 2h", compared("name", "=", "2h")],
  ["manifest = uncited", { kind: "null", column: "manifest", negated: false }],
  ["manifest != none", { kind: "null", column: "manifest", negated: true }],
  ["manifest is not uncited", { kind: "null", column: "manifest", negated: true }],
  ["config.x = null", { kind: "null", column: "config.x", negated: false }],
  ["train/loss.last = none", { kind: "null", column: "train/loss.last", negated: false }],
  ["config.x = none", compared("config.x", "=", "none")],
  ['config.x = "null"', compared("config.x", "=", "null")],
  ["name contains cnn", { kind: "words", words: ["cnn"] }],
  ["config.x contains a.b", { kind: "match", column: "config.x", pattern: "a\\.b", negated: false }],
])("%s has its meaning by the column's kind", (text, filter) => {
  expect(parseFilter(text)).toMatchObject(filter);
});

const text = fc.string({ minLength: 1, maxLength: 8 });
const number = fc
  .double({ noNaN: true, noDefaultInfinity: true })
  .map((value) => ({ type: "number" as const, value: value + 0 }));
const value: fc.Arbitrary<FilterValue> = fc.oneof(
  number,
  text.map((value) => ({ type: "text" as const, value })),
  fc.boolean().map((value) => ({ type: "boolean" as const, value })),
  fc.constant({ type: "date" as const, value: "2026-11-01T10:00Z" }),
);
const column = fc.oneof(fc.constantFrom("name", "config.a.b", "config.validation/x y.max"), text);
const leaf: fc.Arbitrary<Filter> = fc.oneof(
  fc.record({ kind: fc.constant("compare" as const), column, op: fc.constantFrom(...operators), value }),
  fc.record({
    kind: fc.constant("compare" as const),
    column: fc.constantFrom("seed", "validation/x y.max", "-/loss.last"),
    op: fc.constantFrom(...operators),
    value: number,
  }),
  fc.record({ kind: fc.constant("in" as const), column, values: fc.array(value, { minLength: 1, maxLength: 3 }) }),
  fc.record({ kind: fc.constant("null" as const), column, negated: fc.boolean() }),
  fc.record({ kind: fc.constant("match" as const), column, pattern: text, negated: fc.boolean() }),
  text.map((word) => ({ kind: "words" as const, words: [word] })),
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
  const joined = printFilter(joinChips([parseFilter("cnn deep"), parseFilter("seed = 1")]));
  expect(joined).toBe("seed = 1 and name contains cnn and name contains deep");
  expect(chipsOf(parseFilter("cnn")).map((chip) => chip.text)).toEqual(["name contains cnn"]);
});
