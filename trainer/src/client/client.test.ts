import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type Fault, TestServer } from "../test/test-server.ts";
import { type CreateRunOptions, createRun, type RunHandle } from "./client.ts";
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

const start = (options: Partial<CreateRunOptions> = {}): Promise<RunHandle> =>
  createRun({ url: server.url, token: "hold_test", config: { lr: 0.1 }, code: false, spoolDir, ...options });

const logSteps = (run: RunHandle, from: number, to: number) => {
  for (let step = from; step < to; step++) run.log({ split: "train", step, metrics: { loss: 1 / (step + 1) } });
};
const expectSteps = (to: number) =>
  expect(server.points("loss")).toEqual(Array.from({ length: to }, (_, step) => [step, 1 / (step + 1)]));

describe("a run that is logged", () => {
  it("is created, written and finished, and leaves nothing in the spool", async () => {
    const run = await start({ name: "first" });
    logSteps(run, 0, 100);
    run.log({ step: 3, metrics: { learningRate: Number.NaN }, time: new Date(5000) });
    expect(await run.finish()).toEqual({ delivered: true });
    expectSteps(100);
    expect(server.points("learningRate", null)).toEqual([[3, Number.NaN]]);
    expect(run.url).toBe(`${server.url}/projects/p/runs/${run.id}`);
    expect(server.ends).toMatchObject([{ status: "finished", pointsLost: 0 }]);
    expect(readdirSync(spoolDir)).toEqual([]);
    expect(run.status()).toEqual({ pending: 0, lost: 0, connected: true, problem: null });
  });

  it("stores each point exactly once, in order, whatever happens to the line", async () => {
    const fault = fc.oneof(
      fc.constantFrom<Fault>({ kind: "reset" }, { kind: "reset-after-commit" }, { kind: "status", status: 503 }),
      fc.constant<Fault>({ kind: "status", status: 429, retryAfter: "0" }),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(fault, { maxLength: 5 }), async (faults) => {
        server.stored.clear();
        server.faults = [...faults];
        const run = await start();
        logSteps(run, 0, 20);
        const first = run.flush();
        logSteps(run, 20, 40);
        await Promise.all([first, run.flush()]);
        logSteps(run, 40, 60);
        expect(await run.finish()).toEqual({ delivered: true });
        expectSteps(60);
      }),
      { numRuns: process.env.HOLDOUT_TEST_SLOW ? 30 : 4, seed: 7 },
    );
  });

  it("sends a batch whose answer was lost again, unchanged, and it is stored once", async () => {
    server.faultsAt = "/metrics";
    server.faults = [{ kind: "reset-after-commit" }, { kind: "reset-after-commit" }];
    const run = await start();
    logSteps(run, 0, 10);
    await run.finish();
    expect(server.requests.filter(({ path }) => path.endsWith("/metrics"))).toHaveLength(3);
    expectSteps(10);
  });

  it("waits as long as Retry-After asks", async () => {
    server.faultsAt = "/metrics";
    server.faults = [{ kind: "status", status: 429, retryAfter: "1" }];
    const run = await start();
    logSteps(run, 0, 1);
    await run.finish();
    const [first, second] = server.requests.filter(({ path }) => path.endsWith("/metrics"));
    expect(second!.at - first!.at).toBeGreaterThan(950);
  });

  it("starts while the server is down, and delivers when it is up", async () => {
    await server.down();
    const run = await start();
    logSteps(run, 0, 50);
    expect(run.url).toBeNull();
    expect(run.status().pending).toBe(50);
    await server.up();
    expect(await run.finish()).toEqual({ delivered: true });
    expectSteps(50);
  });

  it("stays in the spool when the server doesn't come, and a later sync delivers all of it", async () => {
    await server.down();
    const run = await start();
    logSteps(run, 0, 30);
    expect(await run.fail({ reason: "diverged", message: "loss is NaN", timeoutMs: 300 })).toEqual({
      delivered: false,
    });
    await server.up();
    expect(await syncSpool(spoolDir, { url: server.url, token: "hold_test" })).toEqual({
      delivered: 1,
      alive: 0,
      unmanifested: [],
      left: [],
    });
    expectSteps(30);
    expect(server.ends).toMatchObject([{ status: "failed", failure: { reason: "diverged", message: "loss is NaN" } }]);
    expect(readdirSync(spoolDir)).toEqual([]);
  });

  it("counts the newest points as lost beyond the spool's bound, and tells the server", async () => {
    await server.down();
    const run = await start({ spoolBytesMax: 30_000 });
    logSteps(run, 0, 500);
    const flushed = run.flush();
    logSteps(run, 500, 1500);
    const flushedAll = run.flush();
    expect(run.status()).toMatchObject({ pending: 500, lost: 1000 });
    await server.up();
    await Promise.all([flushed, flushedAll]);
    await run.finish();
    expectSteps(500);
    expect(server.ends).toMatchObject([{ pointsLost: 1000 }]);
  });

  it("goes on without a disk: points are counted as lost, the run and its end arrive", async () => {
    const file = join(spoolDir, "a-file");
    writeFileSync(file, "");
    const run = await start({ spoolDir: file });
    logSteps(run, 0, 10);
    expect(await run.finish()).toEqual({ delivered: true });
    expect(run.status().lost).toBe(10);
    expect(server.ends).toMatchObject([{ status: "finished", pointsLost: 10 }]);
  });

  it("keeps a batch that is refused beside the spool, says it is lost, and goes on", async () => {
    const run = await start();
    server.faultsAt = "/metrics";
    server.faults = [{ kind: "status", status: 400 }];
    logSteps(run, 0, 10);
    await run.flush();
    run.log({ split: "train", step: 10, metrics: { loss: 0.5 } });
    expect(await run.finish()).toEqual({ delivered: true });
    expect(server.points("loss")).toEqual([[10, 0.5]]);
    expect(server.ends).toMatchObject([{ pointsLost: 10 }]);
    const [writer] = readdirSync(join(spoolDir, run.id)).filter((name) => name !== "run.json");
    expect(readdirSync(join(spoolDir, run.id, writer!))).toContain("1.batch.refused");
  });

  it("keeps what a wrong token can't deliver", async () => {
    server.faults = [{ kind: "status", status: 401 }];
    const run = await start();
    logSteps(run, 0, 10);
    await expect.poll(() => run.status().problem).toMatch("401");
    expect(await run.finish({ timeoutMs: 300 })).toEqual({ delivered: false });
    expect(run.status()).toMatchObject({ pending: 10, lost: 0, problem: expect.stringContaining("401") });
    await syncSpool(spoolDir, { url: server.url, token: "hold_right" });
    expectSteps(10);
  });

  it("stores files, and waits for them before the end", async () => {
    const run = await start();
    const stored = run.artifact("notes/a b.txt", Buffer.from("hello"), { contentType: "text/plain" });
    expect(await stored).toMatchObject({ path: "notes/a b.txt", sizeBytes: 5 });
    const checkpoint = run.checkpoint({ path: "notes/a b.txt", step: 1, epoch: 0, values: {} });
    await run.finish();
    expect(await checkpoint).toBe(true);
    expect(server.artifacts.get("notes/a b.txt")?.toString()).toBe("hello");
    await expect(run.artifact("x", join(spoolDir, "absent"))).rejects.toThrow("ENOENT");
  });

  it("keeps the declaration of weights stored before for when the server is back", async () => {
    const run = await start();
    await run.artifact("weights", Buffer.from("w"));
    await server.down();
    const declared = run.checkpoint({ path: "weights", step: 7, epoch: 1, values: {} });
    await run.finish({ timeoutMs: 50 });
    expect(await declared).toBe(false);
    await server.up();
    await syncSpool(spoolDir, { url: server.url, token: "hold_right" });
    expect(server.checkpoints).toMatchObject([{ path: "weights", step: 7 }]);
    expect(server.artifacts.get("weights")?.toString()).toBe("w");
  });
});

describe("a call that is wrong", () => {
  it("throws at once and names what is wrong", async () => {
    const run = await start();
    const log = (entry: unknown) => () => run.log(entry as Parameters<typeof run.log>[0]);
    expect(log({ split: "test", step: 0, metrics: { accuracy: 1 } })).toThrow(/test numbers aren't logged/);
    expect(log({ split: "dev", step: 0, metrics: { accuracy: 1 } })).toThrow(/train, validation or none/);
    for (const step of [-1, 0.5, 2 ** 53, Number.NaN, "3"])
      expect(log({ step, metrics: { accuracy: 1 } })).toThrow(TypeError);
    expect(log({ step: 0, metrics: { accuracy: "0.9" } })).toThrow("metrics.accuracy: expected a number");
    expect(log({ step: 0, metrics: { "a\nb": 1 } })).toThrow(/control characters/);
    expect(log({ step: 0, metrics: { accuracy: 1 }, time: -1 })).toThrow(/time/);
    await run.finish();
    expect(server.stored.size).toBe(0);
    await expect(start({ config: { f: (() => 1) as never } })).rejects.toThrow(/config/);
    await expect(start({ url: "ftp://x" })).rejects.toThrow(/url/);
    await expect(start({ id: "7" })).rejects.toThrow(/version 7/);
  });
});
