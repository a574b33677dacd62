/**
 * Rows of a table as points: numbers standardised, each word that differs a distance of 1. Finds what lies within a
 * radius, and the nearest, exactly. Pure.
 */

/** Columns of one length; a column is numbers where all its present cells are. */
export type Table = { names: string[] /** `[rows][columns]`, canonical text; empty: missing. */; cells: string[][] };

export type RowSpace = {
  rows: number;
  /** Coordinates that are numbers, and those that are words, `[rows, width]` each. */
  numbers: Float64Array;
  words: Int32Array;
  numberWidth: number;
  wordWidth: number;
  /** Which columns the coordinates are of, and how a number becomes one. */
  scales: { column: number; mean: number; deviation: number }[];
  wordColumns: number[];
};

export const isNumber = (text: string): boolean => text !== "" && Number.isFinite(Number(text));

/** Places rows. A missing number stands at the mean, and whether it is missing is a word. Constant columns are left out. */
export function placeRows({ names, cells }: Table): RowSpace {
  const scales: RowSpace["scales"] = [];
  const wordColumns: number[] = [];
  for (const column of names.keys()) {
    const present = cells.map((row) => row[column]!).filter((text) => text !== "");
    const isNumeric = present.length > 0 && present.every(isNumber);
    if (isNumeric) {
      const { mean, deviation } = spreadOf(present.map(Number));
      if (deviation > 0) scales.push({ column, mean, deviation });
    }
    if (!isNumeric || present.length < cells.length) wordColumns.push(column);
  }
  const space = {
    rows: cells.length,
    numberWidth: scales.length,
    wordWidth: wordColumns.length,
    scales,
    wordColumns,
    numbers: new Float64Array(cells.length * scales.length),
    words: new Int32Array(cells.length * wordColumns.length),
  };
  const numberOf = new Map<string, number>();
  for (const [row, texts] of cells.entries()) {
    space.numbers.set(numbersOf(space, texts), row * scales.length);
    for (const [at, column] of wordColumns.entries()) {
      const word = `${column} ${wordOf(space, texts, column)}`;
      if (!numberOf.has(word)) numberOf.set(word, numberOf.size);
      space.words[row * wordColumns.length + at] = numberOf.get(word)!;
    }
  }
  return space;
}

/** Two passes: the difference of large sums would lose what tells values apart. */
function spreadOf(values: number[]): { mean: number; deviation: number } {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return { mean, deviation: Math.sqrt(squares / values.length) };
}

/** The numeric coordinates of a row's texts. */
export const numbersOf = ({ scales }: Pick<RowSpace, "scales">, texts: string[]): number[] =>
  scales.map(({ column, mean, deviation }) => (texts[column] === "" ? 0 : (Number(texts[column]) - mean) / deviation));

/** Of a column of numbers only whether there is one. */
const wordOf = ({ scales }: Pick<RowSpace, "scales">, texts: string[], column: number): string =>
  scales.some((scale) => scale.column === column) ? (texts[column] === "" ? "missing" : "there") : texts[column]!;

/** A point to search from: a row's coordinates, or those of an altered copy. */
export type Point = { numbers: ArrayLike<number>; words: ArrayLike<number> };

export const pointOf = ({ numbers, words, numberWidth, wordWidth }: RowSpace, row: number): Point => ({
  numbers: numbers.subarray(row * numberWidth, (row + 1) * numberWidth),
  words: words.subarray(row * wordWidth, (row + 1) * wordWidth),
});

const LEAF = 12;

/** A k-d tree over some rows of a space, by their numbers; words only lengthen distances, so that none is missed. */
export class RowTree {
  readonly #space: RowSpace;
  readonly #rows: Uint32Array;
  readonly #nodes: { from: number; to: number; low: Float64Array; high: Float64Array; children: number | null }[] = [];
  /** Distances that were taken. */ work = 0;

  constructor(space: RowSpace, rows: Uint32Array) {
    this.#space = space;
    this.#rows = rows.slice();
    this.#build(0, rows.length);
  }

  #build(from: number, to: number): number {
    const { numbers, numberWidth } = this.#space;
    const low = new Float64Array(numberWidth).fill(Number.POSITIVE_INFINITY);
    const high = new Float64Array(numberWidth).fill(Number.NEGATIVE_INFINITY);
    for (let at = from; at < to; at++)
      for (let d = 0; d < numberWidth; d++) {
        const value = numbers[this.#rows[at]! * numberWidth + d]!;
        low[d] = Math.min(low[d]!, value);
        high[d] = Math.max(high[d]!, value);
      }
    const node = this.#nodes.push({ from, to, low, high, children: null }) - 1;
    let widest = 0;
    for (let d = 1; d < numberWidth; d++) if (high[d]! - low[d]! > high[widest]! - low[widest]!) widest = d;
    if (to - from <= LEAF || numberWidth === 0 || !(high[widest]! > low[widest]!)) return node;
    const part = this.#rows.subarray(from, to);
    part.sort((a, b) => numbers[a * numberWidth + widest]! - numbers[b * numberWidth + widest]!);
    const middle = (from + to) >>> 1;
    const left = this.#build(from, middle);
    const right = this.#build(middle, to);
    this.#nodes[node]!.children = left;
    // the right child isn't beside the left one: it is found through this one
    this.#right.set(node, right);
    return node;
  }
  readonly #right = new Map<number, number>();

  /** The squared distance from a point to a row, or more than `most` where it is larger. */
  #distance(point: Point, row: number, most: number): number {
    const { numbers, words, numberWidth, wordWidth } = this.#space;
    this.work++;
    let sum = 0;
    for (let d = 0; d < numberWidth && sum <= most; d++) {
      const apart = numbers[row * numberWidth + d]! - point.numbers[d]!;
      sum += apart * apart;
    }
    for (let w = 0; w < wordWidth && sum <= most; w++) if (words[row * wordWidth + w] !== point.words[w]) sum++;
    return sum;
  }

  #gap(point: Point, node: number, most: number): number {
    const { low, high } = this.#nodes[node]!;
    let sum = 0;
    for (let d = 0; d < low.length && sum <= most; d++) {
      const value = point.numbers[d]!;
      const apart = value < low[d]! ? low[d]! - value : value > high[d]! ? value - high[d]! : 0;
      sum += apart * apart;
    }
    return sum;
  }

  /** The distances to the nearest `k` rows, ascending, `isOther` rows alone; fewer where there are fewer. */
  nearest(point: Point, k: number, isOther: (row: number) => boolean): number[] {
    const found: number[] = [];
    const most = () => (found.length < k ? Number.POSITIVE_INFINITY : found.at(-1)!);
    this.#walk(point, 0, most, (row, squared) => {
      if (!isOther(row)) return;
      let at = found.length;
      while (at > 0 && found[at - 1]! > squared) at--;
      found.splice(at, 0, squared);
      if (found.length > k) found.pop();
    });
    return found.map(Math.sqrt);
  }

  /** Calls `take` with each row within a distance, and how far it is. */
  within(point: Point, radius: number, take: (row: number, distance: number) => void): void {
    const most = radius * radius;
    this.#walk(
      point,
      0,
      () => most,
      (row, squared) => take(row, Math.sqrt(squared)),
    );
  }

  #walk(point: Point, node: number, most: () => number, take: (row: number, squared: number) => void): void {
    const { from, to, children } = this.#nodes[node]!;
    if (children === null) {
      for (let at = from; at < to; at++) {
        const row = this.#rows[at]!;
        const squared = this.#distance(point, row, most());
        if (squared <= most()) take(row, squared);
      }
      return;
    }
    const sides = [children, this.#right.get(node)!].map((side) => ({ side, gap: this.#gap(point, side, most()) }));
    if (sides[0]!.gap > sides[1]!.gap) sides.reverse();
    for (const { side, gap } of sides) if (gap <= most()) this.#walk(point, side, most, take);
  }
}
