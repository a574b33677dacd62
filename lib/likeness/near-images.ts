/** Finds images of different splits whose 64-bit hashes differ in few bits. Pure; memory is a few typed arrays. */

export type HashColumns = {
  /** Upper and lower half of the hash, `[n]`. */
  high: Int32Array;
  low: Int32Array;
  /** Of the mirror image. */
  mirrorHigh: Int32Array;
  mirrorLow: Int32Array;
  /** First 32 bits of the content's hash: rows that share it are exact duplicates, another check's, and aren't nominated. */
  content: Int32Array;
  /** The split's number; rows of one split aren't compared. 255: the row has no hash, or one that tells nothing. */
  split: Uint8Array;
};
export type Nominated = { a: number; b: number; distance: number; mirrored: boolean };
/** Where a search ends early, so that neither its time nor its memory has no bound. */
export type Limits = {
  /** Rows that stand in a pair. */
  samples: number;
  pairs: number;
  /** Hashes held against each other: many rows of one hash in one split are compared and nominate nothing. */
  comparisons: number;
};
export type Nomination = {
  pairs: Nominated[];
  /** Rows that stand in a pair; where `stopped`, as many as were found until then. */
  samples: number;
  /** The limit that was passed; null: all pairs are here. */
  stopped: keyof Limits | null;
};

export const NO_HASH = 255;

/** Bits that are set, of 32. */
function bits(value: number): number {
  let v = value - ((value >>> 1) & 0x55555555);
  v = (v & 0x33333333) + ((v >>> 2) & 0x33333333);
  return Math.imul((v + (v >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
}

/** Bits `from` … `from + width` of a hash, counted from its highest. */
type Band = { from: number; width: number };
/** A hash is looked up among those whose bits in all these bands are the same. */
type Table = Band[];

/** The 64 bits in so many bands, as even as can be. */
const cut = (bands: number): Band[] =>
  Array.from({ length: bands }, (_, index) => {
    const from = Math.ceil((index * 64) / bands);
    return { from, width: Math.ceil(((index + 1) * 64) / bands) - from };
  });

/**
 * Tables that bring together all hashes within a distance. Two bits can spoil two of three bands, so one band is the
 * same; five bits can spoil five of seven, so two are: 21 tables of 18 bits, whose buckets hold a few of a million rows.
 */
function tablesFor(distance: number): Table[] {
  if (distance <= 2) return cut(3).map((band) => [band]);
  const bands = cut(7);
  return bands.flatMap((first, index) => bands.slice(index + 1).map((second) => [first, second]));
}

/** The keys of hashes in a table, `[n]`: the bits of its bands side by side. Written to `keys`, which is returned. */
function keysOf(high: Int32Array, low: Int32Array, table: Table, keys: Int32Array): Int32Array {
  keys.fill(0);
  for (const { from, width } of table) {
    const end = from + width;
    const mask = 2 ** width - 1;
    // three loops that the compiler can see through: this is done for each row in each table
    if (end <= 32)
      for (let row = 0; row < keys.length; row++)
        keys[row] = (keys[row]! << width) | ((high[row]! >>> (32 - end)) & mask);
    else if (from >= 32)
      for (let row = 0; row < keys.length; row++)
        keys[row] = (keys[row]! << width) | ((low[row]! >>> (64 - end)) & mask);
    else
      for (let row = 0; row < keys.length; row++)
        keys[row] = (keys[row]! << width) | (((high[row]! << (end - 32)) | (low[row]! >>> (64 - end))) & mask);
  }
  return keys;
}

type Side = { high: Int32Array; low: Int32Array };

/** Rows whose keys lie in a range, in the order of their keys: those of `from + k` are at `starts[k]` … `starts[k + 1]`. */
class Buckets {
  starts = new Uint32Array(0);
  // used again for range after range: as garbage they would lie about for longer than they are needed
  rows = new Uint32Array(0);
  high = new Int32Array(0);
  low = new Int32Array(0);

  /** Takes the rows with keys from `from` to before `to`; those before are gone. */
  fill(keys: Int32Array, { high, low }: Side, split: Uint8Array, from: number, to: number): this {
    const isIn = (row: number) => keys[row]! >= from && keys[row]! < to && split[row] !== NO_HASH;
    // where a key's rows begin stands one place late, and moves on as they are put in
    const starts = new Uint32Array(to - from + 2);
    for (let row = 0; row < keys.length; row++) if (isIn(row)) starts[keys[row]! - from + 2]!++;
    for (let key = 2; key < starts.length; key++) starts[key] = starts[key]! + starts[key - 1]!;
    this.#holdRows(starts.at(-1)!);
    for (let row = 0; row < keys.length; row++) {
      if (!isIn(row)) continue;
      const at = starts[keys[row]! - from + 1]!++;
      this.rows[at] = row;
      this.high[at] = high[row]!;
      this.low[at] = low[row]!;
    }
    this.starts = starts.subarray(0, -1);
    return this;
  }

  #holdRows(rows: number): void {
    if (rows <= this.rows.length) return;
    // ranges hold nearly the same number each
    const held = Math.ceil(rows * 1.05);
    [this.rows, this.high, this.low] = [new Uint32Array(held), new Int32Array(held), new Int32Array(held)];
  }
}

/** Rows that are put in order at once: what they take stays in the processor's cache, and memory bounded. */
const ROWS_AT_ONCE = 1_000_000;

/**
 * Pairs of rows of different splits whose hashes, or hash and mirrored hash, differ in at most `distance` bits (5 or
 * less) and whose contents aren't equal, each once; of copies in one split the first stands for all. `rowsAtOnce` bounds
 * memory, not what is found.
 */
export function nominateImages(
  columns: HashColumns,
  distance: number,
  limits: Limits,
  rowsAtOnce = ROWS_AT_ONCE,
): Nomination {
  const { high, low, mirrorHigh, mirrorLow } = columns;
  // copies that another row stands for lose their split here
  const split = columns.split.slice();
  const search = new Search({ ...columns, split }, distance, limits);
  const tables = tablesFor(distance);
  const keys = new Int32Array(split.length);
  const [own, mirrors] = [new Buckets(), new Buckets()];
  const rangesOf = (table: Table): [from: number, to: number][] => {
    const end = 2 ** table.reduce((sum, { width }) => sum + width, 0);
    const step = Math.ceil(end / Math.ceil(split.length / rowsAtOnce));
    return Array.from({ length: Math.ceil(end / step) }, (_, at) => [at * step, Math.min(end, (at + 1) * step)]);
  };
  const fill = (buckets: Buckets, side: Side, table: Table, [from, to]: [number, number]) =>
    buckets.fill(keysOf(side.high, side.low, table, keys), side, split, from, to);
  // copies have one key in each table, so the first finds them all; before any mirror image of one is compared
  for (const range of rangesOf(tables[0]!))
    if (!search.dropCopies(fill(own, { high, low }, tables[0]!, range))) return search.result();
  for (const [index, table] of tables.entries()) {
    const before = tables.slice(0, index);
    for (const range of rangesOf(table)) {
      const others = fill(own, { high, low }, table, range);
      const goesOn =
        search.compare(others, others, { before, mirrored: false }) &&
        search.compare(fill(mirrors, { high: mirrorHigh, low: mirrorLow }, table, range), others, {
          before,
          mirrored: true,
        });
      if (!goesOn) return search.result();
    }
  }
  return search.result();
}

type Pass = { before: Table[]; mirrored: boolean };

class Search {
  readonly #columns: HashColumns;
  readonly #distance: number;
  readonly #limits: Limits;
  readonly #nominated: Uint8Array;
  readonly #pairs: Nominated[] = [];
  #samples = 0;
  #comparisons = 0;
  #stopped: keyof Limits | null = null;

  constructor(columns: HashColumns, distance: number, limits: Limits) {
    this.#columns = columns;
    this.#distance = distance;
    this.#limits = limits;
    this.#nominated = new Uint8Array(columns.split.length);
  }

  /** Takes rows out that have hash, content and split of one before them. Returns whether to go on. */
  dropCopies({ starts, rows, high, low }: Buckets): boolean {
    const { split, content } = this.#columns;
    for (let key = 0; key < starts.length - 1; key++)
      for (let at = starts[key]!; at < starts[key + 1]!; at++) {
        const row = rows[at]!;
        if (split[row] === NO_HASH) continue;
        if (!this.#spend(starts[key + 1]! - at)) return false;
        for (let next = at + 1; next < starts[key + 1]!; next++) {
          if (high[next] !== high[at] || low[next] !== low[at]) continue;
          const other = rows[next]!;
          if (content[other] === content[row] && split[other] === split[row]) split[other] = NO_HASH;
        }
      }
    return true;
  }

  /** Compares rows with those of the same key. Returns whether to go on. */
  compare(these: Buckets, those: Buckets, pass: Pass): boolean {
    const distance = this.#distance;
    for (let key = 0; key < these.starts.length - 1; key++)
      for (let at = these.starts[key]!; at < these.starts[key + 1]!; at++) {
        const [h, l] = [these.high[at]!, these.low[at]!];
        const [start, end] = [these === those ? at + 1 : those.starts[key]!, those.starts[key + 1]!];
        if (this.#columns.split[these.rows[at]!] === NO_HASH) continue;
        if (!this.#spend(end - start)) return false;
        for (let other = start; other < end; other++) {
          const apart = bits(h ^ those.high[other]!) + bits(l ^ those.low[other]!);
          if (apart <= distance && !this.#nominate(these.rows[at]!, those.rows[other]!, h, l, apart, pass))
            return false;
        }
      }
    return true;
  }

  /** Counts comparisons. Returns whether they may be made. */
  #spend(comparisons: number): boolean {
    this.#comparisons += comparisons;
    if (this.#comparisons > this.#limits.comparisons) this.#stopped = "comparisons";
    return this.#stopped === null;
  }

  /** Takes a pair, if it is of two splits and two contents, and new. Returns whether to go on. */
  #nominate(row: number, other: number, h: number, l: number, apart: number, pass: Pass): boolean {
    const { split, content } = this.#columns;
    if (other <= row || split[other] === NO_HASH) return true;
    if (split[other] === split[row] || content[other] === content[row]) return true;
    if (this.#foundBefore(other, h, l, pass)) return true;
    if (this.#pairs.length >= this.#limits.pairs) {
      this.#stopped = "pairs";
      return false;
    }
    this.#pairs.push({ a: row, b: other, distance: apart, mirrored: pass.mirrored });
    this.#count(row);
    this.#count(other);
    return this.#stopped === null;
  }

  /** Whether a table before this one led to the same pair already. */
  #foundBefore(other: number, h: number, l: number, { before }: Pass): boolean {
    const { high, low } = this.#columns;
    const [highs, lows] = [Int32Array.of(h ^ high[other]!), Int32Array.of(l ^ low[other]!)];
    return before.some((table) => keysOf(highs, lows, table, new Int32Array(1))[0] === 0);
  }

  #count(row: number): void {
    if (this.#nominated[row] === 1) return;
    this.#nominated[row] = 1;
    this.#samples++;
    if (this.#samples > this.#limits.samples) this.#stopped = "samples";
  }

  result(): Nomination {
    return { pairs: this.#pairs, samples: this.#samples, stopped: this.#stopped };
  }
}
