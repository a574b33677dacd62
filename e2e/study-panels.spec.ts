/** A study of forty trials as its page reviews it: what the checks saw, its figures, its trials as a table and a file. */
import { readFile } from "node:fs/promises";
import type { Download, Page } from "@playwright/test";
import type { ClaimedTrial } from "../lib/wire/studies/trials.ts";
import { violationsInBoth } from "./axe.ts";
import { expect, newWorkplace, test, tick, url, type Workplace } from "./workspace.ts";

const TRIALS = 40;
const RATE = "optimizer.learningRate";

async function post<Answer>({ token }: Workplace, route: string, body: unknown, method = "POST"): Promise<Answer> {
  const response = await fetch(`${url}/api/v1/${route}`, {
    method,
    headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
    body: JSON.stringify(body),
  });
  expect(response.status, await response.clone().text()).toBe(200);
  return (await response.json()) as Answer;
}

async function makeManifest(place: Workplace): Promise<string> {
  const dataset = { name: "of a study", version: "1" };
  const key = Array.from({ length: 200 }, (_, at) => `sample ${at}`);
  const { id } = await post<{ id: string }>(place, "datasets", dataset);
  const label = key.map((_, at) => (at % 2 === 0 ? "well" : "ill"));
  await post(place, `datasets/${id}/samples`, { key, label, text: key.map((name, at) => `${name}: ${at ** 3}`) });
  await post(place, `datasets/${id}/complete`, {});
  const manifest = { name: "70/15/15", dataset, method: "stratified", seed: 1 };
  return (await post<{ id: string }>(place, "manifests", manifest)).id;
}

/** Asks, trains and tells as a program that is its own worker: the higher the rate the better, but some fail. */
async function tryNext(place: Workplace, study: string): Promise<void> {
  const { trial } = await post<{ trial: ClaimedTrial }>(place, `studies/${study}/ask`, {});
  const rate = Number(trial.values![RATE]);
  const writer = crypto.randomUUID();
  await post(place, `runs/${trial.run.id}/writers`, { writer });
  const steps = Array.from({ length: 12 }, (_, at) => (at + 1) * 10);
  const end = 0.3 - 0.05 * (Math.log10(rate) + 4) + (trial.values!["optimizer.name"] === "sgd" ? 0.02 : 0);
  const loss = steps.map((step) => end + 0.5 * Math.exp(-step / 25));
  const groups = [{ split: "validation", steps, times: steps.map(() => Date.now()), metrics: { loss } }];
  await post(place, `runs/${trial.run.id}/metrics`, { writer, sequence: 1, groups });
  const hasFailed = rate > 0.003 && rate < 0.007;
  const failure = { reason: "diverged", message: "loss is NaN" };
  const outcome = hasFailed ? { outcome: "failed", failure } : { outcome: "finished" };
  await post(place, `trials/${trial.trial}/tell`, { lease: trial.lease, ...outcome });
}

async function withStudy(page: Page): Promise<{ place: Workplace; path: string }> {
  const place = await newWorkplace(page, "Reviewed");
  const study = await post<{ id: string; number: number }>(place, "studies", {
    title: "Which optimizer?",
    manifest: await makeManifest(place),
    base: { optimizer: { name: "adam", learningRate: 0.001 }, batchSize: 64 },
    space: [
      { kind: "float", path: RATE, low: 1e-4, high: 1e-1, scale: "log" },
      { kind: "categorical", path: "optimizer.name", role: "scientific", choices: ["adam", "sgd"] },
    ],
    objective: { metric: "loss", split: "validation", direction: "min" },
    trialsBudget: TRIALS,
  });
  await post(place, `studies/${study.id}`, { status: "open" }, "PATCH");
  for (let first = 0; first < TRIALS; first += 4)
    await Promise.all(Array.from({ length: 4 }, () => tryNext(place, study.id)));
  return { place, path: `/projects/${place.slug}/studies/${study.number}` };
}

const panel = (page: Page, name: string) => page.locator(`section[data-panel="${name}"]`);
const textOf = async (download: Download): Promise<string> => readFile(await download.path(), "utf8");

test("a study's page says what its trials show, draws it, and hands it out", async ({ page }) => {
  const { path } = await withStudy(page);
  await page.goto(path);

  // what was seen, by which rule, and what to do
  const boundary = panel(page, "axes").locator('[data-flag="boundary"]');
  await expect(boundary).toContainText("P29");
  await expect(boundary).toContainText(`The best of ${RATE} lies at the upper end of its range.`);
  await expect(boundary).toContainText("let it end at 1.");
  await expect(
    page.getByRole("navigation", { name: "Panels" }).getByRole("link", { name: /^Axis plots/ }),
  ).toContainText("flag");
  // what is missing says what would fill it
  await expect(panel(page, "throughput")).toContainText("A study of the batch size fills this");

  // trials: all, filtered, chosen, as a file
  const trials = panel(page, "trials");
  await expect(trials.getByText(`1 to 25 of ${TRIALS} trials`)).toBeVisible();
  const [saved] = await Promise.all([
    page.waitForEvent("download"),
    trials.getByRole("button", { name: "CSV", exact: true }).click(),
  ]);
  expect((await textOf(saved)).trim().split("\r\n")).toHaveLength(TRIALS + 1);
  await trials.getByRole("button", { name: /^infeasible/ }).click();
  await expect(trials.locator('tbody tr:not([data-state="infeasible"])')).toHaveCount(0);
  await expect(trials.locator("tbody tr").first()).toContainText("diverged");
  await tick(trials.getByRole("checkbox").first());
  await tick(trials.getByRole("checkbox").nth(1));
  await expect(trials.getByRole("link", { name: "Compare 2" })).toHaveAttribute("href", /compare\?run=.+&run=/);

  // figures are drawn as they come near, and are files
  const axis = page.locator(`[data-axis="${RATE}"]`);
  await axis.scrollIntoViewIfNeeded();
  await expect(axis.locator("svg[data-plot] path").first()).toBeAttached();
  const [svg] = await Promise.all([
    page.waitForEvent("download"),
    axis.getByRole("button", { name: /as SVG$/ }).click(),
  ]);
  expect(await textOf(svg)).toMatch(/^<svg[\s\S]*<path/);
  await panel(page, "curves").locator("table").scrollIntoViewIfNeeded();
  await expect(panel(page, "curves").locator('canvas[data-curves]:not([data-curves="0"])').first()).toBeVisible();
  expect(await violationsInBoth(page)).toEqual([]);

  await page.setViewportSize({ width: 390, height: 844 });
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390);
  await page.getByRole("link", { name: "Test looks" }).first().click();
  await expect(panel(page, "looks")).toBeInViewport();
});
