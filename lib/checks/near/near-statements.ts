/** What the check of near duplicates says: what it found, why it may have missed some, and how far it reaches. */
import { type Split, splits } from "../../wire/base/words.ts";
import type { Verdict } from "../../wire/data/checks.ts";
import type { Recall } from "../../wire/data/recall.ts";
import type { Statement } from "../../wire/data/statements.ts";
import { statementsOf } from "../rows/checked.ts";
import type { Searched } from "./near-duplicates.ts";
import { type Census, COMPARISONS_MAX, DISTANCE_MAX } from "./near-image-search.ts";
import { type SearchedRows, sayRowCopies } from "./near-tables.ts";
import { isTold } from "./recall.ts";

export type NearSearches = {
  verdict: Verdict;
  pairs: number;
  /** Test samples that stand in a pair. */
  affected: number;
  /** Bits within which hashes were searched; null: each image was compared with all. */
  distance: number | null;
  census: Census;
  /** Samples that could be compared, by split. */
  comparable: Record<Split, number>;
  images: Searched;
  texts: Searched;
  rows: SearchedRows;
  recall: Recall[];
  /** Of the images that are looked up among another split's, the share that was. */
  share: number;
};

export function sayNear(searches: NearSearches): Statement[] {
  const { verdict, distance, census, comparable, images, texts, rows, recall, share } = searches;
  if (total(comparable) === 0) return [{ kind: "nothing-to-look-at", figures: {} }];
  if (verdict === "not-applicable")
    return statementsOf({ kind: "rows-close-together", figures: {} }, sayRowCopies(rows.recalls));
  return statementsOf(
    sayFound(searches),
    sayStop(images, "images"),
    sayStop(texts, "texts"),
    sayStop(rows, "rows"),
    images.uncompared ? { kind: "pairs-without-thumbnails", figures: { pairs: images.uncompared } } : null,
    images.searched > 0 && distance !== null && distance < DISTANCE_MAX
      ? { kind: "hashes-within", figures: { bits: distance } }
      : null,
    share < 1 ? { kind: "images-looked-up", figures: { share } } : null,
    sayRowCopies(rows.recalls),
    sayScope(census, comparable, texts.searched),
    sayImageCopies(recall),
  );
}

function sayFound({ verdict, pairs, affected, census, comparable }: NearSearches): Statement {
  if (pairs > 0) return { kind: "pairs-alike", figures: { pairs, testSamples: affected, tests: census.samples.test } };
  if (verdict !== "pass") return { kind: "no-pair-for-sure", figures: {} };
  return { kind: "no-pair-alike", figures: { allCompared: total(comparable) >= total(census.samples) } };
}

/** Why the search may have missed pairs. */
function sayStop(
  { stopped, nominated, nominatedPairs, pairs }: Searched,
  what: "images" | "texts" | "rows",
): Statement | null {
  switch (stopped) {
    case null:
      return null;
    case "unseparated":
      return { kind: "search-not-separating", figures: { what, nominated } };
    case "kept":
      return { kind: "search-full", figures: { what, pairs: pairs.length } };
    case "work":
      return { kind: "search-cut-short", figures: { what } };
    case "weak":
      return { kind: "search-weak", figures: { what } };
    case "comparisons":
      return what === "rows"
        ? { kind: "row-search-crowded", figures: {} }
        : { kind: "search-crowded", figures: { what, comparisons: COMPARISONS_MAX } };
    default:
      return { kind: "search-overfull", figures: { what, pairs: nominatedPairs, nominated } };
  }
}

/** How many samples could be compared, where they aren't all; of the split that has the fewest, too. */
function sayScope({ samples, texts }: Census, comparable: Record<Split, number>, searched: number): Statement | null {
  const all = total(samples);
  if (total(comparable) >= all) return null;
  const used = splits.filter((split) => samples[split] > 0);
  const share = (split: Split) => comparable[split] / samples[split];
  const split = used.reduce((a, b) => (share(b) < share(a) ? b : a));
  return {
    kind: "samples-compared",
    figures: {
      compared: Math.round(total(comparable)),
      samples: all,
      least: { split, compared: Math.round(comparable[split]), samples: samples[split] },
      texts: searched < total(texts) ? { searched, all: total(texts) } : null,
    },
  };
}

/** What it finds of re-encoded copies, and which kinds it can't tell. Null where nothing was planted. */
function sayImageCopies(recall: Recall[]): Statement | null {
  const reEncoded = recall.find(({ kind }) => kind === "re-encoded");
  if (!reEncoded) return null;
  const untold = recall.filter((one) => !isTold(one) && one !== reEncoded);
  return { kind: "image-copies-found", figures: { reEncoded, untold } };
}

const total = (counts: Record<Split, number>): number => splits.reduce((sum, split) => sum + counts[split], 0);
