/**
 * The check for near duplicates across splits: hashes nominate pairs, the samples themselves decide. Equal contents are
 * the exact duplicates' check's.
 */
import type { TransactionSql } from "postgres";
import { connections } from "../../db/connection.ts";
import { type Check, type Split, splits, type Verdict } from "../wire.ts";
import type { Checked } from "./checks.ts";
import { eachPage, type KeyPage, listPages } from "./key-pages.ts";
import { jaccard, nominateTexts, shingles, signature } from "./minhash.ts";
import { type HashColumns, NO_HASH, type Nominated, nominateImages } from "./near-images.ts";
import { correlation, isBlank } from "./perceptual.ts";

/** Images count as the same from this correlation on: calibrated so that MNIST and clean sets stay quiet. */
const CORRELATION_SAME = 0.98;
const JACCARD_SAME = 0.8;
const DISTANCE_MAX = 5;
/** Above this many samples only distance 2 is searched. */
const SAMPLES_FOR_FULL_DISTANCE = 2_000_000;
/** A hash that nominates more than this share of the samples, most of them wrongly, separates nothing. */
const NOMINATED_SHARE_MAX = 0.01;
/** In small sets a hundred nominations are looked at whatever their share: that costs nothing. */
const NOMINATED_MIN = 100;
const PAIRS_KEPT = 20_000;
const TEXTS_MAX = 200_000;
const FINDINGS_SHOWN = 50;

type Pair = { a: string; b: string; aSplit: Split; bSplit: Split; similarity: number; mirrored: boolean };
type Searched = {
  pairs: Pair[];
  /** Samples with a hash or a text. */ searched: number;
  nominated: number;
  /** Pairs beyond those that are listed weren't looked at. */ stopped: boolean;
  /** Pairs that can't be compared, for want of thumbnails. */ uncompared: number;
  distance: number;
};

/** Searches images, and texts, and stores the pairs that count. */
export async function checkNearDuplicates(checked: Checked): Promise<Check> {
  const images = await searchImages(checked);
  const texts = await searchTexts(checked);
  const pairs = [...images.pairs, ...texts.pairs];
  await storePairs(checked, pairs);
  const [{ samples, tests } = { samples: 0, tests: 0 }] = await checked.tx<{ samples: number; tests: number }[]>`
    select count(*)::int as samples, count(*) filter (where split = 'test')::int as tests
    from manifest_samples where manifest_number = ${checked.number}`;
  const searched = images.searched + texts.searched;
  const affected = new Set(pairs.flatMap((pair) => testKeys(pair))).size;
  const verdict = verdictOf(pairs, [images, texts], searched);
  return {
    name: "near-duplicates",
    verdict,
    detail: wordsOf({ verdict, pairs: pairs.length, affected, tests, samples, searched, images, texts }),
    figures: {
      ...{ pairs: pairs.length, testSamples: affected, testShare: tests ? affected / tests : null },
      ...{
        searched,
        nominated: images.nominated + texts.nominated,
        distance: images.searched ? images.distance : null,
      },
    },
    findings: pairs
      .toSorted((a, b) => b.similarity - a.similarity)
      .slice(0, FINDINGS_SHOWN)
      .map(({ a, b, aSplit, bSplit, similarity, mirrored }) => ({
        keys: [a, b],
        splits: [aSplit, bSplit],
        note: `alike to ${similarity.toFixed(3)}${mirrored ? ", mirrored" : ""}`,
      })),
    findingCount: pairs.length,
  };
}

const testKeys = ({ a, b, aSplit, bSplit }: Pair): string[] => [
  ...(aSplit === "test" ? [a] : []),
  ...(bSplit === "test" ? [b] : []),
];

function verdictOf(pairs: Pair[], searches: Searched[], searched: number): Verdict {
  if (pairs.length > 0) return "warn";
  if (searches.some(({ stopped, uncompared }) => stopped || uncompared > 0)) return "cannot-tell";
  return searched === 0 ? "cannot-tell" : "pass";
}

type Words = {
  verdict: Verdict;
  pairs: number;
  affected: number;
  tests: number;
  samples: number;
  searched: number;
  images: Searched;
  texts: Searched;
};

function wordsOf({ verdict, pairs, affected, tests, samples, searched, images, texts }: Words): string {
  const n = (value: number) => value.toLocaleString("en");
  if (searched === 0) return "No sample has an image's hash or a text, so nothing can be compared.";
  const scope = searched < samples ? ` ${n(searched)} of ${n(samples)} samples could be compared.` : "";
  const limits =
    images.searched > 0 && images.distance < DISTANCE_MAX
      ? ` Only hashes within ${images.distance} bits were searched.`
      : "";
  const stopped =
    images.stopped || texts.stopped
      ? ` This hash can't separate these samples: it nominates ${n(images.nominated + texts.nominated)} or more, most of them wrongly, so what is listed isn't all.`
      : "";
  const uncompared = images.uncompared ? ` ${n(images.uncompared)} nominated pairs have no thumbnails to compare.` : "";
  const found =
    pairs > 0
      ? `${pairs === 1 ? "1 pair of samples of two splits looks" : `${n(pairs)} pairs of samples of two splits look`} the same; ${n(affected)} of ${n(tests)} test samples are among them. Confirm those that are, and repair the split.`
      : verdict === "pass"
        ? "No two samples of different splits look the same."
        : "No pair was found that surely shows the same.";
  return `${found}${stopped}${uncompared}${limits}${scope}`;
}

async function storePairs({ tx, number }: Checked, pairs: Pair[]): Promise<void> {
  if (pairs.length === 0) return;
  const column = <T>(of: (pair: Pair) => T) => pairs.map(of);
  await tx`
    insert into near_pairs (manifest_number, a_key, b_key, similarity, mirrored)
    select ${number}::int, a, b, similarity, mirrored::bool from unnest(
      ${column(({ a }) => a)}::text[], ${column(({ b }) => b)}::text[],
      ${column(({ similarity }) => similarity)}::float8[], ${column(({ mirrored }) => String(mirrored))}::text[])
      given(a, b, similarity, mirrored)
    on conflict do nothing`;
}

type HashRows = { hashes: Buffer; splits: Buffer };

/** Asks for a page's hashes and splits, each packed. */
const hashesOf =
  (tx: TransactionSql, { number, datasetNumber }: Checked) =>
  ({ after, last }: KeyPage) =>
    tx<HashRows[]>`
    select string_agg(coalesce(image_hash, '\\x00000000000000000000000000000000'::bytea), ''::bytea) as hashes,
      string_agg(set_byte('\\x00'::bytea, 0, case when image_hash is null then ${NO_HASH}::int
        when split = 'train' then 0 when split = 'validation' then 1 else 2 end), ''::bytea) as splits
    from (select m.split, d.image_hash from manifest_samples m join dataset_samples d on d.key = m.key
      where m.manifest_number = ${number} and m.key > ${after} and m.key <= ${last}
        and d.dataset_number = ${datasetNumber} and d.key > ${after} and d.key <= ${last}
      order by m.key) page`;

/** Hashes and splits of the manifest's images, in the order of keys. */
async function readHashes(checked: Checked): Promise<HashColumns> {
  const { sql } = connections();
  const pages = await listPages(sql`manifest_samples where manifest_number = ${checked.number}`);
  const n = pages.reduce((sum, { samples }) => sum + samples, 0);
  // a transaction of its own: what the planner is told is not for the other checks, and the rows are final
  return sql.begin("read only", async (walk) => {
    await walk`select set_config('enable_nestloop', 'off', true), set_config('enable_hashjoin', 'off', true)`;
    const column = () => new Int32Array(n);
    const columns = {
      ...{ high: column(), low: column(), mirrorHigh: column(), mirrorLow: column() },
      split: new Uint8Array(n).fill(NO_HASH),
    };
    await eachPage(pages, hashesOf(walk, checked), ([rows], { start, samples }) => {
      const { hashes, splits } = rows!;
      for (let row = 0, at = start; row < samples; row++, at++) {
        const byte = row * 16;
        columns.high[at] = hashes.readInt32BE(byte);
        columns.low[at] = hashes.readInt32BE(byte + 4);
        columns.mirrorHigh[at] = hashes.readInt32BE(byte + 8);
        columns.mirrorLow[at] = hashes.readInt32BE(byte + 12);
        columns.split[at] = tellsNothing(columns.high[at]!, columns.low[at]!) ? NO_HASH : splits[row]!;
      }
    });
    return columns;
  });
}

/** A hash of zeros is that of a flat image or of one that darkens steadily: thousands share it. */
const tellsNothing = (high: number, low: number): boolean => (high === 0 && low === 0) || (high === -1 && low === -1);

async function searchImages(checked: Checked): Promise<Searched> {
  const columns = await readHashes(checked);
  const total = columns.split.length;
  const searched = columns.split.reduce((n, split) => n + (split === NO_HASH ? 0 : 1), 0);
  const distance = total > SAMPLES_FOR_FULL_DISTANCE ? 2 : DISTANCE_MAX;
  const none = { pairs: [], searched, nominated: 0, stopped: false, uncompared: 0, distance };
  if (searched === 0) return none;
  const limit = Math.max(NOMINATED_MIN, Math.floor(total * NOMINATED_SHARE_MAX));
  for (let allowed = limit; ; allowed *= 4) {
    const found = nominateImages(columns, distance, allowed);
    const { pairs, uncompared } = await compareImages(checked, found.pairs);
    const counted = new Set(pairs.flatMap(({ a, b }) => [a, b])).size;
    const result = { pairs, searched, nominated: found.samples, stopped: found.stopped, uncompared, distance };
    // while most of what is nominated is the same indeed, the hash separates well and the search goes on
    if (!found.stopped || counted < found.samples / 2 || pairs.length >= PAIRS_KEPT) return result;
  }
}

/** Thumbnails of the nominated decide: those pairs count that correlate. */
async function compareImages(
  { tx, number, datasetNumber }: Checked,
  nominated: Nominated[],
): Promise<{ pairs: Pair[]; uncompared: number }> {
  const rows = await fetchRows(tx, number, datasetNumber, nominated);
  const pairs = new Map<string, Pair>();
  let uncompared = 0;
  for (const { a, b, mirrored } of nominated) {
    const [first, second] = [rows.get(a), rows.get(b)];
    if (!first || !second || first.hash === second.hash) continue;
    if (!first.thumbnail || !second.thumbnail) {
      uncompared++;
      continue;
    }
    const similarity = correlation(first.thumbnail, second.thumbnail, mirrored);
    if (!(similarity >= CORRELATION_SAME) || isBlank(first.thumbnail) || isBlank(second.thumbnail)) continue;
    const key = `${a} ${b}`;
    if (pairs.has(key) || pairs.size >= PAIRS_KEPT) continue;
    pairs.set(key, { a: first.key, b: second.key, aSplit: first.split, bSplit: second.split, similarity, mirrored });
  }
  return { pairs: [...pairs.values()], uncompared };
}

type ImageRow = { key: string; split: Split; hash: string; thumbnail: Buffer | null };

/** The nominated samples, by their place in the order of keys. */
async function fetchRows(
  tx: TransactionSql,
  number: number,
  datasetNumber: number,
  nominated: Nominated[],
): Promise<Map<number, ImageRow>> {
  const places = [...new Set(nominated.flatMap(({ a, b }) => [a, b]))];
  if (places.length === 0) return new Map();
  const rows = await tx<(ImageRow & { place: number })[]>`
    select m.place, m.key, m.split, encode(d.content_hash, 'hex') as hash, d.thumbnail from (
      select key, split, (row_number() over (order by key) - 1)::int as place
      from manifest_samples where manifest_number = ${number}) m
    join unnest(${places}::int[]) wanted(place) on wanted.place = m.place
    join dataset_samples d on d.dataset_number = ${datasetNumber} and d.key = m.key`;
  return new Map(rows.map((row) => [row.place, row]));
}

/** Texts: signatures are made of what is stored of them. Above 200,000 texts, the first in the order of keys. */
async function searchTexts({ tx, number, datasetNumber }: Checked): Promise<Searched> {
  const signatures: (Uint32Array | null)[] = [];
  const keys: string[] = [];
  const split: number[] = [];
  const rows = tx<{ key: string; split: Split; text: string }[]>`
    select m.key, m.split, d."text" from manifest_samples m
    join dataset_samples d on d.dataset_number = ${datasetNumber} and d.key = m.key
    where m.manifest_number = ${number} and d."text" is not null order by m.key limit ${TEXTS_MAX}`.cursor(1000);
  for await (const page of rows)
    for (const row of page) {
      signatures.push(signature(row.text));
      keys.push(row.key);
      split.push(splits.indexOf(row.split));
    }
  const found = nominateTexts(signatures, Uint8Array.from(split), PAIRS_KEPT);
  const wanted = [...new Set(found.pairs.flat())].map((row) => keys[row]!);
  const texts = await tx<{ key: string; hash: string; text: string }[]>`
    select key, encode(content_hash, 'hex') as hash, "text" from dataset_samples where dataset_number = ${datasetNumber} and key = any(${wanted}::text[])`;
  const sets = new Map(texts.map(({ key, text }) => [key, shingles(text)]));
  const hashes = new Map(texts.map(({ key, hash }) => [key, hash]));
  const pairs = found.pairs.flatMap(([a, b]): Pair[] => {
    const similarity = jaccard(sets.get(keys[a]!)!, sets.get(keys[b]!)!);
    if (similarity < JACCARD_SAME || hashes.get(keys[a]!) === hashes.get(keys[b]!)) return [];
    const [aSplit, bSplit] = [splits[split[a]!]!, splits[split[b]!]!];
    return [{ a: keys[a]!, b: keys[b]!, aSplit, bSplit, similarity, mirrored: false }];
  });
  const nominated = new Set(found.pairs.flat()).size;
  return { pairs, searched: keys.length, nominated, stopped: found.stopped, uncompared: 0, distance: 0 };
}
