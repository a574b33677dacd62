/**
 * Servers on one database share HOLDOUT_SECRET: who signed in at one would be nobody at another. Each holds a lock that
 * names its secret for as long as it works there, so that one with another secret is refused, and nothing is when all have ended.
 */
import { createHmac } from "node:crypto";
import { setTimeout as delay } from "node:timers/promises";
import type { Sql } from "postgres";
import { connectDirectly } from "../../../db/connection.ts";
import { locks } from "../../../db/locks.ts";
import { Refusal } from "../../../db/refusal.ts";
import { logError } from "../../../lib/log.ts";

/** A connection that broke took its lock along: it is taken again by then. */
const LOOK_MS = 5_000;

const OTHER_SECRET =
  "HOLDOUT_SECRET here is not the one of the servers that work on this database: who signed in there would be nobody here. " +
  'Set it to theirs (where none is set, it is in the file "secret" of their data folder). To change it, stop all of them first.';

/** Returns what gives the lock up. Throws a Refusal where servers with another secret are at work. */
export async function holdSecret(secret: string): Promise<() => Promise<void>> {
  const key = createHmac("sha256", secret).update("servers of one database").digest().readInt32BE();
  const sql = connectDirectly();
  const over = new AbortController();
  const release = async () => {
    over.abort();
    await sql.end({ timeout: 1 });
  };
  try {
    if (!(await take(sql, key))) throw new Refusal(OTHER_SECRET);
  } catch (error) {
    await release();
    throw error;
  }
  void holdOn(sql, key, over.signal);
  return release;
}

async function holdOn(sql: Sql, key: number, signal: AbortSignal): Promise<void> {
  let isAlone = true;
  for (;;) {
    await delay(LOOK_MS, undefined, { signal, ref: false }).catch(() => {});
    if (signal.aborted) return;
    // a database that is away is said by whoever asks something of it
    const isTaken = await take(sql, key).catch(() => isAlone);
    if (isAlone && !isTaken) logError("another server works on this database with another secret", OTHER_SECRET);
    isAlone = isTaken;
  }
}

/** Takes the lock unless this session has it; false: another secret's is taken. */
async function take(sql: Sql, key: number): Promise<boolean> {
  return sql.begin(async (tx) => {
    // of two that look at once one would see nobody
    await tx`select pg_advisory_xact_lock(${locks.secret}::bigint)`;
    const held = await tx<{ key: number; isMine: boolean }[]>`
      select objid::bigint::bit(32)::int as key, pid = pg_backend_pid() as "isMine" from pg_locks
      where locktype = 'advisory' and objsubid = 2 and classid = ${locks.secret}
        and database = (select oid from pg_database where datname = current_database())`;
    if (held.some((one) => one.isMine)) return true;
    if (held.some((one) => one.key !== key)) return false;
    await tx`select pg_advisory_lock_shared(${locks.secret}, ${key})`;
    return true;
  });
}
