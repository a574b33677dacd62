import { findImagePairs, type ImagePair, type Images } from "../../likeness/image-pairs.ts";
import { PIXELS } from "../../likeness/image-space.ts";
import { greyOf } from "../../likeness/perceptual.ts";
import { type Split, splits } from "../../wire/base/words.ts";
import type { Recall } from "../../wire/data/recall.ts";
import type { Checked } from "../rows/checked.ts";
import type { Pair, Searched } from "./near-duplicates.ts";

/** A thumbnail of 3 kB, decoded: some 6 MB are under way at once. */
const ROWS_AT_ONCE = 2000;

export type SearchedPictures = Searched & {
  /** Thumbnails that aren't as good as flat, by split. */
  comparable: Record<Split, number>;
  /** Correlation from which on two count as the same. */
  threshold: number;
  recall: Recall[];
  /** Of the images that are looked up among another split's, the share that was. */
  share: number;
};

/** Searches the `count` samples of the manifest that have a thumbnail. All of them are held: some 1.3 kB each. */
export async function searchPictures(checked: Checked, count: number): Promise<SearchedPictures> {
  const { keys, ...images } = await readImages(checked, count);
  const found = await findImagePairs(images, { imageSide: await imageSideOf(checked) });
  const { comparable, threshold, recall, share, stopped } = found;
  const pairOf = ({ a, b, similarity, mirrored }: ImagePair): Pair => ({
    a: keys[a]!,
    b: keys[b]!,
    aSplit: splits[images.split[a]!]!,
    bSplit: splits[images.split[b]!]!,
    similarity,
    mirrored,
  });
  const inSplit = (split: Split) =>
    comparable.reduce((total, can, row) => total + (can && images.split[row] === splits.indexOf(split) ? 1 : 0), 0);
  return {
    pairs: found.pairs.map(pairOf),
    searched: comparable.reduce((total, can) => total + can, 0),
    nominated: new Set(found.pairs.flatMap(({ a, b }) => [a, b])).size,
    nominatedPairs: found.pairs.length,
    uncompared: 0,
    stopped,
    threshold,
    recall,
    share,
    comparable: { train: inSplit("train"), validation: inSplit("validation"), test: inSplit("test") },
  };
}

async function readImages({ tx, number, datasetNumber }: Checked, count: number): Promise<Images & { keys: string[] }> {
  const keys: string[] = [];
  const greys = new Uint8Array(count * PIXELS);
  const split = new Uint8Array(count);
  const content = new Int32Array(count);
  const pages = tx<{ key: string; split: Split; content: Buffer; thumbnail: Buffer }[]>`
    select m.key, m.split, substring(m.content_hash, 1, 4) as content, d.thumbnail from manifest_samples m
    join dataset_samples d on d.dataset_number = ${datasetNumber} and d.key = m.key
    where m.manifest_number = ${number} and d.thumbnail is not null order by m.key`.cursor(ROWS_AT_ONCE);
  for await (const page of pages)
    for (const row of page) {
      const at = keys.push(row.key) - 1;
      greys.set(row.thumbnail.length === PIXELS ? row.thumbnail : greyOf(row.thumbnail).map(Math.round), at * PIXELS);
      split[at] = splits.indexOf(row.split);
      content[at] = row.content.readInt32BE();
    }
  return { keys, greys, split, content };
}

/** The shorter side of the images that thumbnails were made of; null: unknown. */
export async function imageSideOf({ tx, datasetNumber }: Checked): Promise<number | null> {
  const [row] = await tx<{ side: number | null }[]>`
    select image_side as side from datasets where number = ${datasetNumber}`;
  return row!.side;
}
