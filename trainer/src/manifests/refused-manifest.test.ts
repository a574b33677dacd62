import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { MANIFEST_REFUSED } from "../../../lib/wire/runs.ts";
import { createRun } from "../client/client.ts";
import { writeHalves } from "../test/test-images.ts";
import { acceptManifests } from "../test/test-manifests.ts";
import { startTrainer } from "../test/test-program.ts";
import { TestServer } from "../test/test-server.ts";

const folder = mkdtempSync(path.join(tmpdir(), "holdout-refused-"));
beforeAll(() => writeHalves(folder, { train: 60, test: 10 }));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
let server: TestServer;
let spoolDir: string;
beforeEach(async () => {
  server = new TestServer();
  await server.up();
  spoolDir = mkdtempSync(path.join(folder, "spool-"));
});
afterEach(() => server.down());

const start = (...args: string[]) => startTrainer(args, { cwd: folder, url: server.url, spoolDir });
const creation = () => JSON.parse([...server.creations.values()][0]!);

/** Refuses what is posted to addresses of such an end. */
function refuse(end: string, status: number, detail: string): void {
  const { answers } = server;
  server.answers = (method, at, bytes) =>
    method === "POST" && at.endsWith(end) ? [status, detail] : answers(method, at, bytes);
}

const rows = Array.from({ length: 30 }, (_, at) => [`k${at}`, at, at % 2 ? "a" : "b", `p${at}`]);
const bad = (at: number, column: number, value: string) =>
  rows.map((row, one) => row.map((cell, place) => (one === at && place === column ? value : cell)));

const sets: [string, (string | number)[][], RegExp][] = [
  ["an empty label", bad(3, 2, ""), /label/],
  ["a label with a line feed", bad(3, 2, '"a\nb"'), /label "a\\nb"; no control characters/],
  ["a key that stands twice", bad(3, 0, "k2"), /"k2"/],
  ["an empty key", bad(3, 0, ""), /key/],
  ["a group that is too long", bad(3, 3, "g".repeat(501)), /group "g+"; .*500/],
];

test.each(sets)(
  "a set with %s is refused before the first step, without a server as with one",
  async (_, table, message) => {
    acceptManifests(server);
    writeFileSync(
      path.join(folder, "rows.csv"),
      `key,x,label,group\n${table.map((row) => row.join(",")).join("\n")}\n`,
    );
    const refusing = [["train", "--offline"], ["train"], ["split"]];
    // one check refuses all of them, in each command: the first set goes through all
    const asked = process.env.HOLDOUT_TEST_SLOW || table === sets[0]![1] ? refusing : refusing.slice(-1);
    for (const [command, ...flags] of asked) {
      const { said, ended } = start(command!, "--data", "rows.csv", ...flags);
      expect(await ended, said()).toBe(1);
      expect(said()).toMatch(message);
    }
    expect([readdirSync(spoolDir), server.requests]).toEqual([[], []]);
  },
);

test("names that no server takes are refused before the first step", async () => {
  for (const [flag, value] of [
    ["--manifestName", "m".repeat(201)],
    ["--datasetVersion", "a\u0007b"],
  ] as const) {
    const { said, ended } = start("train", "--offline", "--data", folder, flag, value);
    expect(await ended).toBe(1);
    expect(said()).toMatch(/manifestName is "m+"; .*200|version is "a\\u0007b"; no control characters/);
  }
  expect(readdirSync(spoolDir)).toEqual([]);
});

test.each([
  ["/samples", 409, "the dataset is complete, and has other samples"],
  ["/api/v1/manifests", 400, "samples.label.3: no control characters"],
])("a run whose manifest is refused at %s is delivered without it, and says why", async (end, status, why) => {
  await server.down();
  const offline = start("train", "--offline", "--data", folder, "--epochs", "2", "--no-code");
  expect(await offline.ended, offline.said()).toBe(0);
  acceptManifests(server);
  await server.up();
  refuse(end, status, why);
  const sync = start("sync");
  expect(await sync.ended, sync.said()).toBe(0);
  expect(sync.said()).toMatch(
    new RegExp(`1 delivered.*\\n.*delivered without its split manifest, which was refused: .*${why}`),
  );
  expect(creation().manifest).toBeNull();
  expect(server.writers[0]!.environment).toMatchObject({ [MANIFEST_REFUSED]: expect.stringContaining(why) });
  expect(server.points("loss").length).toBeGreaterThan(0);
  expect(server.checkpoints.map(({ epoch }) => epoch).sort()).toEqual([1, 2]);
  expect(server.ends).toMatchObject([{ status: "finished" }]);
  expect(readdirSync(spoolDir).filter((name) => name !== "checkpoints")).toEqual([]);
});

test("a run that cites a manifest which its project doesn't have is delivered without it", async () => {
  server.answers = (method, at, bytes) =>
    method === "POST" && at === "/api/v1/runs" && JSON.parse(bytes.toString()).manifest !== null
      ? [400, { detail: "is not registered here", errors: [{ field: "manifest", detail: "is not registered here" }] }]
      : null;
  const manifest = "a".repeat(64);
  const run = await createRun({ url: server.url, token: "hold_t", config: {}, code: false, spoolDir, manifest });
  run.log({ step: 0, metrics: { loss: 1 } });
  expect(await run.finish()).toEqual({ delivered: true });
  expect(creation().manifest).toBeNull();
});

test("a run whose manifest is blocked waits for a member's word, and then cites it", async () => {
  let isBlocked = true;
  server.answers = (method, at) =>
    method === "POST" && at === "/api/v1/runs" && isBlocked ? [409, "manifest: m can't be used: it is blocked"] : null;
  const manifest = "a".repeat(64);
  const run = await createRun({ url: server.url, token: "hold_t", config: {}, code: false, spoolDir, manifest });
  run.log({ step: 0, metrics: { loss: 1 } });
  expect(await run.finish({ timeoutMs: 1 })).toEqual({ delivered: false });
  const blocked = start("sync");
  expect(await blocked.ended, blocked.said()).toBe(1);
  expect(blocked.said()).toContain("it is blocked");
  isBlocked = false;
  const sync = start("sync");
  expect(await sync.ended, sync.said()).toBe(0);
  expect(creation().manifest).toBe(manifest);
});

test("what was left out is remembered by the spool, so that whoever delivers the rest leaves it out too", async () => {
  acceptManifests(server);
  refuse("/api/v1/manifests", 400, "no");
  const { answers } = server;
  let isAway = true; // once the manifest was refused, the server goes away before the run is made
  server.answers = (method, at, bytes) =>
    method === "POST" && at === "/api/v1/runs" && isAway ? [503, "away"] : answers(method, at, bytes);
  const before = [{ path: "/api/v1/manifests", body: {} }];
  const options = { url: server.url, token: "hold_t", config: {}, code: false, spoolDir, manifest: "a".repeat(64) };
  const run = await createRun({ ...options, before });
  run.log({ step: 0, metrics: { loss: 1 } });
  expect(await run.finish({ timeoutMs: 1000 })).toEqual({ delivered: false });
  expect(JSON.parse(readFileSync(path.join(spoolDir, run.id, "run.json"), "utf8")).manifest).toBeNull();
  isAway = false;
  const sync = start("sync");
  expect(await sync.ended, sync.said()).toBe(0);
  expect(sync.said()).toContain(`run ${run.id}: delivered without its split manifest`);
  expect(server.writers[0]!.environment).toMatchObject({ [MANIFEST_REFUSED]: expect.stringContaining("no") });
});

test("many epochs whose server is away give no warning of Node's", async () => {
  await server.down();
  const { said, ended } = start("train", "--offline", "--data", folder, "--epochs", "20");
  expect(await ended).toBe(0);
  expect(said()).not.toContain("Warning");
  await server.up();
}, 60_000);
