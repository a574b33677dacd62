/** Files in a folder, each under its hash: `ab/abcd…`. */
import { randomUUID } from "node:crypto";
import { createReadStream } from "node:fs";
import { mkdir, open, readdir, readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import path from "node:path";
import type { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { ProblemError } from "../problem.ts";
import type { BlobStore } from "./blob-store.ts";
import { hashing, verifying } from "./hashing.ts";

export function folderStore(folder: string): BlobStore {
  const placeOf = (sha256: string) => path.join(folder, sha256.slice(0, 2), sha256);
  const idFile = path.join(folder, "id");
  return {
    place: folder,
    stage: (content, maxBytes) => stageIn(folder, placeOf, content, maxBytes),
    async read(sha256, part) {
      const place = placeOf(sha256);
      const found = await stat(place).catch(() => null);
      if (!found) throw new ProblemError("not-found", `the file ${sha256} is missing from the store`);
      if (part) return createReadStream(place, { start: part.first, end: part.last });
      return createReadStream(place).compose(verifying(sha256)) as Readable;
    },
    sizeOf: async (sha256) => (await stat(placeOf(sha256)).catch(() => null))?.size ?? null,
    remove: (sha256) => rm(placeOf(sha256), { force: true }),
    async sweepStaging(before) {
      for (const file of await filesIn(path.join(folder, "staging"), before)) await rm(file, { force: true });
    },
    async *list(before) {
      const folders = await readdir(folder, { withFileTypes: true }).catch(() => []);
      for (const { name } of folders.filter((entry) => entry.isDirectory() && /^[0-9a-f]{2}$/.test(entry.name))) {
        const files = (await filesIn(path.join(folder, name), before)).map((file) => path.basename(file));
        yield files.filter((file) => /^[0-9a-f]{64}$/.test(file));
      }
    },
    readId: () => readFile(idFile, "utf8").catch(() => null),
    async writeId(id) {
      if (id === null) return rm(idFile, { force: true });
      await writeFile(idFile, `${id}\n`, { mode: 0o600 });
    },
    tryOut: async () => void (await mkdir(folder, { recursive: true, mode: 0o700 })),
    reach: async () => {},
    link: async () => null,
  };
}

async function stageIn(folder: string, placeOf: (sha256: string) => string, content: Readable, maxBytes: number) {
  const staging = path.join(folder, "staging");
  await mkdir(staging, { recursive: true, mode: 0o700 });
  const temporary = path.join(staging, randomUUID());
  const discard = () => rm(temporary, { force: true });
  const { meter, result } = hashing(maxBytes);
  // a stream that opens its file by itself may make it after it was discarded
  const file = await open(temporary, "wx", 0o600);
  try {
    await pipeline(content, meter, file.createWriteStream({ flush: true }));
  } catch (error) {
    await discard();
    throw error;
  }
  const { sha256, sizeBytes } = result();
  const place = placeOf(sha256);
  const keep = async () => {
    await mkdir(path.dirname(place), { recursive: true, mode: 0o700 });
    await rename(temporary, place).catch(async (error: NodeJS.ErrnoException) => {
      if (error.code !== "ENOENT") throw error;
      await stat(place);
    });
    await syncFolder(path.dirname(place));
  };
  return { sha256, sizeBytes, keep, discard };
}

/** Files of a folder, which may be missing, that nobody has written to since `before`. */
async function filesIn(folder: string, before: Date): Promise<string[]> {
  const files: string[] = [];
  for (const name of await readdir(folder).catch(() => [])) {
    const file = path.join(folder, name);
    const found = await stat(file).catch(() => null);
    if (found?.isFile() && found.mtime < before) files.push(file);
  }
  return files;
}

async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, "r");
  await handle.sync().finally(() => handle.close());
}
