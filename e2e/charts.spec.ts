/** The charts of a project and of a run: which are shown, how large, what they say where one points, one in full screen. */
import { type BrowserContext, devices, type Locator, type Page } from "@playwright/test";
import { start } from "./table-runs.ts";
import { expect, newWorkplace, test, tick, url } from "./workspace.ts";

const LONG = "a run whose name says all that was tried in it: width 128, dropout 0.25, cosine decay, seed 11";
let made: Promise<string> | null = null;

/** The slug of a project with twelve runs of four metrics, the highest accuracy last. */
const curves = (page: Page): Promise<string> => (made ??= makeCurves(page));

async function makeCurves(page: Page): Promise<string> {
  const place = await newWorkplace(page, "Curves");
  for (let index = 0; index < 12; index++) {
    const run = await start(place, {
      name: index === 11 ? LONG : `run ${index}`,
      config: {},
      metrics: [{ name: "accuracy", direction: "max", unit: "" }],
    });
    for (let step = 0; step <= 100; step += 10) {
      const accuracy = (index + 1) / 20 + step / 300;
      const metrics = { accuracy, loss: 1 - accuracy, "class_10/f1": 0.5, "class_2/f1": 0.4 };
      run.log({ split: "validation", step, metrics });
    }
    await run.finish();
  }
  return place.slug;
}

const figures = (page: Page): Locator => page.locator("#main figure");
const section = (page: Page, name: string): Locator => page.getByRole("button", { name, exact: true });
/** Which x the charts show, as each of them says. */
const ranges = (page: Page): Promise<(string | undefined)[]> =>
  figures(page)
    .locator("canvas[data-range]")
    .evaluateAll((all) => all.map((canvas) => canvas.dataset.range));

/** Where the first chart's plot is in the window: its picture without the numbers at the axes. */
async function plotOf(page: Page): Promise<{ x: number; y: number; width: number; height: number }> {
  const canvas = figures(page).first().locator("canvas[data-curves]");
  const { x, y, width, height } = (await canvas.boundingBox())!;
  return { x: x + 56, y: y + 10, width: width - 70, height: height - 50 };
}

/** Points at a place of the first chart's plot, in shares of its width and height. */
async function pointAt(page: Page, across: number, down: number): Promise<void> {
  const box = await plotOf(page);
  const [x, y] = [box.x + box.width * across, box.y + box.height * down];
  await page.mouse.move(x - 2, y);
  await page.mouse.move(x, y);
}

test.use({ viewport: { width: 1440, height: 1200 } });

test("charts stand in sections that close, are found by words and made larger, and the address keeps it", async ({
  page,
}) => {
  const slug = await curves(page);
  await page.goto(`/projects/${slug}?charts=1`);
  const names = page.locator("#main figure h3");
  await expect(names).toHaveText(["accuracy", "loss", "class_2/f1", "class_10/f1"]);
  await section(page, "class_2 1").click();
  await expect(names).toHaveText(["accuracy", "loss", "class_10/f1"]);
  await page.getByLabel("More of how charts are seen").click();
  await page.getByLabel("Size").selectOption("large");
  await expect(page).toHaveURL(/shut=class_2&size=large/);
  const large = (await figures(page).first().boundingBox())!.height;
  await page.getByLabel("Find a metric").fill("f1");
  // what is looked for is shown, in a closed section too
  await expect(names).toHaveText(["class_2/f1", "class_10/f1"]);
  await expect(page).toHaveURL(/find=f1/);
  await page.reload();
  await expect(names).toHaveText(["class_2/f1", "class_10/f1"]);
  await page.getByLabel("Find a metric").fill("f1 score");
  await expect(page.getByText("No metric has “f1 score” in its name.")).toBeVisible();
  await page.getByRole("button", { name: "Show all", exact: true }).click();
  await expect(section(page, "class_2 1")).toHaveAttribute("aria-expanded", "false");
  await expect(names).toHaveText(["accuracy", "loss", "class_10/f1"]);
  await page.getByLabel("More of how charts are seen").click();
  await page.getByLabel("Size").selectOption("small");
  await expect.poll(async () => (await figures(page).first().boundingBox())!.height).toBeLessThan(large - 150);
  // two small ones have room beside each other where one large one had
  const [first, second] = [await figures(page).nth(0).boundingBox(), await figures(page).nth(1).boundingBox()];
  expect(first?.y).toBe(second?.y);
  await figures(page).nth(1).hover();
  await page.getByRole("button", { name: "Pin loss" }).click();
  await expect(names).toHaveText(["loss", "accuracy", "class_10/f1"]);
  await expect(section(page, "Pinned 1")).toBeVisible();
});

test("a zoom holds in all charts, and in the address until a double click takes it back", async ({ page, context }) => {
  await page.goto(`/projects/${await curves(page)}?charts=1&size=small`);
  await expect.poll(() => ranges(page)).toEqual(Array(4).fill("0 100"));
  await pointAt(page, 0.4, 0.5);
  await page.mouse.down();
  await pointAt(page, 0.7, 0.5);
  await page.mouse.up();
  await expect(page).toHaveURL(/zoom=\d+(\.\d+)?\.\.\d+/);
  const zoomed = await ranges(page);
  expect(new Set(zoomed).size).toBe(1);
  expect(zoomed[0]).not.toBe("0 100");
  const shared = await context.newPage();
  await shared.goto(page.url());
  await expect.poll(() => ranges(shared)).toEqual(zoomed);
  await shared.getByRole("button", { name: "Zoom out" }).click();
  await expect.poll(() => ranges(shared)).toEqual(Array(4).fill("0 100"));
  await shared.close();
  const box = await plotOf(page);
  // who drags the axis moves the part that is shown
  const foot = box.y + box.height + 15;
  await page.mouse.move(box.x + box.width * 0.4, foot);
  await page.mouse.down();
  await page.mouse.move(box.x + box.width * 0.6, foot, { steps: 3 });
  await page.mouse.up();
  const widthOf = (range = "") => Number(range.split(" ")[1]) - Number(range.split(" ")[0]);
  await expect
    .poll(async () => Number.parseFloat((await ranges(page))[0]!))
    .toBeLessThan(Number.parseFloat(zoomed[0]!));
  const moved = await ranges(page);
  expect(new Set(moved).size).toBe(1);
  expect(widthOf(moved[0])).toBeCloseTo(widthOf(zoomed[0]), 1);
  // Escape gives a drag up
  await pointAt(page, 0.2, 0.5);
  await page.mouse.down();
  await pointAt(page, 0.5, 0.5);
  await page.keyboard.press("Escape");
  await page.mouse.up();
  expect(await ranges(page)).toEqual(moved);
  await page.mouse.dblclick(box.x + box.width / 2, box.y + box.height / 2);
  await expect(page).not.toHaveURL(/zoom=/);
  await expect.poll(() => ranges(page)).toEqual(Array(4).fill("0 100"));
});

test("the nine curves nearest to the pointer are named whole, within the window, the very nearest exactly", async ({
  page,
}) => {
  await page.goto(`/projects/${await curves(page)}?charts=1`);
  await tick(page.getByLabel("Select the runs that are loaded"));
  // its bar moves the charts down
  await expect(page.getByTestId("selected-count")).toHaveText("12 runs selected");
  await expect(figures(page).first().locator('canvas[data-curves="12"]')).toBeVisible();
  const tooltip = page.getByTestId("tooltip");
  await pointAt(page, 0.99, 0.02);
  await expect(tooltip.locator("tr")).toHaveCount(9);
  await expect(tooltip).toContainText("step 100");
  await expect(tooltip).toContainText("and 3 more");
  await expect(tooltip.locator("[data-nearest]")).toContainText(`${LONG} validation`);
  await expect(tooltip).toContainText(`exactly ${12 / 20 + 100 / 300} at step 100`);
  const { width, height } = page.viewportSize()!;
  const isWhole = async () => {
    const box = (await tooltip.boundingBox())!;
    return box.x >= 0 && box.y >= 0 && box.x + box.width <= width && box.y + box.height <= height;
  };
  expect(await isWhole()).toBe(true);
  await pointAt(page, 0.01, 0.98);
  await expect(tooltip.locator("[data-nearest]")).toContainText("run 0 validation");
  expect(await isWhole()).toBe(true);
  await page.mouse.move(5, 5);
  await expect(tooltip).toHaveCount(0);
});

test("a chart fills the window by a key, the next one follows by another, and the address holds which", async ({
  page,
}) => {
  await page.goto(`/projects/${await curves(page)}?charts=1&q=name+%21%3D+x`);
  await figures(page).first().focus();
  await page.keyboard.press("f");
  const dialog = page.getByRole("dialog", { name: "accuracy in full screen" });
  // the first ten of the table, newest first
  const legend = dialog.getByRole("table", { name: "accuracy at the cursor" }).locator("tbody tr");
  await expect(legend).toHaveCount(10);
  await expect(legend.first()).toContainText(LONG);
  await expect(dialog.getByRole("button", { name: "Previous chart" })).toBeDisabled();
  await page.keyboard.press("ArrowRight");
  const next = page.getByRole("dialog", { name: "loss in full screen" });
  await expect(next.getByRole("table", { name: "loss at the cursor" })).toBeVisible();
  await expect(page).toHaveURL(/charts=1&q=.*&full=loss/);
  await page.reload();
  await expect(next.getByText("2 of 4")).toBeVisible();
  await next.getByRole("button", { name: "Next chart" }).click();
  await expect(page.getByRole("heading", { name: "class_2/f1" }).last()).toBeVisible();
  await page.keyboard.press("ArrowLeft");
  await expect(next.getByRole("table", { name: "loss at the cursor" })).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(page.getByRole("dialog")).toHaveCount(0);
  await expect(page.locator('figure[data-metric="loss"]')).toBeFocused();
  await expect(page).not.toHaveURL(/full=/);
  await expect(page).toHaveURL(/charts=1/);
});

test("a chart says why it has no curves, and asks again", async ({ page, context }) => {
  const slug = await curves(page);
  let asked = 0;
  await context.route("**/points?**", (route) => {
    asked++;
    return route.abort();
  });
  await page.goto(`/projects/${slug}?charts=1`);
  const first = figures(page).first();
  await expect(first.getByText("Not loaded: the server can't be reached")).toBeVisible();
  const before = asked;
  const again = first.getByRole("button", { name: "Try again" });
  await again.click();
  await expect.poll(() => asked).toBeGreaterThan(before);
  await expect(first.getByText("Not loaded: the server can't be reached")).toBeVisible();
  await context.unroute("**/points?**");
  // it may have asked by itself meanwhile
  await expect(async () => {
    if (await again.isVisible()) await again.click({ timeout: 1_000 });
    await expect(first.locator('canvas[data-curves="10"]')).toBeVisible({ timeout: 2_000 });
  }).toPass();
});

test("on a phone the controls take one row, and a chart has one menu", async ({ page, browser, context }) => {
  const slug = await curves(page);
  await page.goto(`/projects/${slug}`);
  const run = await page.getByRole("link", { name: "run 3" }).getAttribute("href");
  const phone = await phoneLike(browser, context);
  const small = await phone.newPage();
  await small.goto(`${run}`);
  const chart = figures(small).first();
  await expect(chart).toContainText(/best 0\.533333 at step 100\s*· last 0\.533333/);
  const find = (await small.getByLabel("Find a metric").boundingBox())!;
  const more = small.getByLabel("More of how charts are seen");
  expect(Math.abs((await more.boundingBox())!.y - find.y)).toBeLessThan(4);
  await expect(small.getByLabel("log x")).toBeHidden();
  await more.click();
  await tick(small.getByLabel("log x"));
  await expect(small).toHaveURL(/logx=1/);
  await expect(chart.getByRole("button", { name: "Pin accuracy" })).toBeHidden();
  await chart.getByRole("button", { name: "Chart actions for accuracy" }).click();
  await small.getByRole("menuitem", { name: "accuracy in full screen" }).click();
  await expect(small.getByRole("dialog", { name: "accuracy in full screen" })).toBeVisible();
  expect(await small.evaluate(() => document.documentElement.scrollWidth - window.innerWidth)).toBeLessThanOrEqual(0);
  await phone.close();
});

const phoneLike = async (
  browser: { newContext: (options: object) => Promise<BrowserContext> },
  context: BrowserContext,
) => browser.newContext({ ...devices["Pixel 7"], baseURL: url, storageState: await context.storageState() });
