import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { afterEach, beforeEach, expect, it } from "vitest";
import { TestServer } from "../test/test-server.ts";
import { resumeRun } from "./client.ts";
import { syncSpool } from "./sync.ts";

let server: TestServer;
let spoolDir: string;
beforeEach(async () => {
  server = new TestServer();
  await server.up();
  spoolDir = mkdtempSync(join(tmpdir(), "holdout-spool-"));
});
afterEach(async () => {
  await server.down();
  rmSync(spoolDir, { recursive: true, force: true });
});

/** A training in a process of its own that logs steps 0 to 9, and says so when they are on disk. */
const training = (url: string, after: string) => `
  import { readdirSync } from "node:fs";
  import { createRun } from ${JSON.stringify(join(import.meta.dirname, "client.ts"))};
  const run = await createRun({ url: ${JSON.stringify(url)}, token: "hold_t", config: {}, code: false,
    spoolDir: ${JSON.stringify(spoolDir)} });
  for (let step = 0; step < 10; step++) run.log({ split: "train", step, metrics: { loss: step } });
  ${after}`;

const onDisk = `
  const waiting = setInterval(() => {
    const files = readdirSync(${"`"}${"$"}{process.argv[2]}/${"$"}{run.id}${"`"}, { recursive: true });
    if (!files.some((file) => file.endsWith("1.batch"))) return;
    clearInterval(waiting);
    console.log(run.id);
    setInterval(() => {}, 1000);
  }, 10);`;

const spawnTraining = (url: string, after: string) => {
  const args = ["--import", "tsx", "--input-type=module", "-e", training(url, after), "--", spoolDir];
  return spawn(process.execPath, args, { stdio: ["ignore", "pipe", "inherit"] });
};

it("delivers first what a killed process left, under its own name, and then goes on", async () => {
  await server.down();
  const child = spawnTraining(server.url, onDisk.replace("process.argv[2]", "process.argv.at(-1)"));
  const [runId] = (await once(createInterface(child.stdout), "line")) as [string];
  expect(await syncSpool(spoolDir, { url: server.url, token: "hold_t" })).toMatchObject({ alive: 1, left: [] });
  child.kill("SIGKILL");
  await once(child, "exit");
  await server.up();
  const run = await resumeRun(runId, { url: server.url, token: "hold_t", resumeStep: 5, spoolDir });
  run.log({ split: "train", step: 5, metrics: { loss: 50 } });
  expect(await run.finish()).toEqual({ delivered: true });
  expect(server.writers).toMatchObject([{ mode: "start" }, { mode: "resume", resumeStep: 5, reopen: true }]);
  expect(server.points("loss")).toEqual([...Array.from({ length: 10 }, (_, step) => [step, step]), [5, 50]]);
  expect(readdirSync(spoolDir)).toEqual([]);
});

it("goes on past what an earlier process left and the server will never take", async () => {
  await server.down();
  const child = spawnTraining(server.url, onDisk.replace("process.argv[2]", "process.argv.at(-1)"));
  const [runId] = (await once(createInterface(child.stdout), "line")) as [string];
  child.kill("SIGKILL");
  await once(child, "exit");
  await server.up();
  server.refusals = (what, body) => (what === "writers" && body.mode === "start" ? [409, "it has been started"] : null);
  const run = await resumeRun(runId, { url: server.url, token: "hold_t", resumeStep: 5, spoolDir });
  run.log({ split: "train", step: 5, metrics: { loss: 50 } });
  expect(await run.finish({ timeoutMs: 10_000 })).toEqual({ delivered: true });
  expect(server.points("loss")).toEqual([[5, 50]]);
  const { left } = await syncSpool(spoolDir, { url: server.url, token: "hold_t" });
  expect(left).toMatchObject([{ run: runId, why: expect.stringContaining("it has been started") }]);
});

it("lets a process end that forgot to finish, and spools its last points on the way out", async () => {
  await server.down();
  const child = spawnTraining(server.url, "console.log(run.id);");
  const [code] = (await once(child, "exit")) as [number];
  expect(code).toBe(0);
  await server.up();
  expect(await syncSpool(spoolDir, { url: server.url, token: "hold_t" })).toMatchObject({ delivered: 1, left: [] });
  expect(server.points("loss")).toHaveLength(10);
  expect(server.ends).toEqual([]);
});
