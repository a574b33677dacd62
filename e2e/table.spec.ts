/** The table of a project's runs: filters, columns, acts on many runs, views, charts beside it, CSV. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import type { Page } from "@playwright/test";
import { type CreateRunOptions, createRun, type RunHandle } from "../trainer/src/client.ts";
import { expect, newWorkplace, test, url, type Workplace } from "./workspace.ts";

const spoolDir = mkdtempSync(path.join(tmpdir(), "holdout-e2e-spool-"));
test.afterAll(() => rmSync(spoolDir, { recursive: true, force: true }));

const start = (
  { token }: Workplace,
  options: Pick<CreateRunOptions, "name" | "config" | "metrics">,
): Promise<RunHandle> => createRun({ url, token, spoolDir, code: false, ...options });

const families = ["cnn", "cnn", "rnn", "mlp"];

async function withRuns(page: Page, name: string): Promise<Workplace> {
  const place = await newWorkplace(page, name);
  for (const [index, family] of families.entries()) {
    const run = await start(place, {
      name: `${family} ${index}`,
      config: { family, optimizer: { lr: 10 ** -index } },
      metrics: [{ name: "accuracy", direction: "max", unit: "" }],
    });
    for (let step = 0; step < 5; step++)
      run.log({ split: "validation", step, metrics: { accuracy: step / 10 + index / 100 } });
    await run.finish();
  }
  await page.goto(`/projects/${place.slug}`);
  await expect(rows(page)).toHaveCount(families.length);
  return place;
}

const rows = (page: Page) => page.getByTestId("runs").locator("tbody tr[data-run]");
const names = (page: Page) => rows(page).locator("a");
const filter = (page: Page) => page.getByRole("combobox", { name: "Filter runs" });

test("a filter is completed, explained where it is wrong, shown as chips, and kept in the address", async ({
  page,
}) => {
  await withRuns(page, "Filters");
  await filter(page).fill("config.fam");
  await expect(page.getByRole("option", { name: "config.family" })).toBeVisible();
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Enter");
  await expect(filter(page)).toHaveValue("config.family ");
  await filter(page).fill("config.family = cnn and config.optimizer.lr <");
  await page.keyboard.press("Escape");
  await expect(page.getByRole("alert").first()).toContainText("expected a value");
  await filter(page).fill("config.family = cnn and config.optimizer.lr < 0.5");
  await page.keyboard.press("Escape");
  await page.keyboard.press("Enter");
  await expect(names(page)).toHaveText(["cnn 1"]);
  await expect(page.getByTestId("run-count")).toHaveText("1 of 4 runs");
  await page.getByRole("button", { name: "Take away the filter config.optimizer.lr < 0.5" }).click();
  await expect(names(page)).toHaveText(["cnn 1", "cnn 0"]);
  await page.reload();
  await expect(names(page)).toHaveText(["cnn 1", "cnn 0"]);
});

test("columns are chosen, moved and kept in the address, and only those are sorted by that exist", async ({ page }) => {
  const { slug } = await withRuns(page, "Columns");
  await page.getByRole("button", { name: "Columns" }).click();
  await page.getByLabel("Find a column").fill("accuracy mean");
  await page.getByRole("button", { name: "+ validation/accuracy.mean" }).click();
  await page.getByRole("button", { name: "Close" }).click();
  await expect(page.getByRole("columnheader", { name: "mean" })).toBeVisible();
  await page.getByRole("columnheader", { name: "mean" }).getByRole("link").click();
  await expect(names(page)).toHaveText(["mlp 3", "rnn 2", "cnn 1", "cnn 0"]);
  await expect(page).toHaveURL(/sort=-validation%2Faccuracy\.mean/);
  await page.goto(`/projects/${slug}?sort=validation/accuracy.median`);
  await expect(page.getByText("there is no column")).toBeVisible();
  await page.getByRole("link", { name: "Sort by time instead" }).click();
  await expect(rows(page)).toHaveCount(4);
});

test("selected runs are tagged, archived and deleted, and each can be undone", async ({ page }) => {
  await withRuns(page, "Selection");
  await page.getByLabel("Select cnn 0").check();
  await page.getByLabel("Select cnn 1").check();
  await expect(page.getByTestId("selected-count")).toHaveText("2 runs selected");
  await page.getByLabel("Tag", { exact: true }).fill("baseline");
  await page.getByRole("button", { name: "Tag", exact: true }).click();
  await expect(page.getByText("2 runs tagged baseline", { exact: true })).toBeVisible();
  await filter(page).fill("tags = baseline");
  await page.keyboard.press("Escape");
  await page.keyboard.press("Enter");
  await expect(names(page)).toHaveText(["cnn 1", "cnn 0"]);
  await page.getByLabel("Select the runs that are loaded").check();
  await page.getByRole("button", { name: "Archive" }).click();
  await expect(page.getByText("No run matches")).toBeVisible();
  await page.getByLabel("archived").check();
  await expect(rows(page)).toHaveCount(2);
  await page.getByLabel("Select cnn 0").check();
  await page.getByRole("button", { name: "Delete" }).click();
  await expect(names(page)).toHaveText(["cnn 1"]);
  await page.getByRole("button", { name: "Undo" }).last().click();
  await expect(names(page)).toHaveText(["cnn 1", "cnn 0"]);
});

test("a view is saved under a name and found again", async ({ page }) => {
  const { slug } = await withRuns(page, "Views");
  await page.goto(`/projects/${slug}?q=config.family+%3D+cnn&sort=name`);
  await page.getByRole("button", { name: "Views" }).click();
  await page.getByLabel("Name of this view").fill("Convolutions");
  await page.getByRole("button", { name: "Save", exact: true }).click();
  await expect(page.getByRole("link", { name: "Convolutions" })).toBeVisible();
  await page.goto(`/projects/${slug}`);
  await page.getByRole("button", { name: "Views" }).click();
  await page.getByRole("link", { name: "Convolutions" }).click();
  await expect(names(page)).toHaveText(["cnn 0", "cnn 1"]);
});

test("charts stand beside the table, of the selected runs", async ({ page }) => {
  await withRuns(page, "Beside");
  await page.getByRole("button", { name: "Charts" }).click();
  const summary = page.getByTestId("chart-summary").first().locator("tbody tr");
  await expect(summary).toHaveCount(4);
  await page.getByLabel("Select rnn 2").check();
  await expect(summary).toHaveCount(1);
});

test("the CSV has every run that matches", async ({ page }) => {
  await withRuns(page, "Export");
  const download = page.waitForEvent("download");
  await page.getByRole("link", { name: "CSV" }).click();
  const stream = await (await download).createReadStream();
  let text = "";
  for await (const chunk of stream) text += chunk;
  expect(text.split("\r\n").filter(Boolean)).toHaveLength(families.length + 1);
});
