/**
 * Which rows of a table lie so close together that one is surely a copy of the other, and how well copies are found:
 * altered copies of the table's own rows are looked for as well. Pure.
 */
import { seededRandom } from "../statistics/resampling/random.ts";
import {
  isNumber,
  numbersOf,
  type Point,
  placeRows,
  pointOf,
  type RowSpace,
  RowTree,
  type Table,
} from "./row-space.ts";

/** cleanlab's rule (Datalab, near_duplicate): below this share of the median distance to the nearest neighbour. */
const NEAR_SHARE = 0.13;
/** The neighbourhood that says how close rows lie by themselves: the distance to the tenth of train. */
const NEIGHBOURS = 10;
/** As many pairs of a whole table may lie close by chance alone. */
const CHANCE_PAIRS = 0.02;
const SCALE_ROWS = 600;
const PLANTED = 200;
/** Distances of rows: a minute or two. */
const WORK_MAX = 2_000_000_000;
const SEED = 1;

export type AlterationKind = "rounded" | "noisy" | "one-column";
export type Recall = { kind: AlterationKind; found: number; of: number };
export type NearRows = {
  /** Row numbers, and 1 / (1 + distance): 1 for rows of one place. */
  pairs: { a: number; b: number; similarity: number }[];
  recalls: Recall[];
  /** More pairs than `limit` lie close: those are left out. */
  isFull: boolean;
  /** Not all rows were looked at: it would have taken too long. */
  isStopped: boolean;
};

type Ruler = {
  /** No pair further apart is near, whatever lies around it. */
  radius: number;
  /** Of the distance to the tenth neighbour: closer than chance brings rows of so many dimensions. */
  share: number;
};

/** `split[row]` is the split's number, 0 for train; rows of one split or one content aren't compared. */
export function findNearRows(table: Table, split: number[], content: string[], limit: number): NearRows {
  const space = placeRows(table);
  if (space.numberWidth === 0 || space.rows < NEIGHBOURS * 2)
    return { pairs: [], recalls: [], isFull: false, isStopped: false };
  const search = new Search(table, space, split, content);
  const pairs: NearRows["pairs"] = [];
  let isStopped = false;
  for (let row = 0; row < space.rows && !isStopped; row++) {
    isStopped = search.work > WORK_MAX;
    for (const { other, distance } of search.near(
      search.pointOf(row),
      (one) => one > row && split[one] !== split[row],
    )) {
      if (content[other] === content[row]) continue;
      if (pairs.length >= limit) return { pairs, recalls: search.measure(), isFull: true, isStopped: false };
      pairs.push({ a: row, b: other, similarity: 1 / (1 + distance) });
    }
  }
  return { pairs, recalls: search.measure(), isFull: false, isStopped };
}

/** A point, and the row's text with its numbers rounded. */
type Sought = Point & { rounded: string };

class Search {
  readonly #table: Table;
  readonly #space: RowSpace;
  readonly #rounded: string[];
  /** No two rows of train are equal when they are rounded: then it is no chance where rows of two splits are. */
  readonly #isRoundingTelling: boolean;
  readonly #content: string[];
  readonly #all: RowTree;
  /** What says how close rows lie: copies in other splits don't change it. */ readonly #train: RowTree;
  readonly #trained: Uint32Array;
  readonly #ruler: Ruler;
  readonly #tenth = new Map<number, number>();

  constructor(table: Table, space: RowSpace, split: number[], content: string[]) {
    this.#table = table;
    this.#rounded = table.cells.map(roundedText);
    this.#space = space;
    this.#content = content;
    const rows = Uint32Array.from({ length: space.rows }, (_, row) => row);
    const trained = rows.filter((row) => split[row] === 0);
    this.#all = new RowTree(space, rows);
    this.#trained = trained.length > NEIGHBOURS ? trained : rows;
    this.#train = new RowTree(space, this.#trained);
    this.#ruler = this.#measureScale();
    const contents = new Set(Array.from(this.#trained, (row) => content[row]));
    const different = new Set(Array.from(this.#trained, (row) => this.#rounded[row]));
    this.#isRoundingTelling = different.size === contents.size;
  }

  /** Distances that were taken. */
  get work(): number {
    return this.#all.work + this.#train.work;
  }

  pointOf(row: number): Sought {
    return { ...pointOf(this.#space, row), rounded: this.#rounded[row]! };
  }

  /** From a sample of train's rows: how far the nearest is, and how many dimensions the rows fill. */
  #measureScale(): Ruler {
    const first: number[] = [];
    const logs: number[] = [];
    for (const row of pick(this.#trained, SCALE_ROWS)) {
      const [one, two] = this.#train.nearest(pointOf(this.#space, row), 2, (other) => this.#isOther(row, other));
      if (one !== undefined) first.push(one);
      if (one && two) logs.push(Math.log(two / one));
    }
    const median = first.sort((a, b) => a - b)[first.length >>> 1] ?? 0;
    // the ratio of the second distance to the first says it (Facco et al. 2017, TwoNN), however dense rows lie
    const sum = logs.reduce((a, b) => a + b, 0);
    const dimensions = Math.min(this.#space.numberWidth, Math.max(1, sum > 0 ? logs.length / sum : 1));
    const share = (CHANCE_PAIRS / (this.#space.rows * (NEIGHBOURS - 1))) ** (1 / dimensions);
    return { radius: NEAR_SHARE * median, share };
  }

  /** Copies of one content are one row. */
  #isOther(row: number, other: number): boolean {
    return other !== row && this.#content[other] !== this.#content[row];
  }

  /** Rows so close to the point that it is no chance, among those that `isAsked`. */
  near(point: Sought, isAsked: (row: number) => boolean): { other: number; distance: number }[] {
    const { radius, share } = this.#ruler;
    const found: { other: number; distance: number }[] = [];
    this.#all.within(point, radius, (other, distance) => {
      if (isAsked(other)) found.push({ other, distance });
    });
    if (found.length === 0) return found;
    const around = this.#train.nearest(point, NEIGHBOURS, () => true).at(-1) ?? 0;
    return found.filter(
      ({ other, distance }) =>
        (this.#isRoundingTelling && this.#rounded[other] === point.rounded) ||
        distance <= share * Math.min(around, this.#around(other)),
    );
  }

  /** The distance from a row to its tenth neighbour of train. */
  #around(row: number): number {
    const known = this.#tenth.get(row);
    if (known !== undefined) return known;
    const distances = this.#train.nearest(pointOf(this.#space, row), NEIGHBOURS, (other) => other !== row);
    this.#tenth.set(row, distances.at(-1) ?? 0);
    return distances.at(-1) ?? 0;
  }

  /** Looks for altered copies of some of the table's own rows, as if they stood in another split. */
  measure(): Recall[] {
    const random = seededRandom(SEED);
    const rows = pick(
      Uint32Array.from({ length: this.#table.cells.length }, (_, row) => row),
      PLANTED,
    );
    return (["rounded", "noisy", "one-column"] as const).flatMap((kind) => {
      const copies = rows.flatMap((row) => {
        const point = this.#altered(row, kind, random);
        return point ? [{ row, point }] : [];
      });
      const found = copies.filter(({ row, point }) => this.near(point, (one) => one === row).length > 0).length;
      return copies.length > 0 ? [{ kind, found, of: copies.length }] : [];
    });
  }

  /** An altered copy; null where the alteration leaves the row as it is. */
  #altered(row: number, kind: AlterationKind, random: () => number): Sought | null {
    const { cells } = this.#table;
    const { words } = pointOf(this.#space, row);
    const texts = cells[row]!.slice();
    const { scales } = this.#space;
    if (kind === "one-column") {
      const other = Math.floor(random() * cells.length);
      const { column } = scales[Math.floor(random() * scales.length)]!;
      texts[column] = cells[other]![column]!;
    } else
      for (const { column, deviation } of scales) {
        if (texts[column] === "") continue;
        const value = Number(texts[column]);
        texts[column] =
          kind === "rounded"
            ? String(Number(value.toPrecision(ROUNDED_DIGITS)))
            : String(value + NOISE * deviation * normal(random));
      }
    const isSame = texts.every(
      (text, column) => text === cells[row]![column] || Number(text) === Number(cells[row]![column]),
    );
    return isSame ? null : { numbers: numbersOf(this.#space, texts), words, rounded: roundedText(texts) };
  }
}

/** Significant digits that a rounded copy keeps, and the noise of a noisy one in standard deviations of each column. */
export const ROUNDED_DIGITS = 3;
export const NOISE = 0.01;

/** A row's text with each number rounded to three significant digits. */
const roundedText = (texts: string[]): string =>
  JSON.stringify(texts.map((text) => (isNumber(text) ? Number(text).toPrecision(ROUNDED_DIGITS) : text)));

/** Box and Muller (1958). */
const normal = (random: () => number): number =>
  Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());

/** At most `most` of the rows, at even distances. */
const pick = (rows: Uint32Array, most: number): number[] =>
  rows.length <= most
    ? [...rows]
    : Array.from({ length: most }, (_, at) => rows[Math.floor((at * rows.length) / most)]!);
