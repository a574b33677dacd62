/** Near duplicates among texts: MinHash signatures nominate in bands, the texts' shingles decide. Pure. */
import { createHash } from "node:crypto";

const SHINGLE = 5;
export const BANDS = 21;
export const ROWS = 6;
const PERMUTATIONS = 128;

/** The sets of `k` characters in a row of a text, after NFKC, lower case, and one space for each run of white space. */
export function shingles(text: string, k = SHINGLE): Set<string> {
  const characters = [...text.normalize("NFKC").toLowerCase().replace(/\s+/gu, " ").trim()];
  if (characters.length === 0) return new Set();
  if (characters.length <= k) return new Set([characters.join("")]);
  return new Set(characters.slice(0, characters.length - k + 1).map((_, at) => characters.slice(at, at + k).join("")));
}

/** Jaccard similarity of two sets, 0–1; of two empty ones 1. */
export function jaccard(a: Set<string>, b: Set<string>): number {
  if (a.size === 0 && b.size === 0) return 1;
  let shared = 0;
  for (const one of a) if (b.has(one)) shared++;
  return shared / (a.size + b.size - shared);
}

/** The chance that two sets of similarity `s` meet in a band of `rows` rows, and the similarity where it rises most. */
export const lshCollision = (s: number, bands: number, rows: number) => ({
  probability: 1 - (1 - s ** rows) ** bands,
  threshold: (1 / bands) ** (1 / rows),
});

/** Multipliers and offsets of the hash functions, from SHA-256 of their number: the same on every machine. */
const functions = Array.from({ length: PERMUTATIONS }, (_, index) => {
  const digest = createHash("sha256").update(`holdout minhash ${index}`).digest();
  return { multiplier: digest.readUInt32LE(0) | 1, offset: digest.readUInt32LE(4) };
});

/** FNV-1a over UTF-16 code units, mixed (Murmur3's finaliser). */
function hash32(text: string): number {
  let hash = 0x811c9dc5;
  for (let at = 0; at < text.length; at++) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}

/** 128 minima, `[128]`; null for a text without shingles. */
export function signature(text: string): Uint32Array | null {
  const set = shingles(text);
  if (set.size === 0) return null;
  const minima = new Uint32Array(PERMUTATIONS).fill(0xffffffff);
  for (const shingle of set) {
    const hash = hash32(shingle);
    for (let at = 0; at < PERMUTATIONS; at++) {
      const { multiplier, offset } = functions[at]!;
      let value = (Math.imul(hash, multiplier) + offset) | 0;
      value = Math.imul(value ^ (value >>> 15), 0x2c1b3c6d);
      const mixed = (value ^ (value >>> 12)) >>> 0;
      if (mixed < minima[at]!) minima[at] = mixed;
    }
  }
  return minima;
}

/**
 * Pairs of rows of different splits and different contents that meet in a band, each once, until there are `limit`; and
 * whether there were more. A row without a signature (null) meets none.
 */
export function nominateTexts(
  signatures: (Uint32Array | null)[],
  { split, content, limit }: { split: number[]; content: string[]; limit: number },
): { pairs: [number, number][]; stopped: boolean } {
  const pairs: [number, number][] = [];
  const met = new Set<number>();
  for (let band = 0; band < BANDS; band++) {
    /** Of each key, the rows by split: what stands in one split isn't compared. */
    const buckets = new Map<string, number[][]>();
    for (const [row, minima] of signatures.entries()) {
      if (!minima) continue;
      const key = minima.subarray(band * ROWS, (band + 1) * ROWS).join();
      const bySplit = buckets.get(key) ?? [];
      buckets.set(key, bySplit);
      for (const [other, rows] of bySplit.entries())
        for (const before of other === split[row] ? [] : (rows ?? [])) {
          const pair = before * signatures.length + row;
          if (content[before] === content[row] || met.has(pair)) continue;
          if (pairs.length >= limit) return { pairs, stopped: true };
          met.add(pair);
          pairs.push([before, row]);
        }
      const own = bySplit[split[row]!] ?? [];
      own.push(row);
      bySplit[split[row]!] = own;
    }
  }
  return { pairs, stopped: false };
}
