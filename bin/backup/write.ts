/** Writes a backup from one snapshot of the database, beside a server that goes on working. */
import { createHash } from "node:crypto";
import { createWriteStream } from "node:fs";
import { rename, rm } from "node:fs/promises";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { createTarPacker } from "modern-tar";
import type { TransactionSql } from "postgres";
import { connect } from "../../db/connection.ts";
import { arePointsSpread, holdPoints } from "../../db/distribution/distribute.ts";
import { spreadTables } from "../../db/distribution/layout.ts";
import { readMigrations, tableNames } from "../../db/read-migrations.ts";
import type { BlobStore } from "../../lib/blobs/blob-store.ts";
import { type BackupHeader, HEADER_NAME, quoted } from "./file.ts";

type Archive = {
  /** Adds one entry of exactly `sizeBytes` bytes, and returns the SHA-256 of them. */
  add: (name: string, sizeBytes: number, chunks: AsyncIterable<Uint8Array> | Iterable<Uint8Array>) => Promise<string>;
  entries: BackupHeader["entries"];
};

const PART_BYTES = 4 * 1024 * 1024;

/**
 * Writes everything that `ownerUrl` holds and the store's files into `file`, which appears when it is whole. Files that are
 * missing or damaged are named in the header, and the rest is written.
 */
export async function writeBackup(ownerUrl: string, store: BlobStore, file: string): Promise<BackupHeader> {
  const unfinished = `${file}.unfinished`;
  const spread = await arePointsSpread(ownerUrl);
  const { readable, controller } = createTarPacker();
  const target = createWriteStream(unfinished, { mode: 0o600, flush: true });
  const written = pipeline(Readable.fromWeb(readable as import("node:stream/web").ReadableStream), target);
  const client = connect(ownerUrl, { max: 1 });
  try {
    const header = await Promise.race([
      client.begin("isolation level repeatable read read only", async (tx) => {
        // nodes have no snapshot in common: points wait, from before this one's is taken
        if (spread) await holdPoints(tx);
        return pack(tx, store, openArchive(controller));
      }),
      // a full disk ends the writing, and with it the packing
      written.then(() => Promise.reject(new Error("The file was closed too early"))),
    ]);
    controller.finalize();
    await written;
    await rename(unfinished, file);
    return header;
  } catch (error) {
    controller.error(error);
    await written.catch(() => {});
    await rm(unfinished, { force: true });
    throw error;
  } finally {
    await client.end({ timeout: 5 });
  }
}

async function pack(tx: TransactionSql, store: BlobStore, archive: Archive): Promise<BackupHeader> {
  await tx.unsafe("set local datestyle = 'ISO'; set local timezone = 'UTC'; set local bytea_output = 'hex'");
  await tx.unsafe("set local extra_float_digits = 1; set local intervalstyle = 'postgres'");
  const migrations = readMigrations();
  const [applied] = await tx<{ when: string }[]>`select max(created_at) as when from drizzle.__drizzle_migrations`;
  const [workspace] = await tx<{ instance: string }[]>`select instance from workspace`;
  const when = Number(applied?.when);
  const damaged = await packBlobs(tx, store, archive);
  const tables = [];
  for (const table of await listTables(tx)) tables.push({ ...table, rows: await packTable(tx, table, archive) });
  const header: BackupHeader = {
    format: 1,
    createdAt: new Date().toISOString(),
    instance: workspace?.instance ?? "",
    migration: { when, tag: migrations.find((migration) => migration.when === when)?.tag ?? "unknown" },
    tables,
    damaged,
    entries: [...archive.entries],
  };
  const text = Buffer.from(JSON.stringify(header));
  await archive.add(HEADER_NAME, text.length, [text]);
  return header;
}

function openArchive(controller: ReturnType<typeof createTarPacker>["controller"]): Archive {
  const entries: Archive["entries"] = [];
  async function add(name: string, sizeBytes: number, chunks: AsyncIterable<Uint8Array> | Iterable<Uint8Array>) {
    const hash = createHash("sha256");
    const writer = controller.add({ name, size: sizeBytes, mode: 0o600, type: "file" }).getWriter();
    for await (const chunk of chunks) {
      hash.update(chunk);
      await writer.write(chunk);
    }
    await writer.close();
    const sha256 = hash.digest("hex");
    entries.push({ name, sizeBytes, sha256 });
    return sha256;
  }
  return { add, entries };
}

/** The names of the files that are not there as the database has them. */
async function packBlobs(tx: TransactionSql, store: BlobStore, archive: Archive): Promise<string[]> {
  const damaged: string[] = [];
  const blobs = await tx<{ sha256: string }[]>`select sha256 from blobs order by sha256`;
  for (const { sha256 } of blobs) {
    const bytes = await store.sizeOf(sha256);
    if (bytes === null) {
      damaged.push(sha256);
      continue;
    }
    // as a part: the whole of a damaged file would break off the backup, which names it instead
    const content = bytes === 0 ? [] : await store.read(sha256, { first: 0, last: bytes - 1 });
    const isSame = (await archive.add(`blobs/${sha256.slice(0, 2)}/${sha256}`, bytes, content)) === sha256;
    if (!isSame) damaged.push(sha256);
  }
  return damaged;
}

/** Every table of ours with its columns; a table comes after those that it refers to. */
async function listTables(tx: TransactionSql): Promise<{ name: string; columns: string[] }[]> {
  const tables = await tx<{ name: string; columns: string[] }[]>`
    select c.relname as name, array_agg(a.attname::text order by a.attnum) as columns
    from pg_class c join pg_attribute a on a.attrelid = c.oid
    where c.relnamespace = 'public'::regnamespace and c.relname in ${tx(tableNames())}
      and a.attnum > 0 and not a.attisdropped and a.attgenerated = ''
    group by c.relname order by c.relname`;
  const references = await tx<{ from: string; to: string }[]>`
    select a.relname as from, b.relname as to
    from pg_constraint f join pg_class a on a.oid = f.conrelid join pg_class b on b.oid = f.confrelid
    where f.contype = 'f' and f.connamespace = 'public'::regnamespace and a.oid <> b.oid
      and b.relname in ${tx(tableNames())}`;
  // on nodes tables lack some of their references: those come after all others, in an order that is right everywhere
  const others = tables.map(({ name }) => name).filter((name) => !spreadTables.includes(name));
  for (const [at, from] of spreadTables.entries())
    references.push(...[...others, ...spreadTables.slice(0, at)].map((to) => ({ from, to })));
  const ordered: (typeof tables)[number][] = [];
  while (ordered.length < tables.length) {
    const placed = new Set(ordered.map((table) => table.name));
    const next = tables.filter(
      ({ name }) => !placed.has(name) && references.every(({ from, to }) => from !== name || placed.has(to)),
    );
    if (next.length === 0) throw new Error("Tables refer to each other in a circle");
    ordered.push(...next);
  }
  return ordered;
}

/** Returns the number of rows: COPY's text has one line feed a row and no other. */
async function packTable(
  tx: TransactionSql,
  { name, columns }: { name: string; columns: string[] },
  archive: Archive,
): Promise<number> {
  const copy = await tx.unsafe(`copy ${quoted(name)} (${columns.map(quoted).join(", ")}) to stdout`).readable();
  let rows = 0;
  let part = 0;
  let held: Buffer[] = [];
  let heldBytes = 0;
  const flush = async () => {
    part += 1;
    await archive.add(`tables/${name}/${String(part).padStart(6, "0")}`, heldBytes, held);
    held = [];
    heldBytes = 0;
  };
  for await (const chunk of copy as AsyncIterable<Buffer>) {
    for (const byte of chunk) if (byte === 10) rows += 1;
    held.push(chunk);
    heldBytes += chunk.length;
    if (heldBytes >= PART_BYTES) await flush();
  }
  // postgres.js leaves its socket paused where the last rows filled the stream's buffer; this resumes it
  copy._read(0);
  if (heldBytes > 0) await flush();
  return rows;
}
