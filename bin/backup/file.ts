/**
 * A backup is one tar file, in this order:
 *   blobs/ab/abcd…        the stored files, named by their SHA-256
 *   tables/NAME/000001    the rows of a table as COPY's text, cut anywhere into parts
 *   holdout-backup.json   what must be there; last, so that a backup that was cut off has none
 */
import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { Readable } from "node:stream";
import { createTarDecoder } from "modern-tar";
import { z } from "zod";
import { Refusal } from "../../db/refusal.ts";

export const HEADER_NAME = "holdout-backup.json";
const HEADER_BYTES_MAX = 500_000_000;

const sha256 = z.string().regex(/^[0-9a-f]{64}$/);
const entryName = /^(blobs\/[0-9a-f]{2}\/[0-9a-f]{64}|tables\/[a-z_]+\/\d{6})$/;
const headerSchema = z.object({
  format: z.literal(1),
  createdAt: z.iso.datetime(),
  instance: z.uuid(),
  /** The newest migration of the schema: drizzle's time of it, and its name for people. */
  migration: z.object({ when: z.int(), tag: z.string() }),
  /** In an order in which each row's references are there before it. */
  tables: z.array(z.object({ name: z.string(), columns: z.array(z.string()), rows: z.int() })),
  /** Files that the database names and the store did not have whole. */
  damaged: z.array(z.string()),
  entries: z.array(z.object({ name: z.string().regex(entryName), sizeBytes: z.int(), sha256 })),
});
export type BackupHeader = z.infer<typeof headerSchema>;
export type BackupEntry = { name: string; chunks: AsyncIterable<Uint8Array> };

/** A name as SQL writes it. */
export const quoted = (name: string) => `"${name.replaceAll('"', '""')}"`;

/** The entries of a tar file, each to be read before the next. Throws a Refusal where it is no whole tar file. */
export async function* readEntries(file: string): AsyncGenerator<BackupEntry> {
  const source = Readable.toWeb(createReadStream(file)) as ReadableStream<Uint8Array>;
  const entries = source.pipeThrough(createTarDecoder({ strict: true }));
  for await (const { header, body } of orRefusal(file, entries))
    yield { name: header.name, chunks: orRefusal(file, body) };
}

async function* orRefusal<Item>(file: string, items: AsyncIterable<Item>): AsyncGenerator<Item> {
  const iterator = items[Symbol.asyncIterator]();
  for (;;) {
    const next = await iterator.next().catch((cause: Error) => {
      throw new Refusal(`${file} can't be read as a backup: ${cause.message}`, { cause });
    });
    if (next.done) return;
    yield next.value;
  }
}

/** Reads all of a backup and returns its header. Throws a Refusal where anything is missing, changed or too much. */
export async function verifyBackup(file: string): Promise<BackupHeader> {
  const found = new Map<string, string>();
  let header: BackupHeader | null = null;
  for await (const { name, chunks } of readEntries(file)) {
    if (name === HEADER_NAME) header = parseHeader(file, await collect(chunks));
    else found.set(name, await fingerprint(chunks));
  }
  if (!header) throw new Refusal(`${file} is no complete backup: it has no ${HEADER_NAME}`);
  for (const { name, sizeBytes, sha256 } of header.entries) {
    const is = found.get(name);
    if (is !== `${sizeBytes} ${sha256}`)
      throw new Refusal(`${file} is damaged: ${name} ${is ? "is not what was written" : "is missing"}`);
    if (name.startsWith("blobs/") && !name.endsWith(sha256) && !header.damaged.some((blob) => name.endsWith(blob)))
      throw new Refusal(`${file} is damaged: the content of ${name} has another hash`);
    found.delete(name);
  }
  const [extra] = found.keys();
  if (extra !== undefined) throw new Refusal(`${file} holds ${extra}, which its ${HEADER_NAME} doesn't name`);
  return header;
}

function parseHeader(file: string, text: string): BackupHeader {
  const parsed = headerSchema.safeParse(JSON.parse(text));
  if (parsed.success) return parsed.data;
  throw new Refusal(`${file} is no backup that this version can read: ${z.prettifyError(parsed.error)}`);
}

async function collect(chunks: AsyncIterable<Uint8Array>): Promise<string> {
  const parts: Uint8Array[] = [];
  let sizeBytes = 0;
  for await (const chunk of chunks) {
    sizeBytes += chunk.length;
    if (sizeBytes > HEADER_BYTES_MAX) throw new Refusal(`${HEADER_NAME} is larger than any backup's`);
    parts.push(chunk);
  }
  return Buffer.concat(parts).toString("utf8");
}

async function fingerprint(chunks: AsyncIterable<Uint8Array>): Promise<string> {
  const hash = createHash("sha256");
  let sizeBytes = 0;
  for await (const chunk of chunks) {
    hash.update(chunk);
    sizeBytes += chunk.length;
  }
  return `${sizeBytes} ${hash.digest("hex")}`;
}
