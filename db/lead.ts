/**
 * Of several servers on one database one does each kind of periodic work: who holds its lock, for as long as its session
 * lasts. Where a leader dies its session ends, and another server takes over with its next try.
 */
import { setTimeout as delay } from "node:timers/promises";
import type { Sql } from "postgres";
import { connectDirectly } from "./connection.ts";
import { isTooOld } from "./versions.ts";

/** How often who doesn't lead tries, and who leads makes sure that it still does. */
const TRY_MS = 2_000;
/** A database that answers no sooner counts as away: another server may lead by then. */
const ANSWER_MS = 5_000;

/** Does work for as long as `leading` isn't aborted, and then returns. */
export type LeaderWork = (leading: AbortSignal) => Promise<void>;

/**
 * Does each kind of work whenever this process leads it, until `signal` aborts. `mine`: the newest migration that this server
 * brings, in ms; where the database is beyond it, it leads nothing.
 */
export async function leadUntil(
  signal: AbortSignal,
  works: Record<string, LeaderWork>,
  mine = Number(process.env.HOLDOUT_SCHEMA ?? Number.POSITIVE_INFINITY),
): Promise<void> {
  while (!signal.aborted) {
    const lost = new AbortController();
    const sql = connectDirectly(() => lost.abort());
    const over = AbortSignal.any([signal, lost.signal]);
    const underWay = new Map<string, Promise<void>>();
    try {
      while (!over.aborted) {
        await tryToLead(sql, works, underWay, over, mine);
        await pause(TRY_MS, over);
      }
    } catch (error) {
      if (!signal.aborted) console.error("holdout: periodic work waits for the database:", String(error));
    }
    // what ran ends before its lock is given up, so that a stop hands over cleanly
    lost.abort();
    await Promise.all(underWay.values());
    await sql.end({ timeout: 1 });
    await pause(TRY_MS, signal);
  }
}

/** Starts what is led from now on. Throws where the database is away, or beyond this server. */
async function tryToLead(
  sql: Sql,
  works: Record<string, LeaderWork>,
  underWay: Map<string, Promise<void>>,
  over: AbortSignal,
  mine: number,
): Promise<void> {
  if (Number.isFinite(mine) && (await inTime(isTooOld(sql, mine)))) throw new Error("this server is too old for it");
  const open = Object.keys(works).filter((kind) => !underWay.has(kind));
  const taken = await inTime(
    sql<{ kind: string; taken: boolean }[]>`
      select kind, pg_try_advisory_lock(hashtextextended('lead ' || kind, 0)) as taken from unnest(${open}::text[]) kind`,
  );
  for (const { kind } of taken.filter((one) => one.taken)) {
    const work = works[kind]!(over).catch((error: unknown) => {
      console.error(`holdout: ${kind} ended:`, error);
      // the lock is still held: the next try begins the work again
      underWay.delete(kind);
    });
    underWay.set(kind, work);
  }
}

/** The session (PostgreSQL's id of its process) that leads each of these kinds of work; a kind that nobody leads is missing. */
export async function readLeaders(sql: Sql, kinds: readonly string[]): Promise<Map<string, number>> {
  const led = await sql<{ kind: string; pid: number }[]>`
    select kind, l.pid from unnest(${[...kinds]}::text[]) kind join pg_locks l on l.locktype = 'advisory' and l.granted
      and l.database = (select oid from pg_database where datname = current_database()) and l.objsubid = 1
      and (l.classid::bigint << 32 | l.objid::bigint) = hashtextextended('lead ' || kind, 0)`;
  return new Map(led.map(({ kind, pid }) => [kind, pid]));
}

async function inTime<Answer>(answer: Promise<Answer>): Promise<Answer> {
  const timer = new AbortController();
  const late = delay(ANSWER_MS, undefined, { signal: timer.signal }).then(() => {
    throw new Error(`no answer within ${ANSWER_MS / 1000} s`);
  });
  late.catch(() => {});
  try {
    return await Promise.race([answer, late]);
  } finally {
    timer.abort();
  }
}

const pause = (ms: number, signal: AbortSignal): Promise<void> => delay(ms, undefined, { signal }).catch(() => {});
