/** Units of assignment: samples that share a group or a content are one unit, and so are those that share it with them. */

const EMPTY = -1;

/** Numbers 64-bit names as they come, from 0: an open hash table over typed arrays. */
class Names {
  readonly #mask: number;
  readonly #slots: Int32Array;
  readonly #high: Int32Array;
  readonly #low: Int32Array;
  count = 0;

  constructor(most: number) {
    const size = 2 ** Math.ceil(Math.log2(Math.max(2, most * 1.5)));
    this.#mask = size - 1;
    this.#slots = new Int32Array(size).fill(EMPTY);
    this.#high = new Int32Array(most);
    this.#low = new Int32Array(most);
  }

  /** The name's number; a name that is new gets the next. */
  number(high: number, low: number): number {
    let slot = (high ^ Math.imul(low, 0x9e3779b1)) & this.#mask;
    for (; this.#slots[slot] !== EMPTY; slot = (slot + 1) & this.#mask) {
      const number = this.#slots[slot]!;
      if (this.#high[number] === high && this.#low[number] === low) return number;
    }
    this.#high[this.count] = high;
    this.#low[this.count] = low;
    this.#slots[slot] = this.count;
    return this.count++;
  }
}

/**
 * Joins samples to units. Names are the first 64 bits of a SHA-256: among 10⁷ samples two differ and look alike with a
 * chance of 3 in a million, and would then go together.
 */
export class UnitNumbers {
  readonly #contents: Names;
  readonly #groups: Names;
  readonly #firstOfContent: Int32Array;
  readonly #firstOfGroup: Int32Array;
  readonly #parent: Int32Array;
  /** Where the sample's own unit comes by the seed. */
  readonly #place: Float64Array;
  #samples = 0;

  constructor(samples: number) {
    this.#contents = new Names(samples);
    this.#groups = new Names(samples);
    this.#firstOfContent = new Int32Array(samples).fill(EMPTY);
    this.#firstOfGroup = new Int32Array(samples).fill(EMPTY);
    this.#parent = new Int32Array(samples);
    this.#place = new Float64Array(samples);
  }

  /**
   * Adds samples by their packed 8-byte names of content, whether they have a group (1 or 0, a byte each), and unsigned
   * 64-bit places. A place is made of the group where there is one, and so names it as well.
   */
  add(contents: Buffer, grouped: Buffer, places: Buffer): void {
    for (let byte = 0; byte < contents.length; byte += 8) {
      const sample = this.#samples++;
      this.#parent[sample] = sample;
      this.#place[sample] = (places.readUInt32BE(byte) + places.readUInt32BE(byte + 4) / 2 ** 32) / 2 ** 32;
      const content = this.#contents.number(contents.readInt32BE(byte), contents.readInt32BE(byte + 4));
      this.#follow(this.#firstOfContent, content, sample);
      if (grouped[byte / 8] === 1)
        this.#follow(
          this.#firstOfGroup,
          this.#groups.number(places.readInt32BE(byte), places.readInt32BE(byte + 4)),
          sample,
        );
    }
  }

  #follow(firsts: Int32Array, name: number, sample: number): void {
    if (firsts[name] === EMPTY) firsts[name] = sample;
    else this.join(firsts[name]!, sample);
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
    const unit = new Int32Array(this.#samples);
    let units = 0;
    for (let sample = 0; sample < this.#samples; sample++) {
      const root = this.#root(sample);
      unit[sample] = root === sample ? units++ : unit[root]!;
    }
    const place = new Float64Array(units);
    for (let sample = 0; sample < this.#samples; sample++)
      if (this.#parent[sample] === sample) place[unit[sample]!] = this.#place[sample]!;
    return { unit, place };
  }
}
