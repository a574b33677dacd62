/** The table of a project's runs: filters, columns, acts on runs, views, charts beside it. */
import { filter, names, queueRuns, rows, start, textOf, withRuns } from "./table-runs.ts";
import { expect, newWorkplace, test, tick } from "./workspace.ts";

test("a filter is completed, explained where it is wrong, shown as chips, and kept in the address", async ({
  page,
}) => {
  await withRuns(page, "Filters");
  await filter(page).fill("config.fam");
  await expect(page.getByRole("option", { name: "config.family" })).toBeVisible();
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Enter");
  await expect(filter(page)).toHaveValue("family ");
  await filter(page).fill("config.family = cnn and config.optimizer.lr <");
  await page.keyboard.press("Escape");
  await expect(page.getByRole("alert").first()).toContainText("expected a value");
  await filter(page).fill("config.family = cnn and config.optimizer.lr < 0.5");
  await page.keyboard.press("Escape");
  await page.keyboard.press("Enter");
  await expect(names(page)).toHaveText(["cnn 1"]);
  await expect(page.getByTestId("run-count")).toHaveText("1 of 4 runs");
  await page.getByRole("button", { name: "Take away the filter lr < 0.5" }).click();
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
  await tick(page.getByLabel("Select cnn 0"));
  await tick(page.getByLabel("Select cnn 1"));
  await expect(page.getByTestId("selected-count")).toHaveText("2 runs selected");
  await page.getByLabel("Tag", { exact: true }).fill("baseline");
  await page.getByRole("button", { name: "Tag", exact: true }).click();
  await expect(page.getByText("2 runs tagged baseline", { exact: true })).toBeVisible();
  await filter(page).fill("tags = baseline");
  await page.keyboard.press("Escape");
  await page.keyboard.press("Enter");
  await expect(names(page)).toHaveText(["cnn 1", "cnn 0"]);
  await tick(page.getByLabel("Select the runs that are loaded"));
  await page.getByRole("button", { name: "Archive" }).click();
  await expect(page.getByText("None of the 4 runs matches.")).toBeVisible();
  await tick(page.getByLabel("archived"));
  await expect(rows(page)).toHaveCount(2);
  await tick(page.getByLabel("Select cnn 0"));
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
  const summary = page.getByTestId("chart-summary").first().locator("tbody tr");
  await expect(summary).toHaveCount(4);
  await tick(page.getByLabel("Select rnn 2"));
  await expect(summary).toHaveCount(1);
});

test("the values of all curves at the cursor stand in a table, best first, which keys move and the address keeps", async ({
  page,
}) => {
  await withRuns(page, "Cursor");
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
  const plot = page.locator("#main figure canvas[data-curves]").first();
  const box = (await plot.boundingBox())!;
  const middle = [box.x + box.width / 2, box.y + box.height / 2] as const;
  await page.mouse.move(middle[0] - 2, middle[1]);
  await page.mouse.move(...middle);
  await expect(place).toHaveText("step 2");
  await page.mouse.click(...middle);
  await expect(page).toHaveURL(/\?values=accuracy&at=2$/);
  await page.reload();
  await expect(place).toHaveText("step 2");
  await expect(table.locator("tbody tr").first()).toContainText(/mlp 3.*0\.23/);
});

test("the line between table and charts is dragged, moved by keys, and kept in the address", async ({ page }) => {
  await withRuns(page, "Split");
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
