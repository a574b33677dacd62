import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from "vitest";
import { ask } from "../client/ask.ts";
import { contentHash, type DataSet } from "../data/data.ts";
import { readDataSet } from "../data/sets.ts";
import { splitSamples } from "../data/split.ts";
import { writeHalves } from "../test/test-images.ts";
import { acceptManifests, canonical, type Lines } from "../test/test-manifests.ts";
import { TestServer } from "../test/test-server.ts";
import {
  awaitReport,
  manifestHere,
  readManifest,
  readSplitSamples,
  registerManifest,
  type TrainingSamples,
} from "./manifest.ts";

const folder = mkdtempSync(path.join(tmpdir(), "holdout-manifest-"));
let set: DataSet;
let lines: Lines;
let server: TestServer;
let held: ReturnType<typeof acceptManifests>;
const target = () => ({ url: server.url, token: "hold_test" });

beforeAll(async () => {
  writeHalves(folder, { train: 20, test: 4 });
  set = await readDataSet(folder);
  const { samples } = splitSamples(set, { seed: 1, subset: null, testSubset: null, validationFraction: 0.25 });
  lines = samples.map(({ key, contentHash, label, split }) => ({
    key,
    contentHash,
    label: label ?? "",
    split: split === "validation" ? "val" : split,
  }));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));
beforeEach(async () => {
  server = new TestServer();
  held = acceptManifests(server);
  await server.up();
});
afterEach(() => server.down());

/** Puts a text on the server, under its digest, and reads it. */
function readBack(changed: Lines) {
  const { id, text } = canonical(changed);
  held.texts.set(id, text);
  return readManifest(target(), id, set);
}

test("what a referee split has is left out of validation, and read without labels to be predicted", async () => {
  const { id, text } = canonical(lines);
  held.texts.set(id, text);
  const [one, ...others] = lines.filter(({ split }) => split === "val").map(({ key }) => key);
  held.hidden.set(id, [one!]);
  expect(keysRead(await readManifest(target(), id, set), "validation").sort()).toEqual(others.sort());
  const read = await readSplitSamples(target(), { manifest: id, split: "referee" }, set);
  expect([...read.set.train.keys]).toEqual([one]);
  expect(read.set.train.labels).toBeUndefined();
});

test("a split is registered a row a sample, and read back as a set of its training images alone", async () => {
  const split = splitSamples(set, { seed: 1, subset: null, testSubset: null, validationFraction: 0.25 });
  const { samples } = split;
  const dataset = { name: "halves", version: "1", description: "" };
  const { id, counts } = await registerManifest(target(), set, split, { name: "halves", dataset, notes: "" });
  expect(counts).toEqual({ train: 16, validation: 4, test: 4 });
  expect(held.registered[0]?.samples?.key).toHaveLength(24);
  const read = await readManifest(target(), id, set);
  const keysOf = (split: string) => samples.filter((sample) => sample.split === split).map(({ key }) => key);
  for (const split of ["train", "validation"] as const)
    expect(keysRead(read, split).sort()).toEqual(keysOf(split).sort());
  expect(read.set).toMatchObject({ train: { count: 20 }, test: { count: 0 } });
  const { indexes, ...offline } = manifestHere(set, split, { name: "halves", dataset, notes: "" });
  expect([offline.id, indexes, offline.set]).toEqual([id, read.indexes, read.set]);
});

const keysRead = ({ set: { train }, indexes }: TrainingSamples, split: "train" | "validation"): string[] =>
  [...indexes[split]].map((index) => train.keys[index]!);

test("it is the manifest that says what is test, and what it says is test never trains", async () => {
  const moved: Record<string, string> = { "test/0": "train", "test/1": "val", "train/0": "test", "train/1": "test" };
  const read = await readBack(lines.map((line) => ({ ...line, split: moved[line.key] ?? line.split })));
  expect(keysRead(read, "train")).toContain("test/0");
  expect(keysRead(read, "validation")).toContain("test/1");
  const tested = ["test/2", "test/3", "train/0", "train/1"];
  expect(read.set.train.keys.filter((key) => tested.includes(key))).toEqual([]);
  expect(read.set).toMatchObject({ train: { count: 20 }, test: { count: 0, inputs: new Uint8Array(0) } });
  const contents = (some: DataSet, part: "train" | "test", keys: string[]) =>
    keys.map((key) => contentHash(some, some[part], some[part].keys.indexOf(key)));
  expect(contents(read.set, "train", ["test/0"])).toEqual(contents(set, "test", ["test/0"]));
  const held = contents(read.set, "train", read.set.train.keys);
  for (const hash of [...contents(set, "train", tested.slice(2)), ...contents(set, "test", tested.slice(0, 2))])
    expect(held).not.toContain(hash);
});

test("groups, times and sealed labels of a table come through, here as on the server, and no group is cut", async () => {
  const rows = Array.from(
    { length: 60 },
    (_, at) => `k${at},${at},${at % 2},patient ${at % 12},${1e9 + at},${at > 50}`,
  );
  const file = path.join(folder, "patients.csv");
  writeFileSync(file, `key,size,label,group,time,sealed\n${rows.join("\n")}\n`);
  const table = await readDataSet(file);
  const split = splitSamples(table, { seed: 1, subset: null, testSubset: null, validationFraction: 0.25 });
  const { samples } = split;
  const given = { name: "patients", dataset: { name: "patients", version: "1", description: "" }, notes: "" };
  const { id } = await registerManifest(target(), table, split, given);
  expect(manifestHere(table, split, given).id).toBe(id);
  expect(held.registered[0]?.samples).toMatchObject({ group: expect.anything(), time: expect.anything() });
  const splitsOf = new Map<string, Set<string>>();
  for (const { facts, split } of samples)
    splitsOf.set(facts.group!, (splitsOf.get(facts.group!) ?? new Set()).add(split));
  expect([...splitsOf.values()].map(({ size }) => size)).toEqual(Array(splitsOf.size).fill(1));
  expect(samples.filter(({ facts }) => facts.sealed).map(({ split }) => split)).toEqual(Array(9).fill("test"));
});

test("a text that isn't what its digest names is refused", async () => {
  const { id, text } = canonical(lines);
  held.texts.set(id, Buffer.from(text.toString().replace("\tval\t", "\ttrain\t")));
  await expect(readManifest(target(), id, set)).rejects.toThrow(`manifest ${id} has the digest`);
});

const trainLine = (): Lines[number] => lines.find(({ split }) => split === "train")!;
const replaced = (line: Partial<Lines[number]>) => () =>
  lines.map((one) => (one === trainLine() ? { ...one, ...line } : one));
test.each([
  ["another image's content", replaced({ contentHash: "a".repeat(64) }), /has the content .*; the manifest says aaaa/],
  ["another label", replaced({ label: "9" }), /has the label [01]; the manifest says "9"/],
  ["a sample that isn't there", replaced({ key: "train/20" }), /"train\/20" is not among the 24 samples/],
  ["another image's name, of the test part", replaced({ key: "test/0" }), /test\/0 of .* has the content/],
  ["no validation", () => lines.filter(({ split }) => split !== "val"), /has no validation samples/],
  ["nothing to train on", () => lines.filter(({ split }) => split !== "train"), /has no train samples/],
])("a manifest with %s is refused before the first step", async (_, changed, message) => {
  await expect(readBack(changed())).rejects.toThrow(message);
});

test("a manifest without labels is no conflict", async () => {
  const { indexes } = await readBack(lines.map((line) => ({ ...line, label: "" })));
  expect(indexes.train).toHaveLength(16);
});

test("a stop ends the waiting for a server that is away", async () => {
  server.faults = [{ kind: "status", status: 503, retryAfter: "300" }];
  const stopping = new AbortController();
  const asking = ask(target(), { method: "GET", path: "/api/v1/runs/none", signal: stopping.signal });
  const ended = expect(asking).rejects.toThrow();
  await vi.waitFor(() => expect(server.faults).toEqual([]));
  stopping.abort();
  await ended;
}, 10_000);

test("a report of a server with other checks, kinds and figures is read, and so is one without kinds", async () => {
  const checks = [
    {
      name: "new-check",
      verdict: "perhaps",
      statements: [{ kind: "new-kind", figures: { x: 1 } }],
      detail: "It is so.",
    },
    { name: "groups", verdict: "pass", detail: "Each of 2 groups stands in one split.", figures: {}, findings: [] },
  ];
  const progress = { status: "done", share: 1, stage: "", error: null };
  server.answers = () => [200, { manifest: "a".repeat(64), verdict: "block", checks, progress }];
  const report = await awaitReport(target(), "a".repeat(64));
  expect(report?.checks.map(({ name, verdict, detail }) => [name, verdict, detail])).toEqual([
    ["new-check", "perhaps", "It is so."],
    ["groups", "pass", "Each of 2 groups stands in one split."],
  ]);
});
