/** Puts a backup's rows into a database: all of them, in one transaction, or none. */
import { once } from "node:events";
import { setImmediate as immediate } from "node:timers/promises";
import type { TransactionSql } from "postgres";
import { connect } from "../../db/connection.ts";
import { functionNames, type Migration, readMigrations, tableNames } from "../../db/read-migrations.ts";
import { Refusal } from "../../db/refusal.ts";
import { type BackupEntry, type BackupHeader, quoted } from "./file.ts";

/** Throws a Refusal where this version doesn't know the schema of the backup. */
export function refuseUnknownSchema(header: BackupHeader): void {
  const { when, tag } = header.migration;
  const migrations = readMigrations();
  if (migrations.some((migration) => migration.when === when)) return;
  const newer = when > Math.max(...migrations.map((migration) => migration.when));
  throw new Refusal(
    newer
      ? `The backup's schema (${tag}) is newer than this version of Holdout: restore it with the version that made it.`
      : `The backup's schema (${tag}) is not one of this version's.`,
  );
}

/** What somebody would lose: counts of people, projects, runs. Empty: nothing. */
export async function whatIsThere(ownerUrl: string): Promise<string> {
  const client = connect(ownerUrl, { max: 1 });
  try {
    const counts: string[] = [];
    for (const table of ["users", "projects", "runs", "manifests"]) {
      const [row] = await client.unsafe<{ count: string }[]>(`select count(*) from ${quoted(table)}`);
      if (row && row.count !== "0") counts.push(`${row.count} ${table}`);
    }
    return counts.join(", ");
  } finally {
    await client.end({ timeout: 5 });
  }
}

/**
 * Replaces Holdout's tables by those of the backup, at the backup's version of the schema; the caller migrates them
 * on. `entries` are the archive's tables in its order. One transaction: a failure leaves what was there.
 */
export async function restoreTables(
  ownerUrl: string,
  header: BackupHeader,
  entries: AsyncIterable<BackupEntry>,
): Promise<void> {
  const client = connect(ownerUrl, { max: 1 });
  try {
    await client.begin(async (tx) => {
      await makeSchema(tx, header.migration.when);
      await switchRules(tx, "disable");
      for await (const [name, chunks] of byTable(entries)) {
        const table = header.tables.find((candidate) => candidate.name === name);
        if (!table) throw new Refusal(`The backup's header doesn't name the table ${name}; nothing was changed.`);
        await fillTable(tx, table, chunks);
      }
      for (const table of header.tables) await checkRows(tx, table);
      await switchRules(tx, "enable");
      await continueNumbers(tx);
    });
  } finally {
    await client.end({ timeout: 5 });
  }
}

/** The tables as they were when the backup was made, empty. Nothing that isn't Holdout's is touched. */
async function makeSchema(tx: TransactionSql, until: number): Promise<void> {
  for (const name of tableNames()) await tx.unsafe(`drop table if exists public.${quoted(name)} cascade`);
  for (const name of functionNames()) await tx.unsafe(`drop function if exists public.${quoted(name)} cascade`);
  await tx.unsafe("delete from drizzle.__drizzle_migrations");
  for (const migration of readMigrations().filter(({ when }) => when <= until)) await apply(tx, migration);
}

async function apply(tx: TransactionSql, { statements, hash, when }: Migration): Promise<void> {
  for (const statement of statements) await tx.unsafe(statement);
  await tx`insert into drizzle.__drizzle_migrations (hash, created_at) values (${hash}, ${when})`;
}

/**
 * Triggers guard changes that come after the rows: a complete dataset takes no sample, a manifest none later than itself.
 * Rows that come back were held to them when they were written. Foreign keys are checked all the same.
 */
async function switchRules(tx: TransactionSql, to: "enable" | "disable"): Promise<void> {
  const guarded = await tx<{ name: string }[]>`
    select distinct c.relname as name from pg_trigger t join pg_class c on c.oid = t.tgrelid
    where not t.tgisinternal and c.relnamespace = 'public'::regnamespace and c.relname in ${tx(tableNames())}`;
  for (const { name } of guarded) await tx.unsafe(`alter table public.${quoted(name)} ${to} trigger user`);
}

/** Columns that number their rows go on after the highest number that came back. */
async function continueNumbers(tx: TransactionSql): Promise<void> {
  const numbered = await tx<{ name: string; column: string }[]>`
    select c.relname as name, a.attname as column from pg_class c join pg_attribute a on a.attrelid = c.oid
    where c.relnamespace = 'public'::regnamespace and c.relname in ${tx(tableNames())}
      and a.attnum > 0 and not a.attisdropped
      and pg_get_serial_sequence(quote_ident(c.relname), a.attname) is not null`;
  for (const { name, column } of numbered)
    await tx.unsafe(
      `select setval(pg_get_serial_sequence('${quoted(name)}', '${column}'), max(${quoted(column)}))
       from public.${quoted(name)} having max(${quoted(column)}) is not null`,
    );
}

/** Joins the parts of each table, which follow one another. */
async function* byTable(entries: AsyncIterable<BackupEntry>): AsyncGenerator<[string, AsyncIterable<Uint8Array>]> {
  const iterator = entries[Symbol.asyncIterator]();
  let entry = await iterator.next();
  while (!entry.done) {
    const table = tableOf(entry.value);
    yield [
      table,
      (async function* () {
        while (!entry.done && tableOf(entry.value) === table) {
          yield* entry.value.chunks;
          entry = await iterator.next();
        }
      })(),
    ];
  }
}

function tableOf({ name }: BackupEntry): string {
  return name.split("/")[1] ?? "";
}

/**
 * Copies rows in. postgres.js tells a refusal that comes after the last row to a promise that is settled by then, and
 * ends each copy with a word that would break off the next one: so the promise's `reject` is listened to, a count
 * follows, which meets the refusal, and the stream's end is waited for.
 */
async function fillTable(
  tx: TransactionSql,
  { name, columns }: { name: string; columns: string[] },
  chunks: AsyncIterable<Uint8Array>,
): Promise<void> {
  const query = tx.unsafe(`copy ${quoted(name)} (${columns.map(quoted).join(", ")}) from stdin`);
  const copy = await query.writable();
  let refusal: unknown;
  const refuse = (error: unknown) => {
    refusal ??= error;
  };
  copy.on("error", refuse);
  Object.assign(query, { reject: refuse });
  for await (const chunk of chunks)
    if (!copy.destroyed) await new Promise<void>((resolve) => copy.write(chunk, () => resolve()));
  copy.end();
  // no query may be sent before the end is, which happens in a later turn
  await immediate();
  await countRows(tx, name).catch((error: unknown) => {
    const cause = refusal ?? error;
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new Refusal(`PostgreSQL refused rows of the table ${name} (${why}); nothing was changed.`, { cause });
  });
  if (!copy.closed) await once(copy, "close");
}

async function checkRows(tx: TransactionSql, { name, rows }: { name: string; rows: number }): Promise<void> {
  const found = await countRows(tx, name);
  if (found !== rows) throw new Refusal(`The table ${name} got ${found} of ${rows} rows; nothing was changed.`);
}

async function countRows(tx: TransactionSql, name: string): Promise<number> {
  const [row] = await tx.unsafe<{ count: string }[]>(`select count(*) from ${quoted(name)}`);
  return Number(row?.count);
}
