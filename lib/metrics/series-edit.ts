/** Puts points into one series' chunks and brings the levels above in step, row by row: only rows that change are read. */
import { type Chunk, isPoints, lengthOf, type StoredChunk, stepFirstOf, stepLastOf } from "./chunk-rows.ts";
import {
  ENTRIES_A_CHUNK,
  type Entries,
  joinEntries,
  joinPoints,
  lowerBound,
  mergePoints,
  POINTS_A_CHUNK,
  type Points,
  rollUpEntries,
  rollUpPoints,
  sliceEntries,
  slicePoints,
} from "./points/pyramid.ts";

/** Where an edit reads the series' rows as they were. */
export type ChunkSource = {
  /** The last row of each level that has rows. */
  last: Map<number, StoredChunk>;
  /** The rows of a level that hold any step from `from` to `to`. */
  within: (level: number, from: number, to: number) => Promise<StoredChunk[]>;
  /** The rows of level 0 in which new points at these steps belong. */
  holding: (steps: Float64Array) => Promise<StoredChunk[]>;
};

/** Neighbouring rows of one level, just written. */
type Change = { from: number; to: number; rows: Chunk[] };

export class SeriesEdit {
  /** What there is to write; a row of `dropped` may be put again. */
  put: Chunk[] = [];
  dropped: StoredChunk[] = [];
  /** Steps that had two points, and how many of the points that lost were not finite. */
  overwritten = { count: 0, nonFinite: 0 };
  readonly #source: ChunkSource;

  constructor(source: ChunkSource) {
    this.#source = source;
  }

  /** Adds points by rising step. To be called once. */
  async add(points: Points): Promise<void> {
    const last = this.#source.last.get(0);
    const continues = !last || points.steps[0]! > last.stepLast;
    let changes = continues ? [this.#append(points, last)] : await this.#merge(points, last);
    for (let level = 1; ; level++) {
      if (!this.#source.last.has(level)) {
        const below = this.#all(level - 1);
        if (below.length <= 1) return;
        changes = [changeOf(below)];
      }
      const above: Change[] = [];
      for (const change of changes) above.push(await this.#rollUp(level, change));
      changes = above;
    }
  }

  /** Level 1 or higher of the whole series, short: extremes of what it holds now. */
  top(): Entries {
    let level = 0;
    while (this.#all(level + 1).length > 0) level++;
    const parts = this.#all(level).map((chunk) => (isPoints(chunk) ? rollUpPoints(chunk.points) : chunk.entries));
    return joinEntries(parts);
  }

  /** The value at the last step, after `add`. */
  lastValue(): number {
    return pointsOf(this.#last(0)!).values.at(-1)!;
  }

  #append(points: Points, last: StoredChunk | undefined): Change {
    const open = last && lengthOf(last.chunk) < POINTS_A_CHUNK ? [last] : [];
    const all = joinPoints([...open.map(({ chunk }) => pointsOf(chunk)), points]);
    return this.#replace(open, cutPoints(all, true));
  }

  async #merge(points: Points, last: StoredChunk): Promise<Change[]> {
    const rows = await this.#source.holding(points.steps);
    return rows.map((row, index) => {
      const start = index === 0 ? 0 : lowerBound(points.steps, row.stepFirst);
      const next = rows[index + 1];
      const end = next ? lowerBound(points.steps, next.stepFirst) : points.steps.length;
      const merged = mergePoints(pointsOf(row.chunk), slicePoints(points, start, end));
      this.overwritten.count += merged.overwritten.count;
      this.overwritten.nonFinite += merged.overwritten.nonFinite;
      return this.#replace([row], cutPoints(merged.points, row.stepFirst === last.stepFirst));
    });
  }

  /** Replaces the entries of a level that cover a change below. */
  async #rollUp(level: number, { from, to, rows }: Change): Promise<Change> {
    const old = await this.#within(level, from, to);
    const tail = this.#last(level);
    if (tail && stepLastOf(tail) < from && lengthOf(tail) < ENTRIES_A_CHUNK) old.unshift(tail);
    const entries = joinEntries(old.map(entriesOf));
    const left = lowerBound(entries.stepLast, from);
    const right = lowerBound(entries.stepFirst, to + 1);
    const middle = rows.map((chunk) => (isPoints(chunk) ? rollUpPoints(chunk.points) : rollUpEntries(chunk.entries)));
    const kept = [sliceEntries(entries, 0, left), ...middle, sliceEntries(entries, right, entries.stepFirst.length)];
    const all = joinEntries(kept.filter((part) => part.stepFirst.length > 0));
    const isLast = !tail || all.stepLast.at(-1)! >= stepLastOf(tail);
    return this.#replaceChunks(old, cutEntries(level, all, isLast));
  }

  /** Rows of a level as this edit leaves them, where they hold any step of the range. */
  async #within(level: number, from: number, to: number): Promise<Chunk[]> {
    const last = this.#source.last.get(level);
    let stored: StoredChunk[] = [];
    if (last && last.stepFirst <= from) stored = last.stepLast >= from ? [last] : [];
    else if (last) stored = await this.#source.within(level, from, to);
    const mine = this.put.filter((c) => c.level === level && stepFirstOf(c) <= to && stepLastOf(c) >= from);
    const left = stored.filter((row) => !this.#isDropped(row));
    for (const row of left) this.#seen.set(row.chunk, row);
    return [...left.map(({ chunk }) => chunk), ...mine].sort((a, b) => stepFirstOf(a) - stepFirstOf(b));
  }

  /** The row that each chunk was read from. */
  readonly #seen = new Map<Chunk, StoredChunk>();

  #isDropped(row: StoredChunk): boolean {
    return this.dropped.some((gone) => gone.chunk.level === row.chunk.level && gone.stepFirst === row.stepFirst);
  }

  /** All rows of a level that has at most one stored row: its last, and what this edit put. */
  #all(level: number): Chunk[] {
    const last = this.#source.last.get(level);
    const mine = this.put.filter((chunk) => chunk.level === level);
    const all = last && !this.#isDropped(last) ? [last.chunk, ...mine] : mine;
    return all.sort((a, b) => stepFirstOf(a) - stepFirstOf(b));
  }

  #last(level: number): Chunk | undefined {
    const last = this.#source.last.get(level);
    if (last) this.#seen.set(last.chunk, last);
    return this.#all(level).at(-1);
  }

  #replace(old: StoredChunk[], rows: Chunk[]): Change {
    for (const row of old) this.#seen.set(row.chunk, row);
    return this.#replaceChunks(
      old.map(({ chunk }) => chunk),
      rows,
    );
  }

  #replaceChunks(old: Chunk[], rows: Chunk[]): Change {
    for (const chunk of old) {
      const row = this.#seen.get(chunk);
      if (row) this.dropped.push(row);
    }
    this.put = [...this.put.filter((chunk) => !old.includes(chunk)), ...rows];
    return changeOf(rows);
  }
}

const changeOf = (rows: Chunk[]): Change => ({ from: stepFirstOf(rows[0]!), to: stepLastOf(rows.at(-1)!), rows });

function pointsOf(chunk: Chunk): Points {
  if (!isPoints(chunk)) throw new Error(`a row of level ${chunk.level} stands where points belong`);
  return chunk.points;
}

function entriesOf(chunk: Chunk): Entries {
  if (isPoints(chunk)) throw new Error("points stand where a row of a higher level belongs");
  return chunk.entries;
}

/** At the end of a series full rows and an open one; within it rows of like size, with room for what may come. */
function cut(length: number, max: number, isLast: boolean): [number, number][] {
  const size = isLast ? max : Math.ceil(length / Math.ceil(length / max));
  return Array.from({ length: Math.ceil(length / size) }, (_, at) => [at * size, Math.min(length, (at + 1) * size)]);
}

const cutPoints = (points: Points, isLast: boolean): Chunk[] =>
  cut(points.steps.length, POINTS_A_CHUNK, isLast).map(([start, end]) => ({
    level: 0,
    points: slicePoints(points, start, end),
  }));

const cutEntries = (level: number, entries: Entries, isLast: boolean): Chunk[] =>
  cut(entries.stepFirst.length, ENTRIES_A_CHUNK, isLast).map(([start, end]) => ({
    level,
    entries: sliceEntries(entries, start, end),
  }));
