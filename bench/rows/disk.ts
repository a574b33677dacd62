/** What points take on disk once they are in order, and whether room that was freed is used again. */
import { setTimeout as delay } from "node:timers/promises";
import { eq } from "drizzle-orm";
import { type connect, connections } from "../../db/connection.ts";
import { runs } from "../../db/schema/runs.ts";
import { systemActor } from "../../lib/access/actor.ts";
import { purgeRun } from "../../lib/runs/deleted.ts";
import { asOwner } from "../app.ts";
import { type Context, type Row, rowOf, shown } from "../harness.ts";
import { seedRun } from "../seed.ts";
import { type Origin, PlantedCurve } from "../series.ts";

/** Everything that points are in: chunks of all levels, their steps and times, batches, summaries, each with its indexes. */
const TABLES = ["chunks", "axes", "batches", "batch_hashes", "series"];
/** As a trainer sends at most: what waits to be put in order takes room, too, though not a point. */
const BATCH_POINTS = 20_000;
const POLL_MS = 100;

export async function run(context: Context): Promise<Row[]> {
  const length = context.mode === "quick" ? 5_000_000 : context.mode === "usual" ? 10_000_000 : 100_000_000;
  const rows: Row[] = [];
  for (const [id, origin, bar] of [
    ["8a", "float32", 5],
    ["8b", "float64", 8.5],
  ] as const) {
    const measured = await bytesOf(context, origin, length);
    rows.push(
      rowOf({
        id,
        name: `disk of a loss that was ${origin}, steps, times, pyramid and indexes included`,
        unit: "B/point",
        bar: { atMost: bar },
        against: `pg_total_relation_size of ${TABLES.join(", ")} after VACUUM (FULL of batches, which wait for a moment), ${shown(length)} points`,
        samples: [measured.bytesAPoint],
      }),
      rowOf({
        id: `${id}2`,
        name: `files after the run was purged, vacuumed and written again (${origin})`,
        unit: "×",
        bar: { atMost: 1.01 },
        against: "the same files before",
        samples: [measured.writtenAgain],
      }),
    );
  }
  return rows;
}

async function bytesOf(context: Context, origin: Origin, length: number) {
  const curve = new PlantedCurve(context.seed + 400, length, { origin });
  const before = await diskBytes(context);
  const first = await seedRun(context, `disk ${origin}`, curve, BATCH_POINTS);
  const full = await diskBytes(context);
  const sayGrown = (when: string, now: Map<string, number>) => {
    const parts = TABLES.map((table) => `${table} ${((now.get(table)! - before.get(table)!) / length).toFixed(3)}`);
    context.say(`${origin}, bytes a point ${when}: ${parts.join(", ")}`);
  };
  sayGrown("at first", full);
  await purge(first.run);
  sayGrown("purged", await diskBytes(context));
  const second = await seedRun(context, `disk ${origin}, again`, curve, BATCH_POINTS);
  const again = await diskBytes(context);
  sayGrown("written again", again);
  await purge(second.run);
  const grown = total(full) - total(before);
  return { bytesAPoint: grown / length, writtenAgain: (total(again) - total(before)) / grown };
}

const total = (sizes: Map<string, number>) => [...sizes.values()].reduce((sum, bytes) => sum + bytes, 0);

/**
 * By table, after a VACUUM, which gives back what it can: pages of an index that fell empty only the second time, and once
 * no transaction is left that began before they did.
 */
async function diskBytes(context: Context): Promise<Map<string, number>> {
  return asOwner(context.app.ownerUrl, async (sql) => {
    for (let time = 0; time < 2; time++) {
      await untilRemovable(sql);
      // how far its files once grew tells how long points waited, not what they take
      if (time === 0) await sql`vacuum full batches`;
      for (const table of TABLES) await sql.unsafe(`vacuum (analyze, index_cleanup on) ${table}`);
    }
    const sizes = await sql<{ name: string; bytes: string }[]>`
      select name, pg_total_relation_size(name::regclass) as bytes from unnest(${TABLES}::text[]) name`;
    return new Map(sizes.map(({ name, bytes }) => [name, Number(bytes)]));
  });
}

/** Until every transaction that began before is over: VACUUM keeps what one of them might still read. */
async function untilRemovable(sql: ReturnType<typeof connect>): Promise<void> {
  const [now] = await sql<{ xid: string }[]>`select pg_current_xact_id()::text as xid`;
  for (;;) {
    const [older] = await sql<{ sessions: number }[]>`
      select count(*)::int as sessions from pg_stat_activity
      where pid <> pg_backend_pid() and datname = current_database()
        and age(coalesce(backend_xmin, backend_xid)) > age(${now!.xid}::xid)`;
    if (older!.sessions === 0) return;
    await delay(POLL_MS);
  }
}

async function purge(runId: string): Promise<void> {
  await connections().db.update(runs).set({ deletedAt: new Date() }).where(eq(runs.id, runId));
  await purgeRun(systemActor, runId);
}
