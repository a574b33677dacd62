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
  const sql = postgres(parsed.toString(), {
    onnotice: () => {},
    connection: { application_name: "holdout" },
    backoff: pauseBefore,
    ...(socketFolder ? { host: socketFolder, port: Number(parsed.port || 5432) } : {}),
    ...options,
  });
  if (watch.holdoutStatement) watchStatements(sql);
  return sql;
}

/** Set by who traces: told of each statement's text, without its values; what it returns is called at the statement's end. */
const watch = globalThis as {
  holdoutStatement?: (text: string) => ((error?: unknown) => void) | undefined;
};

type SentQuery = {
  strings: readonly string[];
  executed: boolean;
  resolve: (value: unknown) => void;
  reject: (error: unknown) => void;
};
type QueryPrototype = { handle: (this: SentQuery) => unknown; isWatched?: boolean };

/** postgres.js tells of no statement's end: its queries say it themselves from now on. Once a process. */
function watchStatements(sql: Sql): void {
  // nothing is sent before somebody waits for it
  const prototype = Object.getPrototypeOf(sql`select`) as QueryPrototype;
  if (prototype.isWatched) return;
  prototype.isWatched = true;
  const { handle } = prototype;
  prototype.handle = function handleWatched() {
    const end = this.executed ? undefined : watch.holdoutStatement?.(this.strings.join("$"));
    if (end) {
      const { resolve, reject } = this;
      this.resolve = (value) => {
        end();
        resolve(value);
      };
      this.reject = (error) => {
        end(error);
        reject(error);
      };
    }
    return handle.call(this);
  };
}

/** Seconds before a connection is tried again: a database that was away and is back is not waited for. */
const pauseBefore = (failures: number): number => Math.min(0.05 * 2 ** failures, 1);

/** No statement of the app takes longer: the longest are copies of millions of samples. */
const STATEMENT_MS = 10 * 60_000;
const CONNECT_S = 10;
const CONNECTIONS_OF_EACH = 10;
/** Of both clients of a process. */
export const POOL_MAX = 2 * CONNECTIONS_OF_EACH;

type Connections = {
  db: Database;
  sql: Sql;
  /** For LISTEN, which goes past a pooler. */
  listener: Sql;
  close: () => Promise<void>;
};
// one pool a process, also where a bundler loads this module more than once
const cache = globalThis as { holdoutConnections?: Connections };

/**
 * The pools of this process, opened at first use as the app's role. `db` and `sql` are two clients because Drizzle
 * changes how its client parses timestamps and JSON.
 */
export function connections(): Connections {
  if (!cache.holdoutConnections) {
    const url = appUrl();
    const pool = { max: CONNECTIONS_OF_EACH, connect_timeout: CONNECT_S };
    const connection = { application_name: "holdout", statement_timeout: STATEMENT_MS };
    // a pooler gives each transaction another session: it knows no prepared statement, and refuses settings of a session
    const forDrizzle = connect(url, isPooled() ? { ...pool, prepare: false } : { ...pool, connection });
    // planned once a connection: the statements here are the same each time, and planning one costs more than running it;
    // over nodes a statement has to say of which run it is when it is planned
    const generic = isDistributed() ? {} : { plan_cache_mode: "force_generic_plan" };
    const planned = { ...pool, connection: { ...connection, ...generic } };
    const sql = connect(url, isPooled() ? { ...pool, prepare: false } : planned);
    const listener = isPooled() ? connectDirectly() : sql;
    const pools = new Set([forDrizzle, sql, listener]);
    const close = async () => void (await Promise.all([...pools].map((one) => one.end({ timeout: 5 }))));
    cache.holdoutConnections = { db: drizzle(forDrizzle, { schema: tables }), sql, listener, close };
  }
  return cache.holdoutConnections;
}

function appUrl(): string {
  const url = process.env.DATABASE_APP_URL ?? process.env.DATABASE_URL;
  if (!url) throw new Error("DATABASE_URL is not set; npm start sets it for the embedded PostgreSQL");
  return url;
}

/** Whether a pooler (PgBouncer in transaction mode) stands between the pools of this process and the database. */
const isPooled = (): boolean => Boolean(process.env.DATABASE_DIRECT_URL);

/** Whether the points lie spread over nodes by their run (`npm run distribute`): the server says so at its start. */
export const isDistributed = (): boolean => process.env.HOLDOUT_DISTRIBUTED === "yes";

/**
 * A connection past any pooler, for what lasts longer than a transaction: LISTEN, and locks of a session. It is the
 * caller's to end; once it breaks, its locks are free, and `onLost` is called.
 */
export function connectDirectly(onLost: () => void = () => {}): Sql {
  return connect(process.env.DATABASE_DIRECT_URL || appUrl(), {
    max: 1,
    connect_timeout: CONNECT_S,
    // one that is renewed would lose what it holds
    max_lifetime: null,
    onclose: onLost,
    connection: { application_name: "holdout", ...KEEPALIVE },
  });
}

/** The server notices within 7 s that a machine is gone, and frees the locks that it held (ignored by Unix sockets). */
const KEEPALIVE = { tcp_keepalives_idle: 3, tcp_keepalives_interval: 2, tcp_keepalives_count: 2 };

/** `url` with the name and password of `role`'s: how the same role comes past a pooler. */
export function asRoleOf(url: string, role: string): string {
  const [given, { username, password }] = [new URL(url), new URL(role)];
  Object.assign(given, { username, password });
  return given.toString();
}

/** Gives the role that `directUrl` names the deadline of statements, where a pooler passes no settings of a session. */
export async function limitStatements(directUrl: string): Promise<void> {
  const client = connect(directUrl, { max: 1 });
  try {
    const [now] = await client<{ limit: string; database: string }[]>`
      select setting as limit, current_database() as database from pg_settings where name = 'statement_timeout'`;
    if (now?.limit === String(STATEMENT_MS)) return;
    const database = client(now!.database);
    await client`alter role current_user in database ${database} set statement_timeout = ${client.unsafe(String(STATEMENT_MS))}`;
  } finally {
    await client.end({ timeout: 5 });
  }
}

/** Closes the pools of this process; the next use opens new ones. */
export async function closeConnections(): Promise<void> {
  const open = cache.holdoutConnections;
  cache.holdoutConnections = undefined;
  await open?.close();
}
