/** How soon a study of a thousand trials is there, and how soon its figures are drawn. */
import { openBrowser, type SignedIn } from "../browser.ts";
import { type Context, type Mode, median, type Row, rowOf, shown } from "../harness.ts";
import { coldLoad, EMPTY, emptyYardstick, loads } from "../page-load.ts";
import { seedStudy } from "../studies/seed.ts";

const ROUNDS = 5;
const trialsOf: Record<Mode, number> = { quick: 300, usual: 1000, full: 1000 };

export async function run(context: Context): Promise<Row[]> {
  const trials = trialsOf[context.mode];
  const path = await seedStudy(context, trials);
  const name = `study of ${shown(trials)} trials × 12 hyperparameters`;
  const browser = await openBrowser(context);
  try {
    return [
      ...(await loads(browser.newContext, {
        id: "studies-page-a",
        name,
        path,
        bars: { ratio: 2, ms: 800, kB: 70 },
      })),
      await figures(browser, path, name),
    ];
  } finally {
    await browser.close();
  }
}

/** Each panel is gone to in turn, as a reader does who scrolls past all. */
async function figures({ newContext }: SignedIn, path: string, name: string): Promise<Row> {
  const drawn: number[] = [];
  const empty: number[] = [];
  for (let round = -1; round < ROUNDS; round++) {
    const { lcpMs } = await coldLoad(newContext, EMPTY);
    const browser = await newContext();
    const page = await browser.newPage();
    await page.goto(path);
    const { drawnMs } = await page.evaluate(drawnAll);
    await browser.close();
    if (round < 0) continue;
    empty.push(lcpMs);
    drawn.push(drawnMs);
  }
  return rowOf({
    id: "studies-page-b",
    name: `${name}: all figures drawn, from the last byte of the page`,
    unit: "ms",
    bar: { atMost: 2000, by: emptyYardstick(median(empty)) },
    against: `an empty page's ${shown(median(empty))} ms, each in a fresh profile; each panel is scrolled to`,
    samples: drawn,
  });
}

/** Runs in the page: until every panel's figures stand there, and the curves of the contenders are on their canvas. */
async function drawnAll(): Promise<{ drawnMs: number }> {
  const frame = () => new Promise((resolve) => requestAnimationFrame(resolve));
  const count = () => document.querySelectorAll("[data-axis] svg[data-plot]").length;
  const [navigation] = performance.getEntriesByType("navigation") as PerformanceNavigationTiming[];
  for (const panel of document.querySelectorAll("[data-panel]")) {
    panel.scrollIntoView();
    await frame();
    await frame();
  }
  const isDrawn = () =>
    count() === document.querySelectorAll("[data-axis]").length &&
    document.querySelector("#figure-coverage svg[data-plot]") !== null &&
    document.querySelector('#curves canvas[data-curves]:not([data-curves="0"])') !== null;
  for (const axis of document.querySelectorAll("[data-axis]")) {
    axis.scrollIntoView();
    await frame();
  }
  document.querySelector("#curves canvas, #curves section:last-of-type")?.scrollIntoView();
  while (!isDrawn()) await frame();
  await frame();
  return { drawnMs: performance.now() - navigation!.responseEnd };
}
