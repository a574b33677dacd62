/** Finds all points within a radius, exactly: a k-d tree whose nodes know the box that their points fill. Pure. */
import { PLACE } from "./image-space.ts";

const LEAF = 16;
/** What places lose as they are rounded to 24 bits, in squared distances of at most 4: far below it, measured. */
const ROUNDING = 1e-5;

export class PlaceTree {
  /** Rows in the order of the leaves. */ readonly rows: Uint32Array;
  /** Their places, `[n, 33]`. */ readonly #places: Float32Array;
  /** Lowest and highest number of each node along each dimension, `[nodes, 2, 33]`. */ readonly #boxes: Float32Array;
  /** Distances that were taken. */ work = 0;

  /** `places` is `[all rows, 33]`; `rows` are those to search among. */
  constructor(places: Float32Array, rows: Uint32Array) {
    this.rows = rows.slice();
    const depth = Math.max(0, Math.ceil(Math.log2(Math.max(1, rows.length) / LEAF)));
    this.#boxes = new Float32Array(2 ** (depth + 1) * 2 * PLACE);
    this.#build(places, { node: 1, from: 0, to: rows.length, depth });
    this.#places = new Float32Array(rows.length * PLACE);
    for (const [at, row] of this.rows.entries())
      this.#places.set(places.subarray(row * PLACE, (row + 1) * PLACE), at * PLACE);
    this.#depth = depth;
  }
  readonly #depth: number;

  #build(places: Float32Array, { node, from, to, depth }: { node: number; from: number; to: number; depth: number }) {
    const low = node * 2 * PLACE;
    const high = low + PLACE;
    this.#boxes.fill(Infinity, low, high).fill(-Infinity, high, high + PLACE);
    for (let at = from; at < to; at++) {
      const place = this.rows[at]! * PLACE;
      for (let d = 0; d < PLACE; d++) {
        const value = places[place + d]!;
        if (value < this.#boxes[low + d]!) this.#boxes[low + d] = value;
        if (value > this.#boxes[high + d]!) this.#boxes[high + d] = value;
      }
    }
    if (depth === 0) return;
    let widest = 0;
    const width = (d: number) => this.#boxes[high + d]! - this.#boxes[low + d]!;
    for (let d = 1; d < PLACE; d++) if (width(d) > width(widest)) widest = d;
    const middle = (from + to) >>> 1;
    this.#select(places, { d: widest, from, to: to - 1, middle });
    this.#build(places, { node: 2 * node, from, to: middle, depth: depth - 1 });
    this.#build(places, { node: 2 * node + 1, from: middle, to, depth: depth - 1 });
  }

  /** Puts rows so that those before `middle` are no larger along `d`, and those behind it no smaller (Hoare 1961). */
  #select(places: Float32Array, { d, from, to, middle }: { d: number; from: number; to: number; middle: number }) {
    const rows = this.rows;
    while (from < to) {
      const pivot = places[rows[(from + to) >>> 1]! * PLACE + d]!;
      let [i, j] = [from, to];
      while (i <= j) {
        while (places[rows[i]! * PLACE + d]! < pivot) i++;
        while (places[rows[j]! * PLACE + d]! > pivot) j--;
        if (i > j) break;
        [rows[i], rows[j]] = [rows[j]!, rows[i]!];
        i++;
        j--;
      }
      if (middle <= j) to = j;
      else if (middle >= i) from = i;
      else return;
    }
  }

  /** Calls `take` with each row whose place may lie within the square root of `squared` of this one. */
  within(place: Float32Array, squared: number, take: (row: number) => void): void {
    this.#visit({ place, most: squared + ROUNDING, take }, 1, 0, this.rows.length, this.#depth);
  }

  #visit(query: Query, node: number, from: number, to: number, depth: number): void {
    const { place, most, take } = query;
    const low = node * 2 * PLACE;
    let apart = 0;
    for (let d = 0; d < PLACE && apart <= most; d++) {
      const value = place[d]!;
      const below = this.#boxes[low + d]! - value;
      const above = value - this.#boxes[low + PLACE + d]!;
      if (below > 0) apart += below * below;
      else if (above > 0) apart += above * above;
    }
    this.work++;
    if (apart > most) return;
    if (depth > 0) {
      const middle = (from + to) >>> 1;
      this.#visit(query, 2 * node, from, middle, depth - 1);
      this.#visit(query, 2 * node + 1, middle, to, depth - 1);
      return;
    }
    this.work += to - from;
    for (let point = from; point < to; point++) {
      const start = point * PLACE;
      let distance = 0;
      for (let d = 0; d < PLACE && distance <= most; d++) {
        const difference = place[d]! - this.#places[start + d]!;
        distance += difference * difference;
      }
      if (distance <= most) take(this.rows[point]!);
    }
  }
}

type Query = { place: Float32Array; most: number; take: (row: number) => void };
