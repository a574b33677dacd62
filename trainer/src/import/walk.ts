/** What lies in a folder. Links aren't followed: they may lead anywhere. */
import { constants, type Dirent, readdirSync, readFileSync } from "node:fs";
import { access, stat } from "node:fs/promises";
import path from "node:path";
import { artifactPathSchema } from "../../../lib/wire/base/text.ts";
import { ARTIFACT_BYTES_MAX } from "../../../lib/wire/base/words.ts";
import type { ImportedFile, LeftOut } from "./imported.ts";

/** Names of folders in a folder, ordered; empty where it isn't there. */
export async function foldersIn(folder: string): Promise<string[]> {
  return entriesOf(folder).flatMap((entry) => (entry.isDirectory() ? [entry.name] : []));
}

/** Paths of all files below a folder, `/` between their parts, ordered; and of links, which aren't followed. */
export async function filesBelow(folder: string, within = ""): Promise<{ files: string[]; links: string[] }> {
  const found: { files: string[]; links: string[] } = { files: [], links: [] };
  for (const entry of entriesOf(path.join(folder, within))) {
    const at = within === "" ? entry.name : `${within}/${entry.name}`;
    if (entry.isSymbolicLink()) found.links.push(at);
    else if (entry.isFile()) found.files.push(at);
    else if (entry.isDirectory()) {
      const below = await filesBelow(folder, at);
      found.files.push(...below.files);
      found.links.push(...below.links);
    }
  }
  return found;
}

/** The files below a folder as those of a run; what can't be one is named. */
export async function runFilesBelow(
  folder: string,
  place: string,
): Promise<{ files: ImportedFile[]; leftOut: LeftOut[] }> {
  const { files: paths, links } = await filesBelow(folder);
  const files: ImportedFile[] = [];
  const leftOut = links.map((at) => without(`${place}/${at}`, "a link, which isn't followed"));
  for (const at of paths) {
    const file = path.join(folder, at);
    const { size } = await stat(file);
    const unreadable = await whyUnreadable(access(file, constants.R_OK));
    const fault = artifactPathSchema.safeParse(at).error?.issues[0]?.message;
    if (unreadable !== null) leftOut.push(without(`${place}/${at}`, unreadable));
    else if (fault !== undefined) leftOut.push(without(`${place}/${at}`, `its path can't be a file's here: ${fault}`));
    else if (size > ARTIFACT_BYTES_MAX)
      leftOut.push(without(`${place}/${at}`, `${size} bytes; at most ${ARTIFACT_BYTES_MAX}`));
    else files.push({ path: at, file, sizeBytes: size });
  }
  return { files, leftOut };
}

type Read = { read: Buffer; fault: null } | { read: null; fault: string };

/**
 * A file's bytes, or why it can't be read: one bad file is no reason to leave out all. Read at once: of a hundred thousand
 * small files four turns of the event loop each cost more than all that is read in them (measured).
 */
export function readBytes(file: string): Read {
  try {
    return { read: readFileSync(file), fault: null };
  } catch (error) {
    return { read: null, fault: faultOf(error) };
  }
}

const faultOf = (error: unknown): string =>
  `can't be read (${(error as NodeJS.ErrnoException).code ?? (error as Error).message})`;

/** Null where it can be read. */
async function whyUnreadable(reading: Promise<unknown>): Promise<string | null> {
  try {
    await reading;
    return null;
  } catch (error) {
    return faultOf(error);
  }
}

const without = (where: string, why: string): LeftOut => ({ unit: "file", count: 1, where, why });

function entriesOf(folder: string): Dirent[] {
  try {
    const entries = readdirSync(folder, { withFileTypes: true });
    return entries.sort((a, b) => (a.name < b.name ? -1 : 1));
  } catch (error) {
    if (["ENOENT", "ENOTDIR"].includes((error as NodeJS.ErrnoException).code ?? "")) return [];
    throw error;
  }
}
