/** Units of assignment: samples that share a group or a content are one unit, and so are those that share it with them. */

const EMPTY = -1;

/** Finds the first sample of the same 64-bit name: an open hash table over typed arrays, `[n]` each. */
class FirstSamples {
  readonly #mask: number;
  readonly #slots: Int32Array;
  readonly #high: Int32Array;
  readonly #low: Int32Array;

  constructor(high: Int32Array, low: Int32Array) {
    const size = 2 ** Math.ceil(Math.log2(Math.max(2, high.length * 1.5)));
    this.#mask = size - 1;
    this.#slots = new Int32Array(size).fill(EMPTY);
    this.#high = high;
    this.#low = low;
  }

  /** The sample itself, where its name is new. */
  first(sample: number): number {
    const [high, low] = [this.#high[sample]!, this.#low[sample]!];
    let slot = (high ^ Math.imul(low, 0x9e3779b1)) & this.#mask;
    for (; this.#slots[slot] !== EMPTY; slot = (slot + 1) & this.#mask) {
      const other = this.#slots[slot]!;
      if (this.#high[other] === high && this.#low[other] === low) return other;
    }
    this.#slots[slot] = sample;
    return sample;
  }
}

/**
 * Joins samples to units. Names are the first 64 bits of a SHA-256: among 10⁷ samples two differ and look alike with a
 * chance of 3 in a million, and would then go together. Takes up to 35 bytes a sample.
 */
export class UnitNumbers {
  readonly #contentHigh: Int32Array;
  readonly #contentLow: Int32Array;
  /** Where the sample's own unit comes by the seed, as a fraction of 2⁶⁴. */
  readonly #placeHigh: Int32Array;
  readonly #placeLow: Int32Array;
  readonly #parent: Int32Array;
  #contents: FirstSamples | null;
  #groups: FirstSamples | null = null;
  #samples = 0;

  constructor(samples: number) {
    this.#contentHigh = new Int32Array(samples);
    this.#contentLow = new Int32Array(samples);
    this.#placeHigh = new Int32Array(samples);
    this.#placeLow = new Int32Array(samples);
    this.#parent = new Int32Array(samples);
    this.#contents = new FirstSamples(this.#contentHigh, this.#contentLow);
  }

  /**
   * Adds samples by their packed 8-byte names of content, whether they have a group (1 or 0, a byte each), and unsigned
   * 64-bit places. A place is made of the group where there is one, and so names it as well.
   */
  add(contents: Buffer, grouped: Buffer, places: Buffer): void {
    for (let byte = 0; byte < contents.length; byte += 8) {
      const sample = this.#samples++;
      this.#parent[sample] = sample;
      this.#contentHigh[sample] = contents.readInt32BE(byte);
      this.#contentLow[sample] = contents.readInt32BE(byte + 4);
      this.#placeHigh[sample] = places.readInt32BE(byte);
      this.#placeLow[sample] = places.readInt32BE(byte + 4);
      this.join(this.#contents!.first(sample), sample);
      if (grouped[byte / 8] !== 1) continue;
      this.#groups ??= new FirstSamples(this.#placeHigh, this.#placeLow);
      this.join(this.#groups.first(sample), sample);
    }
  }

  /** Two samples, by number, go together. */
  join(a: number, b: number): void {
    const [first, second] = [this.#root(a), this.#root(b)];
    if (first !== second) this.#parent[Math.max(first, second)] = Math.min(first, second);
  }

  #root(sample: number): number {
    let at = sample;
    while (this.#parent[at] !== at) {
      this.#parent[at] = this.#parent[this.#parent[at]!]!;
      at = this.#parent[at]!;
    }
    return at;
  }

  /**
   * Every sample's unit, numbered from 0, and every unit's place: that of its first sample in the order of keys, so a
   * unit's place doesn't depend on how large it is.
   */
  finish(): { unit: Int32Array; place: Float64Array } {
    this.#contents = null;
    this.#groups = null;
    const unit = new Int32Array(this.#samples);
    let units = 0;
    for (let sample = 0; sample < this.#samples; sample++) {
      const root = this.#root(sample);
      unit[sample] = root === sample ? units++ : unit[root]!;
    }
    const place = new Float64Array(units);
    for (let sample = 0; sample < this.#samples; sample++)
      if (this.#parent[sample] === sample)
        place[unit[sample]!] = ((this.#placeHigh[sample]! >>> 0) + (this.#placeLow[sample]! >>> 0) / 2 ** 32) / 2 ** 32;
    return { unit, place };
  }
}
