/** A report of very many samples in the browser: how soon it is there, and how soon a click into its samples is answered. */
import type { BrowserContext, Page } from "playwright";
import { openBrowser } from "../browser.ts";
import { type Context, quantile, type Row, rowOf } from "../harness.ts";
import { loads } from "../page-load.ts";

const CLICKS = 10;

/** `path` is the page of a report on validation. */
export async function reportPageRows(context: Context, path: string, samples: string): Promise<Row[]> {
  const browser = await openBrowser(context);
  try {
    const bars = { ratio: 2, ms: 1_000, kB: 100 };
    const name = `report page of ${samples} samples`;
    const [ratio] = await loads(browser.newContext, { id: "19f", name, path, bars });
    const clicks = await clicksInto(browser.newContext, path);
    return [
      ratio!,
      rowOf({
        id: "19g",
        name: `a slice of ${samples} samples, and the next page of its gallery: p95 from the press to the samples`,
        unit: "ms",
        bar: { atMost: 200, by: "loop" },
        against: `${clicks.length} clicks, after one that reads the predictions`,
        samples: [quantile(clicks, 0.95)],
      }),
    ];
  } finally {
    await browser.close();
  }
}

/** Milliseconds of each click but the first. */
async function clicksInto(newContext: () => Promise<BrowserContext>, path: string): Promise<number[]> {
  const page = await (await newContext()).newPage();
  const times: number[] = [];
  await page.goto(path);
  const slices = page.locator('a[href*="slice="]');
  const count = await slices.count();
  if (count === 0) throw new Error("the report has no slice to click");
  for (let click = 0; click <= CLICKS; click++) {
    await page.goto(path);
    await page.waitForLoadState("networkidle");
    times.push(await clicked(page, slices.nth(click % count)));
    times.push(await clicked(page, page.getByRole("link", { name: "Next" })));
  }
  return times.slice(2);
}

/** From the press of the button until other samples stand in the page, by the page's own clock. */
async function clicked(page: Page, link: ReturnType<Page["locator"]>): Promise<number> {
  await page.evaluate(() => {
    const shown = () =>
      /[\d,]+ to [\d,]+ of [\d,]+ samples?/.exec(document.querySelector("#main")?.textContent ?? "")?.[0];
    const before = shown();
    const answered = new Promise<number>((resolve) => {
      const watch = ({ timeStamp }: Event) => {
        const now = shown();
        if (now !== undefined && now !== before) resolve(performance.now() - timeStamp);
        else requestAnimationFrame(() => watch({ timeStamp } as Event));
      };
      addEventListener("pointerdown", watch, { capture: true, once: true });
    });
    Object.assign(window, { holdoutAnswered: answered });
  });
  await link.click();
  return page.evaluate(() => (window as unknown as { holdoutAnswered: Promise<number> }).holdoutAnswered);
}
