/** No trial is lost and none finished twice: workers, app and PostgreSQL die at random moments. Minutes, so only among the slow tests. */
import { type ChildProcess, spawn } from "node:child_process";
import path from "node:path";
import { expect, test } from "@playwright/test";
import { type App, startApp } from "../bin/servers/app.ts";
import type { TrialList } from "../lib/wire/studies/trials.ts";
import { admin, ask, isSlow, killsOf, newWorkplace, spendLink } from "./workspace.ts";

test.skip(!isSlow, "deaths over minutes: npm run test:slow");

const TRIALS = 300;
const WORKERS = 6;
const KILLS = killsOf(6, 18);

let app: App;
test.beforeAll(async () => {
  app = await startApp();
});
test.afterAll(() => app.stop());

let state = 70_123;
/** 0 to 1, the same from run to run (Park and Miller's minimal standard generator). */
function random(): number {
  state = (state * 48271) % 2147483647;
  return state / 2147483647;
}

const told: string[] = [];
function startWorker(token: string): ChildProcess {
  const program = path.join(import.meta.dirname, "light-worker.mjs");
  const child = spawn(process.execPath, [program, app.url, token], { stdio: ["ignore", "pipe", "inherit"] });
  child.stdout.setEncoding("utf8").on("data", (some: string) => told.push(...some.trim().split("\n")));
  return child;
}

const isUp = (): Promise<boolean> =>
  fetch(`${app.url}/api/health`).then(
    ({ ok }) => ok,
    () => false,
  );

async function listAll(project: string, token: string): Promise<TrialList["trials"]> {
  const all: TrialList["trials"] = [];
  for (let next: string | null = ""; next !== null; ) {
    const after = next === "" ? "" : `?after=${next}`;
    const page: TrialList = await ask<TrialList>(token, `projects/${project}/trials${after}`, app.url);
    all.push(...page.trials);
    next = page.next;
  }
  return all;
}

test(`${TRIALS} trials are finished once each, whatever dies`, async ({ browser }) => {
  test.setTimeout(20 * 60_000);
  const page = await (await browser.newContext({ baseURL: app.url })).newPage();
  await spendLink(page, app.link ?? "", admin);
  const { slug, token } = await newWorkplace(page, "Trials", app.url);
  for (let made = 0; made < TRIALS; made++) {
    const headers = { authorization: `Bearer ${token}`, "content-type": "application/json" };
    const body = JSON.stringify({ name: `trial ${made}`, config: { made } });
    expect((await fetch(`${app.url}/api/v1/trials`, { method: "POST", headers, body })).status).toBe(200);
  }
  const workers = Array.from({ length: WORKERS }, () => startWorker(token));
  for (let kill = 1; kill <= KILLS; kill++) {
    const due = Math.floor(((kill - random() / 2) / (KILLS + 1)) * TRIALS);
    await expect.poll(() => told.length >= due, { intervals: [20], timeout: 5 * 60_000 }).toBe(true);
    const what = Math.floor(random() * 3);
    if (what === 0) {
      const which = Math.floor(random() * WORKERS);
      workers[which]!.kill("SIGKILL");
      workers[which] = startWorker(token);
    } else if (what === 1) process.kill(app.databaseId(), "SIGQUIT");
    else {
      await app.kill();
      await app.start();
    }
    await expect.poll(isUp, { intervals: [50], timeout: 60_000 }).toBe(true);
  }
  const open = async () => (await listAll(slug, token)).filter(({ status }) => status !== "finished").length;
  await expect.poll(open, { intervals: [1_000], timeout: 5 * 60_000 }).toBe(0);
  for (const worker of workers) worker.kill("SIGKILL");
  const trials = await listAll(slug, token);
  expect(trials).toHaveLength(TRIALS);
  expect(trials.every(({ run }) => run?.status === "finished")).toBe(true);
  // who dies after it told, and before it said so, leaves no line: each trial was taken as told under one lease at most
  const leases = new Set(told.map((line) => line.split(" ").slice(1).join(" ")));
  expect(new Set([...leases].map((line) => line.split(" ")[0])).size).toBe(leases.size);
  expect(leases.size).toBeGreaterThan(TRIALS - KILLS - 1);
});
