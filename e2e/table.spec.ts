/** The table of a project's runs: filters, columns, acts on many runs, views, charts beside it, CSV. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import type { Download, Page } from "@playwright/test";
import { type CreateRunOptions, createRun, type RunHandle } from "../trainer/src/client/client.ts";
import { expect, newWorkplace, test, url, type Workplace } from "./workspace.ts";

const spoolDir = mkdtempSync(path.join(tmpdir(), "holdout-e2e-spool-"));
test.afterAll(() => rmSync(spoolDir, { recursive: true, force: true }));

const start = (
  { token }: Workplace,
  options: Pick<CreateRunOptions, "name" | "config" | "metrics" | "seed">,
): Promise<RunHandle> => createRun({ url, token, spoolDir, code: false, ...options });

/** Runs that wait in the queue, as a program of its own makes them. */
async function queueRuns(
  { token }: Workplace,
  runs: { name: string; config: Record<string, unknown> }[],
): Promise<void> {
  for (const run of runs) {
    const response = await fetch(`${url}/api/v1/runs`, {
      method: "POST",
      headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
      body: JSON.stringify({ status: "queued", ...run }),
    });
    expect(response.status).toBe(200);
  }
}

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

test("names that other programs stumble over are columns, and an address with one that can't be keeps its table", async ({
  page,
}) => {
  const place = await newWorkplace(page, "Names");
  const prompt = "You are a patient teacher. ".repeat(16);
  await queueRuns(place, [
    { name: "emptykey", config: { "": 1, "a!12": 2, prompt: `${prompt}A` } },
    { name: "other", config: { "": 3, "a!12": 4, prompt: `${prompt}B` } },
  ]);
  await page.goto(`/projects/${place.slug}`);
  await expect(names(page)).toHaveText(["other", "emptykey"]);
  await expect(page.getByRole("columnheader", { name: '""', exact: true })).toBeVisible();
  await page.getByRole("columnheader", { name: "a!12" }).getByRole("link").click();
  await expect(names(page)).toHaveText(["emptykey", "other"]);
  const cell = rows(page).first().getByText("You are a patient teacher");
  await expect(cell).toHaveAttribute("title", `${prompt}A`);
  await expect(cell).toHaveText(/…$/);

  await page.goto(`/projects/${place.slug}?c=config&c=config.&c=config.a!12!&sort=-tags`);
  await expect(names(page)).toHaveText(["other", "emptykey"]);
  await expect(page.getByText("left out:")).toContainText('the column "config", the order by "-tags"');
  await expect(rows(page).first().locator("td").nth(4)).toHaveText("4");

  await page.getByLabel("Group by").selectOption("config.prompt");
  const groups = page.getByTestId("groups").locator("tbody tr");
  await expect(groups).toHaveCount(2);
  await groups.first().getByRole("link").click();
  await expect(rows(page)).toHaveCount(1);
});

test("a seed that is repeated is no further replicate", async ({ page }) => {
  const place = await newWorkplace(page, "Seeds");
  for (const seed of [1, 1]) {
    const run = await start(place, { name: "same", seed, config: { lr: 1 } });
    run.log({ split: "validation", step: 0, metrics: { accuracy: 0.892857 } });
    await run.finish();
  }
  await page.goto(`/projects/${place.slug}?by=replicates&c=validation/accuracy.last`);
  const row = page.getByTestId("groups").locator("tbody tr");
  await expect(row).toContainText("seed 1 × 2");
  await expect(row).toContainText("1 repeats a seed");
  await expect(row).toContainText("n = 1 of 2 runs");
  await expect(row).not.toContainText("±");
  const download = page.waitForEvent("download");
  await page.getByRole("button", { name: "CSV of the groups" }).click();
  const csv = await textOf(await download);
  expect(csv.startsWith("\ufeff")).toBe(true);
  expect(csv).toContain(",2,1,");
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
  await expect(page.getByText('left out: the order by "validation/accuracy.median"')).toBeVisible();
  await expect(names(page)).toHaveText(["mlp 3", "rnn 2", "cnn 1", "cnn 0"]);
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

test("a run is renamed by keys, which are where they were when it is done", async ({ page }) => {
  await withRuns(page, "Renaming");
  const actions = page.getByRole("button", { name: "Actions for cnn 1" });
  await actions.press("ArrowDown");
  await page.getByRole("menuitem", { name: "Rename" }).press("Enter");
  const name = page.getByRole("dialog", { name: "Rename run" }).getByLabel("Name");
  await expect(name).toBeFocused();
  await page.keyboard.press("Escape");
  await expect(actions).toBeFocused();
  await page.keyboard.press("Enter");
  await page.getByRole("menuitem", { name: "Rename" }).press("Enter");
  await name.fill("wider");
  await name.press("Enter");
  await expect(names(page)).toHaveText(["mlp 3", "rnn 2", "wider", "cnn 0"]);
  await expect(page.getByRole("button", { name: "Actions for wider" })).toBeFocused();
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

test("the values of all curves at the cursor stand in a table, best first, which keys move and the address keeps", async ({
  page,
}) => {
  await withRuns(page, "Cursor");
  await page.getByRole("button", { name: "Charts" }).click();
  await page.getByRole("button", { name: "Values of accuracy at the cursor" }).click();
  const table = page.getByRole("table", { name: "accuracy at the cursor" });
  const place = page.getByTestId("cursor-place");
  await expect(table.locator("tbody tr")).toHaveText([
    /^mlp 3 *validation *0\.43/,
    /^rnn 2 *validation *0\.42/,
    /^cnn 1 *validation *0\.41/,
    /^cnn 0 *validation *0\.40/,
  ]);
  await expect(place).toHaveText("step 4");
  const slider = page.getByRole("slider", { name: "Where accuracy is read" });
  await slider.press("Home");
  await slider.press("ArrowRight");
  await expect(place).toHaveText("step 1");
  await expect(table.locator("tbody tr").first()).toContainText("0.13");
  // the plot answers the pointer, and a click pins what it found
  await page.getByRole("button", { name: "Let the cursor follow the pointer" }).click();
  const plot = page.locator("#main figure").first().locator(".nsewdrag").first();
  const box = (await plot.boundingBox())!;
  const middle = [box.x + box.width / 2, box.y + box.height / 2] as const;
  await page.mouse.move(middle[0] - 2, middle[1]);
  await page.mouse.move(...middle);
  await expect(place).toHaveText("step 2");
  await page.mouse.click(...middle);
  await expect(page).toHaveURL(/charts=1&values=accuracy&at=2$/);
  await page.reload();
  await expect(place).toHaveText("step 2");
  await expect(table.locator("tbody tr").first()).toContainText(/mlp 3.*0\.23/);
});

test("the line between table and charts is dragged, moved by keys, and kept in the address", async ({ page }) => {
  await withRuns(page, "Split");
  await page.getByRole("button", { name: "Charts" }).click();
  const line = page.getByRole("separator", { name: "Width of the charts" });
  const charts = page.getByRole("region", { name: "Charts" });
  await expect(line).toHaveAttribute("aria-valuenow", "44");
  const before = (await charts.boundingBox())!;
  const box = (await line.boundingBox())!;
  await page.mouse.move(box.x + box.width / 2, box.y + 100);
  await page.mouse.down();
  await page.mouse.move(box.x - 150, box.y + 100, { steps: 5 });
  await page.mouse.up();
  await expect(page).toHaveURL(/split=5\d/);
  expect((await charts.boundingBox())!.width).toBeGreaterThan(before.width + 100);
  await line.press("End");
  await expect(line).toHaveAttribute("aria-valuenow", "20");
  await line.press("ArrowLeft");
  await expect(page).toHaveURL(/split=22/);
  await page.reload();
  await expect(line).toHaveAttribute("aria-valuenow", "22");
  await line.press("Enter");
  await expect(page).not.toHaveURL(/split=/);
});

test("a group opens in place, by keyboard too, and its runs are selected there", async ({ page }) => {
  const place = await withRuns(page, "Groups");
  await queueRuns(
    place,
    Array.from({ length: 60 }, (_, index) => ({ name: `vit ${index}`, config: { family: "vit" } })),
  );
  await page.goto(`/projects/${place.slug}?by=config.family&sort=name`);
  const groups = page.getByTestId("groups");
  const members = groups.locator("tbody tr[data-run] a");
  await page.getByRole("button", { name: "Runs of cnn" }).press("ArrowRight");
  await expect(members).toHaveText(["cnn 0", "cnn 1"]);
  await page.getByLabel("Select cnn 1").check();
  await expect(page.getByTestId("selected-count")).toHaveText("1 run selected");
  await page.getByRole("button", { name: "Runs of cnn" }).press("ArrowLeft");
  await expect(members).toHaveCount(0);
  await page.getByRole("button", { name: "Runs of vit" }).click();
  await expect(members).toHaveCount(50);
  await page.getByRole("button", { name: "Show 10 more" }).click();
  await expect(members).toHaveCount(60);
  const download = page.waitForEvent("download");
  await page.getByRole("button", { name: "CSV of the groups" }).click();
  const lines = (await textOf(await download)).split("\r\n");
  expect(lines[0]).toMatch(/^\ufeffconfig\.family,runs,of these with a seed that another has,code differs,/);
  expect(lines[1]).toMatch(/^vit,60,0,false,/);
});

test("paths that don't count between replicates are chosen, with what that changes said before", async ({ page }) => {
  const place = await newWorkplace(page, "Replicates");
  await queueRuns(
    place,
    ["/a", "/b", "/c"].map((root) => ({ name: `run ${root}`, config: { lr: 1, data: { root } } })),
  );
  await page.goto(`/projects/${place.slug}?by=replicates`);
  await expect(page.getByTestId("groups").getByText("n = 1")).toHaveCount(3);
  await page.getByRole("link", { name: "What counts" }).click();
  const section = page.getByRole("region", { name: "Replicates" });
  await expect(section.getByRole("status")).toHaveText("3 runs are 3 sets of replicates (3 with n = 1) now.");
  await section.getByLabel("Path that doesn't count").fill("data");
  await section.getByRole("button", { name: "Leave aside" }).click();
  await expect(section.getByRole("status")).toContainText("and would be 1 set of replicates.");
  await section.getByRole("button", { name: "Save" }).click();
  await expect(page.getByText("Saved: runs are grouped anew.", { exact: true })).toBeVisible();
  await page.goto(`/projects/${place.slug}?by=replicates`);
  await expect(page.getByText("the seed aside, and data.")).toBeVisible();
  await page.getByRole("button", { name: "Runs of run /c" }).click();
  await expect(page.getByTestId("groups").locator("tbody tr[data-run]")).toHaveCount(3);
});

test("an address selects a few runs, also those that the table doesn't show", async ({ page }) => {
  const { slug } = await withRuns(page, "Sharing");
  await page.getByLabel("Select cnn 0").check();
  await page.getByLabel("Select mlp 3").check();
  await expect(page).toHaveURL(/run=[0-9a-f-]{36}&run=[0-9a-f-]{36}/);
  const shared = new URL(page.url()).searchParams;
  shared.set("q", "config.family = rnn");
  shared.set("charts", "1");
  await page.goto(`/projects/${slug}?${shared}`);
  await expect(names(page)).toHaveText(["rnn 2"]);
  await expect(page.getByTestId("selected-count")).toHaveText("2 runs selected");
  await expect(page.getByTestId("chart-summary").first().locator("tbody tr")).toHaveText([/cnn 0/, /mlp 3/]);
  await page.getByRole("button", { name: "Clear" }).click();
  await expect(page).not.toHaveURL(/run=/);
});

test("a run on a later page changes where it stands, as those of the first page do", async ({ page }) => {
  const place = await newWorkplace(page, "Later");
  const oldest = await start(place, { name: "the oldest", config: {} });
  await queueRuns(
    place,
    Array.from({ length: 130 }, (_, index) => ({ name: `later ${index}`, config: {} })),
  );
  await page.goto(`/projects/${place.slug}`);
  const row = rows(page).filter({ hasText: "the oldest" });
  await rows(page).first().hover();
  await expect(async () => {
    await page.mouse.wheel(0, 5000);
    await expect(row).toBeVisible({ timeout: 1000 });
  }).toPass();
  await expect(row).toContainText("running");
  await oldest.finish();
  await expect(row).toContainText("finished");
});

test("keys beyond those that are listed are found while typing, as columns and in filters", async ({ page }) => {
  const place = await newWorkplace(page, "Keys");
  const many = Object.fromEntries(Array.from({ length: 2100 }, (_, index) => [`k${index}`, index]));
  await queueRuns(place, [
    { name: "warm", config: { many, zeta: 0.75 } },
    { name: "cold", config: { many, zeta: 0.75 } },
  ]);
  await page.goto(`/projects/${place.slug}`);
  await page.getByRole("button", { name: "Columns" }).click();
  await page.getByLabel("Find a column").fill("zeta");
  await page.getByRole("button", { name: "+ config.zeta" }).click();
  await page.getByRole("button", { name: "Close" }).click();
  await expect(page).toHaveURL(/c=config\.zeta/);
  await page.reload();
  await expect(page.getByRole("columnheader", { name: "zeta" })).toHaveClass(/number/);
  await filter(page).fill("config.zet");
  await page.getByRole("option", { name: "config.zeta" }).click();
  await filter(page).fill("config.zeta > 0.5 and name = cold");
  await page.keyboard.press("Escape");
  await page.keyboard.press("Enter");
  await expect(names(page)).toHaveText(["cold"]);
});

test("all runs that match are selected in an address, until the filter finds others", async ({ page }) => {
  const place = await newWorkplace(page, "All");
  await queueRuns(
    place,
    Array.from({ length: 130 }, (_, index) => ({ name: `run ${index}`, config: { half: index % 2 } })),
  );
  await page.goto(`/projects/${place.slug}`);
  await page.getByLabel("Select the runs that are loaded").check();
  await page.getByRole("button", { name: "Select all 130" }).click();
  await expect(page).toHaveURL(/run=all/);
  await page.reload();
  await expect(page.getByTestId("selected-count")).toHaveText("130 runs selected");
  await page.getByLabel("Tag", { exact: true }).fill("all");
  await page.getByRole("button", { name: "Tag", exact: true }).click();
  await expect(page.getByText("130 runs tagged all", { exact: true })).toBeVisible();
  await expect(page).not.toHaveURL(/run=/);
  await page.goto(`/projects/${place.slug}?run=all`);
  await filter(page).fill("config.half = 1");
  await page.keyboard.press("Escape");
  await page.keyboard.press("Enter");
  await expect(page.getByTestId("run-count")).toHaveText("65 of 130 runs");
  await expect(page.getByTestId("selected-count")).toHaveCount(0);
  await expect(page).not.toHaveURL(/run=/);
});

test("a deleted run is purged for good in the page", async ({ page }) => {
  const { slug } = await withRuns(page, "Purging");
  await page.getByLabel("Select cnn 0").check();
  await page.getByRole("button", { name: "Delete" }).click();
  await expect(page.getByText("1 run deleted", { exact: true })).toBeVisible();
  await page.goto(`/projects/${slug}/settings`);
  const deleted = page.getByRole("region", { name: "Deleted runs" });
  await expect(deleted).toContainText("cnn 0");
  await deleted.getByRole("button", { name: "Purge" }).click();
  await page.getByRole("button", { name: "Purge for good" }).click();
  await expect(page.getByText("cnn 0 is gone for good.", { exact: true })).toBeVisible();
  await expect(deleted).toHaveCount(0);
});

test("the CSV has every run that matches", async ({ page }) => {
  await withRuns(page, "Export");
  const download = page.waitForEvent("download");
  await page.getByRole("link", { name: "CSV" }).click();
  expect((await textOf(await download)).split("\r\n").filter(Boolean)).toHaveLength(families.length + 1);
});

async function textOf(download: Download): Promise<string> {
  let text = "";
  for await (const chunk of await download.createReadStream()) text += chunk;
  return text;
}

test("a project whose name isn't Latin has all its pages", async ({ page }) => {
  const place = await newWorkplace(page, "道路標識 Дорога");
  const run = await start(place, { name: "первый", config: {} });
  await run.finish();
  await page.goto("/");
  await page.getByRole("main").getByRole("link", { name: "道路標識 Дорога" }).click();
  await page.getByRole("link", { name: "первый" }).click();
  await expect(page.getByRole("heading", { level: 1 })).toContainText("первый");
  for (const part of ["", "/manifests", "/manifests/new", "/settings", `/runs/${run.id}`]) {
    const answer = await page.goto(`/projects/${place.slug}${part}`);
    expect(answer?.status()).toBe(200);
  }
});
