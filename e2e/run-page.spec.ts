/** The page of a run: what it opens on, what its header says, and how its config differs from another's. */
import { createHash } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import type { Page } from "@playwright/test";
import { createRun, type RunHandle } from "../trainer/src/client/client.ts";
import { expect, newWorkplace, test, url, type Workplace } from "./workspace.ts";

const spoolDir = mkdtempSync(path.join(tmpdir(), "holdout-e2e-spool-"));
test.afterAll(() => rmSync(spoolDir, { recursive: true, force: true }));

type Given = { name: string; config?: object; seed?: number; notes?: string };

const start = ({ token }: Workplace, given: Given): Promise<RunHandle> =>
  createRun({ url, token, spoolDir, code: false, system: false, console: false, config: {}, ...given } as never);

const EPOCH = 10;

/** An epoch is ten steps; its validation accuracy stands at the step that ends it. */
function logEpochs(run: RunHandle, accuracies: number[]): void {
  for (const [index, accuracy] of accuracies.entries()) {
    const step = (index + 1) * EPOCH;
    run.log({ split: "train", step, metrics: { accuracy: 0.999 } });
    run.log({ split: "validation", step, metrics: { accuracy } });
    run.log({ step, metrics: { epoch: index + 1 } });
  }
}

async function choosePrimary(page: Page, { slug }: Workplace, metric: string): Promise<void> {
  await page.goto(`/projects/${slug}/settings`);
  const section = page.getByRole("region", { name: "Primary metric" });
  await section.getByLabel("Primary metric").fill(metric);
  await section.getByRole("button", { name: "Save" }).click();
  await expect(page.getByText("Metric saved.", { exact: true })).toBeVisible();
}

async function send({ token }: Workplace, route: string, body: object): Promise<Response> {
  const headers = { authorization: `Bearer ${token}`, "content-type": "application/json" };
  return fetch(`${url}/api/v1/${route}`, { method: "POST", headers, body: JSON.stringify(body) });
}

const pageOf = ({ slug }: Workplace, run: { id: string }): string => `/projects/${slug}/runs/${run.id}`;
const answer = (page: Page) => page.getByRole("region", { name: "Answer" });
const best = (page: Page) => answer(page).getByTestId("best-value");
const againstBest = (page: Page) => answer(page).getByTestId("against-best");
const replicates = (page: Page) => answer(page).getByTestId("among-replicates");

test("a run opens on its best value, with epoch, step and checkpoint, against the project's best and its replicates", async ({
  page,
}) => {
  const place = await newWorkplace(page, "Answers");
  await choosePrimary(page, place, "accuracy");
  const config = { lr: 0.1 };
  const first = await start(place, { name: "first seed", config, seed: 1 });
  logEpochs(first, [0.5, 0.9, 0.7]);
  for (const [name, step] of [
    ["early", 10],
    ["kept", 21],
  ] as const)
    await first.checkpoint(
      { path: `${name}.bin`, step, epoch: step / EPOCH, values: {} },
      Buffer.from(`weights ${name}`),
    );
  await first.finish();
  await page.goto(pageOf(place, first));
  await expect(best(page)).toHaveText("0.9000");
  await expect(answer(page)).toContainText("best");
  await expect(answer(page)).toContainText("epoch 2");
  await expect(answer(page)).toContainText("step 20");
  await expect(againstBest(page)).toContainText("The only one so far");
  await expect(replicates(page)).toContainText("One seed: unknown");
  await answer(page).getByRole("link", { name: "nearest checkpoint: step 21" }).click();
  await expect(page).toHaveURL(/tab=files#/);
  await expect(page.locator("tr:target")).toContainText("kept.bin");

  const second = await start(place, { name: "second seed", config, seed: 2 });
  logEpochs(second, [0.8]);
  await second.finish();
  const other = await start(place, { name: "still better", config: { lr: 1 }, seed: 3 });
  logEpochs(other, [0.95]);
  // the page follows its own run: the others are as they were when it was read
  await expect(async () => {
    await page.goto(pageOf(place, first));
    await expect(againstBest(page)).toContainText("−0.0500", { timeout: 1000 });
    await expect(replicates(page)).toContainText("mean of 2 seeds", { timeout: 1000 });
  }).toPass();
  await expect(againstBest(page)).toContainText("worse than the project's best, still better (0.9500)");
  await expect(replicates(page)).toContainText("0.8500 ±");
  await replicates(page).getByRole("link", { name: "2 runs" }).click();
  await expect(page.getByTestId("runs").locator("tbody tr a").filter({ hasText: "seed" })).toHaveCount(2);

  // the page follows a run that is at work
  await page.goto(pageOf(place, other));
  await expect(best(page)).toHaveText("0.9500");
  await expect(answer(page)).toContainText("best so far");
  await expect(againstBest(page)).toContainText("This is the project's best");
  await expect(againstBest(page)).toContainText("+0.0500, better than the next, first seed (0.9000)");
  other.log({ split: "validation", step: 20, metrics: { accuracy: 0.97 } });
  await expect(best(page)).toHaveText("0.9700");
  await expect(againstBest(page)).toContainText("+0.0700");
  await other.finish();
});

test("a run without an answer says why, and what to do", async ({ page }) => {
  const place = await newWorkplace(page, "No answers");
  const failed = await start(place, { name: "out of memory" });
  failed.log({ split: "train", step: 0, metrics: { loss: 2 } });
  await failed.fail({ reason: "out-of-memory", message: "tried to allocate 2.3 GiB" });
  await page.goto(pageOf(place, failed));
  await expect(answer(page)).toContainText("No primary metric");
  await expect(answer(page)).toContainText("It logged train loss.");
  await answer(page).getByRole("link", { name: "Choose it" }).click();
  await expect(page).toHaveURL(/settings#primary-metric$/);

  await choosePrimary(page, place, "accuracy");
  await page.goto(pageOf(place, failed));
  await expect(answer(page)).toContainText("It failed before it logged any validation accuracy.");
  await expect(page.getByRole("region", { name: "Why it ended" })).toContainText("tried to allocate 2.3 GiB");

  const created = await send(place, "runs", { name: "waiting", status: "queued", config: {} });
  const queued = (await created.json()) as { id: string };
  await page.goto(pageOf(place, queued));
  await expect(answer(page)).toContainText("Not started");

  const diverged = await start(place, { name: "only NaN" });
  diverged.log({ split: "validation", step: 0, metrics: { accuracy: Number.NaN } });
  await diverged.finish();
  await page.goto(pageOf(place, diverged));
  await expect(answer(page)).toContainText("1 value of validation accuracy came, and none is finite.");

  const peeking = await start(place, { name: "peeking" });
  peeking.log({ step: 0, metrics: { test_accuracy: 0.987654 } });
  logEpochs(peeking, [0.5]);
  await peeking.finish();
  await page.goto(pageOf(place, peeking));
  await expect(best(page)).toHaveText("0.5000");
  await expect(page.locator("body")).not.toContainText("0.9877");
  await page.getByRole("link", { name: "1 series quarantined" }).click();
  await expect(page.getByRole("region", { name: "Quarantined series" })).toContainText(
    "logged as the metric test_accuracy",
  );
});

test("a run whose project uses manifests wears its manifest's verdict, or that it cites none, and is compared on its own", async ({
  page,
}) => {
  const place = await newWorkplace(page, "Cited");
  await choosePrimary(page, place, "accuracy");
  const uncited = await start(place, { name: "uncited" });
  logEpochs(uncited, [0.9]);
  await uncited.finish();
  await page.goto(pageOf(place, uncited));
  await expect(page.getByText("cites no manifest")).toHaveCount(0);
  const manifest = await newManifest(place);
  await page.reload();
  await expect(page.getByText("cites no manifest", { exact: true })).toBeVisible();
  const cited = await createRun({
    url,
    token: place.token,
    spoolDir,
    code: false,
    config: {},
    name: "cited",
    manifest,
  });
  logEpochs(cited, [0.5]);
  await cited.finish();
  await page.goto(pageOf(place, cited));
  await expect(page.getByRole("link", { name: "three cats" })).toBeVisible();
  await expect(againstBest(page)).toContainText("Not comparable");
  await expect(againstBest(page)).toContainText("The project's best, uncited (0.9000), cites no manifest");
});

/** Three samples, one a split. */
async function newManifest(place: Workplace): Promise<string> {
  const dataset = { name: "cats", version: "1" };
  expect((await send(place, "datasets", dataset)).ok).toBe(true);
  const key = ["a", "b", "c"];
  const contentHash = key.map((one) => createHash("sha256").update(one).digest("hex"));
  const samples = { key, split: ["train", "validation", "test"], label: ["cat", "cat", "cat"], contentHash };
  const sent = await send(place, "manifests", { name: "three cats", dataset, method: "given", samples });
  expect(sent.ok).toBe(true);
  return ((await sent.json()) as { id: string }).id;
}

test("the config says what differs from the best run, or from one that is chosen by name; what is the same is a click away", async ({
  page,
}) => {
  const place = await newWorkplace(page, "Configs");
  await choosePrimary(page, place, "accuracy");
  const shared = { family: "cnn", model: { width: 16 } };
  const run = await start(place, {
    name: "of interest",
    seed: 1,
    config: { ...shared, optimizer: { name: "sgd", learningRate: 0.1 } },
  });
  const good = await start(place, {
    name: "the good one",
    seed: 1,
    config: { ...shared, optimizer: { name: "adam", learningRate: 0.1 } },
  });
  logEpochs(good, [0.9]);
  const distant = await start(place, { name: "distant relative", seed: 2, config: { ...shared, dropout: 0.5 } });
  for (const one of [run, good, distant]) await one.finish();
  await page.goto(`${pageOf(place, run)}?tab=config`);
  const config = page.getByRole("table", { name: "Config", exact: true });
  await expect(config.getByRole("columnheader")).toHaveText(["Key", "this run", "the good one"]);
  await expect(config.getByRole("row", { name: /^optimizer\.\s*name .*sgd adam/ })).toBeVisible();
  await expect(config.getByRole("row")).toHaveCount(3);
  await expect(page.getByRole("row", { name: /^family .*cnn$/ })).toBeHidden();
  await page.getByText("6 values the same in both").click();
  await expect(page.getByRole("row", { name: /^family .*cnn$/ })).toBeVisible();
  await expect(page.getByRole("row", { name: /^optimizer\.\s*learningRate .*0.1$/ })).toBeVisible();

  // by the keyboard alone
  await page.locator("summary", { hasText: "Differs from the good one" }).focus();
  await page.keyboard.press("Enter");
  await page.getByRole("searchbox", { name: "Find a run by its name" }).pressSequentially("relative");
  const found = page.getByRole("list", { name: "Runs to compare with" }).getByRole("link");
  await expect(found).toHaveText(["distant relative"]);
  await page.keyboard.press("Tab");
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(new RegExp(`differs=${distant.id}`));
  await expect(config.getByRole("row", { name: "dropout not set 0.5" })).toBeVisible();
  await expect(config.getByRole("row", { name: /^optimizer\.\s*learningRate .*0.1 not set/ })).toBeVisible();
  await expect(config.getByRole("row", { name: "seed 1 2" })).toBeVisible();
  await page.reload();
  await page.getByText("Differs from distant relative").click();
  await page.getByRole("link", { name: "no run: all of the config" }).click();
  await expect(config.getByRole("row", { name: /^optimizer\.\s*name .*sgd$/ })).toBeVisible();
  await expect(config.getByRole("columnheader")).toHaveCount(0);
});

test("notes are written in the header and read as Markdown; on a phone nothing is wider than the screen, and nothing moves", async ({
  page,
}) => {
  const place = await newWorkplace(page, "Notes");
  await choosePrimary(page, place, "accuracy");
  const run = await start(place, {
    name: "a-run-with-a-name-that-has-no-place-to-break-and-goes-on-for-very-long-indeed",
  });
  logEpochs(run, [0.5]);
  await run.finish();
  await page.goto(pageOf(place, run));
  await page.getByRole("button", { name: "Add a note" }).click();
  await page
    .getByLabel("Notes, in Markdown")
    .fill("## Warm-up **helps**\n\n| lr | accuracy |\n|---|---|\n| 0.1 | 0.9 |\n");
  await page.getByRole("button", { name: "Save notes" }).click();
  await page.getByRole("link", { name: "Warm-up helps · lr accuracy" }).click();
  await expect(page).toHaveURL(/tab=config#notes$/);
  await expect(page.locator("#notes").getByRole("columnheader", { name: "lr" })).toBeVisible();
  await page.setViewportSize({ width: 390, height: 844 });
  await page.addInitScript(watchShifts);
  for (const tab of ["charts", "config", "files", "model"]) {
    await page.goto(`${pageOf(place, run)}?tab=${tab}`);
    await expect(page.locator('[data-live="live"]')).toBeVisible();
    expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth), tab).toBeLessThanOrEqual(0);
    expect(await page.evaluate(() => (window as unknown as { shift: number }).shift), tab).toBeLessThanOrEqual(0.01);
  }
});

/** In the browser: sums up what moved by itself. */
function watchShifts(): void {
  const sums = window as unknown as { shift: number };
  sums.shift = 0;
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries() as (PerformanceEntry & { value: number; hadRecentInput: boolean })[])
      if (!entry.hadRecentInput) sums.shift += entry.value;
  }).observe({ type: "layout-shift", buffered: true });
}
