/** How soon a project's charts are seen, fade beside the run that is pointed at, and give way to the next in full screen. */
import type { Page } from "playwright";
import { openBrowser, untilAnswering } from "../browser.ts";
import { seedCurves } from "../draw-seed.ts";
import { type Context, median, type Row, rowOf, shown } from "../harness.ts";
import { firstChart, watchFaded, watchNextChart } from "../look-page.ts";

const RUNS = 20;
const CHARTS = 12;
const ROUNDS = 7;
/** All panels are in sight. */
const VIEWPORT = { width: 1440, height: 4200 };

export async function run(context: Context): Promise<Row[]> {
  const slug = await seedCurves(context, "charts that are read", { runs: RUNS, metrics: CHARTS });
  const browser = await openBrowser(context);
  try {
    const rows = [await soon(browser.newContext, `/projects/${slug}?charts=1`)];
    const page = await (await browser.newContext()).newPage();
    await page.setViewportSize(VIEWPORT);
    await page.goto(`/projects/${slug}?charts=1`);
    const all = page.getByLabel("Select the runs that are loaded");
    await untilAnswering(all);
    await all.check();
    await page
      .locator(`figure canvas[data-curves="${RUNS}"]`)
      .nth(CHARTS - 1)
      .waitFor();
    return [...rows, await faded(page), await nextChart(page)];
  } finally {
    await browser.close();
  }
}

type NewContext = Awaited<ReturnType<typeof openBrowser>>["newContext"];

/** Each load in a fresh profile; the first warms the server up. */
async function soon(newContext: NewContext, path: string): Promise<Row> {
  const loads: Awaited<ReturnType<typeof firstChart>>[] = [];
  for (let round = -1; round < ROUNDS; round++) {
    const context = await newContext();
    const page = await context.newPage();
    await page.goto(path);
    const load = await page.evaluate(firstChart);
    if (round >= 0) loads.push(load);
    await context.close();
  }
  const lcpMs = median(loads.map((load) => load.lcpMs));
  return rowOf({
    id: "18a",
    name: "project page: first chart drawn ÷ LCP",
    unit: "×",
    bar: { atMost: 1.5 },
    against: `the LCP of the same load, ${shown(lcpMs)} ms; a chart is drawn once its curves are on the canvas`,
    samples: loads.map((load) => load.chartMs / load.lcpMs),
  });
}

async function faded(page: Page): Promise<Row> {
  const rows = page.locator("tr[data-run]");
  const samples: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    await page.mouse.move(1, 1);
    await page.waitForFunction(() => document.querySelector('figure canvas[data-faded="true"]') === null);
    await page.evaluate(watchFaded, CHARTS);
    await rows.nth(round).hover();
    samples.push(await page.evaluate(() => window.holdoutLookMs));
  }
  return rowOf({
    id: "18b",
    name: `${CHARTS} charts × ${RUNS} runs: a row is pointed at until all charts fade the others`,
    unit: "ms",
    bar: { atMost: 50, by: "loop" },
    against: "from the pointer's event to two frames after the last chart",
    samples,
  });
}

async function nextChart(page: Page): Promise<Row> {
  await page.setViewportSize({ width: 1440, height: 900 });
  await page.locator("figure[data-metric]").first().focus();
  await page.keyboard.press("f");
  await page.locator("[role=dialog] figure canvas[data-curves]").first().waitFor();
  const samples: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    // a reader looks at one before the next
    await page.waitForTimeout(500);
    await page.evaluate(watchNextChart);
    await page.keyboard.press("ArrowRight");
    samples.push(await page.evaluate(() => window.holdoutLookMs));
  }
  return rowOf({
    id: "18c",
    name: `full screen of ${RUNS} runs: the next chart`,
    unit: "ms",
    bar: { atMost: 100, by: "loop" },
    against: "from the key to two frames after its curves are there",
    samples,
  });
}
