/** The filter of a project's runs as somebody writes it who has never read how. */
import { filter, names, start, withRuns } from "./table-runs.ts";
import { expect, test } from "./workspace.ts";

const chips = (page: Parameters<typeof filter>[0]) => page.getByRole("list", { name: "Filters in force" });

test("names are taken as the table shows them, joined in any way, and the address and the chips say which", async ({
  page,
}) => {
  const { slug } = await withRuns(page, "Forgiving");
  const ask = async (text: string) => {
    await filter(page).fill(text);
    await filter(page).press("Enter");
  };
  for (const text of [
    "family = cnn 1e-2 < lr < 0.5",
    "family == cnn, optimizer.lr between 0.01 and 0.5",
    "validation accuracy best > 0.405 and LR > 0.05 && lr < 0.5",
  ]) {
    await ask(text);
    await expect(names(page)).toHaveText(["cnn 1"]);
  }
  await expect(page).toHaveURL(/q=validation%2Faccuracy\.max\+%3E\+0\.405\+and\+config\.optimizer\.lr/);
  await expect(chips(page).getByRole("listitem")).toHaveText([
    "validation accuracy best > 0.405",
    "lr > 0.05",
    "lr < 0.5",
  ]);
  await expect(page.getByText("LR → config.optimizer.lr")).toBeVisible();
  await chips(page).getByRole("button", { name: "Take away the filter lr < 0.5" }).click();
  await expect(names(page)).toHaveText(["cnn 1"]);

  await ask("created < 2h, uncited");
  await expect(page.getByText("uncited → manifest is null")).toBeVisible();
  await expect(names(page)).toHaveCount(4);
  // an address with short names, as somebody types it
  await page.goto(`/projects/${slug}?q=${encodeURIComponent("lr < 0.05")}&sort=name`);
  await expect(names(page)).toHaveText(["mlp 3", "rnn 2"]);
});

test("what can't be read stays in the field with what mends it, and the table stays", async ({ page, strayErrors }) => {
  const { slug } = await withRuns(page, "Faults");
  await filter(page).fill("family = cnn");
  await filter(page).press("Enter");
  await expect(names(page)).toHaveText(["cnn 1", "cnn 0"]);

  await filter(page).fill("famly = mlp");
  await filter(page).press("Enter");
  await expect(page.getByRole("alert").first()).toContainText('there is no column "famly": famly');
  await expect(names(page)).toHaveText(["cnn 1", "cnn 0"]);
  await page.getByRole("button", { name: "family", exact: true }).click();
  await expect(names(page)).toHaveText(["mlp 3"]);

  // the server alone knows that this is no regular expression: the last table stays
  await filter(page).fill('name ~ "("');
  await filter(page).press("Enter");
  await expect(page.getByRole("alert").first()).toContainText("parentheses");
  await expect(names(page)).toHaveText(["mlp 3"]);
  await expect(page).toHaveURL(/q=config\.family/);
  await expect(filter(page)).toHaveValue('name ~ "("');

  // in an address of its own: all runs, with the text and what is wrong
  await page.goto(`/projects/${slug}?q=lrr+%3C+1`);
  await expect(page.getByRole("alert").first()).toContainText('there is no column "lrr"');
  await expect(names(page)).toHaveCount(4);
  await expect(filter(page)).toHaveValue("lrr < 1");
  await page.getByRole("button", { name: "lr", exact: true }).click();
  await expect(names(page)).toHaveText(["mlp 3", "rnn 2", "cnn 1"]);
  expect(strayErrors).toEqual([]);
});

test("a metric without a split goes by its own name, in the table, its CSV and the filter", async ({ page }) => {
  const place = await withRuns(page, "Own names");
  const run = await start(place, { name: "paced", config: { family: "cnn" } });
  run.log({ step: 0, metrics: { "system/cpu": 0.5 } });
  await run.finish();
  await page.goto(`/projects/${place.slug}?c=-/system/cpu.last`);
  await filter(page).fill("cpu");
  await page.getByRole("option", { name: /^system\/cpu last/ }).click();
  await expect(filter(page)).toHaveValue("system/cpu last ");
  await page.keyboard.type("> 0.1");
  await page.keyboard.press("Enter");
  await expect(names(page)).toHaveText(["paced"]);
  await expect(page.getByRole("columnheader", { name: "system/cpu", exact: true })).toBeVisible();
  expect(await page.locator("body").innerText()).not.toContain("-/");
  const csv = await page.request.get(`/api/v1/projects/${place.slug}/runs.csv?column=system/cpu.last`);
  expect((await csv.text()).split("\r\n")[0]).toContain("system/cpu.last");
});
