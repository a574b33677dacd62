import fc from "fast-check";
import { expect, test } from "vitest";
import { parseJson } from "./json.ts";

test("any JSON of distinct keys is what the platform's parser says it is", () => {
  fc.assert(
    fc.property(fc.json({ maxDepth: 5 }), fc.constantFrom(undefined, 1, "\t"), (text, space) => {
      fc.pre(!text.includes("__proto__"));
      const spaced = JSON.stringify(JSON.parse(text), null, space);
      expect(parseJson(spaced)).toEqual(JSON.parse(text));
    }),
    { numRuns: 500, seed: 3 },
  );
});

test.each([
  ['{"a":{"b":[0,{"c":1,"c":2}]}}', "a.b.1.c", "is named twice"],
  ['{"a":1,"\\u0061":2}', "a", "is named twice"],
  ['{"a":[{"__proto__":1}]}', "a.0.__proto__", "can't be a name"],
  ['{"\\u005f_proto__":1}', "__proto__", "can't be a name"],
  ['{"config":{"lr":NaN}}', "config.lr", 'JSON has no NaN; the text "NaN" is right'],
  ['{"x":[1,-Infinity]}', "x.1", 'the text "-Infinity" is right'],
  ['{"x":Infinity}', "x", 'the text "Infinity" is right'],
  ['{"x":1e400}', "x", "beyond the largest float64, 1.8e308; a text is right, received 1e400"],
  ['{"x":-1e400}', "x", "beyond the largest float64"],
  ['{"x":1e-400}', "x", "nearer to 0 than any float64"],
  ['{"shard":9007199254740993}', "shard", "an integer beyond 2^53"],
  ['{"shard":-9223372036854775808}', "shard", "an integer beyond 2^53"],
  ['{"step":9007199254740990.9}', "step", "float64 would round the fraction away"],
  ['{"step":90071992547409909e-1}', "step", "float64 would round the fraction away"],
  [`${"[".repeat(102)}1${"]".repeat(102)}`, undefined, "nested deeper than 100"],
  ["[".repeat(1_000_000), undefined, "nested deeper than 100"],
  ['{"a":'.repeat(200_000), undefined, "nested deeper than 100"],
])("the body %.60s is refused by the name of its field", (text, field, detail) => {
  const refusal = expect.objectContaining({
    kind: "invalid",
    errors: [expect.objectContaining(field === undefined ? {} : { field })],
    detail: expect.stringContaining(detail),
  });
  expect(() => parseJson(text)).toThrow(refusal);
});

test.each([
  "9007199254740991",
  "-9007199254740991",
  "9007199254740992",
  "9223372036854776000",
  "1e21",
  "1.5e3",
  "1500e-2",
  "15e-1",
  "1234567890123456.5",
  "0.1234567890123456789",
  "-0",
  "0e-400",
  "0.000",
  '"9007199254740993"',
  '"NaN"',
  '"a\\\\"',
  '{"a":"\\"b\\":1","b":2}',
  '[{"a":1},{"a":1}]',
])("%s is kept", (text) => {
  expect(parseJson(text)).toEqual(JSON.parse(text));
});

test.each(["{", "[1,", "nope", "", "{a:1}", "1.2.3", '"', '{"a" 1}', "]", "}{", "\u0000", '{"a\\q":1}'])(
  "%j is no JSON, and that is said",
  (text) => {
    expect(() => parseJson(text)).toThrow(expect.objectContaining({ kind: "invalid" }));
  },
);

test("keys are counted before anything is made of them", () => {
  const text = JSON.stringify(Object.fromEntries(Array.from({ length: 50 }, (_, at) => [`k${at}`, { a: 1 }])));
  expect(parseJson(text, { keysMax: 100 })).toEqual(JSON.parse(text));
  expect(() => parseJson(text, { keysMax: 99 })).toThrow("more than 99 keys");
  expect(() => parseJson("[1,1,1]", { commasMax: 1 })).toThrow("more than 1 values");
});

test("an integer that is a measurement is a float64", () => {
  expect(parseJson('{"flops":12345678901234567890}', { roundsIntegers: true })).toEqual({
    flops: 12345678901234567000,
  });
});
