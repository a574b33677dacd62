/** Finds images of different splits whose 64-bit hashes differ in few bits. Pure; memory is a few typed arrays. */

export type HashColumns = {
  /** Upper and lower half of the hash, `[n]`. */ high: Uint32Array;
  low: Uint32Array;
  /** Of the mirror image. */ mirrorHigh: Uint32Array;
  mirrorLow: Uint32Array;
  /** The split's number; rows of one split aren't compared. 255: the row has no hash, or one that tells nothing. */
  split: Uint8Array;
};
export type Nominated = { a: number; b: number; distance: number; mirrored: boolean };
export type Nomination = {
  pairs: Nominated[];
  /** Rows that stand in a pair; where `stopped`, as many as were found until then. */ samples: number;
  /** The search ended early: more rows than `limit` are nominated, so that this hash can't separate these images. */
  stopped: boolean;
};

export const NO_HASH = 255;

/** Bits that are set, of 32. */
function bits(value: number): number {
  let v = value - ((value >>> 1) & 0x55555555);
  v = (v & 0x33333333) + ((v >>> 2) & 0x33333333);
  return Math.imul((v + (v >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
}

type Band = { of: (high: number, low: number) => number; width: number };
/** Distance ≤ 5 over four bands leaves one band with at most one bit that differs; ≤ 2 over three leaves one equal. */
const fourBands: Band[] = [
  { of: (high) => high >>> 16, width: 16 },
  { of: (high) => high & 0xffff, width: 16 },
  { of: (_, low) => low >>> 16, width: 16 },
  { of: (_, low) => low & 0xffff, width: 16 },
];
const threeBands: Band[] = [
  { of: (high) => high >>> 11, width: 21 },
  { of: (high, low) => ((high & 0x7ff) << 10) | (low >>> 22), width: 21 },
  { of: (_, low) => low & 0x3fffff, width: 22 },
];

/** Rows in the order of their band's value, and where each value begins. */
function bucket({ high, low, split }: HashColumns, band: Band): { starts: Uint32Array; rows: Uint32Array } {
  const starts = new Uint32Array(2 ** band.width + 1);
  for (let row = 0; row < split.length; row++)
    if (split[row] !== NO_HASH) starts[band.of(high[row]!, low[row]!) + 1]!++;
  for (let value = 0; value < starts.length - 1; value++) starts[value + 1] = starts[value + 1]! + starts[value]!;
  const next = starts.slice(0, -1);
  const rows = new Uint32Array(starts.at(-1)!);
  for (let row = 0; row < split.length; row++)
    if (split[row] !== NO_HASH) rows[next[band.of(high[row]!, low[row]!)]!++] = row;
  return { starts, rows };
}

/**
 * Pairs of rows of different splits whose hashes, or hash and mirrored hash, differ in at most `distance` bits (5 or
 * less), each once. Ends early when more than `limit` rows are nominated.
 */
export function nominateImages(columns: HashColumns, distance: number, limit: number): Nomination {
  const search = new Search(columns, distance, limit);
  const [bands, probes] = distance <= 2 ? [threeBands, 0] : [fourBands, 16];
  for (const [index, band] of bands.entries()) {
    const buckets = bucket(columns, band);
    for (const mirrored of [false, true])
      if (!search.run(buckets, { band, before: bands.slice(0, index), probes, mirrored })) break;
  }
  return search.result();
}

type Pass = { band: Band; before: Band[]; probes: number; mirrored: boolean };

class Search {
  readonly #columns: HashColumns;
  readonly #distance: number;
  readonly #limit: number;
  readonly #nominated: Uint8Array;
  readonly #pairs: Nominated[] = [];
  #samples = 0;
  #stopped = false;

  constructor(columns: HashColumns, distance: number, limit: number) {
    this.#columns = columns;
    this.#distance = distance;
    this.#limit = limit;
    this.#nominated = new Uint8Array(columns.split.length);
  }

  /** Looks every row up in the buckets of one band. Returns whether to go on. */
  run(buckets: { starts: Uint32Array; rows: Uint32Array }, pass: Pass): boolean {
    const { high, low, mirrorHigh, mirrorLow, split } = this.#columns;
    for (let row = 0; row < split.length && !this.#stopped; row++) {
      if (split[row] === NO_HASH) continue;
      const [h, l] = pass.mirrored ? [mirrorHigh[row]!, mirrorLow[row]!] : [high[row]!, low[row]!];
      const value = pass.band.of(h, l);
      for (let probe = -1; probe < pass.probes; probe++)
        this.#scan(buckets, probe === -1 ? value : value ^ (1 << probe), row, h, l, pass);
    }
    return !this.#stopped;
  }

  #scan(
    { starts, rows }: { starts: Uint32Array; rows: Uint32Array },
    value: number,
    row: number,
    h: number,
    l: number,
    pass: Pass,
  ): void {
    const { high, low, split } = this.#columns;
    for (let at = starts[value]!; at < starts[value + 1]!; at++) {
      const other = rows[at]!;
      if (other <= row || split[other] === split[row]) continue;
      const apart = bits(h ^ high[other]!) + bits(l ^ low[other]!);
      if (apart > this.#distance || this.#foundBefore(other, h, l, pass)) continue;
      this.#pairs.push({ a: row, b: other, distance: apart, mirrored: pass.mirrored });
      this.#count(row);
      this.#count(other);
      if (this.#stopped) return;
    }
  }

  /** Whether a band before this one led to the same pair already. */
  #foundBefore(other: number, h: number, l: number, { before, probes }: Pass): boolean {
    const { high, low } = this.#columns;
    const near = probes > 0 ? 1 : 0;
    return before.some((band) => bits(band.of(h, l) ^ band.of(high[other]!, low[other]!)) <= near);
  }

  #count(row: number): void {
    if (this.#nominated[row] === 1) return;
    this.#nominated[row] = 1;
    this.#samples++;
    if (this.#samples > this.#limit) this.#stopped = true;
  }

  result(): Nomination {
    return { pairs: this.#pairs, samples: this.#samples, stopped: this.#stopped };
  }
}
