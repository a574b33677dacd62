/** The commands that start and stop things, with the embedded PostgreSQL, as a person at a terminal uses them. */
import { existsSync, readdirSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { expect, test } from "@playwright/test";
import { type App, familyOf, startApp } from "../servers/app.ts";

let app: App;
test.beforeAll(async () => {
  app = await startApp();
});
test.afterAll(() => app.stop());

const instance = async () => ((await (await fetch(`${app.url}/api/health`)).json()) as { instance: string }).instance;

test("a start prints the address, and a sign-in link while nobody is an admin", async () => {
  expect(app.output()).toContain(`Holdout runs at ${app.url}\n`);
  expect(app.link).toContain(`${app.url}/link#`);
});

test("a second start says what runs, where, and ends well", async () => {
  const second = await app.run("start.mjs");
  expect(second).toEqual({
    code: 0,
    output: `Holdout already runs at ${app.url} (process ${app.pid}, data in ${app.dataDir}).\n`,
  });
});

test("an idle connection stays open for longer than a proxy keeps its own", async () => {
  const { headers } = await fetch(`${app.url}/api/health`);
  expect(headers.get("keep-alive")).toBe("timeout=75");
});

test("a port in use is named, and what was made for the start is gone", async () => {
  const other = await mkdtemp(path.join(tmpdir(), "holdout-e2e-"));
  const refused = await app.run("start.mjs", [], { HOLDOUT_DATA_DIR: other });
  expect(refused.code).toBe(1);
  expect(refused.output).toMatch(
    /^Port \d+ on 127\.0\.0\.1 is in use by another program\. Choose another one: {2}PORT=/,
  );
  expect(readdirSync(other)).toEqual([]);
  await rm(other, { recursive: true });
});

test("a sign-in link is made beside the running server", async () => {
  const made = await app.run("sign-in-link.ts", ["--email", "first@example.org"]);
  expect(made.output).toContain(`${app.url}/link#`);
  expect(made.code).toBe(0);
});

test("after the app was killed the next start serves the same data", async () => {
  const before = await instance();
  await app.kill();
  await app.start();
  expect(await instance()).toBe(before);
});

test("after PostgreSQL was killed the app serves on by itself", async () => {
  const before = await instance();
  const killed = app.databaseId();
  process.kill(killed, "SIGKILL");
  await expect.poll(() => app.output()).toMatch(/PostgreSQL ended by itself \(SIGKILL\); starting it again/);
  await expect.poll(async () => instance().catch(() => "none")).toBe(before);
  expect(app.databaseId()).not.toBe(killed);
});

test("after both were killed the next start serves the same data", async () => {
  const before = await instance();
  const master = app.databaseId();
  const killed = app.kill();
  process.kill(master, "SIGKILL");
  await killed;
  await app.start();
  expect(await instance()).toBe(before);
});

test("a backup made while it runs is restored into a fresh folder, and never over what is there unasked", async () => {
  const before = await instance();
  const folder = await mkdtemp(path.join(tmpdir(), "holdout-e2e-"));
  const file = path.join(folder, "holdout.tar");
  expect((await app.run("backup.ts", [file])).output).toContain(`Wrote ${file}`);
  expect((await app.run("backup.ts", [file])).output).toMatch(/exists already/);
  const running = await app.run("restore.ts", [file]);
  expect(running).toMatchObject({ code: 1, output: expect.stringMatching(/Holdout runs .* stop it first/) });
  await app.kill();
  const restored = await app.run("restore.ts", [file, "--replace"]);
  expect(restored).toMatchObject({ code: 0, output: expect.stringMatching(/Restored the backup/) });
  await app.start();
  expect(await instance()).toBe(before);
  await rm(folder, { recursive: true });
});

test("Ctrl-C ends everything within seconds, though a request hangs", async () => {
  const hanging = fetch(`${app.url}/api/health`, {
    method: "POST",
    body: new ReadableStream(),
    duplex: "half",
  } as RequestInit);
  const ended = hanging.catch(() => "cut");
  const database = familyOf(app.databaseId());
  expect(database.length).toBeGreaterThan(1);
  const startedAt = Date.now();
  process.kill(app.pid, "SIGINT");
  await expect.poll(() => existsSync(path.join(app.dataDir, "server.json")), { timeout: 10_000 }).toBe(false);
  await ended;
  expect(Date.now() - startedAt).toBeLessThan(8000);
  expect(database.flatMap(familyOf)).toEqual([]);
  await app.start();
});
