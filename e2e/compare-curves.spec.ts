/** Runs side by side: their curves, grouped and in expressions, their pictures, and what their models answered. */
import type { Locator, Page } from "@playwright/test";
import { makeManifest, newEvaluated } from "./evaluated-runs.ts";
import { start, textOf } from "./table-runs.ts";
import { expect, newWorkplace, summaryRow, test, type Workplace } from "./workspace.ts";

type Compared = { place: Workplace; runs: string[] };
let made: Promise<Compared> | null = null;
const compared = (page: Page): Promise<Compared> => (made ??= makeCompared(page));

/** Two recipes of two seeds each; the second run ends early, and logs a picture seldom. */
async function makeCompared(page: Page): Promise<Compared> {
  const place = await newWorkplace(page, "Side by side");
  const runs: string[] = [];
  for (const [index, name] of ["wide-s0", "wide-s1", "deep-s0", "deep-s1"].entries()) {
    const [recipe, seed] = [Math.floor(index / 2), index % 2];
    const run = await start(place, {
      name,
      seed,
      config: { optimizer: { lr: recipe === 0 ? 0.1 : 0.01 }, family: recipe === 0 ? "wide" : "deep", seed },
      metrics: [{ name: "accuracy", direction: "max", unit: "" }],
    });
    for (let step = 0; step <= 40; step += 10) {
      // parts of two, which a binary fraction has exactly
      const accuracy = step / 80 + index / 16;
      run.log({ split: "train", step, metrics: { accuracy: accuracy + 1 / 16, loss: 2 - step / 40 } });
      if (index !== 1 || step < 40) run.log({ split: "validation", step, metrics: { accuracy, loss: step / 40 } });
      const pixels = new Uint8Array(16).fill(step + index);
      if (index < 2 && (index === 0 || step % 30 === 0)) run.image("filters/first", step, picture(pixels));
      if (index === 0) run.image("input", step, picture(pixels));
    }
    await run.finish();
    runs.push(run.id);
  }
  return { place, runs };
}

const picture = (pixels: Uint8Array) => ({ height: 4, width: 4, channels: 1 as const, pixels });

const address = ({ place, runs }: Compared, tab: string) =>
  `/projects/${place.slug}/compare?${new URLSearchParams([...runs.map((run) => ["run", run]), ["tab", tab]])}`;

const chart = (page: Page, name: string): Locator => page.getByRole("figure", { name, exact: true });
const drawn = (page: Page, name: string, curves: number): Promise<void> =>
  expect(chart(page, name).locator(`canvas[data-curves="${curves}"]`)).toBeVisible();
/** Colour and dashes of each mark of a legend. */
const marks = (page: Page, legend: string): Promise<string[]> =>
  page
    .getByLabel(legend, { exact: true })
    .locator("line")
    .evaluateAll((all) => all.map((one) => `${one.getAttribute("stroke")} ${one.getAttribute("stroke-dasharray")}`));

test.use({ viewport: { width: 1440, height: 1400 } });

test("curves lie over each other, and what runs differ in says by colour, stroke or chart which is which", async ({
  page,
}) => {
  const all = await compared(page);
  await page.goto(address(all, "curves"));
  await drawn(page, "accuracy", 8);
  await expect(summaryRow(page, "wide-s0 validation/accuracy")).toHaveAttribute("data-last", "0.5");
  await expect(page.getByLabel("Curves", { exact: true }).locator("li").first()).toHaveText("wide-s0baseline");
  expect(new Set(await marks(page, "Curves")).size).toBe(4);
  await page.getByLabel("Colour", { exact: true }).selectOption("optimizer.lr");
  await expect(page.getByLabel("Colour: optimizer.lr")).toHaveText("Colour: optimizer.lr0.0120.12");
  expect(new Set(await marks(page, "Curves")).size).toBe(2);
  await page.getByLabel("Stroke", { exact: true }).selectOption("family");
  await expect(page.getByLabel("Stroke: family")).toHaveText("Stroke: familydeep2wide2");
  expect((await marks(page, "Curves"))[0]).not.toMatch(/null$/);
  await page.getByLabel("Chart", { exact: true }).selectOption("seed");
  await drawn(page, "accuracy · seed = 0", 4);
  await drawn(page, "accuracy · seed = 1", 4);
  await page.getByLabel("Chart", { exact: true }).selectOption("metric");
  await page.getByLabel("Draw", { exact: true }).selectOption("mean of replicates");
  await drawn(page, "accuracy", 4);
  await expect(page.getByLabel("Curves", { exact: true }).locator("li")).toHaveText([
    "wide2 runsbaseline",
    "deep2 runs",
  ]);
  // (40 / 80 + 2 / 16 + 40 / 80 + 3 / 16) / 2
  await expect(chart(page, "accuracy").locator('tr[data-series="deep (n = 2) validation"]')).toHaveAttribute(
    "data-last",
    "0.65625",
  );
  await expect(page).toHaveURL(/colorby=config.optimizer.lr&strokeby=config.family&mean=replicates/);
  await page.reload();
  await drawn(page, "accuracy", 4);
  await expect(page.getByLabel("Stroke: family")).toBeVisible();
});

test("an expression is drawn with the numbers that it has, and one that can't be read says where", async ({ page }) => {
  const all = await compared(page);
  await page.goto(address(all, "curves"));
  const field = page.getByLabel("Expression of metrics");
  await field.fill("1 - acuracy");
  await field.press("Enter");
  await expect(page.getByRole("alert").filter({ hasText: "character" })).toContainText(
    "“acuracy” is no metric of these runs (accuracy?), at character 5",
  );
  await field.fill("validation/accuracy / validation/loss");
  await field.press("Enter");
  await field.fill("1 - accuracy");
  await field.press("Enter");
  await drawn(page, "1 - accuracy", 8);
  await expect(summaryRow(page, "deep-s1 validation/1 - accuracy")).toHaveAttribute("data-last", "0.3125");
  await expect(summaryRow(page, "deep-s1 train/1 - accuracy")).toHaveAttribute("data-last", "0.25");
  // at step 0 the loss is 0
  await drawn(page, "validation/accuracy / validation/loss", 4);
  await expect(chart(page, "validation/accuracy / validation/loss")).toContainText("4 undefined, marked at the edge");
  await expect(page).toHaveURL(/expr=validation%2Faccuracy.*&expr=1\+-\+accuracy/);
  await page.reload();
  const ratio = summaryRow(page, "wide-s1 -/validation/accuracy / validation/loss");
  await expect(ratio).toHaveAttribute("data-last", String((30 / 80 + 1 / 16) / (30 / 40)));
  await chart(page, "1 - accuracy").hover();
  const download = page.waitForEvent("download");
  await page.getByRole("button", { name: "Save 1 - accuracy as CSV" }).click();
  expect(await textOf(await download)).toMatch(/deep-s1,validation,1 - accuracy,40,[^,]+,0\.3125/);
  // one table has what every chart is at the cursor, less the baseline's
  await page.getByRole("button", { name: "Values of 1 - accuracy at the cursor" }).click();
  const values = page.getByTestId("shared-values").locator("tbody tr");
  await page.getByLabel("Where every chart is read").fill("4");
  await expect(values.first()).toHaveText("wide-s0baselinetrain0.4375");
  await expect(values.filter({ hasText: "deep-s1" }).first()).toHaveText("deep-s1train0.2500−0.188");
  await page.getByRole("button", { name: "Remove the chart of 1 - accuracy" }).click();
  await expect(chart(page, "1 - accuracy")).toHaveCount(0);
});

test("one slider says of which step the pictures of all runs are, and who has none says so", async ({ page }) => {
  const all = await compared(page);
  await page.goto(address(all, "images"));
  const row = page.getByRole("row").filter({ has: page.getByRole("rowheader", { name: "filters/first" }) });
  const captions = row.locator("figure");
  await expect(captions).toHaveText([
    "step 40",
    "step 30, the nearest before",
    "logs no such image",
    "logs no such image",
  ]);
  await page.keyboard.press("ArrowLeft");
  await expect(captions.nth(1)).toHaveText("step 30");
  await expect(captions.nth(0)).toHaveText("step 30");
  await expect(page).toHaveURL(/step=30/);
  await page.getByLabel("Step of all images").fill("1");
  await expect(captions.nth(1)).toHaveText("step 0, the nearest before");
  await expect(page).toHaveURL(/step=10/);
  await page.reload();
  await expect(captions.nth(0)).toHaveText("step 10");
  await expect
    .poll(() =>
      captions
        .first()
        .locator("img")
        .evaluate((image: HTMLImageElement) => image.naturalWidth),
    )
    .toBe(4);
  await page.getByLabel("Find a key").fill("inp");
  await expect(page.getByRole("rowheader")).toHaveText(["input"]);
});

test("samples stand beside what each model answered, those first on which they differ", async ({ page }) => {
  const place = await newWorkplace(page, "Answers side by side");
  const manifest = await makeManifest(place);
  const good = await newEvaluated(place, manifest, { name: "good", wrong: 1 });
  const bad = await newEvaluated(place, manifest, { name: "bad", wrong: 3 });
  await page.goto(address({ place, runs: [good.run, bad.run] }, "images"));
  const answers = page.getByRole("region", { name: "Answers to the same samples" });
  await expect(answers.getByRole("heading")).toContainText("they differ on 2 of 90, which come first");
  const rows = answers.locator("tbody tr");
  await expect(rows.nth(0)).toHaveText(/pet\/\d+cat✓cat✗dog/);
  // both are wrong on one
  await expect(rows.nth(2)).toHaveText(/pet\/000cat✗dog✗dog/);
});

test("a running run's cells and curves go on in an open comparison, and nothing moves", async ({ page }) => {
  const place = await newWorkplace(page, "Going on");
  const metrics = [{ name: "accuracy", direction: "max" as const, unit: "" }];
  const [ended, going] = [
    await start(place, { name: "ended", seed: 0, config: { lr: 0.1 }, metrics, system: false }),
    // what a machine says of itself later is a row more
    await start(place, { name: "going", seed: 1, config: { lr: 0.2 }, metrics, system: false }),
  ];
  for (const step of [0, 1, 2]) {
    ended.log({ split: "validation", step, metrics: { accuracy: step / 8 } });
    going.log({ split: "validation", step, metrics: { accuracy: step / 16 } });
  }
  await ended.finish();
  const here = { place, runs: [ended.id, going.id] };
  await page.goto(address(here, ""));
  const row = page.locator("tr[data-row]", { hasText: "validation/accuracy" });
  const cell = (run: string) => row.locator(`td[data-run="${run}"]`);
  await expect(cell(going.id)).toContainText("0.125");
  await expect(cell(going.id).locator("path")).toHaveCount(1);
  await expect(page.locator("main [aria-busy=true]")).toHaveCount(0);
  const before = await cell(going.id).boundingBox();
  await watchShifts(page);
  going.log({ split: "validation", step: 3, metrics: { accuracy: 0.375 } });
  await expect(cell(going.id)).toContainText("0.375");
  await expect(cell(ended.id)).toContainText("0.250");
  expect(await cell(going.id).boundingBox()).toEqual(before);
  expect(await shifted(page)).toEqual([]);

  await page.goto(address(here, "curves"));
  await drawn(page, "accuracy", 2);
  await expect(summaryRow(page, "going validation/accuracy")).toHaveAttribute("data-last", "0.375");
  await watchShifts(page, { sinceLoad: true });
  going.log({ split: "validation", step: 4, metrics: { accuracy: 0.875 } });
  await expect(summaryRow(page, "going validation/accuracy")).toHaveAttribute("data-last", "0.875");
  await drawn(page, "accuracy", 2);
  expect(await shifted(page)).toEqual([]);
  await going.finish();
});

/** Notes what moves in the page from now on. */
const watchShifts = (page: Page, { sinceLoad = false } = {}): Promise<void> =>
  page.evaluate((buffered) => {
    const shifts: string[] = [];
    Object.assign(window, { shifts });
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries() as (PerformanceEntry & { sources: { node: Node | null }[] })[])
        shifts.push(entry.sources.map(({ node }) => node?.textContent?.slice(0, 60) ?? "").join(" | "));
    }).observe({ type: "layout-shift", buffered });
  }, sinceLoad);
const shifted = (page: Page): Promise<string[]> =>
  page.evaluate(() => (window as unknown as { shifts: string[] }).shifts);
