/**
 * Near duplicates among images. Where they have thumbnails, and aren't too many, each is compared with all; else hashes
 * nominate pairs within a few bits, and thumbnails decide.
 */
import { MessageChannel } from "node:worker_threads";
import type { TransactionSql } from "postgres";
import { connections } from "../../../db/connection.ts";
import { eachPage, type KeyPage, listPages } from "../../datasets/key-pages.ts";
import { type HashColumns, NO_HASH, type Nominated, nominateImages } from "../../likeness/near-images.ts";
import { correlation, isBlank } from "../../likeness/perceptual.ts";
import { type Split, splits } from "../../wire/base/words.ts";
import type { Recall } from "../../wire/data/recall.ts";
import type { Checked } from "../rows/checked.ts";
import type { Pair, Searched } from "./near-duplicates.ts";
import { searchPictures } from "./near-pictures.ts";
import { recallOfHashes } from "./recall-of-hashes.ts";

/** Images count as the same from this correlation on: calibrated so that MNIST and clean sets stay quiet. */
const CORRELATION_SAME = 0.98;
export const DISTANCE_MAX = 5;
/** Above this many samples only distance 2 is searched. */
const SAMPLES_FOR_FULL_DISTANCE = 2_000_000;
/** A hash that nominates more than this share of the images, most of them wrongly, separates nothing. */
const NOMINATED_SHARE_MAX = 0.01;
/** In small sets a hundred nominations are looked at whatever their share: all are compared then, so the answer is known. */
const NOMINATED_MIN = 100;
const PAIRS_KEPT = 20_000;
/** Their objects take some 60 MB. */
const PAIRS_NOMINATED_MAX = 1_000_000;
/** A minute or two; two million images whose hashes are spread take a fortieth of it. */
export const COMPARISONS_MAX = 20_000_000_000;
/** Two thumbnails of 3 kB each are held for each pair that is compared at once. */
const PAIRS_AT_ONCE = 5_000;

/** Above this many thumbnails, which would take 300 MB and minutes, hashes nominate. */
const PICTURES_MAX = 200_000;

/** Samples by split: all, those whose hash tells something, those with a thumbnail, texts, and texts without such a hash. */
export type Census = Record<"samples" | "hashed" | "pictured" | "texts" | "textsAlone", Record<Split, number>>;

export const bySplit = (of: (split: Split) => number): Record<Split, number> => ({
  train: of("train"),
  validation: of("validation"),
  test: of("test"),
});

type HashRows = { hashes: Buffer; codes: Buffer };
/** In a sample's code beside its split's number: that it has no hash, that it has a text, and a thumbnail. */
const HASHLESS = 8;
const TEXT = 16;
const PICTURED = 32;

/** Asks for a page's hashes (16 bytes, and 4 of the content's) and codes, each packed. */
const hashesOf =
  (tx: TransactionSql, { number, datasetNumber }: Checked) =>
  ({ after, last }: KeyPage) =>
    tx<HashRows[]>`
    select string_agg(coalesce(image_hash, '\\x00000000000000000000000000000000'::bytea)
        || substring(content_hash, 1, 4), ''::bytea) as hashes,
      string_agg(set_byte('\\x00'::bytea, 0, case split when 'train' then 0 when 'validation' then 1 else 2 end
        + case when image_hash is null then ${HASHLESS}::int else 0 end
        + case when has_text then ${TEXT}::int else 0 end
        + case when pictured then ${PICTURED}::int else 0 end), ''::bytea) as codes
    from (select m.split, m.content_hash, d.image_hash, d."text" is not null as has_text, d.thumbnail is not null as pictured
      from manifest_samples m join dataset_samples d on d.key = m.key
      where m.manifest_number = ${number} and m.key > ${after} and m.key <= ${last}
        and d.dataset_number = ${datasetNumber} and d.key > ${after} and d.key <= ${last}
      order by m.key) page`;
const BYTES_A_HASH = 20;

/** Hashes and splits of the manifest's images, in the order of keys, and who could be compared at all. */
async function readHashes(checked: Checked): Promise<{ columns: HashColumns; census: Census }> {
  const { sql } = connections();
  const pages = await listPages(sql`manifest_samples where manifest_number = ${checked.number}`);
  const samples = pages.reduce((total, page) => total + page.samples, 0);
  // a transaction of its own: what the planner is told is not for the other checks, and the rows are final
  return sql.begin("read only", async (walk) => {
    await walk`select set_config('enable_nestloop', 'off', true), set_config('enable_hashjoin', 'off', true)`;
    const column = () => new Int32Array(samples);
    const columns = {
      high: column(),
      low: column(),
      mirrorHigh: column(),
      mirrorLow: column(),
      content: column(),
      split: new Uint8Array(samples).fill(NO_HASH),
    };
    const none = () => bySplit(() => 0);
    const census: Census = { samples: none(), hashed: none(), pictured: none(), texts: none(), textsAlone: none() };
    await eachPage(pages, hashesOf(walk, checked), ([rows], page) => {
      const { hashes, codes } = rows!;
      for (let row = 0, at = page.start; row < page.samples; row++, at++) {
        const byte = row * BYTES_A_HASH;
        columns.high[at] = hashes.readInt32BE(byte);
        columns.low[at] = hashes.readInt32BE(byte + 4);
        columns.mirrorHigh[at] = hashes.readInt32BE(byte + 8);
        columns.mirrorLow[at] = hashes.readInt32BE(byte + 12);
        columns.content[at] = hashes.readInt32BE(byte + 16);
        const code = codes[row]!;
        const isHashed = (code & HASHLESS) === 0 && !tellsNothing(columns.high[at]!, columns.low[at]!);
        if (isHashed) columns.split[at] = code & 3;
        const isPictured = (code & PICTURED) !== 0;
        countIn(census, splits[code & 3]!, { isHashed, isPictured, isText: (code & TEXT) !== 0 });
      }
    });
    return { columns, census };
  });
}

type Has = Record<"isHashed" | "isPictured" | "isText", boolean>;

function countIn(census: Census, split: Split, { isHashed, isPictured, isText }: Has): void {
  census.samples[split]++;
  if (isPictured) census.pictured[split]++;
  if (isHashed) census.hashed[split]++;
  if (isText) census.texts[split]++;
  if (isText && !isHashed) census.textsAlone[split]++;
}

/** A hash of zeros is that of a flat image or of one that darkens steadily: thousands share it. */
const tellsNothing = (high: number, low: number): boolean => (high === 0 && low === 0) || (high === -1 && low === -1);

export type SearchedImages = {
  images: Searched;
  census: Census;
  /** Bits within which hashes were searched; null: each thumbnail was compared with all. */
  distance: number | null;
  /** What is found of planted copies; empty: there was none to plant. */
  recall: Recall[];
  /** Correlation from which on two thumbnails count as the same. */
  threshold: number;
  /** Of the images that are looked up among another split's, the share that was. */
  share: number;
};

/** Searches the manifest's images. */
export async function searchImages(checked: Checked, picturesMax = PICTURES_MAX): Promise<SearchedImages> {
  const { columns, census } = await readHashes(checked);
  const pictured = splits.reduce((total, split) => total + census.pictured[split], 0);
  if (pictured > 0 && pictured <= picturesMax) return comparePictures(checked, { columns, census, pictured });
  const distance = columns.split.length > SAMPLES_FOR_FULL_DISTANCE ? 2 : DISTANCE_MAX;
  const images = await search(checked, columns, distance);
  release(Object.values(columns));
  const recall = pictured > 0 ? await recallOfHashes(checked, distance, CORRELATION_SAME) : [];
  return { images, census, distance, recall, threshold: CORRELATION_SAME, share: 1 };
}

/** Compares all thumbnails. Images that have a hash alone can be held against none. */
async function comparePictures(
  checked: Checked,
  { columns, census, pictured }: { columns: HashColumns; census: Census; pictured: number },
): Promise<SearchedImages> {
  release(Object.values(columns));
  const { comparable, recall, threshold, share, ...images } = await searchPictures(checked, pictured);
  return { images, census: { ...census, hashed: comparable }, distance: null, recall, threshold, share };
}

/** Gives the arrays' memory back at once, as nobody receives it: a thread that waits collects nothing for a long time. */
function release(arrays: ArrayBufferView[]): void {
  const { port1, port2 } = new MessageChannel();
  const buffers = arrays.map(({ buffer }) => buffer as ArrayBuffer);
  port1.postMessage(null, buffers);
  port2.close();
}

async function search(checked: Checked, columns: HashColumns, distance: number): Promise<Searched> {
  const searched = columns.split.reduce((total, split) => total + (split === NO_HASH ? 0 : 1), 0);
  if (searched === 0) return { pairs: [], searched, nominated: 0, nominatedPairs: 0, uncompared: 0, stopped: null };
  const limit = Math.max(NOMINATED_MIN, Math.floor(searched * NOMINATED_SHARE_MAX));
  for (let allowed = limit; ; allowed *= 4) {
    const limits = { samples: allowed, pairs: PAIRS_NOMINATED_MAX, comparisons: COMPARISONS_MAX };
    const found = nominateImages(columns, distance, limits);
    const { pairs, compared, uncompared, isFull } = await compareImages(checked, found.pairs);
    const right = new Set(pairs.flatMap(({ a, b }) => [a, b])).size;
    const result = { pairs, searched, nominated: found.samples, nominatedPairs: found.pairs.length, uncompared };
    if (isFull) return { ...result, stopped: "kept" };
    if (found.stopped === null || found.stopped === "comparisons") return { ...result, stopped: found.stopped };
    // of those that have thumbnails: what can't be compared isn't wrong
    if (right < compared / 2) return { ...result, stopped: "unseparated" };
    // while most of what is nominated is the same indeed, the hash separates well and the search goes on
    if (found.stopped === "pairs" || uncompared > found.pairs.length / 2) return { ...result, stopped: found.stopped };
  }
}

type Compared = {
  pairs: Pair[];
  /** Samples that were held against another. */
  compared: number;
  /** Pairs without thumbnails. */
  uncompared: number;
  /** 20,000 pairs are the same, and more were nominated. */
  isFull: boolean;
};

/** Thumbnails of the nominated decide: those pairs count that correlate. */
async function compareImages(checked: Checked, nominated: Nominated[]): Promise<Compared> {
  const rows = await fetchRows(checked, nominated);
  const pairs = new Map<string, Pair>();
  const compared = new Set<number>();
  const result = (uncompared: number, isFull: boolean) => ({
    pairs: [...pairs.values()],
    compared: compared.size,
    uncompared,
    isFull,
  });
  let uncompared = 0;
  for (let from = 0; from < nominated.length; from += PAIRS_AT_ONCE) {
    const some = nominated.slice(from, from + PAIRS_AT_ONCE);
    const thumbnails = await fetchThumbnails(checked, keysOf(some, rows));
    for (const { a, b, mirrored } of some) {
      const [first, second] = [rows.get(a)!, rows.get(b)!];
      const [one, other] = [thumbnails.get(first.key), thumbnails.get(second.key)];
      if (!one || !other) {
        uncompared++;
        continue;
      }
      compared.add(a).add(b);
      const similarity = correlation(one, other, mirrored);
      if (!(similarity >= CORRELATION_SAME) || isBlank(one) || isBlank(other) || pairs.has(`${a} ${b}`)) continue;
      if (pairs.size >= PAIRS_KEPT) return result(uncompared, true);
      const keys = { a: first.key, b: second.key, aSplit: first.split, bSplit: second.split };
      pairs.set(`${a} ${b}`, { ...keys, similarity, mirrored });
    }
  }
  return result(uncompared, false);
}

const keysOf = (pairs: Nominated[], rows: Map<number, ImageRow>): string[] =>
  [...new Set(pairs.flatMap(({ a, b }) => [a, b]))].map((place) => rows.get(place)!.key);

type ImageRow = { key: string; split: Split };

/** The nominated samples, by their place in the order of keys. */
async function fetchRows({ tx, number }: Checked, nominated: Nominated[]): Promise<Map<number, ImageRow>> {
  const places = [...new Set(nominated.flatMap(({ a, b }) => [a, b]))];
  if (places.length === 0) return new Map();
  const rows = await tx<(ImageRow & { place: number })[]>`
    select m.place, m.key, m.split from (
      select key, split, (row_number() over (order by key) - 1)::int as place
      from manifest_samples where manifest_number = ${number}) m
    join unnest(${places}::int[]) wanted(place) on wanted.place = m.place`;
  return new Map(rows.map(({ place, key, split }) => [place, { key, split }]));
}

async function fetchThumbnails({ tx, datasetNumber }: Checked, keys: string[]): Promise<Map<string, Buffer>> {
  const rows = await tx<{ key: string; thumbnail: Buffer }[]>`
    select key, thumbnail from dataset_samples
    where dataset_number = ${datasetNumber} and key = any(${keys}::text[]) and thumbnail is not null`;
  return new Map(rows.map(({ key, thumbnail }) => [key, thumbnail]));
}
