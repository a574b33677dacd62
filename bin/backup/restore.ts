/** Puts a verified backup's files and rows in place. */
import { createWriteStream } from "node:fs";
import { mkdir, readdir, rename, rm } from "node:fs/promises";
import path from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { connect } from "../../db/connection.ts";
import { prepareDatabase } from "../../db/migrate.ts";
import { root } from "../../db/root.ts";
import { restoreTables } from "./database.ts";
import { type BackupEntry, type BackupHeader, readEntries } from "./file.ts";

/** The files first, which hurt nobody; then the rows, all or none; then what no row names any more goes. */
export async function restoreBackup(
  file: string,
  header: BackupHeader,
  { ownerUrl, appUrl }: { ownerUrl: string; appUrl: string },
  blobFolder: string,
): Promise<void> {
  const damaged = new Set(header.damaged);
  const kept = new Set<string>();
  async function* tables(): AsyncGenerator<BackupEntry> {
    for await (const entry of readEntries(file)) {
      const [kind, , sha256 = ""] = entry.name.split("/");
      if (kind === "tables") yield entry;
      else if (kind === "blobs" && !damaged.has(sha256)) {
        await placeBlob(blobFolder, sha256, entry.chunks);
        kept.add(sha256);
      } else for await (const _chunk of entry.chunks);
    }
  }
  await restoreTables(ownerUrl, header, tables());
  await prepareDatabase(ownerUrl, decodeURIComponent(new URL(appUrl).username), root);
  await forgetFolder(ownerUrl);
  await removeOthers(blobFolder, kept);
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

async function placeBlob(folder: string, sha256: string, chunks: AsyncIterable<Uint8Array>): Promise<void> {
  const place = path.join(folder, sha256.slice(0, 2), sha256);
  await mkdir(path.dirname(place), { recursive: true, mode: 0o700 });
  const unfinished = `${place}.unfinished`;
  await pipeline(Readable.from(chunks), createWriteStream(unfinished, { mode: 0o600, flush: true }));
  await rename(unfinished, place);
}

async function removeOthers(folder: string, kept: Set<string>): Promise<void> {
  const files = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  for (const file of files)
    if (file.isFile() && !kept.has(file.name)) await rm(path.join(file.parentPath, file.name), { force: true });
}
