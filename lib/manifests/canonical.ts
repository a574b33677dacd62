/** The canonical bytes of a split manifest and their digests, version 1. Pure. */
import { createHash } from "node:crypto";
import { type Split, splits } from "../wire/base/words.ts";

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

const LINE_FEED = 10;

/** Digests a manifest from canonical lines that come in order, a piece at a time. */
export class ManifestDigest {
  static readonly header = HEADER;
  readonly #all = createHash("sha256").update(HEADER);
  readonly #splits = splits.map(() => createHash("sha256").update(HEADER));

  /** Adds whole lines in UTF-8, and the number of each line's split. */
  add(lines: Buffer, lineSplits: Uint8Array): void {
    this.#all.update(lines);
    const parts = this.#splits.map(() => ({ bytes: Buffer.allocUnsafe(lines.length), length: 0 }));
    let from = 0;
    for (const split of lineSplits) {
      const to = lines.indexOf(LINE_FEED, from) + 1;
      parts[split]!.length += lines.copy(parts[split]!.bytes, parts[split]!.length, from, to);
      from = to;
    }
    for (const [split, { bytes, length }] of parts.entries()) this.#splits[split]!.update(bytes.subarray(0, length));
  }

  finish(): Digests {
    const [train = "", validation = "", test = ""] = this.#splits.map((hash) => hash.digest("hex"));
    return { id: this.#all.digest("hex"), train, validation, test };
  }
}
