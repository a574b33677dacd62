/** Puts a verified backup's files and rows in place. */
import { Readable } from "node:stream";
import { connect } from "../../db/connection.ts";
import { arePointsSpread, distributeDatabase } from "../../db/distribution/distribute.ts";
import { prepareDatabase } from "../../db/migrate.ts";
import { Refusal } from "../../db/refusal.ts";
import { root } from "../../db/root.ts";
import type { BlobStore } from "../../lib/blobs/blob-store.ts";
import { restoreTables } from "./database.ts";
import { type BackupEntry, type BackupHeader, readEntries } from "./file.ts";

/** The files first, which hurt nobody; then the rows, all or none; then what no row names any more goes. */
export async function restoreBackup(
  file: string,
  header: BackupHeader,
  { ownerUrl, appUrl }: { ownerUrl: string; appUrl: string },
  store: BlobStore,
): Promise<void> {
  const damaged = new Set(header.damaged);
  const kept = new Set<string>();
  async function* tables(): AsyncGenerator<BackupEntry> {
    for await (const entry of readEntries(file)) {
      const [kind, , sha256 = ""] = entry.name.split("/");
      if (kind === "tables") yield entry;
      else if (kind === "blobs" && !damaged.has(sha256)) {
        await placeBlob(store, sha256, entry.chunks);
        kept.add(sha256);
      } else for await (const _chunk of entry.chunks);
    }
  }
  const spread = await arePointsSpread(ownerUrl);
  await restoreTables(ownerUrl, header, tables());
  await prepareDatabase(ownerUrl, decodeURIComponent(new URL(appUrl).username), root);
  // the tables were made anew, as plain ones
  if (spread) await distributeDatabase(ownerUrl);
  await forgetFolder(ownerUrl);
  await removeOthers(store, kept);
}

/** The rows know the folder of the installation that was backed up; the files are here now. */
async function forgetFolder(ownerUrl: string): Promise<void> {
  const client = connect(ownerUrl, { max: 1 });
  try {
    await client`update workspace set files_id = null where id = 1`;
  } finally {
    await client.end({ timeout: 5 });
  }
}

async function placeBlob(store: BlobStore, sha256: string, chunks: AsyncIterable<Uint8Array>): Promise<void> {
  const staged = await store.stage(Readable.from(chunks), Number.POSITIVE_INFINITY, sha256);
  try {
    if (staged.sha256 !== sha256)
      throw new Refusal(`The backup changed while it was read: ${sha256} is ${staged.sha256}.`);
    await staged.keep();
  } finally {
    await staged.discard();
  }
}

/** No server runs meanwhile: what is staged is nobody's. */
async function removeOthers(store: BlobStore, kept: Set<string>): Promise<void> {
  const later = new Date(Date.now() + 48 * 60 * 60_000);
  await store.sweepStaging(later);
  for await (const found of store.list(later))
    for (const sha256 of found) if (!kept.has(sha256)) await store.remove(sha256);
}
