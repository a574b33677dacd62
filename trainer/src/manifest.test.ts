import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from "vitest";
import { ask } from "./ask.ts";
import type { DataSet } from "./data.ts";
import { readManifest, registerManifest } from "./manifest.ts";
import { readDataSet } from "./sets.ts";
import { splitSamples } from "./split.ts";
import { writeHalves } from "./test-images.ts";
import { acceptManifests, canonical, type Lines } from "./test-manifests.ts";
import { TestServer } from "./test-server.ts";

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
    ...{ key, contentHash, label: label ?? "" },
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

test("a split is registered a row a sample, and read back as indexes of training images alone", async () => {
  const { samples } = splitSamples(set, { seed: 1, subset: null, testSubset: null, validationFraction: 0.25 });
  const dataset = { name: "halves", version: "1", description: "" };
  const { id, counts } = await registerManifest(target(), set, samples, {
    name: "halves",
    dataset,
    seed: 1,
    notes: "",
  });
  expect(counts).toEqual({ train: 15, validation: 5, test: 4 });
  expect(held.registered[0]?.samples?.key).toHaveLength(24);
  const { train, validation } = await readManifest(target(), id, set);
  const indexesOf = (split: string) =>
    samples.filter((sample) => sample.split === split).map(({ key }) => Number(key.split("/")[1]));
  expect([...train].sort((a, b) => a - b)).toEqual(indexesOf("train"));
  expect([...validation].sort((a, b) => a - b)).toEqual(indexesOf("validation"));
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
  ["a sample that isn't there", replaced({ key: "train/20" }), /"train\/20" is not among the 20 training samples/],
  ["a test image to train on", replaced({ key: "test/0" }), /"test\/0" is not among the 20 training samples/],
  ["no validation", () => lines.filter(({ split }) => split !== "val"), /has no validation samples/],
  ["nothing to train on", () => lines.filter(({ split }) => split !== "train"), /has no train samples/],
])("a manifest with %s is refused before the first step", async (_, changed, message) => {
  await expect(readBack(changed())).rejects.toThrow(message);
});

test("a manifest without labels is no conflict", async () => {
  const { train } = await readBack(lines.map((line) => ({ ...line, label: "" })));
  expect(train).toHaveLength(15);
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
