/** A run is logged by the real client while a real browser looks. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import type { Page, Route } from "@playwright/test";
import { createRun, type RunHandle } from "../trainer/src/client/client.ts";
import { openNetwork } from "./line.ts";
import { expect, newWorkplace, summaryRow, test, url, type Workplace, watchForErrors } from "./workspace.ts";

const spoolDir = mkdtempSync(path.join(tmpdir(), "holdout-e2e-spool-"));
test.afterAll(() => rmSync(spoolDir, { recursive: true, force: true }));

const start = ({ token }: Workplace, options: object = {}): Promise<RunHandle> =>
  createRun({ url, token, spoolDir, code: false, config: { learningRate: 0.1 }, ...options });

function log(run: RunHandle, from: number, to: number): void {
  for (let step = from; step < to; step++) {
    run.log({ split: "train", step, metrics: { loss: 1 / (step + 1) } });
    if (step % 10 === 0) run.log({ split: "validation", step, metrics: { loss: 2 / (step + 1) } });
  }
}

/** In the browser: how many pixels of a canvas have something on them. */
function inkOf(canvas: HTMLCanvasElement | SVGElement | HTMLElement): number {
  const { width, height } = canvas as HTMLCanvasElement;
  const { data } = (canvas as HTMLCanvasElement).getContext("2d")!.getImageData(0, 0, width, height);
  return data.filter((value, index) => index % 4 === 3 && value > 0).length;
}

test("a run that is logged now appears in the open list, and its points in the open chart as they come", async ({
  page,
}) => {
  const place = await newWorkplace(page, "Live");
  await page.goto(`/projects/${place.slug}`);
  await expect(page.getByText("No runs yet")).toBeVisible();
  const arrived = page.getByRole("region", { name: "What has arrived" });
  await expect(arrived).toContainText("no machine has used it yet");
  const headers = { authorization: `Bearer ${place.token}`, "content-type": "application/json" };
  const dataset = JSON.stringify({ name: "digits", version: "1" });
  await fetch(`${url}/api/v1/datasets`, { method: "POST", headers, body: dataset });
  await expect(arrived).toContainText("A machine came with the token a machine");
  await expect(arrived).toContainText("Dataset digits 1 is arriving");
  const run = await start(place, { name: "as you watch" });
  await page.getByRole("link", { name: "as you watch" }).click();
  log(run, 0, 50);
  await expect(summaryRow(page, "train/loss")).toHaveAttribute("data-points", "50");
  await expect(summaryRow(page, "validation/loss")).toHaveAttribute("data-points", "5");
  await expect.poll(() => page.locator("figure canvas[data-curves]").first().evaluate(inkOf)).toBeGreaterThan(50);
  log(run, 50, 80);
  await expect(summaryRow(page, "train/loss")).toHaveAttribute("data-points", "80");
  await run.finish();
  await expect(page.getByText("finished", { exact: true }).first()).toBeVisible();
});

test("a page reads itself once after it opened, in each of two tabs that open together", async ({ page, context }) => {
  const place = await newWorkplace(page, "Once");
  await (await start(place, { name: "ended" })).finish();
  const tabs = [await context.newPage(), await context.newPage()];
  await page.goto("about:blank");
  const read = async (tab: Page) => {
    const reads: string[] = [];
    tab.on("request", (request) => request.headers().rsc === "1" && reads.push(request.url()));
    await tab.clock.install();
    const again = tab.waitForResponse((response) => response.request().headers().rsc === "1");
    await tab.goto(`/projects/${place.slug}`);
    await expect(tab.locator('[data-live="live"]')).toBeVisible();
    await again;
    return reads;
  };
  const reads = await Promise.all(tabs.map(read));
  // the pause between two reads is over, several times
  for (const tab of tabs) await tab.clock.runFor(5_000);
  expect(reads.map((each) => each.length)).toEqual([1, 1]);
});

test("points that come while a page is on its way to the browser are on it", async ({ page, context }) => {
  const place = await newWorkplace(page, "On its way");
  const run = await start(place, { name: "quick" });
  const other = await context.newPage();
  for (const tab of [other, page]) {
    await tab.goto(`/projects/${place.slug}`);
    await expect(tab.locator('[data-live="live"]')).toBeVisible();
  }
  const answer = async (route: Route) => {
    const response = await route.fetch();
    log(run, 0, 50);
    // once the other tab shows them, the notice has gone by
    await expect(other.getByRole("columnheader", { name: "train loss" })).toBeVisible();
    await route.fulfill({ response });
  };
  await page.route(/\/runs\/[^?]+\?.*_rsc=/, answer, { times: 1 });
  await page.getByRole("link", { name: "quick" }).click();
  await expect(summaryRow(page, "train/loss")).toHaveAttribute("data-points", "50");
  await run.finish();
});

test("a page that lost its connection catches up without gaps", async ({ page, context, browser, strayErrors }) => {
  const place = await newWorkplace(page, "Cut");
  const run = await start(place, { name: "cut" });
  log(run, 0, 20);
  await run.flush();
  const network = await openNetwork();
  const proxy = { server: `http://127.0.0.1:${network.port}` };
  const far = await browser.newContext({ baseURL: url, storageState: await context.storageState(), proxy });
  watchForErrors(far, strayErrors);
  const tab = await far.newPage();
  await tab.goto(`/projects/${place.slug}/runs/${run.id}`);
  await expect(summaryRow(tab, "train/loss")).toHaveAttribute("data-points", "20");
  await expect(tab.locator('[data-live="live"]')).toBeVisible();
  network.cut();
  await expect(tab.locator('[data-live="reconnecting"]')).toBeVisible();
  log(run, 20, 60);
  await run.flush();
  await expect(summaryRow(tab, "train/loss")).toHaveAttribute("data-points", "20");
  await network.mend();
  await expect(summaryRow(tab, "train/loss")).toHaveAttribute("data-points", "60", { timeout: 30_000 });
  log(run, 60, 61);
  await expect(summaryRow(tab, "train/loss")).toHaveAttribute("data-points", "61");
  await run.finish();
  await far.close();
  network.close();
});

test("what is opened while the network is away says so, and opens once it is back", async ({ page, context }) => {
  await page.goto("/");
  const create = page.getByRole("button", { name: "New project" });
  const menu = page.getByRole("button", { name: /theme and sign out/ });
  const refused = page.getByText("This could not be fetched from the server.");
  await expect(create).toBeVisible();
  await context.setOffline(true);
  await create.click();
  await expect(refused).toHaveCount(1);
  await expect(page.getByRole("dialog")).toBeHidden();
  await menu.click();
  await expect(refused).toHaveCount(2);
  await page.keyboard.press("Control+K");
  await expect(refused).toHaveCount(3);
  await context.setOffline(false);
  await page.keyboard.press("Control+K");
  await expect(page.getByRole("dialog")).toBeVisible();
  await page.keyboard.press("Escape");
  await menu.click();
  await expect(page.getByRole("menuitem", { name: "Sign out" })).toBeVisible();
  await page.keyboard.press("Escape");
  await create.click();
  await expect(page.getByRole("dialog").getByLabel("Name")).toBeVisible();
});

test("why a run failed, and that it diverged, is on its page and in the list", async ({ page }) => {
  const place = await newWorkplace(page, "Failing");
  const run = await start(place, { name: "too fast" });
  run.log({ split: "train", step: 0, metrics: { loss: 2 } });
  run.log({ split: "train", step: 1, metrics: { loss: Number.NaN } });
  await run.fail({ reason: "diverged", message: "loss is NaN at step 1" });
  await page.goto(`/projects/${place.slug}/runs/${run.id}`);
  await expect(page.getByRole("region", { name: "Why it ended" })).toContainText("loss is NaN at step 1");
  await expect(summaryRow(page, "train/loss")).toHaveAttribute("data-last", "NaN");
  await page.goto(`/projects/${place.slug}`);
  await expect(page.getByRole("row", { name: /too fast/ })).toContainText("diverged");
});

test("test numbers that a client logs are named on the page and shown nowhere", async ({ page }) => {
  const place = await newWorkplace(page, "Peeking");
  const run = await start(place, { name: "peeking" });
  for (let step = 0; step < 3; step++) run.log({ step, metrics: { test_acc: 0.987654, other: 1 } });
  await run.finish();
  await page.goto(`/projects/${place.slug}/runs/${run.id}`);
  await expect(page.getByText("test_acc").first()).toBeVisible();
  await expect(page.locator("body")).not.toContainText("0.9877");
  await page.goto(`/projects/${place.slug}`);
  await expect(page.getByRole("columnheader", { name: "other" })).toBeVisible();
  await expect(page.locator("main, body").first()).not.toContainText("test_acc");
});

test("runs sort and filter by the address, and a deleted one can be had back", async ({ page }) => {
  const place = await newWorkplace(page, "Sorting");
  for (const [name, loss] of [
    ["middling", 2],
    ["best", 1],
    ["worst", 3],
  ] as const) {
    const run = await start(place, { name, metrics: [{ name: "loss", direction: "min", unit: "nat" }] });
    run.log({ split: "validation", step: 0, metrics: { loss } });
    await run.finish();
  }
  await page.goto(`/projects/${place.slug}?sort=validation/loss.min`);
  const names = page.getByTestId("runs").locator("tbody tr a");
  await expect(names).toHaveText(["best", "middling", "worst"]);
  await page.getByRole("columnheader", { name: /^best/ }).getByRole("link").click();
  await expect(names).toHaveText(["worst", "middling", "best"]);
  await page.getByRole("combobox", { name: "Filter runs" }).fill("mid");
  await page.keyboard.press("Enter");
  await expect(names).toHaveText(["middling"]);
  await expect(page).toHaveURL(/q=mid/);
  await page.getByRole("button", { name: "Actions for middling" }).click();
  await page.getByRole("menuitem", { name: "Delete" }).click();
  await expect(page.getByText("None of the 2 runs matches.")).toBeVisible();
  await page.getByRole("button", { name: "Undo" }).click();
  await expect(names).toHaveText(["middling"]);
});
