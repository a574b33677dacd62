import { createHash } from "node:crypto";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from "vitest";
import { splitMadeAlone } from "../../../lib/wire/data/referee-splits.ts";
import { writeHalves } from "../test/test-images.ts";
import { acceptManifests } from "../test/test-manifests.ts";
import { startInstalledTrainer, startTrainer } from "../test/test-program.ts";
import { TestServer } from "../test/test-server.ts";

const folder = mkdtempSync(path.join(tmpdir(), "holdout-main-"));
let server: TestServer;
let held: ReturnType<typeof acceptManifests>;
let spoolDir: string;

beforeAll(() => writeHalves(folder, { train: 60, test: 10 }));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
beforeEach(async () => {
  server = new TestServer();
  held = acceptManifests(server);
  await server.up();
  spoolDir = mkdtempSync(path.join(folder, "spool-"));
});
afterEach(() => server.down());

const place = () => ({ cwd: folder, url: server.url, spoolDir });
const start = (...args: string[]) => startTrainer(args, place());

const images = ["--data", folder, "--validationFraction", "0.25", "--backend", "wasm"];

test("a training from flags and a file: registered, logged, stored, finished; flags win", async () => {
  const file = path.join(folder, "config.json");
  writeFileSync(file, JSON.stringify({ family: "cnn", filters: [4], epochs: 9, optimizer: { name: "sgd" } }));
  const flags = [
    "--epochs",
    "2",
    "--optimizer.learningRate",
    "0.02",
    "--batchSize",
    "10",
    "--name",
    "7",
    "--datasetVersion",
    "3",
  ];
  const { said, ended } = startInstalledTrainer(["train", "--config", file, ...flags, ...images], place());
  expect(await ended, said()).toBe(0);
  const [creation] = [...server.creations.values()].map((text) => JSON.parse(text));
  expect(creation).toMatchObject({
    name: "7",
    config: { family: "cnn", filters: [4], epochs: 2, batchSize: 10, optimizer: { name: "sgd", learningRate: 0.02 } },
    manifest: [...held.texts.keys()][0],
  });
  expect([held.datasets, held.registered]).toMatchObject([[{ version: "3" }], [{ dataset: { version: "3" } }]]);
  expect(server.points("loss").map(([step]) => step)).toEqual([...Array(10).keys()]);
  expect(server.points("loss", "validation").map(([step]) => step)).toEqual([5, 10]);
  expect(server.points("learning_rate", null).map(([, value]) => value)).toEqual(Array(10).fill(0.02));
  expect(server.ends).toMatchObject([{ status: "finished" }]);
  expect([...server.artifacts.keys()]).toContain("best.safetensors");
  expect(said()).toContain(`/runs/${creation.id}`);
  expect(said()).toMatch(/epoch 2\/2 .*validation loss .*samples\/s\n.*done in .*best validation accuracy/);
  expect(said()).not.toContain("\u001b");
});

/** What a server holds of its one run: points, weights, model, and how it was made and ended. */
function heldBy(held: TestServer) {
  const { artifacts, creations, ends, checkpoints } = held;
  const files = [...artifacts].filter(([file]) => /^(checkpoints|best|model|images)/.test(file)).sort();
  const { id: _, code: __, ...creation } = JSON.parse([...creations.values()][0]!);
  return {
    loss: held.points("loss"),
    validation: held.points("accuracy", "validation"),
    files: files.map(([file, bytes]) => [file, createHash("sha256").update(bytes).digest("hex")]),
    creation,
    ends: ends.map(({ status }) => status),
    weights: checkpoints.map(({ path: file, step }) => [file, step]).sort(), // they arrive side by side
  };
}

test("without a server it trains all the same, and sync brings what a server would have got", async () => {
  const training = ["train", "--family", "cnn", "--filters", "4", "--epochs", "2", "--no-code", ...images];
  const online = start(...training);
  expect(await online.ended, online.said()).toBe(0);
  const expected = heldBy(server);
  const splitMade = () =>
    server.writers.map(
      ({ environment }) => (environment as Record<string, unknown> | undefined)?.[splitMadeAlone.name],
    );
  expect(splitMade()).toEqual([undefined]);
  const manifests = [...held.texts.keys()];
  await server.down();
  const offline = start(...training, "--offline");
  expect(await offline.ended, offline.said()).toBe(0);
  expect(offline.said()).toContain("are not delivered");
  server = new TestServer();
  held = acceptManifests(server);
  await server.up();
  const sync = start("sync");
  expect(await sync.ended, sync.said()).toBe(0);
  expect([...held.texts.keys()]).toEqual(manifests);
  expect(splitMade()).toEqual([splitMadeAlone.value]); // it knew of no referee split
  expect(heldBy(server)).toEqual(expected);
  expect([...server.artifacts.keys()].some((file) => file.startsWith("console/"))).toBe(true);
  expect(readdirSync(spoolDir).filter((name) => name !== "checkpoints")).toEqual([]);
});

test.each([
  ["train", ["--learningRate", "0.1"], "learningRate"],
  ["train", ["--optimizer.name", "sgd", "--optimizer.momentum", "0.9"], "momentum"],
  ["train", ["--config", "nowhere.json"], "--config nowhere.json: ENOENT"],
  ["train", ["--config"], "--config needs a value"],
  ["resume", ["01a2080d-c378-7584-9a5a-8ab8253ff0a9", "--epochs", "9"], "epochs: not for this command"],
  ["demo", ["--epochs", "9"], "epochs: not for this command"],
  ["trian", [], "there is no command trian"],
])("%s %o is refused with 1 and what is wrong", async (command, args, message) => {
  const { said, ended } = start(command, ...args);
  expect(await ended).toBe(1);
  expect(said()).toContain(message);
  expect(server.requests).toEqual([]);
});

test("a training that diverges says so and ends with 3", async () => {
  const tooFast = ["--optimizer.name", "sgd", "--optimizer.learningRate", "1e30"];
  // several steps an epoch: with one, validation would see it first
  const { said, ended } = start("train", ...images, "--epochs", "200", "--batchSize", "9", ...tooFast);
  expect(await ended, said()).toBe(3);
  expect(server.ends).toMatchObject([{ status: "failed", failure: { reason: "diverged" } }]);
  expect(Number.isFinite(server.points("loss").at(-1)?.[1])).toBe(false);
});

test.each(["SIGINT", "SIGTERM"] as const)("%s ends the run as killed, with what it had logged", async (signal) => {
  const { child, said, ended } = start("train", ...images, "--epochs", "9999");
  await vi.waitFor(() => expect(said()).toContain("epoch 2/9999"), { timeout: 30_000 });
  child.kill(signal);
  expect(await ended, said()).toBe(signal === "SIGINT" ? 130 : 143);
  expect(server.ends).toMatchObject([{ status: "killed", failure: { signal } }]);
  expect(server.points("loss").length).toBeGreaterThan(0);
  expect(readdirSync(spoolDir)).toEqual(["checkpoints"]);
  expect(existsSync(path.join(spoolDir, "../checkpoints"))).toBe(false);
});

test("Ctrl-C ends a training that still waits for its server", async () => {
  server.answers = () => [503, "away"];
  const { child, said, ended } = start("train", ...images);
  await vi.waitFor(() => expect(server.requests.length).toBeGreaterThan(0), { timeout: 30_000 });
  child.kill("SIGINT");
  expect(await ended, said()).toBe(130);
  expect(server.creations.size).toBe(0);
}, 20_000);

/** Goes on with a run until it has trained another epoch; returns the step from which it went on. */
async function resumeForAnEpoch(run: string, spool: string): Promise<number> {
  const { child, said, ended } = start("resume", run, "--spool", spool);
  await vi.waitFor(() => expect(said()).toMatch(/epoch \d+\/9999/), { timeout: 30_000 });
  child.kill("SIGINT");
  expect(await ended, said()).toBe(130);
  return Number(/checkpoint at step (\d+)/.exec(said())?.[1]);
}

test("resume goes on from the newest checkpoint, on whichever machine it was made", async () => {
  const { child, said, ended } = start("train", ...images, "--epochs", "9999");
  await vi.waitFor(() => expect(said()).toContain("epoch 2/9999"), { timeout: 30_000 });
  child.kill("SIGINT");
  expect(await ended, said()).toBe(130);
  const [run = ""] = server.creations.keys();
  const newest = () => Math.max(...server.checkpoints.map(({ step }) => step));
  let before = newest();
  expect(await resumeForAnEpoch(run, path.join(spoolDir, "elsewhere"))).toBe(before);
  before = newest();
  expect(await resumeForAnEpoch(run, spoolDir)).toBe(before);
  expect(server.writers.map(({ mode }) => mode)).toEqual(["start", "resume", "resume"]);
});

test("a finished run stays as it is: for want of its images, and when nothing is left to train", async () => {
  const { said, ended } = start("train", ...images, "--epochs", "1");
  expect(await ended, said()).toBe(0);
  const [run = ""] = server.creations.keys();
  const other = path.join(folder, "other");
  mkdirSync(other, { recursive: true });
  writeHalves(other, { train: 30, test: 10 });
  for (const [flags, code, message] of [
    [["--data", "nowhere"], 1, "data: nowhere isn't there"],
    [["--data", other], 1, "is not among the 40 samples of other"],
    [[], 0, "is finished"],
  ] as const) {
    const again = start("resume", run, ...flags);
    expect(await again.ended, again.said()).toBe(code);
    expect(again.said()).toContain(message);
  }
  expect(server.writers).toHaveLength(1);
  expect(server.ends).toHaveLength(1);
});

test("a split manifest that the server doesn't have makes no run", async () => {
  const { said, ended } = start("train", ...images, "--manifest", "0".repeat(64));
  expect(await ended).toBe(1);
  expect(said()).toContain("404");
  expect(server.creations.size).toBe(0);
}, 20_000);

test("an address that is none is said before anything is done", async () => {
  const { said, ended } = start("train", ...images, "--url", "nowhere");
  expect(await ended).toBe(1);
  expect(said()).toContain('url: expected an http or https address, received "nowhere"');
}, 20_000);
