/** Two web servers and a worker behind a balancer, at one address: one may die at any moment. Points go through PgBouncer where it is installed. */
import { randomBytes, randomUUID } from "node:crypto";
import { type BrowserContext, expect, type Page, test } from "@playwright/test";
import { v7 as uuidv7 } from "uuid";
import { type App, startApp, startBeside } from "../bin/servers/app.ts";
import { type Balancer, startBalancer } from "../bin/servers/balancer.ts";
import { findPgBouncer, type PgBouncer, startPgBouncer } from "../bin/servers/pgbouncer.ts";
import { freePort } from "../lib/test-port.ts";
import type { BatchAnswer } from "../lib/wire/points/batch.ts";
import { admin, killsOf, newWorkplace, seriesOf, spendLink, stepsOf, summaryRow, type Workplace } from "./workspace.ts";

const KILLS = killsOf(2, 50);
const STEPS = 10;
const WRITERS = 4;
/** Batches of a writer between two deaths. */
const BATCHES = 15;

let url = "";
/** Holds the database, and does the work that is no request's. */
let worker: App;
let webs: App[] = [];
let balancer: Balancer;
let pgbouncer: PgBouncer | null = null;
let browsers: BrowserContext[] = [];
let pages: Page[] = [];
let place: Workplace;

test.beforeAll(async ({ browser: chromium }) => {
  test.setTimeout(300_000);
  const port = await freePort();
  url = `http://127.0.0.1:${port}`;
  const shared = { HOLDOUT_URL: url, HOLDOUT_SECRET: randomBytes(32).toString("base64url") };
  worker = await startApp({ ...shared, HOLDOUT_ROLE: "worker" });
  const program = findPgBouncer();
  const direct = worker.databaseUrls();
  if (program) pgbouncer = await startPgBouncer(program, Object.values(direct));
  const pooled = pgbouncer && {
    DATABASE_URL: pgbouncer.through(direct.DATABASE_URL),
    DATABASE_APP_URL: pgbouncer.through(direct.DATABASE_APP_URL),
    DATABASE_DIRECT_URL: direct.DATABASE_URL,
  };
  for (let each = 0; each < 2; each++)
    webs.push(await startBeside(worker, { ...shared, HOLDOUT_ROLE: "web", ...pooled }));
  balancer = await startBalancer(
    port,
    webs.map((web) => web.port),
  );
  for (const at of [0, 1]) {
    balancer.prefer(at);
    const context = await chromium.newContext({ baseURL: url });
    browsers.push(context);
    pages.push(await context.newPage());
    if (at === 0) {
      await spendLink(pages[0]!, webs.map(({ link }) => link).findLast((link) => link !== null)!, admin);
      place = await newWorkplace(pages[0]!, "Balanced", url);
    } else await browsers[1]!.addCookies(await browsers[0]!.cookies());
  }
});
test.afterAll(async () => {
  await Promise.all(browsers.map((browser) => browser.close()));
  await balancer?.stop();
  for (const web of webs) await web.stop();
  await pgbouncer?.stop();
  await worker?.stop();
  browsers = [];
  pages = [];
  webs = [];
});

/** Asks as a trainer does: again, until some server has answered to the end. */
async function send(route: string, body: object): Promise<{ status: number; answer: unknown }> {
  for (;;) {
    const whole = await fetch(`${url}/api/v1/${route}`, {
      method: "POST",
      body: JSON.stringify(body),
      headers: { authorization: `Bearer ${place.token}`, "content-type": "application/json", connection: "close" },
    })
      .then(async (response) => ({ status: response.status, answer: (await response.json()) as unknown }))
      // a server that dies while it answers leaves half an answer
      .catch(() => null);
    if (whole && whole.status < 500) return whole;
  }
}

async function newRun(): Promise<{ run: string; writers: string[] }> {
  const run = uuidv7();
  expect((await send("runs", { id: run, config: {} })).status).toBe(200);
  const writers = Array.from({ length: WRITERS }, () => randomUUID());
  for (const [at, writer] of writers.entries())
    expect((await send(`runs/${run}/writers`, { writer, mode: at === 0 ? "start" : "join" })).status).toBe(200);
  return { run, writers };
}

async function sendBatch(run: string, writer: string, name: string, sequence: number): Promise<BatchAnswer> {
  const steps = Array.from({ length: STEPS }, (_, at) => (sequence - 1) * STEPS + at);
  const group = { split: "train", steps, times: steps.map((step) => 1.7e12 + step), metrics: { [name]: steps } };
  const { status, answer } = await send(`runs/${run}/metrics`, { writer, sequence, groups: [group] });
  expect(status).toBe(200);
  return answer as BatchAnswer;
}

/** Opens a page at one of the servers: the stream of changes is its longest connection. */
async function look(at: number, run: string): Promise<Page> {
  balancer.prefer(at);
  const page = pages[at]!;
  await page.goto(`/projects/${place.slug}/runs/${run}`);
  await expect(page.locator('[data-live="live"]')).toBeVisible();
  expect(balancer.open(at)).toBeGreaterThan(0);
  return page;
}

test("a worker answers whether it is well, and nothing else", async () => {
  const at = `http://127.0.0.1:${worker.port}`;
  expect((await fetch(`${at}/api/health`)).status).toBe(200);
  const refused = await fetch(`${at}/api/v1/runs`);
  expect([refused.status, await refused.json()]).toEqual([
    404,
    expect.objectContaining({ detail: expect.stringContaining("this server is a worker") }),
  ]);
});

test("two browsers on two servers see each other's changes live, and a server's death is no more than a reconnect", async () => {
  test.setTimeout(240_000);
  const { run, writers } = await newRun();
  await sendBatch(run, writers[0]!, "loss", 1);
  const [left, right] = [await look(0, run), await look(1, run)];
  await sendBatch(run, writers[0]!, "loss", 2);
  for (const page of [left, right])
    await expect(summaryRow(page, "train/loss")).toHaveAttribute("data-points", String(2 * STEPS));
  const tags = await left.request.post(`/api/v1/runs/${run}/tags`, {
    headers: { origin: url },
    data: { add: ["seen-by-both"], remove: [] },
  });
  expect(tags.status(), await tags.text()).toBe(200);
  for (const page of [left, right]) await expect(page.getByText("seen-by-both").first()).toBeVisible();
  await webs[1]!.kill();
  balancer.prefer(0);
  await sendBatch(run, writers[0]!, "loss", 3);
  for (const page of [left, right]) {
    await expect(summaryRow(page, "train/loss")).toHaveAttribute("data-points", String(3 * STEPS));
    await expect(page.locator('[data-live="live"]')).toBeVisible();
  }
  await right.reload();
  await expect(summaryRow(right, "train/loss")).toHaveAttribute("data-points", String(3 * STEPS));
  await webs[1]!.start();
});

test("points are stored exactly once while either server dies again and again", async () => {
  test.setTimeout(120_000 + KILLS * 60_000);
  const { run, writers } = await newRun();
  for (let death = 0; death < KILLS; death++) {
    const dying = death % 2;
    balancer.prefer(dying);
    const from = death * BATCHES;
    const delivered = writers.map(async (writer, at) => {
      for (let sequence = from + 1; sequence <= from + BATCHES; sequence++)
        await sendBatch(run, writer, `loss${at}`, sequence);
    });
    await sendBatch(run, writers[0]!, "loss0", from + 1);
    await webs[dying]!.kill();
    await Promise.all(delivered);
    await webs[dying]!.start();
  }
  const steps = Array.from({ length: KILLS * BATCHES * STEPS }, (_, step) => step);
  for (const at of writers.keys()) expect(await stepsOf(place.token, run, `train/loss${at}`, url)).toEqual(steps);
  const series = await seriesOf(place.token, run, url);
  expect(series.map(({ count, overwrittenCount }) => [count, overwrittenCount])).toEqual(
    writers.map(() => [steps.length, 0]),
  );
});

test("a token that is revoked by one server is refused by both within five seconds", async () => {
  const { slug, token } = await newWorkplace(pages[0]!, "Withdrawn", url);
  const ask = async (at: number) => {
    balancer.prefer(at);
    const headers = { authorization: `Bearer ${token}`, connection: "close" };
    return (await fetch(`${url}/api/v1/runs`, { headers })).status;
  };
  expect([await ask(0), await ask(1)]).toEqual([200, 200]);
  balancer.prefer(0);
  await pages[0]!.goto(`/projects/${slug}/settings`);
  await pages[0]!.getByRole("button", { name: "Revoke" }).click();
  await expect(pages[0]!.getByRole("button", { name: "Revoke" })).toBeHidden();
  await expect.poll(async () => [await ask(0), await ask(1)], { timeout: 6_000, intervals: [100] }).toEqual([401, 401]);
});

test("tries to sign in count together, whichever server takes them", async () => {
  const tryAt = async (at: number): Promise<boolean> => {
    balancer.prefer(at);
    const headers = { connection: "close", origin: url };
    const form = await (await fetch(`${url}/sign-in`, { headers })).text();
    const body = new FormData();
    for (const [, name = "", value = ""] of form.matchAll(/<input type="hidden" name="([^"]+)"(?: value="([^"]*)")?/g))
      body.set(name, value.replaceAll("&quot;", '"').replaceAll("&amp;", "&"));
    body.set("email", "nobody@example.org");
    body.set("password", "a guess of a password");
    const answer = await fetch(`${url}/sign-in`, { method: "POST", headers, body });
    return (await answer.text()).includes("Too many tries");
  };
  const refused: boolean[] = [];
  for (let each = 0; each < 12; each++) refused.push(await tryAt(each % 2));
  expect(refused).toEqual([...Array<boolean>(10).fill(false), true, true]);
});

test("neither the worker nor a web server has anything to complain about", async () => {
  for (const app of [worker, ...webs]) expect(app.output()).not.toMatch(/Uncaught|Unhandled|the thread that|holdout:/);
});
