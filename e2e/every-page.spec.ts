/** Every page as it opens: who can't see well, has a phone, or likes the dark can use it, and nothing jumps. */
import type { Page } from "@playwright/test";
import { violationsOf } from "./axe.ts";
import { start, withRuns } from "./table-runs.ts";
import { ask, expect, newWorkplace, test, url, type Workplace } from "./workspace.ts";

/** Of one page, as the browser adds them up: below it nobody notices (web.dev, "Cumulative Layout Shift": .1 is good). */
const SHIFT_MAX = 0.01;
const PHONE = { width: 390, height: 844 };
const DESK = { width: 1440, height: 900 };

declare global {
  interface Window {
    shifted: { value: number; what: string[] };
  }
}

/** Adds up what moved though nobody did anything, and what it was. */
function watchShifts(): void {
  window.shifted = { value: 0, what: [] };
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries() as (PerformanceEntry & {
      value: number;
      hadRecentInput: boolean;
      sources: { node: Node | null }[];
    })[]) {
      if (entry.hadRecentInput) continue;
      window.shifted.value += entry.value;
      for (const { node } of entry.sources)
        window.shifted.what.push(node instanceof Element ? node.outerHTML.slice(0, 120) : String(node?.nodeName));
    }
  }).observe({ type: "layout-shift", buffered: true });
}

async function post<Answer>(token: string, route: string, body: unknown): Promise<Answer> {
  const response = await fetch(`${url}/api/v1/${route}`, {
    method: "POST",
    headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
    body: JSON.stringify(body),
  });
  expect(response.status, await response.clone().text()).toBe(200);
  return (await response.json()) as Answer;
}

/** A manifest of 200 samples in two classes, given and split as a program does it. */
async function makeManifest({ token }: Workplace): Promise<string> {
  const dataset = { name: "every page", version: "1" };
  const key = Array.from({ length: 200 }, (_, at) => `sample ${at}`);
  const { id } = await post<{ id: string }>(token, "datasets", dataset);
  await post(token, `datasets/${id}/samples`, {
    key,
    label: key.map((_, at) => (at % 2 === 0 ? "well" : "ill")),
    text: key.map((name, at) => `${name}: nothing else says ${at ** 3} in these words`),
  });
  await post(token, `datasets/${id}/complete`, {});
  const manifest = await post<{ id: string }>(token, "manifests", {
    name: "70/15/15",
    dataset,
    method: "stratified",
    seed: 1,
  });
  return manifest.id;
}

/** A page is at rest once its network is, and what came has been laid out. */
async function openPage(page: Page, route: string): Promise<void> {
  await page.setViewportSize(DESK);
  // a colour on its way to another is no colour of the page
  await page.emulateMedia({ colorScheme: "light", reducedMotion: "reduce" });
  await page.goto(route);
  await expect(page.locator("main").first()).toBeVisible();
  // a page that streams has its title last
  await expect(page).toHaveTitle(/./);
  await page.evaluate(() => document.fonts.ready);
}

test("every page can be used by all, in light, dark and on a phone, and nothing jumps while it opens", async ({
  page,
}) => {
  test.setTimeout(240_000);
  const place = await withRuns(page, "Every page");
  const manifest = await makeManifest(place);
  const failed = await start(place, { name: "a run that failed", config: { lr: 1 } });
  await failed.fail({ reason: "crashed", message: "out of luck" });
  const empty = await newWorkplace(page, "Every page, empty");
  const { runs } = await ask<{ runs: { id: string }[] }>(place.token, "runs?limit=4");
  const [run] = runs;
  const loop = await post<{ number: number }>(place.token, "studies", {
    title: "A loop",
    mode: "loop",
    objective: { metric: "loss", split: "train", direction: "min" },
  });
  const project = `/projects/${place.slug}`;
  await page.addInitScript(watchShifts);
  for (const route of [
    "/",
    project,
    `${project}?by=config.family`,
    `${project}?q=config.family+%3D+none+of+them`,
    `/projects/${empty.slug}`,
    `${project}/runs/${run!.id}`,
    `${project}/runs/${run!.id}?tab=config`,
    `${project}/runs/${run!.id}?tab=files`,
    `${project}/runs/${failed.id}`,
    `${project}/compare?${runs.map(({ id }) => `run=${id}`).join("&")}`,
    `${project}/queue`,
    `${project}/queue/new?copy=${run!.id}`,
    `${project}/manifests`,
    `/projects/${empty.slug}/manifests`,
    `/projects/${empty.slug}/train`,
    `/projects/${empty.slug}/evaluations`,
    `/projects/${empty.slug}/looks`,
    `${project}/doubts`,
    `/projects/${empty.slug}/doubts`,
    `/projects/${empty.slug}/champion`,
    `/projects/${empty.slug}/reviews`,
    `/projects/${empty.slug}/history`,
    `${project}/reviews/new?run=${run!.id}`,
    "/inbox",
    `/projects/${empty.slug}/studies`,
    `${project}/studies/new`,
    `${project}/studies/${loop.number}/loop`,
    `${project}/manifests/${manifest}/looks`,
    `${project}/manifests/new`,
    `${project}/manifests/${manifest}`,
    `${project}/manifests/${manifest}/samples`,
    `${project}/manifests/${manifest}/compare`,
    `${project}/settings`,
    "/settings/account",
    "/settings/members",
    "/settings/datasets",
    "/settings/agents",
    "/settings/workspace",
    "/settings/audit",
  ])
    await test.step(route, async () => {
      await openPage(page, route);
      expect.soft(await violationsOf(page), `${route}, light`).toEqual([]);
      const shifted = await page.evaluate(() => window.shifted);
      expect.soft(shifted.value, `${route} jumps: ${shifted.what.join(" | ")}`).toBeLessThanOrEqual(SHIFT_MAX);
      await page.emulateMedia({ colorScheme: "dark" });
      expect.soft(await violationsOf(page, ["color-contrast"]), `${route}, dark`).toEqual([]);
      await page.setViewportSize(PHONE);
      const width = await page.evaluate(() => document.documentElement.scrollWidth);
      expect.soft(width, `${route} is wider than a phone`).toBeLessThanOrEqual(PHONE.width);
      // what a phone has of its own stands round all pages, and on that of the runs
      if (route === project) expect.soft(await violationsOf(page), `${route}, phone`).toEqual([]);
    });
});
