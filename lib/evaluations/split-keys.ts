/** The keys of a split in the order of their UTF-8 bytes, found by their bytes: what places predictions. */
import { createHash } from "node:crypto";
import { connections } from "../../db/connection.ts";
import { BoundedMap } from "../bounded-map.ts";
import { eachPage, listPages } from "../datasets/key-pages.ts";
import type { Split } from "../wire/base/words.ts";

/** Of the keys that a refusal names. */
export const NAMED_KEYS = 10;

/** Keys as one run of bytes with a hash table over it: 1,000,000 keys of 12 characters take 24 MB, not 100. */
export class SplitKeys {
  readonly length: number;
  readonly #bytes: Buffer;
  readonly #offsets: Uint32Array;
  /** Place + 1 of the key that hashes there; 0: none. Twice as long as there are keys, or longer: a power of two. */
  readonly #table: Uint32Array;

  constructor(bytes: Buffer, offsets: Uint32Array) {
    this.#bytes = bytes;
    this.#offsets = offsets;
    this.length = offsets.length - 1;
    this.#table = new Uint32Array(2 ** Math.ceil(Math.log2(Math.max(2, 2 * this.length))));
    for (let place = 0; place < this.length; place++) {
      let slot = hashOf(bytes, offsets[place]!, offsets[place + 1]!) & (this.#table.length - 1);
      while (this.#table[slot] !== 0) slot = (slot + 1) & (this.#table.length - 1);
      this.#table[slot] = place + 1;
    }
  }

  /** Where the key stands that `bytes` from `from` to before `to` are, from 0; −1: it is none of the split's. */
  placeOf(bytes: Uint8Array, from: number, to: number): number {
    let slot = hashOf(bytes, from, to) & (this.#table.length - 1);
    for (let found = this.#table[slot]!; found !== 0; found = this.#table[slot]!) {
      if (this.#isAt(found - 1, bytes, from, to)) return found - 1;
      slot = (slot + 1) & (this.#table.length - 1);
    }
    return -1;
  }

  keyAt(place: number): string {
    return this.#bytes.toString("utf8", this.#offsets[place], this.#offsets[place + 1]);
  }

  /** Bytes that it takes in memory. */
  get sizeBytes(): number {
    return this.#bytes.length + this.#offsets.byteLength + this.#table.byteLength;
  }

  /** SHA-256 of each key followed by a line feed. */
  digest(): string {
    const hash = createHash("sha256");
    for (let place = 0; place < this.length; place += 1) {
      hash.update(this.#bytes.subarray(this.#offsets[place], this.#offsets[place + 1]));
      hash.update("\n");
    }
    return hash.digest("hex");
  }

  #isAt(place: number, bytes: Uint8Array, from: number, to: number): boolean {
    const start = this.#offsets[place]!;
    if (this.#offsets[place + 1]! - start !== to - from) return false;
    for (let at = 0; at < to - from; at++) if (this.#bytes[start + at] !== bytes[from + at]) return false;
    return true;
  }
}

/** FNV-1a, 32 bits (Fowler, Noll, Vo): short keys that differ in few places are spread well by it. */
function hashOf(bytes: Uint8Array, from: number, to: number): number {
  let hash = 0x811c9dc5;
  for (let at = from; at < to; at++) hash = Math.imul(hash ^ bytes[at]!, 0x01000193);
  return (hash ^ (hash >>> 15)) >>> 0;
}

type KeysPlace = { manifestNumber: number; split: Split };

/** Splits that are evaluated now; each may take some tens of megabytes. */
const REMEMBERED_MAX = 4;
const remembered = new BoundedMap<string, Promise<SplitKeys>>(REMEMBERED_MAX);

/** The keys of a manifest's split. Manifests never change, so what was read is kept for those that come next. */
export function readSplitKeys({ manifestNumber, split }: KeysPlace): Promise<SplitKeys> {
  const name = `${manifestNumber} ${split}`;
  const known = remembered.get(name);
  if (known) return known;
  const reading = readKeys({ manifestNumber, split });
  remembered.set(name, reading);
  reading.catch(() => remembered.delete(name));
  return reading;
}

async function readKeys({ manifestNumber, split }: KeysPlace): Promise<SplitKeys> {
  const { sql } = connections();
  const rows = sql`manifest_samples where manifest_number = ${manifestNumber} and split = ${split}`;
  const pages = await listPages(rows);
  const pieces: Buffer[] = [];
  const lengths: number[] = [];
  await eachPage(
    pages,
    ({ after, last }) =>
      connections().sql<{ keys: Buffer; lengths: number[] }[]>`
        select convert_to(string_agg(key, '' order by key), 'UTF8') as keys,
          array_agg(octet_length(key) order by key) as lengths
        from manifest_samples where manifest_number = ${manifestNumber} and split = ${split}
          and key > ${after} and key <= ${last}`,
    ([page]) => {
      pieces.push(page!.keys);
      for (const length of page!.lengths) lengths.push(length);
    },
  );
  const offsets = new Uint32Array(lengths.length + 1);
  for (const [at, length] of lengths.entries()) offsets[at + 1] = offsets[at]! + length;
  return new SplitKeys(Buffer.concat(pieces), offsets);
}
