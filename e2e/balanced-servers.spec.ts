/** Two web servers and a worker behind a balancer, at one address: one may die at any moment. PgBouncer and a bucket are there where they are installed. */
import { type BrowserContext, expect, type Page, test } from "@playwright/test";
import type { Balancer } from "../bin/servers/balancer.ts";
import { KnownRun, STEPS } from "../bin/servers/known-points.ts";
import { type Servers, startServers } from "../bin/servers/servers.ts";
import { freePort } from "../lib/test-port.ts";
import { admin, killsOf, newWorkplace, spendLink, summaryRow, type Workplace } from "./workspace.ts";

const KILLS = killsOf(2, 50);
const WRITERS = 4;
/** Batches of a writer between two deaths. */
const BATCHES = 15;

let servers: Servers;
let url = "";
let webs: Servers["webs"] = [];
let balancer: Balancer;
const stops: (() => Promise<void>)[] = [];
let browsers: BrowserContext[] = [];
let pages: Page[] = [];
let place: Workplace;

test.beforeAll(async ({ browser: chromium }) => {
  test.setTimeout(300_000);
  servers = await startServers({
    port: await freePort(),
    workers: 1,
    say: console.log,
    onStop: (act) => void stops.push(act),
  });
  ({ url, webs, balancer } = servers);
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
  const faults: unknown[] = [];
  for (const stop of stops.splice(0).reverse()) await stop().catch((fault: unknown) => faults.push(fault));
  expect(faults).toEqual([]);
  browsers = [];
  pages = [];
});

const newRun = (name: string) => KnownRun.begin({ url, token: place.token }, WRITERS, name);

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
  const at = `http://127.0.0.1:${servers.workers[0]!.port}`;
  expect((await fetch(`${at}/api/health`)).status).toBe(200);
  const refused = await fetch(`${at}/api/v1/runs`);
  expect([refused.status, await refused.json()]).toEqual([
    404,
    expect.objectContaining({ detail: expect.stringContaining("this server is a worker") }),
  ]);
});

test("two browsers on two servers see each other's changes live, and a server's death is no more than a reconnect", async () => {
  test.setTimeout(240_000);
  const known = await newRun("watched");
  const { id: run } = known;
  const [series = ""] = known.series;
  await known.sendBatch(0);
  const [left, right] = [await look(0, run), await look(1, run)];
  await known.sendBatch(0);
  for (const page of [left, right])
    await expect(summaryRow(page, series)).toHaveAttribute("data-points", String(2 * STEPS));
  const tags = await left.request.post(`/api/v1/runs/${run}/tags`, {
    headers: { origin: url },
    data: { add: ["seen-by-both"], remove: [] },
  });
  expect(tags.status(), await tags.text()).toBe(200);
  for (const page of [left, right]) await expect(page.getByText("seen-by-both").first()).toBeVisible();
  await webs[1]!.kill();
  balancer.prefer(0);
  await known.sendBatch(0);
  for (const page of [left, right]) {
    await expect(summaryRow(page, series)).toHaveAttribute("data-points", String(3 * STEPS));
    await expect(page.locator('[data-live="live"]')).toBeVisible();
  }
  await right.reload();
  await expect(summaryRow(right, series)).toHaveAttribute("data-points", String(3 * STEPS));
  await webs[1]!.start();
});

test("points are stored exactly once while either server dies again and again", async () => {
  test.setTimeout(120_000 + KILLS * 60_000);
  const run = await newRun("while servers die");
  let repeated = 0;
  for (let death = 0; death < KILLS; death++) {
    const dying = death % 2;
    balancer.prefer(dying);
    const begun = run.points;
    const delivered = run.sendBatches(BATCHES);
    await expect.poll(() => run.points, { intervals: [1] }).toBeGreaterThan(begun);
    await webs[dying]!.kill();
    repeated += await delivered;
    await webs[dying]!.start();
  }
  const wrong = await run.countWrong();
  console.log(`${KILLS} deaths, ${run.points} points, ${repeated} batches sent again though stored:`, wrong);
  expect(run.points).toBe(KILLS * BATCHES * STEPS * WRITERS);
  expect(wrong).toEqual({ lost: 0, doubled: 0 });
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
  for (const app of [...servers.workers, ...webs])
    expect(app.output()).not.toMatch(/Uncaught|Unhandled|the thread that|holdout:/);
});
