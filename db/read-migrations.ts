/** The migrations that this version brings, and the tables that they make. */
import { readFileSync } from "node:fs";
import path from "node:path";
import { getTableName, is } from "drizzle-orm";
import { readMigrationFiles } from "drizzle-orm/migrator";
import { PgTable } from "drizzle-orm/pg-core";
import { root } from "./root.ts";
import { tables } from "./schema/tables.ts";

export type Migration = { when: number; tag: string; hash: string; statements: string[] };

const folder = path.join(root, "drizzle");

/** In the order in which they are applied. */
export function readMigrations(): Migration[] {
  const journal = JSON.parse(readFileSync(path.join(folder, "meta", "_journal.json"), "utf8")) as {
    entries: { when: number; tag: string }[];
  };
  return readMigrationFiles({ migrationsFolder: folder }).map(({ folderMillis, hash, sql }) => ({
    when: folderMillis,
    tag: journal.entries.find((entry) => entry.when === folderMillis)?.tag ?? "",
    hash,
    statements: sql,
  }));
}

/** Names of this version's tables. */
export function tableNames(): string[] {
  const values: unknown[] = Object.values(tables);
  return values.flatMap((value) => (is(value, PgTable) ? [getTableName(value)] : [])).sort();
}

/** Names of the functions that the migrations make. */
export function functionNames(): string[] {
  const text = readMigrations()
    .flatMap((migration) => migration.statements)
    .join("\n");
  return [...new Set([...text.matchAll(/create (?:or replace )?function (\w+)/gi)].map((match) => match[1] ?? ""))];
}
