/**
 * Where each table lies when PostgreSQL is distributed (Citus). The points, nearly all of the bytes, are spread over the nodes by
 * their run. All else stays a plain table of the coordinator, where Citus asks nothing of its statements.
 */
import { getTableName, is } from "drizzle-orm";
import { PgTable } from "drizzle-orm/pg-core";
import { tables } from "../schema/tables.ts";

/**
 * Spread by `run_id`: a run's rows lie on one node, together, so that its compaction is one transaction there. In the order in which
 * they are laid out; a foreign key goes from one to one before it, or is none there.
 */
const spread = [tables.writers, tables.batches, tables.batchHashes, tables.axes, tables.chunks];

export const SPREAD_BY = "run_id";
export const spreadTables: readonly string[] = spread.map(getTableName);
/** Every table of the schema. */
export const everyTable: readonly PgTable[] = Object.values(tables as Record<string, unknown>).filter(
  (one): one is PgTable => is(one, PgTable),
);
