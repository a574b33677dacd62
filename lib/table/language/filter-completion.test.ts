import fc from "fast-check";
import { expect, test } from "vitest";
import { completeFilter } from "./filter-completion.ts";
import { filterNames } from "./filter-names.ts";

const names = filterNames([
  { name: "name", type: "text" },
  { name: "tags", type: "text", values: ["baseline", "two words"] },
  { name: "config.optimizer.learningRate", type: "number" },
  { name: "config.my key", type: "text" },
  { name: "config.amp", type: "boolean" },
  { name: "notes", type: "text", values: ["and", "1.0", "true"] },
  { name: "config.depth", type: "mixed", values: ["1.0", "deep"] },
  { name: "validation/accuracy.max", type: "number", direction: "max" },
  { name: "-/learning_rate.last", type: "number", direction: null },
]);
const texts = (text: string, cursor = text.length) =>
  completeFilter(text, cursor, names).options.map((one) => one.text);

test.each([
  ["", ["name", "tags", "learningRate", "my key", "amp"]],
  ["lear", ["learningRate", "learning_rate last"]],
  ["optim", ["learningRate"]],
  ["acc", ["validation accuracy best"]],
  ["validation acc", ["validation accuracy best"]],
  ["name = x validation acc", ["validation accuracy best"]],
  ["validation accuracy best ", ["=", "!=", ">="]],
  ["1 < lea", ["learningRate"]],
  ["1 < lr ", ["=", "!=", ">="]],
  ["1 < depth < ", ["1.0", "deep"]],
  ["lr = 1 a", ["and", "amp"]],
  ["name = x and ta", ["tags"]],
  ["name = x ", ["and", "or"]],
  ["(", ["name"]],
  ["tags ", ["=", "!=", "~", "!~", "in ("]],
  ["config.amp ", ["=", "!=", "is null"]],
  ["config.optimizer.learningRate ", ["=", "!=", ">="]],
  ["tags = ", ["baseline", '"two words"']],
  ["tags = bas", ["baseline"]],
  ["tags in (", ["baseline"]],
  ["tags in (baseline, tw", ['"two words"']],
  ["config.amp = ", ["true", "false"]],
  ["tags is ", ["null", "not null"]],
  ["tags is not ", ["null"]],
  ["tags in ", ["("]],
  ["tags in (baseline ", [",", ")"]],
  ["notes = ", ['"and"', '"1.0"', '"true"']],
  ["config.depth = ", ["1.0", "deep"]],
  ['tags = "two w', ['"two words"']],
  ['config."my k', ["my key"]],
])("after %s stand %j first", (text, wanted) => {
  expect(texts(text).slice(0, wanted.length)).toEqual(wanted);
});

test("what is chosen takes the place of the word under the cursor", () => {
  const text = "config.lr > 1 and na";
  expect(completeFilter(text, text.length, names)).toMatchObject({ start: 18, end: 20 });
  expect(completeFilter("nam = x", 2, names)).toMatchObject({ start: 0, end: 3, options: [{ text: "name" }] });
});

test.each([
  ['tags = "two words" and seed = 1', 12, 7, 18],
  ['tags = "two and seed = 1', 11, 7, 11],
  ['config."my key" = x', 11, 0, 15],
  ['config."my k', 12, 0, 12],
  ['notes = "a \\" b', 15, 8, 15],
])("the word of %s at %i is replaced whole, and nothing behind it", (text, cursor, start, end) => {
  expect(completeFilter(text, cursor, names)).toMatchObject({ start, end });
});

test("any text can be completed at any place, and the place lies around the cursor", () => {
  const part = fc.constantFrom(
    '"',
    '\\"',
    "\\",
    " ",
    "(",
    ")",
    ",",
    "=",
    "!",
    "~",
    "and",
    "in",
    "is",
    "not",
    "tags",
    "x",
    ".",
  );
  const text = fc.array(part, { maxLength: 12 }).map((parts) => parts.join(""));
  fc.assert(
    fc.property(text, fc.nat(), (text, at) => {
      const cursor = at % (text.length + 1);
      const { start, end } = completeFilter(text, cursor, names);
      expect(start <= cursor && cursor <= end && end <= text.length).toBe(true);
    }),
    { seed: 9, numRuns: 2000 },
  );
});
