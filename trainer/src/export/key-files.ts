/** Names of files for keys of a run: an MLflow file store has one a key, in folders where it has slashes. */
import { createHash } from "node:crypto";

/** What MLflow's tools take in the key of a param, metric or tag; a file system takes 255 bytes a part. */
const foreign = /[^/\p{L}\p{N}_.\- :]/gu;
const PART_BYTES_MAX = 200;

/** Gives each key a file of its own below one folder, and none outside of it. */
export class KeyFiles {
  /** Keys that go by another name, because theirs can't be a file's there. */
  readonly renamed: { key: string; as: string }[] = [];
  readonly #files = new Map<string, string>();
  readonly #taken = new Set<string>();
  readonly #folders = new Set<string>();

  /** The same for the same key. */
  pathOf(key: string): string {
    const known = this.#files.get(key);
    if (known !== undefined) return known;
    const wanted = possible(key).split("/");
    const parts = [...wanted];
    for (let at = this.#blockedAt(parts), next = 2; at >= 0; at = this.#blockedAt(parts), next++)
      parts[at] = `${wanted[at]}_${next}`;
    const path = parts.join("/");
    this.#files.set(key, path);
    this.#taken.add(path);
    for (const folder of foldersOf(path)) this.#folders.add(folder);
    if (path !== key) this.renamed.push({ key, as: path });
    return path;
  }

  /** The part by which a path can't be: a folder where a file is, or the other way round. −1: it can. */
  #blockedAt(parts: string[]): number {
    const path = parts.join("/");
    const folder = foldersOf(path).findIndex((one) => this.#taken.has(one));
    if (folder >= 0) return folder;
    return this.#taken.has(path) || this.#folders.has(path) ? parts.length - 1 : -1;
  }
}

/** `a` and `a/b` of `a/b/c`. */
function foldersOf(path: string): string[] {
  const parts = path.split("/");
  return parts.slice(1).map((_, at) => parts.slice(0, at + 1).join("/"));
}

const possible = (key: string): string => key.replaceAll(foreign, "_").split("/").map(partOf).join("/");

/** A part of a path that is neither empty nor `.` or `..`, and no longer than a file's name may be. */
function partOf(part: string): string {
  if (/^\.{0,2}$/.test(part)) return "_".repeat(Math.max(1, part.length));
  if (Buffer.byteLength(part) <= PART_BYTES_MAX) return part;
  const hash = createHash("sha256").update(part).digest("hex").slice(0, 12);
  const short = [...part].slice(0, 40).join("");
  return `${short}_${hash}`;
}
