/** The canonical bytes of a split manifest and their digests, version 1. Pure. */
import { createHash } from "node:crypto";
import type { Split } from "../wire.ts";

export type ManifestEntry = {
  key: string;
  split: Split;
  label: string | null;
  group: string | null;
  /** SHA-256 of the decoded content, 64 hexadecimal digits. */
  contentHash: string;
};

const HEADER = "holdout-manifest v1\n";
/** What the canonical form, which is older than the glossary, calls a split. */
const written: Record<Split, string> = { train: "train", validation: "val", test: "test" };

/** Keys in the order of their UTF-8 bytes: the same on every machine and in every locale. */
export const byKeyBytes = (a: { key: string }, b: { key: string }): number =>
  Buffer.compare(Buffer.from(a.key), Buffer.from(b.key));

/** One line: key, content hash, split, label, group, divided by tabs; what is missing is empty. */
export const canonicalLine = ({ key, contentHash, split, label, group }: ManifestEntry): string =>
  `${key}\t${contentHash}\t${written[split]}\t${label ?? ""}\t${group ?? ""}\n`;

/** The canonical text of entries in any order. Its SHA-256 is the manifest's id. */
export const canonicalText = (entries: ManifestEntry[]): string =>
  HEADER + entries.toSorted(byKeyBytes).map(canonicalLine).join("");

/** The manifest's id, and for each split the digest of the same text with the lines of that split alone. */
export function digestManifest(entries: ManifestEntry[]): { id: string; splits: Record<Split, string> } {
  const sorted = entries.toSorted(byKeyBytes);
  const digest = (kept: ManifestEntry[]) => {
    const hash = createHash("sha256").update(HEADER);
    for (const entry of kept) hash.update(canonicalLine(entry));
    return hash.digest("hex");
  };
  const of = (split: Split) => digest(sorted.filter((entry) => entry.split === split));
  return { id: digest(sorted), splits: { train: of("train"), validation: of("validation"), test: of("test") } };
}

export type Digests = { id: string } & Record<Split, string>;

/** Digests a manifest from canonical lines that come in order, a piece at a time. */
export class ManifestDigest {
  static readonly header = HEADER;
  readonly #hashes = [0, 1, 2, 3].map(() => createHash("sha256").update(HEADER));

  add({ all, train, validation, test }: { all: string } & Record<Split, string>): void {
    for (const [index, text] of [all, train, validation, test].entries()) this.#hashes[index]!.update(text);
  }

  finish(): Digests {
    const [id = "", train = "", validation = "", test = ""] = this.#hashes.map((hash) => hash.digest("hex"));
    return { id, train, validation, test };
  }
}
