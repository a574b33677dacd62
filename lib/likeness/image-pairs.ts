/**
 * Pairs of images of two splits that look the same: all of them, by the bound of image-space.ts, and what the search finds
 * of altered copies of the set's own images. How alike two must be answers to the set.
 */
import { setImmediate } from "node:timers/promises";
import { wilsonInterval } from "../statistics/intervals/proportion.ts";
import { seededRandom } from "../statistics/resampling/random.ts";
import { type Alteration, alterations, type Recall } from "../wire/data/recall.ts";
import { alteredCopy } from "./altered-copies.ts";
import { likeness, movedLikeness } from "./image-likeness.ts";
import { findAxes, mirror, PIXELS, PLACE, placeOf, spreadOf } from "./image-space.ts";
import { NO_HASH } from "./near-images.ts";
import { isBlank } from "./perceptual.ts";
import { PlaceTree } from "./place-tree.ts";

/** Images count as the same from this correlation on, where the set's own images aren't as alike. */
const LIKENESS_MIN = 0.98;
/** Copies altered in these ways are found to 95 %, whatever else must not count. */
const PROMISED: Alteration[] = ["re-encoded", "re-encoded-strongly", "brighter", "mirrored", "noisy"];
const PROMISED_SHARE = 0.95;
/** So far below the threshold a pair is still held against each other moved. */
const MOVED_MARGIN = 0.02;
/** Images whose copies are planted. */
const PLANTED = 200;
/** Images that tell whether the set's own are alike: whose likeness to one of another split lies just below the line. */
const SAMPLED_FOR_ALIKE = 1000;
const ALIKE_FROM = 0.96;
/**
 * So many pairs between .96 and .98 promise one or more beyond .98 that are only alike: each halving of 1 − r leaves an
 * eighth or fewer (measured on MNIST: an eighteenth, then a hundredth).
 */
const ALIKE_PAIRS = 4;
const PAIRS_KEPT = 20_000;
/** Grey levels: an image that deviates less is as good as flat, and what changes it, changes all of it. */
const DEVIATION_MIN = 4;
/** Distances and boxes that are looked at: two or three minutes. */
export const WORK_MAX = 200_000_000;
/** What it costs to hold a pair against each other moved, in distances. */
const MOVED_WORK = 200;
const YIELD_MS = 50;

export type Images = {
  /** In grey, `[n, 1024]`. */
  greys: Uint8Array;
  /** The split's number, `[n]`. */
  split: Uint8Array;
  /** First 32 bits of the content's hash, `[n]`: equal contents are another check's. */
  content: Int32Array;
};
export type ImagePair = { a: number; b: number; similarity: number; mirrored: boolean };
export type FoundPairs = {
  pairs: ImagePair[];
  /** Images that can be compared: flat ones can't. */
  comparable: Uint8Array;
  /** Correlation from which on images count as the same. */
  threshold: number;
  recall: Recall[];
  /** Of the images that are looked up among those of another split, the share that was. */
  share: number;
  /** Why pairs were left out; null: none was. */
  stopped: "kept" | "work" | null;
};

/** Finds them. The thread is free for others every 50 ms. `imageSide`: the shorter side of the images, null: unknown. */
export async function findImagePairs(
  images: Images,
  { imageSide, seed = 1, workMax = WORK_MAX }: { imageSide: number | null; seed?: number; workMax?: number },
): Promise<FoundPairs> {
  const random = seededRandom(seed);
  const search = new Search(images, workMax);
  await search.prepare();
  const planted = await plant(images.greys, sample(search.distinct, PLANTED, random), imageSide);
  const threshold = (await search.isAlike(random)) ? thresholdOf(images.greys, planted) : LIKENESS_MIN;
  const { pairs, share, stopped } = await search.run(threshold, random);
  const recall = await search.recall(planted, threshold);
  return { pairs, comparable: search.comparable, threshold, recall, share, stopped };
}

type Planted = { row: number; kind: Alteration; grey: Uint8Array };

async function plant(greys: Uint8Array, rows: number[], imageSide: number | null): Promise<Planted[]> {
  const planted: Planted[] = [];
  for (const row of rows) {
    const how = () => ({ imageSide, random: seededRandom(row + 1) });
    const copies = alterations.map(async (kind) => ({
      row,
      kind,
      grey: await alteredCopy(greyAt(greys, row), kind, how()),
    }));
    planted.push(...(await Promise.all(copies)));
  }
  return planted;
}

const greyAt = (greys: Uint8Array, row: number) => greys.subarray(row * PIXELS, (row + 1) * PIXELS);

/** The highest likeness that 95 % of each promised kind of copies have; a kind that has less than .98 doesn't count. */
function thresholdOf(greys: Uint8Array, planted: Planted[]): number {
  const passed = PROMISED.map((kind) => {
    const alike = planted
      .filter((copy) => copy.kind === kind)
      .map(({ row, grey }) => likeness(kind === "mirrored" ? mirror(grey) : grey, greyAt(greys, row), {}))
      .sort((a, b) => a - b);
    return alike[Math.floor(alike.length * (1 - PROMISED_SHARE))] ?? 1;
  });
  const within = passed.filter((value) => value >= LIKENESS_MIN);
  return within.length > 0 ? Math.min(...within) : LIKENESS_MIN;
}

/** `count` of the rows by chance; all of fewer. */
function sample<T>(rows: ArrayLike<T>, count: number, random: () => number): T[] {
  const chosen = Array.from(rows);
  for (let at = 0; at < Math.min(count, chosen.length - 1); at++) {
    const other = at + Math.floor(random() * (chosen.length - at));
    [chosen[at], chosen[other]] = [chosen[other]!, chosen[at]!];
  }
  return chosen.slice(0, count);
}

type Found = { row: number; similarity: number; mirrored: boolean };

class Search {
  readonly comparable: Uint8Array;
  /** Rows that can be compared, of copies in one split the first. */ distinct = new Uint32Array(0);
  readonly #images: Images;
  readonly #workMax: number;
  readonly #places: Float32Array;
  readonly #spreads: { mean: number; norm: number }[];
  #axes: Float64Array[] = [];
  /** By the split's number. */ readonly #trees = new Map<number, PlaceTree>();
  readonly #query = new Float32Array(PLACE);
  /** Pairs that were held against each other moved. */ #moved = 0;
  #yieldedAt = performance.now();

  constructor(images: Images, workMax: number) {
    const n = images.split.length;
    this.#images = images;
    this.#workMax = workMax;
    this.#places = new Float32Array(n * PLACE);
    this.#spreads = new Array(n);
    this.comparable = new Uint8Array(n);
  }

  async prepare(): Promise<void> {
    const { greys, split } = this.#images;
    await this.#listDistinct();
    this.#axes = findAxes(greys);
    for (const row of this.distinct) {
      placeOf(greys, row * PIXELS, { axes: this.#axes, places: this.#places, to: row * PLACE });
      await this.#breathe();
    }
    for (const number of new Set(split)) {
      if (number !== NO_HASH)
        this.#trees.set(
          number,
          new PlaceTree(
            this.#places,
            this.distinct.filter((row) => split[row] === number),
          ),
        );
      await this.#breathe();
    }
  }

  async #listDistinct(): Promise<void> {
    const { greys, split, content } = this.#images;
    const first = new Map<string, number>();
    const distinct: number[] = [];
    for (let row = 0; row < split.length; row++) {
      await this.#breathe();
      const spread = spreadOf(greys, row * PIXELS);
      this.#spreads[row] = spread;
      if (spread.norm < DEVIATION_MIN * Math.sqrt(PIXELS) || isBlank(greyAt(greys, row))) continue;
      this.comparable[row] = 1;
      const before = first.get(`${split[row]} ${content[row]}`);
      if (before !== undefined && Buffer.compare(greyAt(greys, before), greyAt(greys, row)) === 0) continue;
      first.set(`${split[row]} ${content[row]}`, row);
      distinct.push(row);
    }
    this.distinct = Uint32Array.from(distinct);
  }

  /** Lets others work, where 50 ms are over. */
  async #breathe(): Promise<void> {
    if (performance.now() - this.#yieldedAt < YIELD_MS) return;
    await setImmediate();
    this.#yieldedAt = performance.now();
  }

  /** Each pair of splits once: the rows of the smaller are looked up among those of the larger. */
  #lookUps(): { row: number; tree: PlaceTree }[] {
    const trees = [...this.#trees.values()].sort((a, b) => a.rows.length - b.rows.length);
    return trees.flatMap((smaller, index) =>
      trees.slice(index + 1).flatMap((tree) => Array.from(smaller.rows, (row) => ({ row, tree }))),
    );
  }

  /** Whether so many pairs are alike below the line that some beyond it may be no more than alike. */
  async isAlike(random: () => number): Promise<boolean> {
    const lookUps = this.#lookUps();
    const some = sample(lookUps, SAMPLED_FOR_ALIKE, random);
    let alike = 0;
    for (const { row, tree } of some) {
      for (const { similarity } of this.#near(greyAt(this.#images.greys, row), tree, ALIKE_FROM))
        if (similarity < LIKENESS_MIN) alike++;
      await this.#breathe();
    }
    return alike * (lookUps.length / some.length) >= ALIKE_PAIRS;
  }

  /** Rows of a tree that are as alike as `least` to a thumbnail, as they lie; of `only`, that one alone. */
  #near(grey: Uint8Array, tree: PlaceTree, least: number, only?: number): { row: number; similarity: number }[] {
    const { greys } = this.#images;
    const spreadA = spreadOf(grey);
    const near: { row: number; similarity: number }[] = [];
    placeOf(grey, 0, { axes: this.#axes, places: this.#query, to: 0 });
    tree.within(this.#query, 2 - 2 * least, (row) => {
      if (only !== undefined && row !== only) return;
      const similarity = likeness(grey, greys, { from: row * PIXELS, spreadA, spreadB: this.#spreads[row]! });
      if (similarity >= least) near.push({ row, similarity });
    });
    return near;
  }

  /** Rows of a tree that look the same as a thumbnail or its mirror image, as they lie or moved a little. */
  #same(grey: Uint8Array, tree: PlaceTree, threshold: number, only?: number): Found[] {
    const found = new Map<number, Found>();
    for (const mirrored of [false, true]) {
      const turned = mirrored ? mirror(grey) : grey;
      for (const { row, similarity } of this.#near(turned, tree, threshold - MOVED_MARGIN, only)) {
        if (similarity < threshold) this.#moved++;
        const best = similarity >= threshold ? similarity : movedLikeness(turned, greyAt(this.#images.greys, row));
        if (best >= threshold && best > (found.get(row)?.similarity ?? 0))
          found.set(row, { row, similarity: best, mirrored });
      }
    }
    return [...found.values()];
  }

  get #work(): number {
    return [...this.#trees.values()].reduce((total, { work }) => total + work, this.#moved * MOVED_WORK);
  }

  async run(threshold: number, random: () => number): Promise<Pick<FoundPairs, "pairs" | "share" | "stopped">> {
    const { greys, content } = this.#images;
    const all = this.#lookUps();
    // in any order: where the search ends early, it has seen as much of each split
    const lookUps = sample(all, all.length, random);
    const pairs: ImagePair[] = [];
    for (const [done, { row, tree }] of lookUps.entries()) {
      if (this.#work > this.#workMax) return { pairs, share: done / lookUps.length, stopped: "work" };
      for (const found of this.#same(greyAt(greys, row), tree, threshold)) {
        if (content[row] === content[found.row]) continue;
        if (pairs.length >= PAIRS_KEPT) return { pairs, share: done / lookUps.length, stopped: "kept" };
        const [a, b] = [Math.min(row, found.row), Math.max(row, found.row)];
        pairs.push({ a, b, similarity: found.similarity, mirrored: found.mirrored });
      }
      await this.#breathe();
    }
    return { pairs, share: 1, stopped: null };
  }

  /** What is found of the planted copies, each looked up as an image of another split is. */
  async recall(planted: Planted[], threshold: number): Promise<Recall[]> {
    const counts = new Map(alterations.map((kind) => [kind, { planted: 0, found: 0 }]));
    for (const { row, kind, grey } of planted) {
      const tree = this.#trees.get(this.#images.split[row]!)!;
      const count = counts.get(kind)!;
      count.planted++;
      if (this.#same(grey, tree, threshold, row).length > 0) count.found++;
      await this.#breathe();
    }
    return [...counts].flatMap(([kind, { planted: n, found }]) => {
      if (n === 0) return [];
      const [low, high] = wilsonInterval(found, n);
      return [{ kind, planted: n, found, low, high }];
    });
  }
}
