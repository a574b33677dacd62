/** A SQLite file, read by SQLite itself as WebAssembly: a page at a time, and nothing beside the file is written. */
import { closeSync, mkdtempSync, openSync, readSync, rmSync, statSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";

export type Sqlite = {
  has: (table: string) => boolean;
  /** Rows one at a time, `values` in the place of its question marks. */
  rows: (sql: string, ...values: (string | number | bigint)[]) => Iterable<SqliteRow>;
  close: () => void;
};
export type SqliteRow = Record<string, number | bigint | string | Uint8Array | null>;

const MAGIC = "SQLite format 3\u0000";

/** Throws where the file is none, or where changes wait beside it. */
export async function openSqlite(file: string): Promise<Sqlite> {
  if (headOf(file) !== MAGIC) throw new Error(`${file}: no SQLite file`);
  for (const ending of ["-wal", "-journal"])
    if ((statSync(file + ending, { throwIfNoEntry: false })?.size ?? 0) > 0)
      throw new Error(
        `${file}${ending} holds changes that the file itself hasn't: stop what writes there, or import a copy that sqlite3's .backup made`,
      );
  // loaded here alone: it is a megabyte
  const { default: sqlite } = await import("node-sqlite3-wasm");
  // it locks by a folder beside the file's name: the name is one of our own
  const within = mkdtempSync(path.join(tmpdir(), "holdout-sqlite-"));
  const link = path.join(within, "store.db");
  symlinkSync(path.resolve(file), link);
  const database = new sqlite.Database(link, { readOnly: true, fileMustExist: true });
  // a store that many runs wrote to at once has the rows of each all over the file
  database.exec("pragma cache_size = -65536");
  return {
    has: (table) => database.get("select 1 from sqlite_master where type = 'table' and name = ?", table) !== null,
    *rows(sql, ...values) {
      const statement = database.prepare(sql);
      try {
        for (const row of statement.iterate(values)) yield row as SqliteRow;
      } finally {
        statement.finalize();
      }
    },
    close: () => {
      database.close();
      rmSync(within, { recursive: true, force: true });
    },
  };
}

function headOf(file: string): string {
  const head = Buffer.alloc(MAGIC.length);
  const opened = openSync(file, "r");
  readSync(opened, head, 0, head.length, 0);
  closeSync(opened);
  return head.toString("latin1");
}
