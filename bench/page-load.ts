/** How soon a page is there beside an empty page, what script it asks for, and how it answers to a hand. */
import type { BrowserContext, Page } from "playwright";
import { median, quantile, type Row, rowOf, shown, type Yardstick } from "./harness.ts";

const PAIRS = 5;
/** The app's page for an address that no route has: the same layout, one sentence, and no script of another page. */
export const EMPTY = "/no-such-page";
/** Its largest part, on two quiet cores. */
const EMPTY_QUIET_MS = 172;
/** A page is left alone for so long after it has loaded: its largest part may come late. */
const SETTLE_MS = 700;

type Load = { lcpMs: number; scripts: { name: string; bytes: number }[] };
type NewContext = () => Promise<BrowserContext>;

export type PageLoad = {
  id: string;
  name: string;
  path: string;
  /** At most so many times an empty page's largest part, so late on quiet cores, and so much script beyond it. */
  bars: { ratio: number; ms: number; kB: number };
};

/** Three rows of a page: its largest part beside an empty page's and by itself, and its script. */
export async function loads(newContext: NewContext, { id, name, path, bars }: PageLoad): Promise<Row[]> {
  const full: Load[] = [];
  const empty: Load[] = [];
  for (let pair = -1; pair < PAIRS; pair++) {
    const one = await coldLoad(newContext, EMPTY);
    const other = await coldLoad(newContext, path);
    if (pair < 0) continue;
    empty.push(one);
    full.push(other);
  }
  const lcp = full.map(({ lcpMs }) => lcpMs);
  const emptyLcp = empty.map(({ lcpMs }) => lcpMs);
  const bytesOf = ({ scripts }: Load) => scripts.reduce((sum, { bytes }) => sum + bytes, 0);
  const emptyBytes = median(empty.map(bytesOf));
  const against = `the app's page for an address that no route has, each in a fresh profile: ${shown(median(emptyLcp))} ms`;
  return [
    rowOf({
      id: `${id}1`,
      name: `${name}: LCP ÷ an empty page's`,
      unit: "×",
      bar: { atMost: bars.ratio },
      against,
      samples: lcp.map((value, pair) => value / emptyLcp[pair]!),
    }),
    rowOf({
      id: `${id}2`,
      name: `${name}: LCP`,
      unit: "ms",
      bar: { atMost: bars.ms, by: emptyYardstick(median(emptyLcp)) },
      against,
      samples: lcp,
    }),
    rowOf({
      id: `${id}3`,
      name: `${name}: script before LCP beyond an empty page's, compressed`,
      unit: "kB",
      bar: { atMost: bars.kB },
      against: `an empty page's ${shown(emptyBytes / 1000)} kB`,
      samples: full.map((load) => (bytesOf(load) - emptyBytes) / 1000),
    }),
  ];
}

/** An empty page's largest part, by which a bar in milliseconds moves. */
export const emptyYardstick = (measured: number): Yardstick => ({
  name: "an empty page's",
  unit: "ms",
  measured,
  quiet: EMPTY_QUIET_MS,
});

/** Nothing is in the cache. */
export async function coldLoad(newContext: NewContext, path: string): Promise<Load> {
  const context = await newContext();
  try {
    const page = await context.newPage();
    await page.goto(path);
    await page.waitForTimeout(SETTLE_MS);
    const { lcpMs, scripts } = await page.evaluate(readLoad);
    return { lcpMs, scripts: scripts.filter(({ startedAt }) => startedAt < lcpMs) };
  } finally {
    await context.close();
  }
}

/** Runs in the page. */
async function readLoad() {
  const lcpMs = await new Promise<number>((resolve) => {
    new PerformanceObserver((list) => resolve(list.getEntries().at(-1)!.startTime)).observe({
      type: "largest-contentful-paint",
      buffered: true,
    });
  });
  const resources = performance.getEntriesByType("resource") as PerformanceResourceTiming[];
  const scripts = resources
    .filter(({ name }) => /\.js(\?|$)/.test(name))
    .map(({ name, startTime, encodedBodySize }) => ({ name, startedAt: startTime, bytes: encodedBodySize }));
  return { lcpMs, scripts };
}

export async function hands(
  newContext: NewContext,
  id: string,
  what: string,
  barMs: number,
  path: string,
  act: (page: Page) => Promise<number>,
): Promise<Row> {
  const page = await (await newContext()).newPage();
  await page.addInitScript(() => {
    const durations = new Map<number, number>();
    Object.assign(window, { holdoutDurations: durations });
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries() as (PerformanceEntry & { interactionId?: number })[])
        if (entry.interactionId)
          durations.set(entry.interactionId, Math.max(durations.get(entry.interactionId) ?? 0, entry.duration));
    }).observe({ type: "event", durationThreshold: 16, buffered: true } as PerformanceObserverInit);
  });
  await page.goto(path);
  const acts = await act(page);
  await page.waitForTimeout(SETTLE_MS);
  const slow = await page.evaluate(() => [
    ...(window as unknown as { holdoutDurations: Map<number, number> }).holdoutDurations.values(),
  ]);
  // those under 16 ms aren't told
  const durations = [...slow, ...Array<number>(Math.max(0, acts - slow.length)).fill(16)];
  return rowOf({
    id,
    name: `interactions with ${what}: p98 from input to the next frame`,
    unit: "ms",
    bar: { atMost: barMs, by: "loop" },
    against: `${durations.length} interactions as the browser tells them (event timing, steps of 8 ms)`,
    value: quantile(durations, 0.98),
    samples: durations,
  });
}
