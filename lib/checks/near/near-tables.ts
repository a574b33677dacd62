/** Near duplicates among rows of tables, by what is stored of their features. */

import { findNearRows, NOISE, type Recall, ROUNDED_DIGITS } from "../../likeness/near-rows.ts";
import { wilsonInterval } from "../../statistics/intervals/proportion.ts";
import { cellsIn } from "../../wire/alike/row-features.ts";
import { type Split, splits } from "../../wire/base/words.ts";
import type { Check, FigureName } from "../../wire/data/checks.ts";
import type { Statement } from "../../wire/data/statements.ts";
import type { Checked } from "../rows/checked.ts";
import type { Searched } from "./near-duplicates.ts";

/** Rows that are placed and held against their neighbours in a minute or two; of more about so many are searched. */
const ROWS_MAX = 100_000;
const PAIRS_KEPT = 20_000;

export type SearchedRows = Searched & {
  /** How well altered copies of these rows are found; empty where no row can be altered. */
  recalls: Recall[];
};

/** Samples by split that are rows of a table and nothing else that can be compared. */
export async function countRows({ tx, number, datasetNumber }: Checked): Promise<Record<Split, number>> {
  const counts = { train: 0, validation: 0, test: 0 };
  const [any] = await tx<{ yes: boolean }[]>`
    select exists (select from dataset_samples where dataset_number = ${datasetNumber} and features is not null) as yes`;
  if (!any!.yes) return counts;
  const rows = await tx<{ split: Split; n: number }[]>`
    select m.split, count(*)::int as n from manifest_samples m
    join dataset_samples d on d.dataset_number = ${datasetNumber} and d.key = m.key
    where m.manifest_number = ${number} and d.features is not null and d.image_hash is null and d."text" is null
    group by 1`;
  for (const { split, n } of rows) counts[split] = n;
  return counts;
}

/** `rows` is how many there are. Of more than `most` those are searched whose content's hash is low: any of all. */
export async function searchRows(checked: Checked, rows: number, most = ROWS_MAX): Promise<SearchedRows> {
  const none = { pairs: [], searched: 0, nominated: 0, nominatedPairs: 0, uncompared: 0, stopped: null, recalls: [] };
  if (rows === 0) return none;
  const { keys, split, content, features, searched } = await readRows(checked, most / rows);
  const names = [...new Set(features.flatMap((row) => [...row.keys()]))].sort();
  const table = { names, cells: features.map((row) => names.map((name) => row.get(name) ?? "")) };
  const { pairs, recalls, isFull, isStopped } = findNearRows(table, split, content, PAIRS_KEPT);
  const samples = new Set(pairs.flatMap(({ a, b }) => [a, b])).size;
  return {
    ...none,
    pairs: pairs.map(({ a, b, similarity }) => {
      const sides = { aSplit: splits[split[a]!]!, bSplit: splits[split[b]!]! };
      return { a: keys[a]!, b: keys[b]!, ...sides, similarity, mirrored: false };
    }),
    searched,
    nominated: samples,
    nominatedPairs: pairs.length,
    recalls,
    stopped: isFull ? "kept" : isStopped ? "comparisons" : null,
  };
}

/** Whether hardly any slightly altered copy is told from other rows: they lie as close together by themselves. */
export const areClose = (recalls: Recall[]): boolean => {
  const slight = recalls.filter(({ kind }) => kind !== "one-column");
  return slight.every(({ found, of }) => found < of * RECALL_MIN);
};
const RECALL_MIN = 0.5;

/** How well copies of the rows are found, by how they were altered, with 95 % intervals; null where none could be. */
export function sayRowCopies(recalls: Recall[]): Statement | null {
  if (recalls.length === 0) return null;
  const copies = recalls.map(({ kind, found, of }) => {
    const [low, high] = wilsonInterval(found, of);
    return { kind, planted: of, found, low, high };
  });
  return { kind: "row-copies-found", figures: { copies, digits: ROUNDED_DIGITS, noise: NOISE } };
}

/** Recall by kind, 0–1, as figures. */
export const recallFigures = (recalls: Recall[]): Check["figures"] =>
  Object.fromEntries(recalls.map(({ kind, found, of }) => [recallNames[kind], found / of]));
const recallNames: Record<Recall["kind"], FigureName> = {
  rounded: "recallRounded",
  noisy: "recallNoisy",
  "one-column": "recallOneColumn",
};

/** Rows whose content's hash lies in the lowest `share` of all; of copies in one split the first stands for all. */
async function readRows({ tx, number, datasetNumber }: Checked, share: number) {
  const found = {
    keys: [] as string[],
    split: [] as number[],
    content: [] as string[],
    features: [] as Map<string, string>[],
    searched: 0,
  };
  const seen = new Set<string>();
  const below = Math.floor(Math.min(1, share) * 0xffffffff)
    .toString(16)
    .padStart(8, "0");
  const rows = tx<{ key: string; split: Split; content: string; features: string }[]>`
    select m.key, m.split, encode(m.content_hash, 'hex') as content, d.features from manifest_samples m
    join dataset_samples d on d.dataset_number = ${datasetNumber} and d.key = m.key
    where m.manifest_number = ${number} and d.features is not null and d.image_hash is null and d."text" is null
      and substring(m.content_hash, 1, 4) <= decode(${below}, 'hex')
    order by m.key`.cursor(1000);
  for await (const page of rows)
    for (const { key, split, content, features } of page) {
      found.searched++;
      const copy = `${split} ${content}`;
      if (seen.has(copy)) continue;
      seen.add(copy);
      found.keys.push(key);
      found.split.push(splits.indexOf(split));
      found.content.push(content);
      found.features.push(cellsIn(features));
    }
  return found;
}
