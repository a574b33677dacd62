import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, afterEach, beforeEach, expect, test } from "vitest";
import { parseSettings } from "../config/settings.ts";
import { readDataSet } from "../data/sets.ts";
import { splitSamples } from "../data/split.ts";
import { constantFeatures, fitNormalisation } from "../model/preprocessing.ts";
import { Tally } from "../model/task.ts";
import { runHere } from "../test/test-command.ts";
import { acceptManifests } from "../test/test-manifests.ts";
import { TestServer } from "../test/test-server.ts";
import { trainCommand } from "./train.ts";

const folder = mkdtempSync(path.join(tmpdir(), "holdout-numbers-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
let server: TestServer;
let held: ReturnType<typeof acceptManifests>;
beforeEach(async () => {
  server = new TestServer();
  held = acceptManifests(server);
  await server.up();
});
afterEach(() => server.down());

/** Writes a table of so many rows, the line of each by its number. */
function writeTable(name: string, header: string, rows: number, row: (at: number) => (string | number)[]): string {
  const file = path.join(folder, name);
  writeFileSync(file, `${[header, ...Array.from({ length: rows }, (_, at) => row(at).join(","))].join("\n")}\n`);
  return file;
}

/** A training of a table to its end. */
const trainTable = (file: string, ...flags: string[]) =>
  runHere(
    async (context, settings) => trainCommand(context, parseSettings(settings)),
    ["--data", file, "--backend", "wasm", ...flags],
    { url: server.url, spoolDir: mkdtempSync(path.join(folder, "spool-")) },
  );

test("a column that is the same in all training rows is named, and rows elsewhere don't explode", async () => {
  // two rows of validation differ, one of each class: whichever way a weight pulls them, it is wrong for one
  const file = writeTable("flag.csv", "key,flag,x,label,split", 60, (at) => [
    ...[`k${at}`, at >= 58 ? 1 : 0, (at % 7) + (at % 2) * 10, at % 2 ? "b" : "a"],
    at >= 50 ? "validation" : "train",
  ]);
  const { code, said } = await trainTable(file, "--epochs", "8");
  expect(code, said).toBe(0);
  expect(said).toContain("flag: the same in all training samples");
  for (const [, loss] of server.points("loss", "validation")) expect(loss).toBeLessThan(5);
});

test("a column is standardised in float64 and two passes: numbers of 1.7e9 that differ by some keep their spread", async () => {
  const file = writeTable("when.csv", "at,still,label", 200, (at) => [1_700_000_000 + at, 5, at % 2 ? "b" : "a"]);
  const set = await readDataSet(file);
  const samples = Uint32Array.from({ length: 200 }, (_, at) => at);
  const steps = { resize: null, pad: null, normalise: "standardise" as const };
  const { mean, standardDeviation } = fitNormalisation(set, samples, steps, "c".repeat(64));
  expect(mean).toEqual([1_700_000_099.5, 5]);
  expect(standardDeviation[0]).toBeCloseTo(Math.sqrt((200 ** 2 - 1) / 12), 9);
  expect(standardDeviation[1]).toBe(1);
  expect(constantFeatures(set, samples)).toEqual([1]);
});

test.each(["standardise", "none"])("a target of 1.7e9 and some is learnt, with inputs %s", async (normalise) => {
  const file = writeTable("seconds.csv", "x,target", 120, (at) => [(at % 24) / 12 - 1, 1_700_000_000 + (at % 24)]);
  const settings = ["--epochs", "60", "--batchSize", "16", "--optimizer.learningRate", "0.01"];
  const { code, said } = await trainTable(file, ...settings, "--preprocessing.normalise", normalise);
  expect(code, said).toBe(0);
  expect(server.points("mae").at(0)![1]).toBeGreaterThan(1);
  expect(server.points("r2", "validation").at(-1)![1]).toBeGreaterThan(0.9);
  expect(server.points("mae", "validation").at(-1)![1]).toBeLessThan(2);
});

test("a measure that is undefined is left out and said, and its checkpoints are stored", async () => {
  const file = writeTable("same.csv", "key,x,target,split", 40, (at) => [
    ...[`k${at}`, at, at < 30 ? at : 3, at < 30 ? "train" : "validation"],
  ]);
  const { code, said } = await trainTable(file, "--epochs", "2");
  expect(code, said).toBe(0);
  expect(said).toContain("all 10 validation samples have the number 3, for which r2 is undefined: it is left out");
  expect(server.points("r2", "validation")).toEqual([]);
  expect(server.checkpoints.map(({ values }) => Object.keys(values))).toEqual([
    ["validation/loss", "validation/mae"],
    ["validation/loss", "validation/mae"],
  ]);
  const stopping = ["--earlyStopping.metric", "r2", "--earlyStopping.direction", "max"];
  const { code: refused, said: why } = await trainTable(file, ...stopping);
  expect([refused, why]).toMatchObject([1, expect.stringContaining("loss or mae is right")]);
});

test("r2 is that of float64, for numbers far from zero as well", () => {
  const tally = new Tally("regression", 0);
  const truths = Array.from({ length: 1000 }, (_, at) => 1.7e9 + (at % 10));
  tally.add(
    truths,
    truths.map((truth, at) => truth + (at % 2 ? 0.5 : -0.5)),
  );
  expect(tally.values().r2).toBeCloseTo(1 - 0.25 / 8.25, 9);
});

test("the share of the most frequent class stands beside an accuracy, where it is said and where it is logged", async () => {
  const file = writeTable("rare.csv", "key,x,label,split", 200, (at) => [
    ...[`k${at}`, at, at % 50 === 7 ? "ill" : "well", at >= 100 ? "validation" : "train"],
  ]);
  const { code, said } = await trainTable(file, "--epochs", "2");
  expect(code, said).toBe(0);
  expect(said).toMatch(/validation accuracy \S+ in epoch \d, where always saying well reaches 0\.9800/);
  expect(said).toContain("(always well: 0.9800)");
  expect(server.points("accuracy_majority", "validation").map(([, share]) => share)).toEqual([0.98, 0.98]);
});

test.each([
  ["one", () => "a", /one\.? ?has one class alone, a: there is nothing to tell apart; two classes or more are right/],
  ["apart", (at: number) => (at < 30 ? "a" : "b"), /all training samples are of the class a; two classes or more/],
])("one class alone is refused in words before there is a run: %s", async (name, label, message) => {
  const file = writeTable(`${name}.csv`, "key,x,label,split", 40, (at) => [
    ...[`k${at}`, at, label(at), at < 30 ? "train" : "validation"],
  ]);
  const { code, said } = await trainTable(file);
  expect(code).toBe(1);
  expect(said).toMatch(message);
  expect(server.creations.size).toBe(0);
});

test.each([
  ["NaN", "NaN"],
  ["", ""],
  ['"1,5"', "1,5"],
])(
  "one bad cell of a target, %s, is refused by line and value, and the task stays a person's choice",
  async (cell, value) => {
    const file = writeTable("cell.csv", "x,target", 60, (at) => [at, at === 30 ? cell : at / 2]);
    const { code, said } = await trainTable(file);
    expect(code).toBe(1);
    expect(said).toContain(`cell.csv, line 32: target is ${JSON.stringify(value)}, and a number in 59 of 60 rows`);
    expect(said).toContain("--task classification");
    expect(server.creations.size).toBe(0);
  },
);

test.each([
  ["5 rows of decimal commas", 5, (at: number) => `"${at},5"`, /line 2: target is "0,5", and a number in 0 of 5 rows/],
  ["texts that hardly repeat", 30, (at: number) => `t${at}`, /line 2: target is "t0", and a number in 0 of 30 rows/],
])("a target is not taken for classes without a word: %s", async (_, rows, cell, message) => {
  const file = writeTable("texts.csv", "x,target", rows, (at) => [at, cell(at)]);
  await expect(readDataSet(file)).rejects.toThrow(message);
  expect(await readDataSet(file, { task: "classification" })).toMatchObject({ task: "classification" });
  const few = writeTable("few.csv", "x,target", 30, (at) => [at, at % 2 ? "yes" : "no"]);
  expect(await readDataSet(few)).toMatchObject({ classes: ["no", "yes"] });
});

test("labels that are numbers and hardly repeat are asked about; the task that is said is taken", async () => {
  const file = writeTable("doses.csv", "x,label", 60, (at) => [at, at / 8]);
  await expect(readDataSet(file)).rejects.toThrow(/label has 60 different numbers in 60 rows; --task regression/);
  expect(await readDataSet(file, { task: "regression" })).toMatchObject({ task: "regression", classes: [] });
  const { code, said } = await trainTable(file, "--task", "regression", "--epochs", "1");
  expect(code, said).toBe(0);
  expect(held.registered[0]!.method).toBe("random"); // no strata: labels are numbers
});

test("test samples are cut from others than those that the set's maker put into validation", async () => {
  const file = writeTable("given.csv", "key,x,label,split", 200, (at) => [
    ...[`k${at}`, at, at % 2 ? "a" : "b", at % 6 === 0 ? "validation" : at % 6 < 3 ? "train" : ""],
  ]);
  const set = await readDataSet(file);
  for (const seed of [1, 2, 3]) {
    const { samples } = splitSamples(set, {
      seed,
      subset: null,
      testSubset: null,
      validationFraction: 0.2,
      testFraction: 0.15,
    });
    const count = (given: string | null, split: string) =>
      samples.filter((sample) => sample.facts.split === given && sample.split === split).length;
    expect([count("validation", "validation"), count("validation", "test")]).toEqual([34, 0]);
    expect([count("train", "train"), count(null, "test")]).toEqual([67, 30]);
  }
});
