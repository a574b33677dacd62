/** From log() to the chart of an open page, while many runs are live. */
import { setTimeout as delay } from "node:timers/promises";
import { v7 as uuidv7 } from "uuid";
import { openBrowser } from "../browser.ts";
import { askChild } from "../child.ts";
import { type Context, quantile, type Row, rowOf } from "../harness.ts";

export type LiveJob = {
  url: string;
  token: string;
  project: string;
  /** The id that the first run gets: the one whose page is open. */
  watched: string;
  runs: number;
  seconds: number;
  /** Between two steps of each run. */
  everyMs: number;
};
/** When each step was logged: milliseconds since 1970. */
export type LiveDone = { loggedAt: number[] };

const RUNS = 20;
const EVERY_MS = 100;
const STRETCHES = 5;

export async function run(context: Context): Promise<Row[]> {
  const seconds = context.mode === "quick" ? 15 : 40;
  const watched = uuidv7();
  const { app, project, tokens } = context;
  const browser = await openBrowser(context);
  try {
    const page = await (await browser.newContext()).newPage();
    const target = { url: app.url, token: tokens.ingest, project: project.id };
    const logging = askChild<LiveDone>("live-process.ts", {
      ...target,
      watched,
      runs: RUNS,
      seconds,
      everyMs: EVERY_MS,
    });
    const shown = await Promise.race([watch(), logging.then(() => [])]);
    const { loggedAt } = await logging;
    const seen = shown.length > 0 ? await page.evaluate(() => window.holdoutShown ?? []) : [];
    return [rowFrom(loggedAt, seen)];

    async function watch() {
      await untilStored(context, watched);
      await page.goto(`/projects/${project.slug}/runs/${watched}`);
      await page.locator('[data-series="train/loss"]').waitFor({ state: "attached" });
      await page.locator("figure canvas[data-ticks]").first().waitFor();
      await page.evaluate(watchSummary);
      return [true];
    }
  } finally {
    await browser.close();
  }
}

/** Until the server knows the run. */
async function untilStored({ app, tokens }: Context, run: string): Promise<void> {
  const headers = { authorization: `Bearer ${tokens.read}` };
  while (!(await fetch(`${app.url}/api/v1/runs/${run}`, { headers })).ok) await delay(100);
}

declare global {
  interface Window {
    /** When the page showed how many points: milliseconds since 1970, two frames after its words said so. */
    holdoutShown?: { at: number; points: number }[];
  }
}

/** Runs in the page. */
function watchSummary(): void {
  window.holdoutShown = [];
  const note = () => {
    const points = Number(document.querySelector('[data-series="train/loss"]')?.getAttribute("data-points"));
    const { holdoutShown: shown = [] } = window;
    if (points === shown.at(-1)?.points) return;
    const entry = { at: Number.POSITIVE_INFINITY, points };
    shown.push(entry);
    requestAnimationFrame(() =>
      requestAnimationFrame(() => {
        entry.at = performance.timeOrigin + performance.now();
      }),
    );
  };
  note();
  new MutationObserver(note).observe(document.body, { subtree: true, childList: true, attributes: true });
}

function rowFrom(loggedAt: number[], shown: { at: number; points: number }[]): Row {
  const first = shown[0]?.points ?? 0;
  const latencies: number[] = [];
  // what was there when the page opened is not counted
  for (let step = first; step < loggedAt.length; step++) {
    const seen = shown.find(({ points, at }) => points > step && Number.isFinite(at));
    if (seen) latencies.push(seen.at - loggedAt[step]!);
  }
  if (latencies.length < loggedAt.length / 3)
    throw new Error(`only ${latencies.length} of ${loggedAt.length} steps were seen on the page`);
  const stretch = Math.ceil(latencies.length / STRETCHES);
  return rowOf({
    id: "7",
    name: `logged → drawn on an open page, ${RUNS} runs live: p95`,
    unit: "ms",
    bar: { atMost: 300, by: "loop" },
    against: `from log() to two frames after the chart's summary names the point; a step each ${EVERY_MS} ms; p50 ${quantile(latencies, 0.5).toFixed(0)} ms of ${latencies.length}`,
    value: quantile(latencies, 0.95),
    samples: Array.from({ length: STRETCHES }, (_, at) =>
      quantile(latencies.slice(at * stretch, (at + 1) * stretch), 0.95),
    ),
  });
}
