/** Near duplicates among texts: signatures of what is stored of them nominate, their shingles decide. */
import type { TransactionSql } from "postgres";
import { jaccard, nominateTexts, shingles, signature } from "../../likeness/minhash.ts";
import { type Split, splits } from "../../wire/base/words.ts";
import type { Checked } from "../rows/checked.ts";
import type { Pair, Searched } from "./near-duplicates.ts";

const JACCARD_SAME = 0.8;
/** A text of 4,000 characters takes milliseconds to sign: of more texts than these, about so many are searched. */
const TEXTS_MAX = 200_000;
const PAIRS_NOMINATED_MAX = 20_000;
/** Shingles of a text take up to a megabyte, so that few texts are held at once. */
const PAIRS_AT_ONCE = 100;

/** `texts` is how many samples have one. Of more than `most` those are searched whose content's hash is low: any of all. */
export async function searchTexts(checked: Checked, texts: number, most = TEXTS_MAX): Promise<Searched> {
  const none = { pairs: [], searched: 0, nominated: 0, nominatedPairs: 0, uncompared: 0, stopped: null };
  if (texts === 0) return none;
  const signed = await signTexts(checked, most / texts);
  const { signatures, keys, split, searched } = signed;
  const found = nominateTexts(signatures, { ...signed, limit: PAIRS_NOMINATED_MAX });
  const pairs: Pair[] = [];
  for (let from = 0; from < found.pairs.length; from += PAIRS_AT_ONCE) {
    const some = found.pairs.slice(from, from + PAIRS_AT_ONCE);
    const sets = await fetchShingles(
      checked,
      [...new Set(some.flat())].map((row) => keys[row]!),
    );
    for (const [a, b] of some) {
      const similarity = jaccard(sets.get(keys[a]!)!, sets.get(keys[b]!)!);
      if (similarity < JACCARD_SAME) continue;
      const [aSplit, bSplit] = [splits[split[a]!]!, splits[split[b]!]!];
      pairs.push({ a: keys[a]!, b: keys[b]!, aSplit, bSplit, similarity, mirrored: false });
    }
  }
  const nominated = new Set(found.pairs.flat()).size;
  const isMostlyWrong = pairs.length < found.pairs.length / 2;
  const stopped = found.stopped ? (isMostlyWrong ? "unseparated" : "pairs") : null;
  return { ...none, pairs, searched, nominated, nominatedPairs: found.pairs.length, stopped };
}

/** Columns by text; of copies in one split the first stands for all. */
type Signed = {
  signatures: (Uint32Array | null)[];
  keys: string[];
  /** The split's number. */
  split: number[];
  content: string[];
  /** Texts that were read, copies among them. */
  searched: number;
};

/** Signatures of the texts whose content's hash lies in the lowest `share` of all. */
async function signTexts({ tx, number, datasetNumber }: Checked, share: number): Promise<Signed> {
  const signed: Signed = { signatures: [], keys: [], split: [], content: [], searched: 0 };
  const seen = new Set<string>();
  const below = Math.floor(Math.min(1, share) * 0xffffffff)
    .toString(16)
    .padStart(8, "0");
  const rows = tx<{ key: string; split: Split; content: string; text: string }[]>`
    select m.key, m.split, encode(m.content_hash, 'hex') as content, d."text" from manifest_samples m
    join dataset_samples d on d.dataset_number = ${datasetNumber} and d.key = m.key
    where m.manifest_number = ${number} and d."text" is not null
      and substring(m.content_hash, 1, 4) <= decode(${below}, 'hex')
    order by m.key`.cursor(1000);
  for await (const page of rows)
    for (const { key, split, content, text } of page) {
      signed.searched++;
      const copy = `${split} ${content}`;
      if (seen.has(copy)) continue;
      seen.add(copy);
      signed.signatures.push(signature(text));
      signed.keys.push(key);
      signed.split.push(splits.indexOf(split));
      signed.content.push(content);
    }
  return signed;
}

async function fetchShingles({ tx, datasetNumber }: Checked, keys: string[]): Promise<Map<string, Set<string>>> {
  const rows = await fetchTexts(tx, datasetNumber, keys);
  return new Map(rows.map(({ key, text }) => [key, shingles(text)]));
}

const fetchTexts = (tx: TransactionSql, datasetNumber: number, keys: string[]) => tx<{ key: string; text: string }[]>`
  select key, "text" from dataset_samples where dataset_number = ${datasetNumber} and key = any(${keys}::text[])`;
