import { expect, test } from "vitest";
import { type CompletionColumn, completeFilter } from "./filter-completion.ts";

const columns: CompletionColumn[] = [
  { name: "name", type: "text" },
  { name: "tags", type: "text", values: ["baseline", "two words"] },
  { name: "config.optimizer.learningRate", type: "number" },
  { name: "config.my key", type: "text" },
  { name: "config.amp", type: "boolean" },
];
const texts = (text: string, cursor = text.length) =>
  completeFilter(text, cursor, columns).options.map((one) => one.text);

test.each([
  ["", ["name", "tags", "config.optimizer.learningRate", '"config.my key"']],
  ["lear", ["config.optimizer.learningRate"]],
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
])("after %s stand %j first", (text, wanted) => {
  expect(texts(text).slice(0, wanted.length)).toEqual(wanted);
});

test("what is chosen takes the place of the word under the cursor", () => {
  const text = "config.lr > 1 and na";
  expect(completeFilter(text, text.length, columns)).toMatchObject({ start: 18, end: 20 });
  expect(completeFilter("nam = x", 2, columns)).toMatchObject({ start: 0, end: 3, options: [{ text: "name" }] });
});
