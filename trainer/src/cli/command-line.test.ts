import { expect, test } from "vitest";
import { findTools, type NamedTool, readInput, terminalTools, wordsOf } from "./command-line.ts";
import { exitOf, Misused, wordsOfEnd } from "./exits.ts";
import { toolHelp } from "./help.ts";

const read = (line: string[]) => {
  const { found, rest } = findTools(line);
  const { common, input } = readInput(found[0]!, rest);
  return { common, input: common.help ? input : found[0]!.input.strict().parse(input) };
};
const run = "0199f3a2-1c00-7000-8000-0000000000aa";

test("words and flags become the tool's input: numbers, lists, JSON and switches by its schema", () => {
  expect(
    read(["runs", "list", "status = finished", "--limit", "7", "--column", "seed", "--column=config.a b"]),
  ).toEqual({
    common: { json: false, help: false },
    input: { filter: "status = finished", limit: 7, column: ["seed", "config.a b"] },
  });
  expect(read(["runs", "compare", run, run, "--json"])).toMatchObject({
    common: { json: true },
    input: { runs: [run, run] },
  });
  expect(read(["runs", "start", "--config", '{"a": {"b": 1}}', "--seed", "-3"]).input).toMatchObject({
    config: { a: { b: 1 } },
    seed: -3,
  });
  expect(read(["runs", "tag", run, "--", "--odd"]).input).toMatchObject({ add: ["--odd"] });
});

test.each([
  ["--colour: there is no such flag here; --project, --filter", ["runs", "list", "--colour", "red"]],
  ["--limit needs a value", ["runs", "list", "--limit"]],
  ["limit: Invalid input: expected number, received string", ["runs", "list", "--limit", "few"]],
  ["run: Invalid UUID", ["runs", "show", "mine"]],
  ['"more": expected 1 words at most here', ["runs", "show", run, "more"]],
  ["--seed stands 2 times; it takes one value", ["runs", "start", "--seed", "1", "--seed", "2"]],
  ["--config: expected JSON, or @FILE that holds some", ["runs", "start", "--config", "{"]],
  ["measured by an evaluation alone", ["runs", "log", run, "--split", "test", "--points", "[]"]],
])("%s", (said, line) => {
  let error: unknown;
  try {
    read(line);
  } catch (thrown) {
    error = thrown;
  }
  expect(wordsOfEnd(error)).toContain(said);
  expect(exitOf(error)).toBe(2);
});

test.each(terminalTools.map((tool) => [wordsOf(tool), tool] as [string, NamedTool]))(
  "%s is found by its words, and its help says each of its flags",
  (words, tool) => {
    expect(findTools([...words.split(" "), "x"])).toEqual({ found: [tool], rest: ["x"] });
    for (const name of Object.keys(tool.input.shape)) expect(toolHelp(tool)).toMatch(new RegExp(`--${name} .*\\S`));
    expect(tool.example.startsWith(words)).toBe(true);
  },
);

test("a group alone has its commands, and what is no tool is left to who trains", () => {
  expect(findTools(["runs"]).found.length).toBeGreaterThan(8);
  expect(findTools(["train", "--epochs", "3"])).toMatchObject({ found: [] });
  expect(new Misused("x")).toBeInstanceOf(Error);
});
