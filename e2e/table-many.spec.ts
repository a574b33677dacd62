/** Many runs in the table: groups, selections and pages beyond what is shown, CSV, and a name in another script. */
import { families, filter, names, queueRuns, rows, start, textOf, withRuns } from "./table-runs.ts";
import { expect, newWorkplace, test, tick } from "./workspace.ts";

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
  await tick(page.getByLabel("Select cnn 1"));
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
  // in the order of the names
  expect(lines.slice(1, 5).map((line) => line.split(",")[0])).toEqual(["cnn", "mlp", "rnn", "vit"]);
  expect(lines[4]).toMatch(/^vit,60,0,false,/);
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
  await tick(page.getByLabel("Select cnn 0"));
  await tick(page.getByLabel("Select mlp 3"));
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
  await tick(page.getByLabel("Select the runs that are loaded"));
  await page.getByRole("button", { name: "Select all 130" }).click();
  await expect(page).toHaveURL(/run=all/);
  await page.reload();
  await expect(page.getByTestId("selected-count")).toHaveText("130 runs selected");
  await page.getByLabel("Tag", { exact: true }).fill("all");
  await page.getByRole("button", { name: "Tag", exact: true }).click();
  await expect(page.getByText("130 runs tagged all", { exact: true })).toBeVisible();
  await expect(page.getByTestId("selected-count")).toHaveText("130 runs selected");
  await filter(page).fill("config.half = 1");
  await page.keyboard.press("Escape");
  await page.keyboard.press("Enter");
  await expect(page.getByTestId("run-count")).toHaveText("65 of 130 runs");
  await expect(page.getByTestId("selected-count")).toHaveCount(0);
  await expect(page).not.toHaveURL(/run=/);
});

test("a deleted run is purged for good in the page", async ({ page }) => {
  const { slug } = await withRuns(page, "Purging");
  await tick(page.getByLabel("Select cnn 0"));
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
