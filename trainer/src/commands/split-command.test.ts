import { createHash } from "node:crypto";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { encodePicture } from "../client/images.ts";
import { parseSplitSettings } from "../config/settings.ts";
import { runHere } from "../test/test-command.ts";
import { writeHalves } from "../test/test-images.ts";
import { acceptManifests } from "../test/test-manifests.ts";
import { TestServer } from "../test/test-server.ts";
import { splitCommand } from "./split.ts";

const folder = mkdtempSync(path.join(tmpdir(), "holdout-split-"));
let server: TestServer;
let held: ReturnType<typeof acceptManifests>;

beforeAll(() => {
  mkdirSync(path.join(folder, "halves"));
  writeHalves(path.join(folder, "halves"), { train: 20, test: 4 });
  const splits = ["train", "train", "val", "test", ""];
  const rows = Array.from({ length: 10 }, (_, at) => ({
    key: `k${at}`,
    size: at / 8,
    label: at % 2 ? "ill" : "well",
    group: `patient ${at >> 1}`,
    time: `2026-01-0${1 + (at % 9)}T09:00:00`,
    split: splits[at % 5],
    sealed: at === 8,
    text: "not a number",
  }));
  const lines = rows.map((row) => `${Object.values(row).join(",")}\n`);
  writeFileSync(path.join(folder, "patients.csv"), `${Object.keys(rows[0]!).join(",")}\n${lines.join("")}`);
  writeFileSync(path.join(folder, "words.csv"), "class,age,label\n1st,,yes\n2nd,30,no\ncrew,41,no\n");
  writeFileSync(path.join(folder, "prices.csv"), `rooms,target\n3,0.1\n4,250000.5\n5,-3\n`);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));
beforeEach(async () => {
  server = new TestServer();
  held = acceptManifests(server);
  await server.up();
});
afterEach(() => server.down());

/** `holdout split`, to its end, of a set in the folder. */
const split = (...flags: string[]) =>
  runHere(
    async (context, settings) => {
      const data = path.join(folder, String(settings.data));
      console.log((await splitCommand(context, parseSplitSettings({ ...settings, data }))).join("\n"));
      return 0;
    },
    flags,
    { url: server.url, spoolDir: path.join(folder, "spool") },
  );

test.each([
  ["random", {}],
  ["stratified", {}],
  ["group", {}],
  ["stratified-group", {}],
  ["time", { gapSeconds: 86_400 }],
  ["given", {}],
])("a table is registered whole, and split by %s", async (method, options) => {
  const flags = Object.entries(options).flatMap(([name, value]) => [`--${name}`, String(value)]);
  const { code, said } = await split("--data", "patients.csv", "--method", method, ...flags);
  expect(code, said).toBe(0);
  const [request] = held.registered;
  expect(request).toMatchObject({ method, seed: 1, options: { keep: ["test"], quantileBins: null, ...options } });
  expect(said.trim().split("\n").at(-1)).toMatch(/^[0-9a-f]{64}$/);
  const [samples] = held.samples;
  const order = samples!.key.map((key) => Number(key.slice(1)));
  const column = (name: "label" | "group" | "time" | "split" | "sealed") =>
    order.map((_, at) => samples![name]?.[order.indexOf(at)]);
  expect(column("label")).toEqual(Array.from({ length: 10 }, (_, at) => (at % 2 ? "ill" : "well")));
  expect(column("group").slice(0, 3)).toEqual(["patient 0", "patient 0", "patient 1"]);
  expect(column("time")[4]).toBe("2026-01-05T09:00:00.000Z");
  expect(column("split").slice(0, 5)).toEqual(["train", "train", "validation", "test", null]);
  expect(column("sealed")).toEqual(order.map((_, at) => at === 8));
});

test.each(["k-fold", "stratified-k-fold", "group-k-fold", "stratified-group-k-fold"])(
  "%s prints each fold, one of which a run cites",
  async (method) => {
    const { code, said } = await split("--data", "patients.csv", "--method", method, "--folds", "3");
    expect(code, said).toBe(0);
    expect(held.registered).toMatchObject([{ method, options: { folds: 3 } }]);
    const ids = [1, 2, 3].map((fold) =>
      createHash("sha256").update(`patients ${method}, fold ${fold} of 3`).digest("hex"),
    );
    expect(said.trim().split("\n").slice(-4)).toEqual([
      expect.stringMatching(/A run cites one of these 3 folds/),
      ...ids,
    ]);
    for (const fold of [1, 2, 3]) expect(said).toContain(`Split manifest patients ${method}, fold ${fold} of 3`);
  },
);

test("features of a table that is only split may be texts or missing, as in an uploaded file", async () => {
  const { code, said } = await split("--data", "words.csv", "--method", "random");
  expect(code, said).toBe(0);
  const hashOf = (text: string) => createHash("sha256").update(text).digest("hex");
  expect(held.samples[0]?.contentHash).toEqual(
    ["age=\nclass=1st\n", "age=30\nclass=2nd\n", "age=41\nclass=crew\n"].map(hashOf),
  );
});

test("numbers to be told are labels, and stratified in quantile bins", async () => {
  for (const [flags, quantileBins] of [
    [["--quantileBins", "4"], 4],
    [[], 10],
    [["--method", "random"], null],
  ] as const) {
    const { code, said } = await split("--data", "prices.csv", ...flags);
    expect(code, said).toBe(0);
    expect(held.registered.at(-1)).toMatchObject({ options: { quantileBins } });
  }
  expect(held.samples[0]?.label).toEqual(["0.1", "250000.5", "-3"]);
});

test.each([
  ["halves", [], { train: 0.85, validation: 0.15, test: 0 }],
  ["halves", ["--keep", "none"], { train: 0.7, validation: 0.15, test: 0.15 }],
  ["prices.csv", [], { train: 0.7, validation: 0.15, test: 0.15 }],
  ["prices.csv", ["--fractions", "80/10/10"], { train: 0.8, validation: 0.1, test: 0.1 }],
])("the shares of %s with %o leave room for a test split where the set has none", async (data, flags, fractions) => {
  const { code, said } = await split("--data", data, ...flags);
  expect(code, said).toBe(0);
  expect(held.registered[0]?.options?.fractions).toEqual(fractions);
});

test("the dataset's version is the one that was asked for", async () => {
  const { code, said } = await split("--data", "halves", "--datasetVersion", "2.0");
  expect(code, said).toBe(0);
  expect(held.datasets).toMatchObject([{ name: "halves", version: "2.0" }]);
  expect(held.registered).toMatchObject([{ dataset: { name: "halves", version: "2.0" } }]);
});

test("images bring the hash of their files", async () => {
  const files = ["cat/1.png", "dog/1.png"].map((name) => path.join(folder, "pets", name));
  for (const [index, file] of files.entries()) {
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, encodePicture({ height: 2, width: 2, channels: 1, pixels: new Uint8Array(4).fill(index) }));
  }
  const { code, said } = await split("--data", "pets", "--method", "random");
  expect(code, said).toBe(0);
  const hashes = files.map((file) => createHash("sha256").update(readFileSync(file)).digest("hex"));
  expect(held.samples).toMatchObject([{ byteHash: hashes, group: null, split: null }]);
});

test.each([
  [["--gapSeconds=-1", "--method", "time"], "gapSeconds: -1 is given; a number of seconds, 0 or more, is right"],
  [["--gapSeconds", "day", "--method", "time"], 'gapSeconds: "day" is given; a number of seconds'],
  [["--gapSeconds", "60"], "gapSeconds: 60 is given with the method stratified, which leaves no gap; --method time"],
  [["--quantileBins", "1"], "quantileBins: 1 is given; a whole number of bins, 2 to 1000, is right"],
  [["--quantileBins", "2.5"], "quantileBins: 2.5 is given; a whole number of bins"],
  [["--quantileBins", "4", "--method", "group"], "quantileBins: 4 is given with the method group, which has no strata"],
])("%o is refused with what came and what is right", async (flags, message) => {
  const { code, said } = await split("--data", "patients.csv", ...flags);
  expect([code, said]).toEqual([1, expect.stringContaining(message)]);
  expect(server.requests).toEqual([]);
});

test("a set without groups is refused by the server, in its words", async () => {
  const { code, said } = await split("--data", "halves", "--method", "group");
  expect([code, said]).toEqual([1, expect.stringContaining("method: group needs samples with a group")]);
});
