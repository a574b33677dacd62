/** Texts by key in a column of JSON, changed in place: two clients that set different keys at once both keep theirs. */
import { type SQL, sql } from "drizzle-orm";
import type { PgColumn } from "drizzle-orm/pg-core";

/** The column with texts added; a text of null takes its key away. */
export function changedTexts(column: PgColumn, change: Record<string, string | null>): SQL {
  const kept = Object.fromEntries(Object.entries(change).filter(([, text]) => text !== null));
  const gone = Object.keys(change).filter((key) => change[key] === null);
  return sql`(${column} || ${JSON.stringify(kept)}::jsonb) - ${sql.param(gone)}::text[]`;
}
