import type { Split } from "../wire/base/words.ts";
import type { BatchGroup } from "../wire/points/batch.ts";

/** Most points that leave in one batch. */
export const BATCH_POINTS = 20_000;
/** Most groups that the wire takes in one batch. */
const GROUPS_MAX = 1000;
/** A training logs a few kinds of entries in turn: of a step, of an epoch, of the machine. */
const RECENT = 4;

class Columns {
  count = 0;
  stepMax = -1;
  position = 0;
  steps = new Float64Array(64);
  times = new Float64Array(64);
  values: Float64Array[];

  constructor(
    readonly split: Split | null,
    readonly names: string[],
  ) {
    this.values = names.map(() => new Float64Array(64));
  }

  append(step: number, time: number, metrics: Record<string, number>): void {
    if (this.count === this.steps.length) this.#grow();
    for (let index = 0; index < this.names.length; index++)
      this.values[index]![this.count] = metrics[this.names[index]!]!;
    this.#take(step, time);
  }

  /**
   * The same, unless these are other metrics, in another order, or no numbers: then false. Made for the call of every
   * step: it makes no garbage, and names of a program's text are compared by address.
   */
  appendKnown(step: number, time: number, metrics: Record<string, number>): boolean {
    if (this.count === this.steps.length) this.#grow();
    const { names, values, count } = this;
    let index = 0;
    for (const name in metrics) {
      const value = metrics[name];
      if (name !== names[index] || typeof value !== "number") return false;
      values[index]![count] = value;
      index++;
    }
    if (index !== names.length) return false;
    this.#take(step, time);
    return true;
  }

  #take(step: number, time: number): void {
    this.steps[this.count] = step;
    this.times[this.count] = time;
    this.count++;
    if (step > this.stepMax) this.stepMax = step;
  }

  #grow(): void {
    const doubled = (column: Float64Array) => {
      const larger = new Float64Array(column.length * 2);
      larger.set(column);
      return larger;
    };
    this.steps = doubled(this.steps);
    this.times = doubled(this.times);
    this.values = this.values.map(doubled);
  }

  overlaps(other: Columns): boolean {
    return this.split === other.split && this.names.some((name) => other.names.includes(name));
  }

  group(): BatchGroup {
    return {
      split: this.split,
      steps: this.steps.subarray(0, this.count),
      times: this.times.subarray(0, this.count),
      metrics: new Map(this.names.map((name, index) => [name, this.values[index]!.subarray(0, this.count)])),
    };
  }
}

/** Collects points until they are taken as the groups of one batch. The columns are reused after each take. */
export class PointBuffer {
  /** Points held. */
  points = 0;
  #open = new Map<string, Columns>();
  #filled: Columns[] = [];
  /** Those that were appended to last, the very last first. */
  #recent: Columns[] = [];

  /** Whether the next point has to wait for a `take`. */
  get full(): boolean {
    return this.points >= BATCH_POINTS || this.#filled.length >= GROUPS_MAX;
  }

  /** `namesOf` gives the names of metrics that weren't logged together lately, and throws where names or values are wrong. */
  constructor(readonly namesOf: (metrics: Record<string, number>) => string[]) {}

  /** Adds one value for each metric; the caller has checked split and step. */
  append(split: Split | null, step: number, time: number, metrics: Record<string, number>): void {
    if (this.#appendKnown(split, step, time, metrics)) return;
    const names = this.namesOf(metrics);
    if (names.length === 0) return;
    const key = `${split ?? "-"}\u0000${names.join("\u0000")}`;
    let columns = this.#open.get(key);
    // within a batch the later group wins a step that was written twice, so a rewritten step goes to a later group
    if (!columns || (columns.count > 0 && this.#rewrites(columns, step))) {
      columns = new Columns(split, names);
      this.#open.set(key, columns);
    }
    if (columns.count === 0) columns.position = this.#filled.push(columns);
    columns.append(step, time, metrics);
    this.points += names.length;
    this.#recent = [columns, ...this.#recent.filter((other) => other !== columns)].slice(0, RECENT);
  }

  /** The same for metrics that were appended together lately; false, and nothing is added, for others. */
  #appendKnown(split: Split | null, step: number, time: number, metrics: Record<string, number>): boolean {
    for (const columns of this.#recent) {
      if (columns.split !== split) continue;
      if (columns.count > 0 && this.#rewrites(columns, step)) return false;
      if (!columns.appendKnown(step, time, metrics)) continue;
      if (columns.count === 1) columns.position = this.#filled.push(columns);
      this.points += columns.names.length;
      return true;
    }
    return false;
  }

  #rewrites(columns: Columns, step: number): boolean {
    for (let index = columns.position; index < this.#filled.length; index++) {
      const later = this.#filled[index]!;
      if (step <= later.stepMax && later.overlaps(columns)) return true;
    }
    return false;
  }

  /**
   * Hands everything that is held to `use` as groups, then empties the buffer. The groups are views that the next
   * `append` overwrites: `use` copies what it keeps.
   */
  take<T>(use: (groups: BatchGroup[], points: number) => T): T {
    try {
      return use(
        this.#filled.map((columns) => columns.group()),
        this.points,
      );
    } finally {
      for (const columns of this.#filled) {
        columns.count = 0;
        columns.stepMax = -1;
      }
      this.#filled = [];
      this.points = 0;
      if (this.#open.size > GROUPS_MAX) this.#open.clear();
    }
  }
}
