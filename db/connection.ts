/** The connections to PostgreSQL: one for Drizzle, one for plain SQL, LISTEN and COPY. */
import { drizzle, type PostgresJsDatabase } from "drizzle-orm/postgres-js";
import postgres, { type Options, type Sql } from "postgres";
import { tables } from "./schema/tables.ts";

export type Database = PostgresJsDatabase<typeof tables>;
/** A database or an open transaction on it. */
export type Executor = Database | Parameters<Parameters<Database["transaction"]>[0]>[0];

/**
 * Opens a pool. `url` is libpq's form, `?host=/folder` (a Unix socket) included, which postgres.js by itself doesn't
 * read. Nothing is sent before the first query.
 */
export function connect(url: string, options: Options<Record<string, never>> = {}): Sql {
  const parsed = new URL(url);
  const socketFolder = parsed.searchParams.get("host");
  parsed.searchParams.delete("host");
  return postgres(parsed.toString(), {
    onnotice: () => {},
    connection: { application_name: "holdout" },
    backoff: pauseBefore,
    ...(socketFolder ? { host: socketFolder, port: Number(parsed.port || 5432) } : {}),
    ...options,
  });
}

/** Seconds before a connection is tried again: a database that was away and is back is not waited for. */
const pauseBefore = (failures: number): number => Math.min(0.05 * 2 ** failures, 1);

/** No statement of the app takes longer: the longest are copies of millions of samples. */
const STATEMENT_MS = 10 * 60_000;
const CONNECT_S = 10;
const CONNECTIONS_OF_EACH = 10;
/** Of both clients of a process. */
export const POOL_MAX = 2 * CONNECTIONS_OF_EACH;

type Connections = { db: Database; sql: Sql; close: () => Promise<void> };
// one pool a process, also where a bundler loads this module more than once
const cache = globalThis as { holdoutConnections?: Connections };

/**
 * The pools of this process, opened at first use as the app's role. `db` and `sql` are two clients because Drizzle
 * changes how its client parses timestamps and JSON.
 */
export function connections(): Connections {
  if (!cache.holdoutConnections) {
    const url = process.env.DATABASE_APP_URL ?? process.env.DATABASE_URL;
    if (!url) throw new Error("DATABASE_URL is not set; npm start sets it for the embedded PostgreSQL");
    const connection = { application_name: "holdout", statement_timeout: STATEMENT_MS };
    const forDrizzle = connect(url, { max: CONNECTIONS_OF_EACH, connect_timeout: CONNECT_S, connection });
    // planned once a connection: the statements here are the same each time, and planning one costs more than running it
    const sql = connect(url, {
      max: CONNECTIONS_OF_EACH,
      connect_timeout: CONNECT_S,
      connection: { ...connection, plan_cache_mode: "force_generic_plan" },
    });
    const close = async () => void (await Promise.all([forDrizzle.end({ timeout: 5 }), sql.end({ timeout: 5 })]));
    cache.holdoutConnections = { db: drizzle(forDrizzle, { schema: tables }), sql, close };
  }
  return cache.holdoutConnections;
}

/** Closes the pools of this process; the next use opens new ones. */
export async function closeConnections(): Promise<void> {
  const open = cache.holdoutConnections;
  cache.holdoutConnections = undefined;
  await open?.close();
}
