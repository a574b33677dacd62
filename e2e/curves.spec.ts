/** Curves beside the table: whose they are, in which colours, shown and hidden by their rows. */
import type { Page } from "@playwright/test";
import { filter, names, rows, withRuns } from "./table-runs.ts";
import { expect, test, tick } from "./workspace.ts";

const summary = (page: Page) => page.getByTestId("chart-summary").first().locator("tbody tr");
const mark = (page: Page, run: string) =>
  page
    .getByRole("button", { name: `Colour of ${run}` })
    .locator("rect")
    .first();
const canvas = (page: Page) => page.locator("#main figure canvas[data-curves]").first();

test("the rows are the legend: colours in order, kept, chosen for all with a way back, and shown or hidden by an eye", async ({
  page,
}) => {
  const { slug } = await withRuns(page, "Legend");
  await expect(summary(page)).toHaveCount(4);
  const colors = async () =>
    Object.fromEntries(
      await Promise.all(
        (await names(page).allTextContents()).map(
          async (name) => [name, await mark(page, name).getAttribute("stroke")] as const,
        ),
      ),
    ) as Record<string, string>;
  const first = await colors();
  expect(new Set(Object.values(first)).size).toBe(4);

  // another order and another filter leave the colours, also for whoever gets the address
  await page.goto(`/projects/${slug}?sort=name`);
  const sorted = await colors();
  await page.getByRole("columnheader", { name: "Name" }).getByRole("link").click();
  await expect(names(page)).toHaveText(["rnn 2", "mlp 3", "cnn 1", "cnn 0"]);
  expect(await colors()).toEqual(sorted);
  await expect(page).toHaveURL(/colors=/);
  await filter(page).fill("config.family = rnn");
  await page.keyboard.press("Escape");
  await page.keyboard.press("Enter");
  await expect(names(page)).toHaveText(["rnn 2"]);
  await expect(page).toHaveURL(/colors=/);
  await page.reload();
  expect(await colors()).toEqual({ "rnn 2": sorted["rnn 2"] });

  await page.goto(`/projects/${slug}`);
  await page.getByRole("button", { name: "Colour of rnn 2" }).press("Enter");
  await page.getByRole("menuitemradio", { name: "pink" }).click();
  await expect(mark(page, "rnn 2")).toHaveAttribute("stroke", "#f85581");
  await page.getByRole("link", { name: "rnn 2" }).click();
  await expect(page.locator("h1 span[style]").first()).toHaveCSS("background-color", "rgb(248, 85, 129)");
  await page.goBack();
  await expect(mark(page, "rnn 2")).toHaveAttribute("stroke", "#f85581");
  await page.getByRole("button", { name: "Undo" }).click();
  await expect(mark(page, "rnn 2")).not.toHaveAttribute("stroke", "#f85581");

  const eye = page.getByRole("button", { name: "Curves of cnn 1" });
  await expect(eye).toHaveAttribute("aria-pressed", "true");
  await eye.press("Enter");
  await expect(eye).toHaveAttribute("aria-pressed", "false");
  await expect(summary(page)).toHaveCount(3);
  await expect(mark(page, "cnn 1")).toHaveAttribute("fill", "none");
  await expect(page).toHaveURL(/hide=/);
  await page.reload();
  await expect(summary(page)).toHaveCount(3);
  // a run that wasn't to be drawn is brought in
  await tick(page.getByLabel("Select rnn 2"));
  await expect(summary(page)).toHaveCount(1);
  await page.getByRole("button", { name: "Curves of mlp 3" }).click();
  await expect(summary(page)).toHaveCount(2);
  await expect(page).toHaveURL(/show=/);
});

test("to point at a row or a curve fades the others in every chart, and lights the row", async ({ page }) => {
  await withRuns(page, "Pointing");
  await expect(canvas(page)).toHaveAttribute("data-curves", "4");
  const row = rows(page).filter({ hasText: "rnn 2" });
  await row.hover();
  await expect(canvas(page)).toHaveAttribute("data-faded", "true");
  await page.getByRole("button", { name: "Charts" }).hover();
  await expect(canvas(page)).toHaveAttribute("data-faded", "false");
  await page.getByLabel("Select cnn 0").focus();
  await expect(canvas(page)).toHaveAttribute("data-faded", "true");
  await page.getByRole("button", { name: "Charts" }).focus();
  const { x, y, width, height } = (await canvas(page).boundingBox())!;
  // the curves rise side by side from the left foot to the right head
  await page.mouse.move(x + width - 16, y + 16);
  await page.mouse.move(x + width - 15, y + 17);
  await expect(rows(page).and(page.locator("[data-pointed]"))).toContainText("mlp 3");
  await page.mouse.move(x + 80, y + 20);
  await expect(canvas(page)).toHaveAttribute("data-faded", "false");
  await expect(page.locator("tr[data-pointed]")).toHaveCount(0);
  await page.mouse.move(x + width / 2, y + height + 40);
});

test("on a narrow screen table and charts are tabs, which the address keeps", async ({ page }) => {
  await page.setViewportSize({ width: 390, height: 844 });
  await withRuns(page, "Narrow");
  await expect(page.getByRole("region", { name: "Charts" })).toBeHidden();
  await page.getByRole("group", { name: "What is seen" }).getByRole("button", { name: "Charts" }).click();
  await expect(page.getByTestId("runs")).toBeHidden();
  await expect(canvas(page)).toHaveAttribute("data-curves", "4");
  await expect(page).toHaveURL(/tab=charts/);
  await page.reload();
  await expect(canvas(page)).toHaveAttribute("data-curves", "4");
});

test("groups have a curve each, the mean of their runs with its n, which their rows hide", async ({ page }) => {
  const { slug } = await withRuns(page, "Means");
  await page.goto(`/projects/${slug}?by=config.family`);
  const first = summary(page).filter({ hasText: "cnn" });
  await expect(summary(page)).toHaveText([/cnn \(n = 2\) validation/, /mlp \(one run\)/, /rnn \(one run\)/]);
  // 0.40 and 0.41 at the last step
  await expect(first).toHaveAttribute("data-last", /^0\.405/);
  await page.getByRole("button", { name: "Curves of cnn" }).click();
  await expect(first).toHaveCount(0);
  await expect(page).toHaveURL(/hide=/);
  await page.reload();
  await expect(summary(page)).toHaveCount(2);
});
