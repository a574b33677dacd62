/** How long the page's own charts take to draw, to zoom and to lose a run, beside uPlot in the same page. */
import { readFileSync } from "node:fs";
import path from "node:path";
import type { Page } from "playwright";
import { runColors } from "../../app/_ui/parts/run-color.ts";
import { root } from "../../db/root.ts";
import { openBrowser, untilAnswering } from "../browser.ts";
import { type Drawn, holdPoints, measureCharts, measureUplot, watchChange } from "../draw-page.ts";
import { type Curves, curvesOf, POINTS, seedCurves } from "../draw-seed.ts";
import { type Context, median, type Row, rowOf, shown } from "../harness.ts";

const PAIRS = 5;
/** Two frames, on two quiet cores. */
const UPLOT_ZOOM_QUIET_MS = 33.4;
/** All panels are in sight. */
const VIEWPORT = { width: 1440, height: 4200 };
const uplot = (file: string) => readFileSync(path.join(root, "node_modules", "uplot", "dist", file), "utf8");

type Sample = Drawn & {
  zoomMs: number;
  toggleMs: number;
  uplot: { firstMs: number; zoomMs: number; toggleMs: number };
};

export async function run(context: Context): Promise<Row[]> {
  const cases = [
    { id: "10a", name: `100 curves × ${POINTS} points`, curves: { runs: 100, metrics: 1 } },
    { id: "10b", name: `12 panels × 10 × ${POINTS} points`, curves: { runs: 10, metrics: 12 } },
  ];
  const browser = await openBrowser(context);
  try {
    const rows: Row[] = [];
    for (const { id, name, curves } of cases) {
      const slug = await seedCurves(context, name, curves);
      const page = await (await browser.newContext()).newPage();
      await page.setViewportSize(VIEWPORT);
      await page.addInitScript(`${uplot("uPlot.iife.min.js")}; window.uPlot = uPlot;`);
      await page.addInitScript(holdPoints);
      await page.goto(`/projects/${slug}?charts=1`);
      rows.push(...rowsOf(id, name, await sample(context, page, curves)));
      await page.context().close();
    }
    return rows;
  } finally {
    await browser.close();
  }
}

async function sample({ seed }: Context, page: Page, curves: Curves): Promise<Sample[]> {
  const { runs, metrics } = curves;
  await untilAnswering(page.getByLabel("Select the runs that are loaded"));
  // those below the first page come a moment later
  await page
    .locator("tr[data-run]")
    .nth(runs - 1)
    .waitFor();
  await page.getByLabel("Select the runs that are loaded").check();
  const canvases = page.locator(`figure canvas[data-curves="${runs}"]`);
  const box = page.locator("figure canvas").first();
  await canvases.nth(metrics - 1).waitFor();
  const { width, height } = (await box.boundingBox())!;
  const all = Array.from({ length: runs }, (_, run) => curvesOf(seed, run, curves).map((values) => Array.from(values)));
  const rival = {
    panels: Array.from({ length: metrics }, (_, metric) => all.map((one) => one[metric]!)),
    width,
    height,
    colors: runColors,
    css: uplot("uPlot.min.css"),
  };
  const samples: Sample[] = [];
  // the first round warms up
  for (let round = -1; round < PAIRS; round++) {
    const uplot = await page.evaluate(measureUplot, rival);
    const drawn = await redrawn(page, curves);
    const zoomMs = await zoomed(page);
    const toggleMs = await toggled(page, canvases, metrics);
    if (round >= 0) samples.push({ ...drawn, zoomMs, toggleMs, uplot });
  }
  return samples;
}

/** Charts are shut and opened: made anew from nothing but the script. */
async function redrawn(page: Page, { runs, metrics }: Curves): Promise<Drawn> {
  const button = page.getByRole("button", { name: "Charts", exact: true });
  await button.click();
  await page.locator("figure").first().waitFor({ state: "detached" });
  await page.evaluate(() => window.holdoutGate.close());
  await button.click();
  await page
    .locator("figure")
    .nth(metrics - 1)
    .waitFor();
  await page.waitForFunction(() => window.holdoutGate.held > 0 && window.holdoutGate.held === window.holdoutGate.asked);
  return page.evaluate(measureCharts, { charts: metrics, curves: runs });
}

/** From the moment the pointer is let go. */
async function zoomed(page: Page): Promise<number> {
  const { x, y, width, height } = (await page.locator("figure canvas").first().boundingBox())!;
  await page.mouse.move(x + width * 0.4, y + height / 2);
  await page.mouse.down();
  await page.mouse.move(x + width * 0.7, y + height / 2, { steps: 4 });
  await page.evaluate(watchChange, "pointerup");
  await page.mouse.up();
  const ms = await page.evaluate(() => window.holdoutChangeMs);
  await page.getByRole("button", { name: "Show all steps" }).first().click();
  await page.getByRole("button", { name: "Show all steps" }).first().waitFor({ state: "detached" });
  return ms;
}

/** From the click on the run's box, which is then selected again. */
async function toggled(page: Page, canvases: ReturnType<Page["locator"]>, charts: number): Promise<number> {
  const box = page.getByRole("checkbox", { name: /^Select (?!the runs)/ }).first();
  await page.evaluate(watchChange, "click");
  await box.uncheck();
  const ms = await page.evaluate(() => window.holdoutChangeMs);
  await box.check();
  await canvases.nth(charts - 1).waitFor();
  return ms;
}

function rowsOf(id: string, name: string, samples: Sample[]): Row[] {
  const of = (pick: (sample: Sample) => number) => samples.map(pick);
  const ms = (pick: (sample: Sample) => number) => `${shown(median(of(pick)))} ms`;
  const uplotZoom = median(of(({ uplot }) => uplot.zoomMs));
  const page = "charts of the project's page opened anew, from the answers' arrival to two frames after";
  const first = `uPlot 1.6.32 in the same page, first draw: ${ms(({ uplot }) => uplot.firstMs)}`;
  return [
    rowOf({
      id: `${id}1`,
      name: `${name}: first curves ÷ uPlot`,
      unit: "×",
      bar: { atMost: 1.5 },
      against: `${page} the curves, ${ms(({ curvesMs }) => curvesMs)}; ${first}`,
      samples: of(({ curvesMs, uplot }) => curvesMs / uplot.firstMs),
    }),
    rowOf({
      id: `${id}2`,
      name: `${name}: complete chart ÷ uPlot`,
      unit: "×",
      bar: { atMost: 2.5 },
      against: `the same to the axes with their numbers, ${ms(({ completeMs }) => completeMs)}; ${first}`,
      samples: of(({ completeMs, uplot }) => completeMs / uplot.firstMs),
    }),
    rowOf({
      id: `${id}3`,
      name: `${name}: longest task after the first curves`,
      unit: "ms",
      bar: { atMost: 50, by: "loop" },
      against: "tasks over 50 ms as the browser tells them; 0: none",
      samples: of(({ laterTaskMs }) => laterTaskMs),
    }),
    rowOf({
      id: `${id}4`,
      name: `${name}: zoom`,
      unit: "ms",
      bar: { atMost: 50, by: { name: "uPlot's zoom", unit: "ms", measured: uplotZoom, quiet: UPLOT_ZOOM_QUIET_MS } },
      against: `from the pointer's release to two frames after; uPlot ${ms(({ uplot }) => uplot.zoomMs)}`,
      samples: of(({ zoomMs }) => zoomMs),
    }),
    rowOf({
      id: `${id}5`,
      name: `${name}: a run taken away`,
      unit: "ms",
      bar: null,
      against: `from the click on its box in the table; uPlot ${ms(({ uplot }) => uplot.toggleMs)} from a call`,
      samples: of(({ toggleMs }) => toggleMs),
    }),
  ];
}
