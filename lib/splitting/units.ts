/** Units of assignment: samples that share a group or a content are one unit, and so are those that share it with them. */

const EMPTY = -1;

/**
 * Names of samples, 64 bits each: an open hash table over typed arrays, up to 21 bytes a sample. They are the first bits
 * of a SHA-256: among 10⁷ samples two differ and look alike with a chance of 3 in a million, and would then go together.
 */
export class SampleNames {
  readonly #high: Int32Array;
  readonly #low: Int32Array;
  #slots: Int32Array | null = null;
  #samples = 0;

  constructor(samples: number) {
    this.#high = new Int32Array(samples);
    this.#low = new Int32Array(samples);
  }

  /** Adds the next samples by their packed 8-byte names. */
  add(names: Buffer): void {
    for (let byte = 0; byte < names.length; byte += 8) {
      this.#high[this.#samples] = names.readInt32BE(byte);
      this.#low[this.#samples++] = names.readInt32BE(byte + 4);
    }
  }

  /** The first of this name among the samples that were asked for so far: the sample itself, where the name is new. */
  first(sample: number): number {
    this.#slots ??= new Int32Array(2 ** Math.ceil(Math.log2(Math.max(2, this.#high.length * 1.5)))).fill(EMPTY);
    const mask = this.#slots.length - 1;
    const [high, low] = [this.#high[sample]!, this.#low[sample]!];
    let slot = (high ^ Math.imul(low, 0x9e3779b1)) & mask;
    for (; this.#slots[slot] !== EMPTY; slot = (slot + 1) & mask) {
      const other = this.#slots[slot]!;
      if (this.#high[other] === high && this.#low[other] === low) return other;
    }
    this.#slots[slot] = sample;
    return sample;
  }

  /** Forgets them all: other names of the same samples take their memory. */
  clear(): void {
    this.#samples = 0;
    this.#slots?.fill(EMPTY);
  }

  /** The name as a fraction of 2⁶⁴, in [0, 1). */
  fraction(sample: number): number {
    return ((this.#high[sample]! >>> 0) + (this.#low[sample]! >>> 0) / 2 ** 32) / 2 ** 32;
  }
}

/** Joins samples, known by their numbers from 0, to units. */
export class Units {
  /** A sample of the same unit that comes before it, or itself: the first of the unit. */
  readonly #parent: Int32Array;

  constructor(samples: number) {
    this.#parent = new Int32Array(samples);
    for (let sample = 0; sample < samples; sample++) this.#parent[sample] = sample;
  }

  get samples(): number {
    return this.#parent.length;
  }

  /** Two samples go together. */
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
   * Every sample's unit, numbered from 0, and every unit's place: that of its first sample, so a unit's place doesn't
   * depend on how large it is. Takes the memory of what was joined: nothing can be joined afterwards.
   */
  finish(places: SampleNames): { unit: Int32Array; place: Float64Array } {
    const unit = this.#parent;
    let units = 0;
    for (let sample = 0; sample < unit.length; sample++) if (unit[sample] === sample) units++;
    const place = new Float64Array(units);
    let next = 0;
    for (let sample = 0; sample < unit.length; sample++) {
      const before = unit[sample]!;
      // what comes before has its number already
      if (before < sample) unit[sample] = unit[before]!;
      else {
        place[next] = places.fraction(sample);
        unit[sample] = next++;
      }
    }
    return { unit, place };
  }
}
