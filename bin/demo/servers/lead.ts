/** The worker that leads all periodic work is killed, and the other one takes over. */
import { setTimeout as delay } from "node:timers/promises";
import { connect } from "../../../db/connection.ts";
import { readLeaders } from "../../../db/lead.ts";
import { KnownRun } from "../../../servers/known-points.ts";
import type { Shown, Stage } from "./stage.ts";

/** As the thread of upkeep names them. */
const KINDS = ["points", "rules", "clock", "sweeps"];
const TAKEN_OVER_MS = 10_000;
const SUMMED_MS = 10_000;
const POLL_MS = 100;
const BATCHES = 10;

export async function killLeader({ servers, place }: Stage): Promise<Shown[]> {
  const sql = connect(servers.direct.DATABASE_URL, { max: 1 });
  try {
    const leading = servers.workers[0]!;
    await within(TAKEN_OVER_MS, async () => (await readLeaders(sql, KINDS)).size === KINDS.length);
    const before = await readLeaders(sql, KINDS);
    const startedAt = Date.now();
    await leading.kill();
    const isTaken = await within(TAKEN_OVER_MS, async () => {
      const now = await readLeaders(sql, KINDS);
      return KINDS.every((kind) => now.has(kind) && now.get(kind) !== before.get(kind));
    });
    const tookMs = Date.now() - startedAt;
    const run = await KnownRun.begin(place, 1, "summed up by the worker that took over");
    await run.sendBatches(BATCHES);
    const isSummed = await within(SUMMED_MS, async () => {
      const [row] = await sql<{ behind: number }[]>`
        select count(*)::int as behind from writers where run_id = ${run.id} and summed_sequence < ${BATCHES}`;
      return row?.behind === 0;
    });
    await run.finish();
    await leading.start();
    return [
      {
        words: `the worker that led was killed, and the other one led all ${KINDS.length} kinds of periodic work ${(tookMs / 1000).toFixed(1)} s later`,
        isSo: isTaken,
      },
      { words: "points that came in then were summed up by it", isSo: isSummed },
    ];
  } finally {
    await sql.end({ timeout: 5 });
  }
}

/** Whether it becomes true in time. */
async function within(ms: number, isSo: () => Promise<boolean>): Promise<boolean> {
  for (const deadline = Date.now() + ms; Date.now() < deadline; await delay(POLL_MS)) if (await isSo()) return true;
  return false;
}
