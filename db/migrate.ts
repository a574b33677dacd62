/** Brings a database to this version's schema, and gives the app's role what it may do. */
import path from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { readMigrationFiles } from "drizzle-orm/migrator";
import type { Sql } from "postgres";
import { v7 as uuidv7 } from "uuid";
import { connect } from "./connection.ts";
import { locks } from "./locks.ts";
import { isConcurrent } from "./migration-forms.ts";
import { Refusal } from "./refusal.ts";
import { isTooOld, newestMigration, readJournal, serversSince } from "./versions.ts";

const POSTGRES_MAJOR_MIN = 15;
/** Tables whose rows are final: the app's role may add and read. */
const finalTables = [
  ...["dataset_samples", "manifests", "manifest_samples", "manifest_registrations", "manifest_reports"],
  ...["manifest_overrides", "near_pairs", "pair_judgements", "looks", "tombstones", "audit"],
  ...["evaluations", "evaluation_predictions", "evaluation_reports", "label_marks", "evaluation_releases"],
  ...["look_confirmations", "champion_rules", "claims", "sign_offs", "claim_words", "alias_moves", "signing_keys"],
  ...["review_decisions", "comment_edits", "loops", "loop_runs", "rulings", "loop_candidates", "loop_answers"],
  ...["referee_splits", "referee_scores", "imported_records"],
];

/** A migration waits no longer for a lock: behind it every request to the table waits too. */
const LOCK_MS = 1_000;
const LOCK_TRIES = 40;
const LOCK_PAUSE_MS = 500;

/**
 * Migrates the database that `ownerUrl` names, and lets `appRole` (which exists) use it without DDL, TRUNCATE, or changes
 * to final rows, unless it is the owner itself, or null. May be repeated, run by several processes at once, and beside servers at
 * work. A schema that is newer stays as it is where this version may work on it. Throws where it may not, where the server is older
 * than PostgreSQL 15, or where a lock isn't to be had.
 */
export async function prepareDatabase(ownerUrl: string, appRole: string | null, folder = process.cwd()): Promise<void> {
  const client = connect(ownerUrl, { max: 1, max_lifetime: null });
  try {
    const [server] = await client<{ major: number; role: string }[]>`
      select current_setting('server_version_num')::int / 10000 as major, current_user as role`;
    if (!server || server.major < POSTGRES_MAJOR_MIN)
      throw new Refusal(`PostgreSQL ${server?.major} is too old: ${POSTGRES_MAJOR_MIN} or later is needed`);
    await client`select pg_advisory_lock(${locks.migration})`;
    const applied = await newestApplied(client);
    if (applied > newestMigration(folder)) return await refuseWhereTooOld(client, newestMigration(folder));
    await applyMigrations(client, folder, applied);
    if (appRole && appRole !== server.role) await grantToApp(client, appRole);
    await client`insert into workspace (id, instance) values (1, ${uuidv7()}) on conflict do nothing`;
    const since = serversSince(folder);
    if (since > 0)
      await client`update workspace set servers_since = ${since} where id = 1 and servers_since < ${since}`;
  } finally {
    await client.end({ timeout: 5 });
  }
}

/** The time of the newest migration that the database has, in ms; 0: it has none. */
async function newestApplied(client: Sql): Promise<number> {
  await client.unsafe(`create schema if not exists drizzle;
    create table if not exists drizzle.__drizzle_migrations (id serial primary key, hash text not null, created_at bigint)`);
  const [applied] = await client<{ newest: string | null }[]>`
    select max(created_at) as newest from drizzle.__drizzle_migrations`;
  return Number(applied?.newest ?? 0);
}

async function refuseWhereTooOld(client: Sql, mine: number): Promise<void> {
  const [column] = await client`select 1 from information_schema.columns
    where table_schema = 'public' and table_name = 'workspace' and column_name = 'servers_since'`;
  if (column && !(await isTooOld(client, mine))) return;
  throw new Refusal(
    "The database's schema is newer than this version of Holdout. Start the version that last used it, " +
      "or restore a backup made by this one (npm run restore).",
  );
}

/** Each by itself, so that its locks end with it. */
async function applyMigrations(client: Sql, folder: string, applied: number): Promise<void> {
  const migrations = readMigrationFiles({ migrationsFolder: path.join(folder, "drizzle") });
  const journal = readJournal(folder);
  for (const { folderMillis: when, hash, sql: statements } of migrations) {
    if (when <= applied) continue;
    const note = (tx: Sql) => tx`insert into drizzle.__drizzle_migrations (hash, created_at) values (${hash}, ${when})`;
    const tag = journal.find((entry) => entry.when === when)?.tag ?? String(when);
    if (isConcurrent(statements)) await applyConcurrently(client, statements, note);
    else
      await unlessLocked(tag, () =>
        client.begin(async (tx) => {
          await tx`select set_config('lock_timeout', ${String(LOCK_MS)}, true)`;
          for (const statement of statements) await tx.unsafe(statement);
          await note(tx as unknown as Sql);
        }),
      );
  }
}

/** Indexes that are made beside writes: no transaction may hold them, and one that was cut off is made anew. */
async function applyConcurrently(client: Sql, statements: string[], note: (sql: Sql) => Promise<unknown>) {
  for (const statement of statements) {
    const name = /create (?:unique )?index concurrently (?:if not exists )?("?\w+"?)/i.exec(statement)?.[1];
    if (name) await client.unsafe(`drop index concurrently if exists ${name}`);
    await client.unsafe(statement);
  }
  await note(client);
}

/** Tries again while somebody else holds what the migration needs; nothing of it is there meanwhile. */
async function unlessLocked(tag: string, apply: () => Promise<unknown>): Promise<void> {
  for (let tries = 1; ; tries++) {
    try {
      return void (await apply());
    } catch (cause) {
      if ((cause as { code?: string }).code !== "55P03") throw cause;
      if (tries === LOCK_TRIES)
        throw new Refusal(
          `The migration ${tag} waits for a table that others hold for long: a backup, a check or a long query is at work. Start again when it has ended.`,
          { cause },
        );
      await delay(LOCK_PAUSE_MS);
    }
  }
}

async function grantToApp(client: Sql, appRole: string): Promise<void> {
  await client.begin(async (tx) => {
    const role = tx(appRole);
    await tx`revoke create on schema public from public`;
    await tx`grant usage on schema public to ${role}`;
    await tx`revoke all on all tables in schema public from ${role}`;
    await tx`grant select, insert, update, delete on all tables in schema public to ${role}`;
    for (const table of finalTables) await tx`revoke update, delete on ${tx(table)} from ${role}`;
    await tx`revoke delete on datasets from ${role}`;
    // a temporary table of the same name stands before one of ours, wherever a name is looked up without its schema
    const [database] = await tx<{ name: string }[]>`select current_database() as name`;
    await tx`revoke temporary on database ${tx(database!.name)} from public, ${role}`;
    await tx`grant execute on function purge_project(uuid) to ${role}`;
  });
}
