/** Around a comparison: how runs are chosen, what is left out and barred, and how it is kept, copied and linked to. */
import type { Page } from "@playwright/test";
import { queueRuns, rows } from "./table-runs.ts";
import { expect, newWorkplace, test } from "./workspace.ts";

const odd = '=odd "name", 信号 | x';
const configOf = (at: number, epochs = 10) => ({ lr: at / 1000, epochs });

const compared = (page: Page, count: number) =>
  expect(page.getByRole("heading", { level: 1 })).toHaveText(`Compare ${count} runs`);
/** News at the page's edge. */
const said = (page: Page, words: string) => page.getByText(words, { exact: true });
const exported = async (page: Page, item: string, news: string): Promise<string> => {
  await page.getByRole("button", { name: "Export" }).click();
  await page.getByRole("menuitem", { name: item, exact: true }).click();
  await expect(said(page, news)).toBeVisible();
  return page.evaluate(() => navigator.clipboard.readText());
};

test("runs are chosen by a key, named where they are left out, and what bars them is told and taken along", async ({
  page,
  context,
}) => {
  await context.grantPermissions(["clipboard-read", "clipboard-write"]);
  const place = await newWorkplace(page, "Framed");
  await queueRuns(
    place,
    Array.from({ length: 6 }, (_, at) =>
      at === 5 ? { name: odd, config: configOf(at, 20) } : { name: `run ${at}`, config: configOf(at) },
    ),
  );
  await page.goto(`/projects/${place.slug}`);
  await expect(rows(page).first()).toContainText(odd);
  await page.keyboard.press("c");
  await expect(said(page, "Select the runs to compare with x, then press c.")).toBeVisible();
  // the order of the table counts, not that of the selection
  for (const key of ["j", "j", "x", "k", "x", "c"]) await page.keyboard.press(key);
  await compared(page, 2);
  await expect(page.getByRole("columnheader", { name: odd })).toHaveAttribute("aria-colindex", "2");

  const barred = page.getByRole("region", { name: "What bars a comparison" });
  await expect(barred).toContainText("No manifest is cited");
  await barred.getByRole("button", { name: /why, and what to do/ }).click();
  await expect(barred).toContainText("epochs goes from 20 to 10");
  await expect(barred.getByRole("link", { name: "run 4" }).first()).toBeVisible();

  await page.getByText("Add run", { exact: true }).click();
  await page.getByLabel("Find a run to compare").fill("lr = 0.002");
  await page.getByRole("list", { name: "Runs to add" }).getByRole("link", { name: "run 2" }).click();
  await compared(page, 3);
  const three = page.url();

  const markdown = await exported(page, "Copy as Markdown", "Copied as Markdown.");
  expect(markdown).toContain('# 3 runs compared with =odd "name", 信号 \\| x');
  expect(markdown).toContain("**Other budget** (no verdicts): run 4 and run 2. epochs goes from 20 to 10");
  expect(markdown).toMatch(/\| epochs \| 20 \| 10 \| 10 \|/);
  const csv = await exported(page, "Copy as CSV", "Copied as CSV.");
  expect(csv).toMatch(/config,epochs,,,"'=odd ""name"", 信号 \| x",[-0-9a-f]{36},true,20/);

  await page.getByRole("button", { name: "Views" }).click();
  await page.getByLabel("Name of this view").fill("Three of them");
  await page.getByRole("button", { name: "Save" }).click();
  await expect(page.getByRole("list", { name: "Saved views" })).toContainText("Three of them");
  await page.keyboard.press("Escape");
  const short = await exported(page, "Copy a short link", "A short link is copied; it stays.");
  expect(short).toMatch(/\/compare\?view=[-0-9a-f]{36}$/);

  const gone = new URL(three).searchParams.getAll("run")[2]!;
  await page.goto(`/projects/${place.slug}/runs/${gone}`);
  await page.getByRole("button", { name: "Actions for run 2" }).click();
  await page.getByRole("menuitem", { name: "Delete" }).click();
  await expect(said(page, "run 2 is deleted.")).toBeVisible();
  await page.goto(`${three}&run=nonsense`);
  await compared(page, 2);
  const leftOut = page.getByRole("region", { name: "Left out" });
  await expect(leftOut).toContainText("nonsense: there is no such run");
  await expect(leftOut).toContainText("run 2 is deleted");
  await leftOut.getByRole("button", { name: "Restore run 2" }).click();
  await compared(page, 3);

  await page.goto(`/projects/${place.slug}/compare`);
  await expect(page.getByRole("heading", { name: "Nothing to compare yet" })).toBeVisible();
  await page.getByRole("button", { name: "Views" }).click();
  await page.getByRole("link", { name: "Three of them" }).click();
  await compared(page, 3);
  await page.goto(short);
  await compared(page, 3);
  expect(page.url()).toBe(three);
});

test("more than a hundred are the first by the table's order, with a link to exactly these that is short", async ({
  page,
  context,
}) => {
  await context.grantPermissions(["clipboard-read", "clipboard-write"]);
  const place = await newWorkplace(page, "Many framed");
  await queueRuns(
    place,
    Array.from({ length: 103 }, (_, at) => ({ name: `run ${at}`, config: configOf(at) })),
  );
  await page.goto(`/projects/${place.slug}?by=config.epochs&sort=config.lr`);
  await expect(page.getByTestId("groups").locator("tbody tr")).toHaveCount(1);
  // a group's runs, by the filter that finds them
  for (const key of ["j", "c"]) await page.keyboard.press(key);
  await compared(page, 100);
  const asked = new URL(page.url()).searchParams;
  expect([asked.get("q"), asked.get("sort")]).toEqual(["config.epochs = 10", "config.lr"]);
  const leftOut = page.getByRole("region", { name: "Left out" });
  await expect(leftOut).toContainText("103 runs are asked for, and 100 fit");
  await leftOut.getByRole("link", { name: "A link to exactly these" }).click();
  await expect(leftOut).toHaveCount(0);
  await compared(page, 100);
  await page.getByRole("button", { name: "Copy link" }).click();
  await expect(said(page, "A short link is copied; it stays.")).toBeVisible();
  const short = await page.evaluate(() => navigator.clipboard.readText());
  expect(short.length).toBeLessThan(200);
  const whole = page.url();
  await page.goto(short);
  await compared(page, 100);
  expect(page.url()).toBe(whole);

  // a filter that can't be followed says so, and is mended in place
  await page.goto(`/projects/${place.slug}/compare?q=epochs+%3E`);
  await expect(page.getByRole("alert").filter({ hasText: /\S/ }).first()).toBeVisible();
  const filter = page.getByRole("combobox", { name: "Filter runs" });
  await filter.fill("lr < 0.0015");
  await page.keyboard.press("Escape");
  await page.keyboard.press("Enter");
  await compared(page, 2);

  const one = new URL(whole).searchParams.getAll("run")[0]!;
  await page.goto(`/projects/${place.slug}/compare?run=${one}`);
  await expect(page.getByRole("heading", { name: "A comparison takes two" })).toBeVisible();
  await page.getByRole("list", { name: "Runs to add" }).getByRole("link").first().click();
  await compared(page, 2);
});
