/** The entries of a tar file, also of one that gzip packed. */
import { createReadStream } from "node:fs";
import { open } from "node:fs/promises";
import { pipeline, Readable } from "node:stream";
import type { ReadableStream } from "node:stream/web";
import { createGunzip } from "node:zlib";
import { createTarDecoder } from "modern-tar";
import type { Entry } from "./unpack.ts";

const words: Record<string, string> = {
  file: "file",
  directory: "folder",
  symlink: "a symbolic link",
  link: "a hard link",
};

/** Throws where it is no whole tar file. */
export async function* tarEntries(file: string): AsyncGenerator<Entry> {
  const bytes = createReadStream(file);
  const tar = (await isGzip(file)) ? pipeline(bytes, createGunzip(), () => undefined) : bytes;
  try {
    const entries = (Readable.toWeb(tar) as ReadableStream<Uint8Array>).pipeThrough(
      createTarDecoder({ strict: true }) as never,
    ) as AsyncIterable<{ header: { name: string; type?: string }; body: ReadableStream<Uint8Array> }>;
    for await (const { header, body } of entries) {
      const kind = words[header.type ?? "file"] ?? `a special file (${header.type})`;
      let isOpen = false;
      const open = () => {
        isOpen = true;
        return Readable.fromWeb(body);
      };
      yield { name: header.name, kind, open };
      if (!isOpen) await body.cancel();
    }
  } finally {
    bytes.destroy();
  }
}

async function isGzip(file: string): Promise<boolean> {
  const handle = await open(file);
  try {
    const { buffer } = await handle.read(Buffer.alloc(2), 0, 2, 0);
    return buffer.readUInt16BE() === 0x1f8b;
  } finally {
    await handle.close();
  }
}
