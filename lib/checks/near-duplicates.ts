import type { Limits } from "../likeness/near-images.ts";
import { type Split, splits } from "../wire/base/words.ts";
import type { Check, Recall, Verdict } from "../wire/checks.ts";
import { numberWords } from "../words/numbers.ts";
import type { Checked } from "./checks.ts";
import {
  bySplit,
  type Census,
  COMPARISONS_MAX,
  DISTANCE_MAX,
  type SearchedImages,
  searchImages,
} from "./near-image-search.ts";
import { areClose, countRows, recallFigures, recallWords, type SearchedRows, searchRows } from "./near-tables.ts";
import { searchTexts } from "./near-texts.ts";
import { imageRecallWords, isWeak } from "./recall-words.ts";

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
  /**
   * Why pairs were left out; `unseparated`: so many were nominated, most of them wrongly; `work`: the search was over
   * before all were looked at; `weak`: re-encoded copies that were planted aren't found. Null: none was.
   */
  stopped: keyof Limits | "unseparated" | "kept" | "work" | "weak" | null;
};
/** As the report keeps it: with what the check of near duplicates would say if people told all its pairs apart. */
export type StoredCheck = Check & { withoutPairs?: Verdict };

/** Searches images, texts and rows of tables, and stores the pairs that count. */
export async function checkNearDuplicates(checked: Checked): Promise<StoredCheck> {
  const { census, ...searched } = await searchImages(checked);
  const { distance, recall, threshold } = searched;
  const images = withStrength(searched);
  const texts = await searchTexts(checked, sum(census.texts));
  const rowCounts = await countRows(checked);
  const rows = await searchRows(checked, sum(rowCounts));
  const pairs = [...images.pairs, ...texts.pairs, ...rows.pairs];
  await storePairs(checked, pairs);
  const { test: tests } = census.samples;
  const affected = await countTests(checked, pairs);
  const alike = comparableOf(census, texts.searched);
  const rowShare = rows.searched / Math.max(1, sum(rowCounts));
  const comparable = bySplit((split) => alike[split] + rowCounts[split] * rowShare);
  const searches = [images, texts, rows];
  const told = verdictOf(searches, comparable, census.samples);
  // where rows are neighbours as close as copies are, a copy tells a model no more than any neighbour does
  const isRowsAlone = rows.searched > 0 && sum(rowCounts) === sum(census.samples);
  const verdict = told === "pass" && isRowsAlone && areClose(rows.recalls) ? "not-applicable" : told;
  return {
    name: "near-duplicates",
    verdict,
    ...(pairs.length > 0 ? { withoutPairs: verdictOf(searches.map(withoutPairs), comparable, census.samples) } : {}),
    detail: wordsOf({
      verdict,
      pairs: pairs.length,
      affected,
      distance,
      census,
      comparable,
      ...{ images, texts, rows, recall, share: searched.share },
    }),
    figures: {
      ...{ pairs: pairs.length, testSamples: affected, testShare: tests ? affected / tests : null },
      ...{ searched: Math.round(sum(comparable)), nominated: images.nominated + texts.nominated + rows.nominated },
      ...{ distance: images.searched ? distance : null, threshold: images.searched ? threshold : null },
      ...recallFigures(rows.recalls),
    },
    ...(recall.length > 0 ? { recall } : {}),
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

/** A search that misses re-encoded copies can't tell, whatever it found. */
const withStrength = ({ images, recall }: Pick<SearchedImages, "images" | "recall">): Searched =>
  images.stopped === null && isWeak(recall) ? { ...images, stopped: "weak" } : images;

const withoutPairs = (search: Searched): Searched => ({ ...search, pairs: [] });

const sum = (counts: Record<Split, number>): number => splits.reduce((total, split) => total + counts[split], 0);

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

/** A pair that looks the same is a warning, whatever else couldn't be told: what is found never makes it milder. */
export function verdictOf(
  searches: Pick<Searched, "pairs" | "stopped" | "uncompared">[],
  comparable: Record<Split, number>,
  samples: Record<Split, number>,
): Verdict {
  if (searches.some(({ pairs }) => pairs.length > 0)) return "warn";
  if (searches.some(({ stopped, uncompared }) => stopped !== null || uncompared > 0)) return "cannot-tell";
  return splits.some((split) => comparable[split] < samples[split] * COMPARABLE_SHARE_MIN) ? "cannot-tell" : "pass";
}

type Words = {
  verdict: Verdict;
  pairs: number;
  affected: number;
  distance: number | null;
  census: Census;
  comparable: Record<Split, number>;
  images: Searched;
  texts: Searched;
  rows: SearchedRows;
  recall: Recall[];
  share: number;
};
const n = (value: number): string => numberWords(Math.round(value));

const CLOSE_ROWS =
  "No two rows are surely one, and these lie as close together by themselves as slightly altered copies do: such a copy " +
  "tells a model no more than any neighbour, and exact ones are looked for above.";

function wordsOf({
  verdict,
  pairs,
  affected,
  distance,
  census,
  comparable,
  images,
  texts,
  rows,
  recall,
  share,
}: Words): string {
  const samples = sum(census.samples);
  const searched = sum(comparable);
  if (searched === 0) return "No sample has an image's hash, a text or a row's features, so nothing can be compared.";
  if (verdict === "not-applicable") return `${CLOSE_ROWS} ${recallWords(rows.recalls)}`.trim();
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
    stopWords(rows, "rows"),
    images.uncompared ? `${n(images.uncompared)} nominated pairs have no thumbnails to compare.` : "",
    images.searched > 0 && distance !== null && distance < DISTANCE_MAX
      ? `Only hashes within ${distance} bits were searched.`
      : "",
    share < 1 ? `${Math.floor(share * 100)} % of the images were looked up among those of another split.` : "",
    recallWords(rows.recalls),
    scopeWords(census, comparable, texts.searched),
    imageRecallWords(recall),
  ]
    .filter(Boolean)
    .join(" ");
}

/** Why the search may have missed pairs. */
function stopWords({ stopped, nominated, nominatedPairs, pairs }: Searched, what: "images" | "texts" | "rows"): string {
  switch (stopped) {
    case null:
      return "";
    case "unseparated":
      return `This hash can't separate these ${what}: it nominates ${n(nominated)} of them or more, most of them wrongly, so not all were looked at.`;
    case "kept":
      return `The search ended with ${n(pairs.length)} pairs of ${what} that are the same: there may be more.`;
    case "work":
      return `The search of ${what} ended before all were compared, as too many lie close together: there may be more.`;
    case "weak":
      return `The search of ${what} misses copies that were only re-encoded, so it can't tell.`;
    case "comparisons":
      if (what === "rows")
        return "The search of rows ended before the last of them, as many lie close together: there may be more.";
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
