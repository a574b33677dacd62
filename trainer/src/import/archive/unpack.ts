/**
 * An archive as the folder that it holds. A stranger may have packed it: whatever would write outside the folder, fill the
 * disk or be read in two ways is refused by its name, and nothing of it stays.
 */
import { createWriteStream, mkdirSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { pipeline } from "node:stream/promises";
import { tarEntries } from "./tar.ts";
import { zipEntries } from "./zip.ts";

/** `kind`: `file`, `folder`, or what else it is, with its article. `open` once, before the next is asked for. */
export type Entry = { name: string; kind: string; open: () => AsyncIterable<Uint8Array> };
export type Limits = { bytes: number; entries: number };

/** Of what is unpacked. Who trusts a larger archive unpacks it, and imports the folder. */
const limitsOfArchives: Limits = { bytes: 50_000_000_000, entries: 5_000_000 };
const endings = [
  [".zip", zipEntries],
  [".tar", tarEntries],
  [".tar.gz", tarEntries],
  [".tgz", tarEntries],
] as const;
const otherArchives = /\.(7z|rar|tar\.\w+|tbz2?|txz|tzst)$/i;
/** What macOS and its Finder add of their own. */
const notOfTheSource = /(^|\/)(__MACOSX\/|\._|\.DS_Store$)/;

/** Runs `act` on the place, or on what the archive there holds, unpacked for so long. An archive of one folder or file is that one. */
export async function withUnpacked<Result>(
  place: string,
  act: (place: string) => Promise<Result>,
  limits = limitsOfArchives,
): Promise<Result> {
  const known = endings.find(([ending]) => place.toLowerCase().endsWith(ending));
  if (!known) {
    if (otherArchives.test(place)) throw new Error(`${place}: of archives .zip, .tar, .tar.gz and .tgz are unpacked`);
    return await act(place);
  }
  const [ending, entriesOf] = known;
  const home = mkdtempSync(path.join(tmpdir(), "holdout-unpacked-"));
  const clear = () => rmSync(home, { recursive: true, force: true });
  const stop = (signal: NodeJS.Signals) => {
    clear();
    process.kill(process.pid, signal);
  };
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, stop);
  try {
    const folder = path.join(home, path.basename(place).slice(0, -ending.length) || "archive");
    await unpack(place, entriesOf(place), folder, limits);
    return await act(soleIn(folder));
  } finally {
    for (const signal of ["SIGINT", "SIGTERM"] as const) process.off(signal, stop);
    clear();
  }
}

async function unpack(archive: string, entries: AsyncIterable<Entry>, folder: string, limits: Limits): Promise<void> {
  const room = { bytes: limits.bytes };
  let count = 0;
  mkdirSync(folder);
  try {
    for await (const { name, kind, open } of entries) {
      if (++count > limits.entries) throw new Error(`it has more than ${limits.entries} entries; ${unpackedYourself}`);
      const fault = faultOf(name, kind);
      if (fault !== null) throw new Error(`${JSON.stringify(name)} ${fault}`);
      if (notOfTheSource.test(name)) continue;
      await write(name, kind, path.join(folder, name), open, async function* (chunks) {
        for await (const chunk of chunks) {
          room.bytes -= chunk.length;
          if (room.bytes < 0) throw new TooLarge(`it unpacks to more than ${limits.bytes} bytes; ${unpackedYourself}`);
          yield chunk;
        }
      });
    }
    if (count === 0) throw new Error("it is empty");
  } catch (cause) {
    throw new Error(`${archive} can't be unpacked: ${(cause as Error).message}`, { cause });
  }
}
const unpackedYourself = "if it is yours, unpack it and import the folder";

class TooLarge extends Error {}

type Counting = (chunks: AsyncIterable<Uint8Array>) => AsyncIterable<Uint8Array>;

async function write(name: string, kind: string, to: string, open: Entry["open"], count: Counting): Promise<void> {
  try {
    mkdirSync(kind === "folder" ? to : path.dirname(to), { recursive: true });
    // wx: a second file of this name would take the place of the first
    if (kind === "file") await pipeline(open(), count, createWriteStream(to, { flags: "wx" }));
  } catch (error) {
    if (error instanceof TooLarge) throw error;
    const { code } = error as NodeJS.ErrnoException;
    const isTwice = code === "EEXIST" || code === "ENOTDIR";
    throw new Error(
      `${JSON.stringify(name)} ${isTwice ? "is there twice" : `is damaged: ${(error as Error).message}`}`,
      { cause: error },
    );
  }
}

/** Why an entry isn't unpacked; null: it is. */
function faultOf(name: string, kind: string): string | null {
  if (kind !== "file" && kind !== "folder") return `is ${kind}; only files and folders are unpacked`;
  if (/^([/\\]|[a-z]:)/i.test(name)) return "is an absolute path; pack the folder by a relative one";
  if (name.split(/[/\\]/).includes("..")) return "leads out of the archive; pack the folder itself, without ..";
  if (name.includes("\\")) return "has a backslash in its path; / parts folders";
  if (name.includes("\uFFFD")) return "has a name that isn't UTF-8; pack it anew with UTF-8 names";
  if (name.includes("\0")) return "has a zero byte in its name";
  return null;
}

function soleIn(folder: string): string {
  const [first, ...others] = readdirSync(folder);
  return first !== undefined && others.length === 0 ? path.join(folder, first) : folder;
}
