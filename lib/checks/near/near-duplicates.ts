import type { Limits } from "../../likeness/near-images.ts";
import { type Split, splits } from "../../wire/base/words.ts";
import type { Check, Verdict } from "../../wire/data/checks.ts";
import type { Checked } from "../rows/checked.ts";
import { bySplit, type Census, type SearchedImages, searchImages } from "./near-image-search.ts";
import { sayNear } from "./near-statements.ts";
import { areClose, countRows, recallFigures, searchRows } from "./near-tables.ts";
import { searchTexts } from "./near-texts.ts";
import { isWeak } from "./recall.ts";

/**
 * A pair is seen where both of its samples can be compared: of nine samples in ten that is four pairs in five. Where a
 * split has fewer, nothing is said of it.
 */
const COMPARABLE_SHARE_MIN = 0.9;
const FINDINGS_SHOWN = 50;

export type Pair = { a: string; b: string; aSplit: Split; bSplit: Split; similarity: number; mirrored: boolean };
export type Searched = {
  pairs: Pair[];
  /** Samples with a hash that tells something, or texts that were read. */
  searched: number;
  /** Samples that stand in a nominated pair, and such pairs. */
  nominated: number;
  nominatedPairs: number;
  /** Pairs that can't be compared, for want of thumbnails. */
  uncompared: number;
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
    statements: sayNear({
      verdict,
      pairs: pairs.length,
      affected,
      distance,
      census,
      comparable,
      images,
      texts,
      rows,
      recall,
      share: searched.share,
    }),
    figures: {
      pairs: pairs.length,
      testSamples: affected,
      testShare: tests ? affected / tests : null,
      searched: Math.round(sum(comparable)),
      nominated: images.nominated + texts.nominated + rows.nominated,
      distance: images.searched ? distance : null,
      threshold: images.searched ? threshold : null,
      ...recallFigures(rows.recalls),
    },
    ...(recall.length > 0 ? { recall } : {}),
    findings: pairs
      .toSorted((a, b) => b.similarity - a.similarity)
      .slice(0, FINDINGS_SHOWN)
      .map(({ a, b, aSplit, bSplit, similarity, mirrored }) => ({
        keys: [a, b],
        splits: [aSplit, bSplit],
        kind: "alike",
        figures: { similarity, mirrored },
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
