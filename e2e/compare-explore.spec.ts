/** Many runs of a comparison in linked views: what is brushed in one is selected in all. */
import type { Page } from "@playwright/test";
import { violationsInBoth } from "./axe.ts";
import { start, textOf } from "./table-runs.ts";
import { expect, newWorkplace, test, tick, type Workplace } from "./workspace.ts";

const RUNS = 30;
const odd = '层 "n", x/y';

/** Accuracy that the learning rate decides, a latency against it, and a run that diverges. */
async function withTrials(page: Page): Promise<Workplace> {
  const place = await newWorkplace(page, "Trials");
  const trial = async (at: number) => {
    const lr = 10 ** (-4 + (3 * at) / (RUNS - 1));
    const run = await start(place, {
      name: `trial ${at}`,
      seed: at,
      config: { optimizer: { lr, name: at % 2 === 0 ? "adam" : "sgd" }, [odd]: (at * 7) % 30, stage: `s${at % 10}` },
      metrics: [
        { name: "accuracy", direction: "max", unit: "" },
        { name: "latency", direction: "min", unit: "ms" },
      ],
    });
    const accuracy = 0.9 - 0.1 * (Math.log10(lr) + 2.4) ** 2;
    run.log({ split: "validation", step: 1, metrics: { accuracy, latency: 100 * accuracy } });
    if (at === RUNS - 1) await run.fail({ reason: "diverged", message: "loss is NaN" });
    else await run.finish();
  };
  for (let first = 0; first < RUNS; first += 6)
    await Promise.all(Array.from({ length: 6 }, (_, more) => trial(first + more)));
  return place;
}

const selection = (page: Page) => page.getByTestId("selection");
const scatter = (page: Page) => page.getByTestId("scatter");
const selectedIn = (page: Page, plot: string) => page.getByTestId(plot).first().locator("[data-layer=selected]");

test("what is brushed in one view is selected in all, and the address gives it back", async ({ page }) => {
  const place = await withTrials(page);
  await page.goto(`/projects/${place.slug}/compare?q=`);
  await page.getByRole("link", { name: "Explore" }).click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText(`Explore ${RUNS} runs`);
  await expect(selection(page)).toHaveText(`${RUNS} runs; 1 failed or without a finite objective`);
  await expect(page.getByTestId("parallel-all")).toHaveAttribute("data-drawn", `${RUNS} 5`);

  // importance: what decides stands beyond its null line, of ten stages too few trials are there
  const factor = (name: string) => page.getByTestId("importance").locator(`[data-factor=${JSON.stringify(name)}]`);
  await expect(factor("config.optimizer.lr")).toContainText(String(RUNS - 1));
  await expect(factor("config.optimizer.lr").locator("[data-null-line]")).toHaveCount(1);
  const [index, line] = (await factor("config.optimizer.lr").locator("td").allTextContents()).slice(1, 3).map(Number);
  expect(index).toBeGreaterThan(0.7);
  expect(line).toBeLessThan(index!);
  await expect(factor("config.stage")).toContainText(`too few trials: ${RUNS - 1} of 40 that 10 bins need`);
  await expect(factor("config.stage").locator("[data-null-line]")).toHaveCount(0);

  // the front of two objectives that pull against each other
  await page.getByRole("button", { name: "Axes" }).click();
  await tick(page.getByRole("checkbox", { name: "validation/latency last" }));
  await page.keyboard.press("Escape");
  await page.getByLabel("Across", { exact: true }).first().selectOption({ label: "validation/latency last" });
  await expect(scatter(page)).toHaveAttribute("data-x", "validation/latency.last");
  await expect(page.getByTestId("front")).toContainText(`${RUNS - 1} finished runs that no other beats in both`);
  // what nobody sees isn't drawn
  await scatter(page).scrollIntoViewIfNeeded();
  await expect(scatter(page).locator("canvas[data-layer=all]")).toHaveAttribute("data-front", String(RUNS - 1));
  await page.getByLabel("Better across").selectOption("max");
  await expect(page.getByTestId("front")).toContainText("1 finished run that no other beats in both");

  // the upper half of an axis, by pointer
  const axis = page.locator('[data-axis-brush="config.optimizer.lr"]');
  await axis.scrollIntoViewIfNeeded();
  const box = (await axis.boundingBox())!;
  await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
  await page.mouse.down();
  await page.mouse.move(box.x + box.width / 2, box.y - 4, { steps: 4 });
  await page.mouse.up();
  await expect(selection(page)).toHaveAttribute("data-selected", String(RUNS / 2));
  await expect(page.getByTestId("parallel-selected")).toHaveAttribute("data-drawn", String(RUNS / 2));
  await scatter(page).scrollIntoViewIfNeeded();
  await expect(selectedIn(page, "scatter")).toHaveAttribute("data-drawn", String(RUNS / 2));
  await page.getByTestId("slice").first().scrollIntoViewIfNeeded();
  await expect(selectedIn(page, "slice")).toHaveAttribute("data-drawn", String(RUNS / 2));

  // one end further by key, and a category beside it
  await page.getByRole("slider", { name: "optimizer.lr from" }).press("PageUp");
  await expect(selection(page)).toHaveAttribute("data-selected", "9");
  await page.getByRole("slider", { name: "optimizer.name to" }).press("ArrowDown");
  await expect(selection(page)).toHaveAttribute("data-selected", "4");
  const best = await page.getByTestId("best-runs").locator("tbody a").allTextContents();
  expect(best).toHaveLength(4);

  // what is shown as tables, and as many plots, is taken along as one picture
  for (const name of [/over each hyperparameter as SVG$/, /^Mean of .* as SVG$/, /^Spearman.* as SVG$/]) {
    const download = page.waitForEvent("download");
    await page.getByRole("button", { name }).click();
    const svg = await textOf(await download);
    expect(svg).toMatch(/^<svg .*optimizer\.lr.*<\/svg>$/s);
    expect(svg).not.toContain("NaN");
  }

  // an axis moves by key
  const heads = page.locator("[data-axis]");
  const before = await heads.evaluateAll((all) => all.map((one) => (one as HTMLElement).dataset.axis));
  await heads.first().press("Alt+ArrowRight");
  await expect(heads.first()).toHaveAttribute("data-axis", before[1]!);

  await expect(page).toHaveURL(/brush=.*brush=/);
  await expect(page).toHaveURL(/axis=/);
  expect(await violationsInBoth(page)).toEqual([]);
  await page.reload();
  await expect(selection(page)).toHaveAttribute("data-selected", "4");
  await expect(heads.first()).toHaveAttribute("data-axis", before[1]!);
  await expect(scatter(page)).toHaveAttribute("data-x", "validation/latency.last");
  expect(await page.getByTestId("best-runs").locator("tbody a").allTextContents()).toEqual(best);

  // a narrow page scrolls no further than its own views
  await page.setViewportSize({ width: 390, height: 844 });
  // the canvases follow the window a moment later
  await expect.poll(() => page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390);
  await page.setViewportSize({ width: 1280, height: 720 });

  await page.getByRole("link", { name: "Open in the table" }).click();
  await expect(page.getByTestId("runs").locator("tbody tr[data-run]")).toHaveCount(4);
});
