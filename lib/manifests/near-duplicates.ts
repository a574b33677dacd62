/**
 * The check for near duplicates across splits: hashes nominate pairs, the samples themselves decide. Equal contents are
 * the exact duplicates' check's.
 */
import type { TransactionSql } from "postgres";
import { connections } from "../../db/connection.ts";
import { type Check, type Split, splits, type Verdict } from "../wire.ts";
import type { Checked } from "./checks.ts";
import { eachPage, type KeyPage, listPages } from "./key-pages.ts";
import { type HashColumns, type Limits, NO_HASH, type Nominated, nominateImages } from "./near-images.ts";
import { searchTexts } from "./near-texts.ts";
import { correlation, isBlank } from "./perceptual.ts";

/** Images count as the same from this correlation on: calibrated so that MNIST and clean sets stay quiet. */
const CORRELATION_SAME = 0.98;
const DISTANCE_MAX = 5;
/** Above this many samples only distance 2 is searched. */
const SAMPLES_FOR_FULL_DISTANCE = 2_000_000;
/** A hash that nominates more than this share of the images, most of them wrongly, separates nothing. */
const NOMINATED_SHARE_MAX = 0.01;
/** In small sets a hundred nominations are looked at whatever their share: all are compared then, so the answer is known. */
const NOMINATED_MIN = 100;
const PAIRS_KEPT = 20_000;
/** Their objects take some 60 MB. */
const PAIRS_NOMINATED_MAX = 1_000_000;
/** Half a minute; ten million images whose hashes are spread take a fifteenth of it. */
const COMPARISONS_MAX = 5_000_000_000;
/** Two thumbnails of 3 kB each are held for each pair that is compared at once. */
const PAIRS_AT_ONCE = 5_000;
/**
 * A pair is seen where both of its samples can be compared: of nine samples in ten that is four pairs in five. Where a
 * split has fewer, nothing is said of it.
 */
const COMPARABLE_SHARE_MIN = 0.9;
const FINDINGS_SHOWN = 50;

export type Pair = { a: string; b: string; aSplit: Split; bSplit: Split; similarity: number; mirrored: boolean };
export type Searched = {
  pairs: Pair[];
  /** Samples with a hash that tells something, or texts that were read. */ searched: number;
  /** Samples that stand in a nominated pair, and such pairs. */ nominated: number;
  nominatedPairs: number;
  /** Pairs that can't be compared, for want of thumbnails. */ uncompared: number;
  /** Why pairs were left out; `unseparated`: so many were nominated, most of them wrongly. Null: none was. */
  stopped: keyof Limits | "unseparated" | "kept" | null;
};
/** Samples by split: all, those whose hash tells something, texts, and texts without such a hash. */
type Census = Record<"samples" | "hashed" | "texts" | "textsAlone", Record<Split, number>>;

/** Searches images, and texts, and stores the pairs that count. */
export async function checkNearDuplicates(checked: Checked): Promise<Check> {
  const { columns, census } = await readHashes(checked);
  const distance = columns.split.length > SAMPLES_FOR_FULL_DISTANCE ? 2 : DISTANCE_MAX;
  const images = await searchImages(checked, columns, distance);
  const texts = await searchTexts(checked, sum(census.texts));
  const pairs = [...images.pairs, ...texts.pairs];
  await storePairs(checked, pairs);
  const { test: tests } = census.samples;
  const affected = await countTests(checked, pairs);
  const comparable = comparableOf(census, texts.searched);
  const verdict = verdictOf([images, texts], comparable, census.samples);
  return {
    name: "near-duplicates",
    verdict,
    detail: wordsOf({ verdict, pairs: pairs.length, affected, distance, census, comparable, images, texts }),
    figures: {
      ...{ pairs: pairs.length, testSamples: affected, testShare: tests ? affected / tests : null },
      ...{ searched: Math.round(sum(comparable)), nominated: images.nominated + texts.nominated },
      distance: images.searched ? distance : null,
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

const sum = (counts: Record<Split, number>): number => splits.reduce((total, split) => total + counts[split], 0);
const bySplit = (of: (split: Split) => number): Record<Split, number> => ({
  train: of("train"),
  validation: of("validation"),
  test: of("test"),
});

/** Test samples of the pairs, with their copies: of those one stands for all. */
async function countTests({ tx, number }: Checked, pairs: Pair[]): Promise<number> {
  const keys = pairs.flatMap(({ a, b, aSplit, bSplit }) => [
    ...(aSplit === "test" ? [a] : []),
    ...(bSplit === "test" ? [b] : []),
  ]);
  if (keys.length === 0) return 0;
  const [row] = await tx<{ n: number }[]>`
    select count(*)::int as n from manifest_samples where manifest_number = ${number} and split = 'test'
      and content_hash in (select content_hash from manifest_samples
        where manifest_number = ${number} and key = any(${[...new Set(keys)]}::text[]))`;
  return row!.n;
}

/** Samples that could be compared; of texts that weren't all searched, that share. */
function comparableOf({ hashed, texts, textsAlone }: Census, searched: number): Record<Split, number> {
  const share = searched / Math.max(1, sum(texts));
  return bySplit((split) => hashed[split] + textsAlone[split] * share);
}

function verdictOf(searches: Searched[], comparable: Record<Split, number>, samples: Record<Split, number>): Verdict {
  const searched = searches.filter((search) => search.stopped !== "unseparated");
  if (searched.some(({ pairs }) => pairs.length > 0)) return "warn";
  if (searches.some(({ stopped, uncompared }) => stopped !== null || uncompared > 0)) return "cannot-tell";
  return splits.some((split) => comparable[split] < samples[split] * COMPARABLE_SHARE_MIN) ? "cannot-tell" : "pass";
}

type Words = {
  verdict: Verdict;
  pairs: number;
  affected: number;
  distance: number;
  census: Census;
  comparable: Record<Split, number>;
  images: Searched;
  texts: Searched;
};
const n = (value: number): string => Math.round(value).toLocaleString("en");

function wordsOf({ verdict, pairs, affected, distance, census, comparable, images, texts }: Words): string {
  const samples = sum(census.samples);
  const searched = sum(comparable);
  if (searched === 0) return "No sample has an image's hash or a text, so nothing can be compared.";
  const found =
    pairs > 0
      ? `${pairs === 1 ? "1 pair of samples of two splits looks" : `${n(pairs)} pairs of samples of two splits look`} the same; ` +
        `${n(affected)} of ${n(census.samples.test)} test samples are among them. Confirm those that are, and repair the split.`
      : verdict === "pass"
        ? `No two samples of different splits look the same${searched < samples ? ", of those that could be compared" : ""}.`
        : "No pair was found that surely shows the same.";
  return [
    found,
    stopWords(images, "images"),
    stopWords(texts, "texts"),
    images.uncompared ? `${n(images.uncompared)} nominated pairs have no thumbnails to compare.` : "",
    images.searched > 0 && distance < DISTANCE_MAX ? `Only hashes within ${distance} bits were searched.` : "",
    scopeWords(census, comparable, texts.searched),
  ]
    .filter(Boolean)
    .join(" ");
}

/** Why what is listed isn't all. */
function stopWords({ stopped, nominated, nominatedPairs, pairs }: Searched, what: "images" | "texts"): string {
  switch (stopped) {
    case null:
      return "";
    case "unseparated":
      return `This hash can't separate these ${what}: it nominates ${n(nominated)} of them or more, most of them wrongly, so what is listed isn't all.`;
    case "kept":
      return `The search ended with ${n(pairs.length)} pairs of ${what} that are the same: there may be more.`;
    case "comparisons":
      return `The search of ${what} ended after ${n(COMPARISONS_MAX)} comparisons of hashes, which too many of them share: there may be more.`;
    default:
      return `The search of ${what} ended with ${n(nominatedPairs)} pairs of ${n(nominated)} nominated: there may be more.`;
  }
}

/** How many samples could be compared, where they aren't all; of the split that has the fewest, too. */
function scopeWords({ samples, texts }: Census, comparable: Record<Split, number>, searched: number): string {
  const all = sum(samples);
  if (sum(comparable) >= all) return "";
  const used = splits.filter((split) => samples[split] > 0);
  const share = (split: Split) => comparable[split] / samples[split];
  const least = used.reduce((a, b) => (share(b) < share(a) ? b : a));
  const limited =
    searched < sum(texts)
      ? `, as ${n(searched)} of ${n(sum(texts))} texts were searched, whichever came by their hash`
      : "";
  return (
    `${n(sum(comparable))} of ${n(all)} samples could be compared${limited}; in ${least} ${n(comparable[least])} of ${n(samples[least])}. ` +
    "Of the others nothing is said."
  );
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

type HashRows = { hashes: Buffer; codes: Buffer };
/** In a sample's code beside its split's number: that it has no hash, and that it has a text. */
const HASHLESS = 8;
const TEXT = 16;

/** Asks for a page's hashes (16 bytes, and 4 of the content's) and codes, each packed. */
const hashesOf =
  (tx: TransactionSql, { number, datasetNumber }: Checked) =>
  ({ after, last }: KeyPage) =>
    tx<HashRows[]>`
    select string_agg(coalesce(image_hash, '\\x00000000000000000000000000000000'::bytea)
        || substring(content_hash, 1, 4), ''::bytea) as hashes,
      string_agg(set_byte('\\x00'::bytea, 0, case split when 'train' then 0 when 'validation' then 1 else 2 end
        + case when image_hash is null then ${HASHLESS}::int else 0 end
        + case when has_text then ${TEXT}::int else 0 end), ''::bytea) as codes
    from (select m.split, m.content_hash, d.image_hash, d."text" is not null as has_text
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
      ...{ high: column(), low: column(), mirrorHigh: column(), mirrorLow: column(), content: column() },
      split: new Uint8Array(samples).fill(NO_HASH),
    };
    const none = () => bySplit(() => 0);
    const census: Census = { samples: none(), hashed: none(), texts: none(), textsAlone: none() };
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
        countIn(census, splits[code & 3]!, { isHashed, isText: (code & TEXT) !== 0 });
      }
    });
    return { columns, census };
  });
}

function countIn(census: Census, split: Split, { isHashed, isText }: { isHashed: boolean; isText: boolean }): void {
  census.samples[split]++;
  if (isHashed) census.hashed[split]++;
  if (isText) census.texts[split]++;
  if (isText && !isHashed) census.textsAlone[split]++;
}

/** A hash of zeros is that of a flat image or of one that darkens steadily: thousands share it. */
const tellsNothing = (high: number, low: number): boolean => (high === 0 && low === 0) || (high === -1 && low === -1);

async function searchImages(checked: Checked, columns: HashColumns, distance: number): Promise<Searched> {
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
  /** Samples that were held against another. */ compared: number;
  /** Pairs without thumbnails. */ uncompared: number;
  /** 20,000 pairs are the same, and more were nominated. */ isFull: boolean;
};

/** Thumbnails of the nominated decide: those pairs count that correlate. */
async function compareImages(checked: Checked, nominated: Nominated[]): Promise<Compared> {
  const rows = await fetchRows(checked, nominated);
  const pairs = new Map<string, Pair>();
  const compared = new Set<number>();
  const result = (uncompared: number, isFull: boolean) => ({
    ...{ pairs: [...pairs.values()], compared: compared.size, uncompared, isFull },
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
