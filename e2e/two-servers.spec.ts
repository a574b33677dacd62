/** Two servers of one installation, as behind a balancer: one database, one folder of files, one secret. */
import { createHash, randomBytes, randomUUID } from "node:crypto";
import { mkdtemp, rm, symlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { type BrowserContext, expect, type Page, test } from "@playwright/test";
import { v7 as uuidv7 } from "uuid";
import { freePort } from "../lib/test-port.ts";
import type { Manifest, ManifestRegistered } from "../lib/wire/data/manifests.ts";
import type { BatchAnswer } from "../lib/wire/points/batch.ts";
import { type App, startApp, startBeside } from "../servers/app.ts";
import { createRun } from "../trainer/src/client/client.ts";
import {
  admin,
  ask,
  isSlow,
  newWorkplace,
  seriesOf,
  spendLink,
  stepsOf,
  summaryRow,
  type Workplace,
} from "./workspace.ts";

const secret = { HOLDOUT_SECRET: randomBytes(32).toString("base64url") };
let first: App;
let second: App;
/** The admin's browser: at the first server where an address says no other. */
let browser: BrowserContext;
let page: Page;
let place: Workplace;

test.beforeAll(async ({ browser: chromium }) => {
  first = await startApp(secret);
  second = await startBeside(first, secret);
  browser = await chromium.newContext({ baseURL: first.url });
  page = await browser.newPage();
  // the newest link counts
  await spendLink(page, second.link!, admin);
  await page.goto("/");
  place = await newWorkplace(page, "Two servers", first.url);
});
test.afterAll(async () => {
  await second?.stop();
  await first?.stop();
});

const send = (app: App, method: "POST" | "PUT", route: string, body: BodyInit, type = "application/json") =>
  fetch(`${app.url}/api/v1/${route}`, {
    method,
    body,
    headers: { authorization: `Bearer ${place.token}`, "content-type": type },
  });

async function newRun(): Promise<{ run: string; writer: string }> {
  const [run, writer] = [uuidv7(), randomUUID()];
  expect((await send(first, "POST", "runs", JSON.stringify({ id: run, config: {} }))).status).toBe(200);
  const registered = await send(second, "POST", `runs/${run}/writers`, JSON.stringify({ writer, mode: "start" }));
  expect(registered.status).toBe(200);
  return { run, writer };
}

const STEPS = 10;

async function sendBatch(app: App, run: string, writer: string, sequence: number): Promise<BatchAnswer> {
  const steps = Array.from({ length: STEPS }, (_, at) => (sequence - 1) * STEPS + at);
  const group = { split: "train", steps, times: steps.map((step) => 1.7e12 + step), metrics: { loss: steps } };
  const answer = await send(app, "POST", `runs/${run}/metrics`, JSON.stringify({ writer, sequence, groups: [group] }));
  expect(answer.status).toBe(200);
  return (await answer.json()) as BatchAnswer;
}

test("points that one server takes are seen live on a page of the other, in both directions", async () => {
  for (const [to, shownBy] of [
    [first, second],
    [second, first],
  ] as const) {
    const spoolDir = path.join(to.dataDir, "spool");
    const run = await createRun({ url: to.url, token: place.token, spoolDir, code: false, config: {} });
    run.log({ split: "train", step: 0, metrics: { loss: 1 } });
    await run.flush();
    await page.goto(`${shownBy.url}/projects/${place.slug}/runs/${run.id}`);
    await expect(page.locator('[data-live="live"]')).toBeVisible();
    for (const from of [1, 51]) {
      for (let step = from; step < from + 50; step++) run.log({ split: "train", step, metrics: { loss: 1 / step } });
      await expect(summaryRow(page, "train/loss")).toHaveAttribute("data-points", String(from + 50));
    }
    await run.finish();
    await expect(page.getByText("finished", { exact: true }).first()).toBeVisible();
  }
});

test("a batch that is sent again, to the other server, is stored once", async () => {
  const { run, writer } = await newRun();
  expect(await sendBatch(first, run, writer, 1)).toMatchObject({ stored: true, duplicate: false, points: STEPS });
  expect(await sendBatch(second, run, writer, 1)).toMatchObject({ stored: false, duplicate: true });
  const batches = Array.from({ length: 40 }, (_, at) => at + 2);
  const answers = await Promise.all(
    batches.flatMap((sequence) => [first, second].map((app) => sendBatch(app, run, writer, sequence))),
  );
  expect(answers.filter(({ stored }) => stored)).toHaveLength(batches.length);
  expect(answers.filter(({ duplicate }) => duplicate)).toHaveLength(batches.length);
  const steps = Array.from({ length: 41 * STEPS }, (_, step) => step);
  for (const app of [first, second]) {
    expect(await stepsOf(place.token, run, "train/loss", app.url)).toEqual(steps);
    const [loss] = await seriesOf(place.token, run, app.url);
    expect(loss).toMatchObject({ count: steps.length, overwrittenCount: 0, stepLast: steps.at(-1), max: steps.at(-1) });
  }
});

test("a file that is put on one server is read on the other, and is found there by its content", async () => {
  const { run } = await newRun();
  const content = randomBytes(300_000);
  const sha256 = createHash("sha256").update(content).digest("hex");
  const route = `runs/${run}/artifacts/weights.bin`;
  const put = await send(first, "PUT", route, content, "application/octet-stream");
  expect([put.status, await put.json()]).toEqual([200, expect.objectContaining({ sha256 })]);
  const read = await fetch(`${second.url}/api/v1/${route}`, { headers: { authorization: `Bearer ${place.token}` } });
  expect(read.status).toBe(200);
  expect(Buffer.from(await read.arrayBuffer()).equals(content)).toBe(true);
  const again = await send(second, "PUT", route, content, "application/octet-stream");
  expect([again.status, await again.json()]).toEqual([200, expect.objectContaining({ sha256 })]);
  await page.goto(`${second.url}/projects/${place.slug}/runs/${run}?tab=files`);
  await expect(page.getByText("weights.bin").first()).toBeVisible();
});

test("a session of one server is good on the other, and over on both once it is signed out", async () => {
  for (const app of [second, first, second]) {
    await page.goto(`${app.url}/projects/${place.slug}`);
    await expect(page).toHaveURL(`${app.url}/projects/${place.slug}`);
  }
  const guest = await (await browser.browser()!.newContext()).newPage();
  await guest.goto(`${second.url}/sign-in`);
  await guest.getByLabel("E-mail").fill(admin.email);
  await guest.getByLabel("Password").fill(admin.password);
  await guest.getByRole("button", { name: "Sign in" }).click();
  await expect(guest).toHaveURL(`${second.url}/`);
  await guest.goto(`${first.url}/`);
  await expect(guest).toHaveURL(`${first.url}/`);
  await guest.getByRole("button", { name: /theme and sign out/ }).click();
  await guest.getByRole("menuitem", { name: "Sign out" }).click();
  await expect(guest).toHaveURL(/\/sign-in/);
  await guest.goto(`${second.url}/`);
  await expect(guest).toHaveURL(/\/sign-in/);
});

test("a token that is revoked on one server is refused by both seconds later", async () => {
  const { slug, token } = await newWorkplace(page, "Withdrawn", first.url);
  const statuses = () =>
    Promise.all(
      [first, second].map(async (app) => {
        const answer = await fetch(`${app.url}/api/v1/runs`, { headers: { authorization: `Bearer ${token}` } });
        return answer.status;
      }),
    );
  expect(await statuses()).toEqual([200, 200]);
  await page.goto(`/projects/${slug}/settings`);
  await page.getByRole("button", { name: "Revoke" }).click();
  await expect(page.getByRole("button", { name: "Revoke" })).toBeHidden();
  // a server remembers for a few seconds whom a token lets in
  await expect.poll(statuses, { timeout: 15_000, intervals: [100] }).toEqual([401, 401]);
});

test("neither server has anything to complain about", async () => {
  for (const app of [first, second]) {
    expect((await fetch(`${app.url}/api/health`)).status).toBe(200);
    expect(app.output()).not.toMatch(/Uncaught|Unhandled|the thread that|holdout:/);
  }
});

test("a server with files of its own on the same database is refused at its start, with the way out", async () => {
  const other = await mkdtemp(path.join(tmpdir(), "holdout-e2e-"));
  const port = await freePort();
  const own = {
    ...first.databaseUrls(),
    HOLDOUT_DATA_DIR: other,
    PORT: String(port),
    HOLDOUT_URL: `http://127.0.0.1:${port}`,
  };
  const refused = await first.run("start.mjs", [], own);
  expect(refused.code).toBe(1);
  expect(refused.output).toContain(`The files of this database are in another folder than ${other}/blobs.`);
  expect(refused.output).toContain("Set HOLDOUT_DATA_DIR to the data folder that was used before");
  expect(refused.output).toMatch(/for a second server, let\s+\S*blobs be the same folder/);
  await expect(fetch(own.HOLDOUT_URL)).rejects.toThrow();
  await rm(other, { recursive: true });
});

test("a server with another secret is refused at its start, with what to do, and the others go on", async () => {
  const other = await mkdtemp(path.join(tmpdir(), "holdout-e2e-"));
  await symlink(path.join(first.dataDir, "blobs"), path.join(other, "blobs"));
  const port = String(await freePort());
  const own = { ...first.databaseUrls(), HOLDOUT_DATA_DIR: other, PORT: port, HOLDOUT_URL: `http://127.0.0.1:${port}` };
  // none set: it is the one that a start makes in the data folder
  const refused = await first.run("start.mjs", [], { ...own, HOLDOUT_SECRET: "" });
  expect(refused.code).toBe(1);
  expect(refused.output).toMatch(
    /HOLDOUT_SECRET here is not the one of the servers that work on this database.*Set it to/,
  );
  for (const app of [first, second]) expect((await fetch(`${app.url}/api/health`)).status).toBe(200);
  await rm(other, { recursive: true });
});

test("what a server was at when it died is done by the other", async () => {
  test.skip(!isSlow, "the other waits half a minute for it");
  const hashOf = (words: string) => createHash("sha256").update(words).digest("hex");
  const ids: string[] = [];
  expect((await send(second, "POST", "datasets", JSON.stringify({ name: "left", version: "1" }))).status).toBe(200);
  for (let each = 0; each < 12; each++) {
    const key = Array.from({ length: 300 }, (_, at) => `sample ${each} ${at}`);
    const split = key.map((_, at) => ["train", "validation", "test"][at % 3]);
    const samples = { key, split, label: key.map((_, at) => String(at % 2)), contentHash: key.map(hashOf) };
    const manifest = { name: `left ${each}`, dataset: { name: "left", version: "1" }, method: "given", samples };
    const answer = await send(second, "POST", "manifests", JSON.stringify(manifest));
    expect(answer.status).toBe(200);
    ids.push(((await answer.json()) as ManifestRegistered).id);
  }
  await second.kill();
  const verdicts = () =>
    Promise.all(ids.map(async (id) => (await ask<Manifest>(place.token, `manifests/${id}`, first.url)).verdict));
  await expect.poll(verdicts, { timeout: 90_000, intervals: [500] }).not.toContain(null);
  await second.start();
  expect((await fetch(`${second.url}/api/health`)).status).toBe(200);
});
