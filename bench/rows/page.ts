/** How soon a full page is there, how it answers to a hand, and what script it asks for, beside an empty page. */
import { asOwner } from "../app.ts";
import { openBrowser } from "../browser.ts";
import { type Context, type Row, shown } from "../harness.ts";
import { chartsHands, tableHands } from "../page-hands.ts";
import { hands, loads } from "../page-load.ts";
import { seedTable } from "../page-seed.ts";

const bars = { ratio: 1.5, ms: 800, kB: 60 };

export async function run(context: Context): Promise<Row[]> {
  const runs = context.mode === "quick" ? 300 : 1000;
  const { slug, first } = await seedTable(context, runs, 200);
  await asOwner(context.app.ownerUrl, (sql) => sql`analyze`);
  const browser = await openBrowser(context);
  try {
    const rows: Row[] = [];
    for (const [id, name, path] of [
      ["11a", `project of ${shown(runs)} runs × 200 metrics`, `/projects/${slug}`],
      ["11b", "run page of 12 panels", `/projects/${slug}/runs/${first}`],
    ] as const)
      rows.push(...(await loads(browser.newContext, { id, name, path, bars })));
    rows.push(await hands(browser.newContext, "11c", "the table", 50, `/projects/${slug}`, tableHands));
    rows.push(
      await hands(browser.newContext, "11d", "the charts", 100, `/projects/${slug}/runs/${first}`, chartsHands),
    );
    return rows;
  } finally {
    await browser.close();
  }
}
