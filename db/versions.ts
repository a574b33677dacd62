/**
 * Which servers may work on one database. Each brings migrations; a rolling upgrade has older and newer ones at work at once,
 * until a migration that the older ones can't live with: from then on they stop.
 */
import { readFileSync } from "node:fs";
import path from "node:path";
import type { Sql } from "postgres";
import { root } from "./root.ts";

/**
 * The first migration that a server has to bring to work beside this version's. A migration that drops, renames or narrows what
 * older servers use raises it to its own name (`migration-forms.test.ts` holds that); one that only adds leaves it.
 */
export const SERVERS_SINCE = "0061_servers_of_versions";

export type JournalEntry = { when: number; tag: string };

/** The migrations of the checkout at `folder`, in their order. */
export function readJournal(folder = root): JournalEntry[] {
  const file = path.join(folder, "drizzle", "meta", "_journal.json");
  return (JSON.parse(readFileSync(file, "utf8")) as { entries: JournalEntry[] }).entries;
}

/** The time of the newest migration that the checkout at `folder` brings, in ms. */
export const newestMigration = (folder = root): number => Math.max(...readJournal(folder).map(({ when }) => when));

/** The time of `SERVERS_SINCE`; 0 in a checkout that doesn't bring it. */
export const serversSince = (folder = root): number =>
  readJournal(folder).find(({ tag }) => tag === SERVERS_SINCE)?.when ?? 0;

/** Whether a server whose newest migration is `mine` is too old to work on the database. */
export async function isTooOld(sql: Sql, mine: number): Promise<boolean> {
  const [row] = await sql<{ since: string }[]>`select servers_since as since from workspace where id = 1`;
  return Number(row?.since ?? 0) > mine;
}

/** What a server that is too old says, and what is done about it. */
export const TOO_OLD =
  "this server is older than the database, which a newer version of Holdout has changed: it takes nothing any more. " +
  "Update it to the version of the other servers, and start it again";
