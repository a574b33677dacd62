/** How soon a comparison is there, how it answers to a hand, and how soon two thousand runs are explored. */
import { systemActor } from "../../lib/access/actor.ts";
import { updateProject } from "../../lib/settings/project-settings.ts";
import { asOwner } from "../app.ts";
import { openBrowser, type SignedIn } from "../browser.ts";
import { brushHands, gridHands } from "../compare/hands.ts";
import { chartsInSight, explored, watchFrames } from "../compare/in-page.ts";
import { type ComparedSize, seedCompared } from "../compare/seed.ts";
import { type Context, type Mode, median, quantile, type Row, rowOf, shown } from "../harness.ts";
import { coldLoad, EMPTY, emptyYardstick, hands, loads } from "../page-load.ts";
import { writeRuns } from "../table-data.ts";

const ROUNDS = 5;
const TRIALS = 2000;
const BRUSH_MOVES = 60;
const few: ComparedSize = { runs: 10, metrics: 200, steps: 100, keys: 60 };
/** The whole of it is 200,000,000 points. */
const manySteps: Record<Mode, number> = { quick: 100, usual: 1000, full: 10_000 };

export async function run(context: Context): Promise<Row[]> {
  const many = { runs: 100, metrics: 200, steps: manySteps[context.mode], keys: 20 };
  const small = await seedCompared(context, "Ten compared", few);
  const large = await seedCompared(context, "A hundred compared", many);
  const trials = await seedTrials(context);
  await asOwner(context.app.ownerUrl, (sql) => sql`analyze`);
  const browser = await openBrowser(context);
  try {
    const table = compared(small);
    return [
      ...(await loads(browser.newContext, {
        id: "compare-a",
        name: "comparison of 10 runs × 200 metrics × 60 config keys",
        path: table,
        bars: { ratio: 2, ms: 800, kB: 70 },
      })),
      await plotly(browser, table),
      ...(await curves(browser, `${compared(large)}&tab=curves`, many.steps)),
      await hands(browser.newContext, "compare-c", "a comparison's table", 100, table, gridHands),
      ...(await exploring(browser, `/projects/${trials}/compare?q=&tab=explore`)),
    ];
  } finally {
    await browser.close();
  }
}

const compared = ({ slug, ids }: { slug: string; ids: string[] }): string =>
  `/projects/${slug}/compare?${new URLSearchParams(ids.map((id) => ["run", id]))}`;

async function seedTrials({ app, seed }: Context): Promise<string> {
  const project = await asOwner(app.ownerUrl, (sql) => writeRuns(sql, { count: TRIALS, seed }));
  const { slug } = await updateProject(systemActor, project, { primaryMetric: "accuracy", primaryDirection: "max" });
  return slug;
}

/** Scripts before the largest part that hold the plotting library. */
async function plotly({ newContext }: SignedIn, path: string): Promise<Row> {
  const { scripts } = await coldLoad(newContext, path);
  const page = await (await newContext()).newPage();
  await page.goto(EMPTY);
  const texts = await page.evaluate(
    (names) => Promise.all(names.map(async (name) => (await fetch(name)).text())),
    scripts.map(({ name }) => name),
  );
  await page.context().close();
  return rowOf({
    id: "compare-a4",
    name: "scripts before LCP with plotly.js in them",
    unit: "scripts",
    bar: { atMost: 0 },
    against: `of ${scripts.length} scripts, by their text`,
    samples: [texts.filter((text) => /Plotly\.|plotly-logomark/.test(text)).length],
  });
}

async function curves({ newContext }: SignedIn, path: string, steps: number): Promise<Row[]> {
  const lcp: number[] = [];
  const drawn: number[] = [];
  const empty: number[] = [];
  for (let round = -1; round < ROUNDS; round++) {
    const { lcpMs: emptyMs } = await coldLoad(newContext, EMPTY);
    const browser = await newContext();
    const page = await browser.newPage();
    await page.goto(path);
    const drawnMs = await page.evaluate(chartsInSight);
    await browser.close();
    const { lcpMs } = await coldLoad(newContext, path);
    if (round < 0) continue;
    empty.push(emptyMs);
    drawn.push(drawnMs);
    lcp.push(lcpMs);
  }
  const by = emptyYardstick(median(empty));
  const name = `curves of 100 runs × 200 metrics × ${shown(steps)} steps`;
  const against = `an empty page's ${shown(median(empty))} ms, each in a fresh profile`;
  return [
    rowOf({ id: "compare-b1", name: `${name}: LCP`, unit: "ms", bar: { atMost: 1000, by }, against, samples: lcp }),
    rowOf({
      id: "compare-b2",
      name: `${name}: all cards in sight drawn`,
      unit: "ms",
      bar: { atMost: 2000, by },
      against,
      samples: drawn,
    }),
  ];
}

async function exploring({ newContext }: SignedIn, path: string): Promise<Row[]> {
  const drawn: number[] = [];
  const since: number[] = [];
  const frames: number[] = [];
  for (let round = -1; round < ROUNDS; round++) {
    const browser = await newContext();
    const page = await browser.newPage();
    await page.goto(path);
    const { drawnMs, sinceNavigationMs } = await page.evaluate(explored);
    await page.evaluate(watchFrames);
    await brushHands(page, BRUSH_MOVES);
    const seen = await page.evaluate(() => (window as unknown as { holdoutFrames: number[] }).holdoutFrames);
    await browser.close();
    if (round < 0) continue;
    drawn.push(drawnMs);
    since.push(sinceNavigationMs);
    frames.push(...seen);
  }
  const name = `parallel coordinates and importance of ${shown(TRIALS)} runs × 12 keys`;
  return [
    rowOf({
      id: "compare-d1",
      name,
      unit: "ms",
      bar: { atMost: 500, by: "loop" },
      against: `from the last byte of the page; since the navigation ${shown(median(since))} ms`,
      samples: drawn,
    }),
    rowOf({
      id: "compare-d2",
      name: `frames while an axis of ${shown(TRIALS)} runs is brushed: p98`,
      unit: "ms",
      bar: { atMost: 50, by: "loop" },
      against: `${shown(frames.length)} frames; the median ${shown(median(frames))} ms`,
      value: quantile(frames, 0.98),
      samples: frames,
    }),
  ];
}
