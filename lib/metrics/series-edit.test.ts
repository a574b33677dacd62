import fc from "fast-check";
import { expect, test } from "vitest";
import { seededRandom } from "../statistics/resampling/random.ts";
import { type Chunk, isPoints, lengthOf, type StoredChunk, stepFirstOf, stepLastOf } from "./chunk-rows.ts";
import { packColumns, unpackColumns } from "./points/pack-columns.ts";
import { ENTRIES_A_CHUNK, extremesOf, POINTS_A_CHUNK, type Points } from "./points/pyramid.ts";
import { SeriesEdit } from "./series-edit.ts";

/** The rows of one series in memory, asked as the database is. */
class Rows {
  rows: StoredChunk[] = [];

  #of(level: number): StoredChunk[] {
    return this.rows.filter((row) => row.chunk.level === level).sort((a, b) => a.stepFirst - b.stepFirst);
  }

  async add(points: Points): Promise<SeriesEdit> {
    const last = new Map<number, StoredChunk>();
    for (const row of this.rows.toSorted((a, b) => a.stepFirst - b.stepFirst)) last.set(row.chunk.level, row);
    const edit = new SeriesEdit({
      last,
      within: async (level, from, to) => this.#of(level).filter((row) => row.stepFirst <= to && row.stepLast >= from),
      holding: async (steps) => {
        const rows = this.#of(0);
        const place = (step: number) => rows.findLast((row) => row.stepFirst <= step) ?? rows[0]!;
        return [...new Set(Array.from(steps, place))].sort((a, b) => a.stepFirst - b.stepFirst);
      },
    });
    await edit.add(points);
    this.rows = this.rows.filter((row) => !edit.dropped.includes(row));
    for (const chunk of edit.put)
      this.rows.push({ series: 1, stepFirst: stepFirstOf(chunk), stepLast: stepLastOf(chunk), axis: "", chunk });
    return edit;
  }

  levels(): Chunk[][] {
    const highest = Math.max(...this.rows.map((row) => row.chunk.level));
    return Array.from({ length: highest + 1 }, (_, level) => this.#of(level).map(({ chunk }) => chunk));
  }
}

type Span = { start: number; length: number; stride: number; writer: number; seed: number };
const span: fc.Arbitrary<Span> = fc.record({
  start: fc.oneof(fc.nat({ max: 300 }), fc.nat({ max: 60_000 })),
  length: fc.oneof(fc.integer({ min: 1, max: 30 }), fc.integer({ min: 1, max: 9_000 })),
  stride: fc.integer({ min: 1, max: 9 }),
  writer: fc.integer({ min: 1, max: 3 }),
  seed: fc.nat({ max: 1000 }),
});

function pointsOf({ start, length, stride, writer, seed }: Span): Points {
  const at = (index: number) => (Math.imul(index + seed, 2654435761) >>> 0) / 2 ** 32;
  const value = (index: number) => (at(index) < 0.01 ? Number.NaN : at(index) < 0.02 ? -Infinity : at(index) * 2 - 1);
  return {
    steps: Float64Array.from({ length }, (_, index) => start + index * stride),
    times: Float64Array.from({ length }, (_, index) => 1e12 + index),
    values: Float64Array.from({ length }, (_, index) => value(index)),
    writers: new Float64Array(length).fill(writer),
  };
}

test("however points come, level 0 holds what a plain map would, and each level covers the one below", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(span, { minLength: 1, maxLength: 8 }), async (spans) => {
      const rows = new Rows();
      const model = new Map<number, { value: number; writer: number }>();
      for (const one of spans) {
        const points = pointsOf(one);
        const edit = await rows.add(points);
        for (const [index, step] of points.steps.entries())
          if ((model.get(step)?.writer ?? 0) <= one.writer)
            model.set(step, { value: points.values[index]!, writer: one.writer });
        const finite = [...model.values()].map(({ value }) => value).filter(Number.isFinite);
        const top = extremesOf(edit.top());
        expect(top.count).toBe(model.size);
        expect(top.nonFiniteCount).toBe(model.size - finite.length);
        expect(top.min).toBe(finite.length > 0 ? Math.min(...finite) : null);
        expect(top.max).toBe(finite.length > 0 ? Math.max(...finite) : null);
        if (top.minStep !== null) expect(model.get(top.minStep)?.value).toBe(top.min);
      }
      const levels = rows.levels();
      const steps = levels[0]!.flatMap((chunk) => (isPoints(chunk) ? [...chunk.points.steps] : []));
      const values = levels[0]!.flatMap((chunk) => (isPoints(chunk) ? [...chunk.points.values] : []));
      const wanted = [...model].sort(([a], [b]) => a - b);
      expect(steps).toEqual(wanted.map(([step]) => step));
      expect(values).toEqual(wanted.map(([, { value }]) => value));
      for (const [level, chunks] of levels.entries()) checkLevel(level, chunks, levels);
    }),
    { seed: 5, numRuns: process.env.HOLDOUT_TEST_SLOW ? 400 : 25 },
  );
});

function checkLevel(level: number, chunks: Chunk[], levels: Chunk[][]): void {
  for (const chunk of chunks)
    expect(lengthOf(chunk)).toBeLessThanOrEqual(level === 0 ? POINTS_A_CHUNK : ENTRIES_A_CHUNK);
  expect(levels[level + 1] !== undefined).toBe(chunks.length > 1);
  if (level === 0) return;
  const entries = chunks.flatMap((chunk) => {
    if (isPoints(chunk)) throw new Error("points above level 0");
    const { stepFirst, stepLast, count } = chunk.entries;
    return Array.from(stepFirst, (first, at) => ({ first, last: stepLast[at]!, count: count[at]! }));
  });
  for (const [at, entry] of entries.entries()) if (at > 0) expect(entry.first).toBeGreaterThan(entries[at - 1]!.last);
  const points = levels[0]!.reduce((sum, chunk) => sum + lengthOf(chunk), 0);
  expect(entries.reduce((sum, { count }) => sum + count, 0)).toBe(points);
}

const bits = (column: Float64Array) => [...new BigUint64Array(column.slice().buffer)];
const column = fc.oneof(
  fc.float64Array({ minLength: 40, maxLength: 40 }),
  fc.array(fc.oneof(fc.integer(), fc.constant(-0)), { minLength: 40, maxLength: 40 }).map((a) => Float64Array.from(a)),
  fc.float32Array({ minLength: 40, maxLength: 40 }).map((a) => Float64Array.from(a)),
  fc.maxSafeInteger().map((value) => new Float64Array(40).fill(value)),
  fc.maxSafeNat().map((first) => Float64Array.from({ length: 40 }, (_, index) => Math.max(0, first - index * 7))),
);

test("long packed columns come back to the bit: noise, what is compressed, and steps that jitter or rise evenly", () => {
  const random = seededRandom(7);
  const column = (value: (index: number) => number) => Float64Array.from({ length: 2720 }, (_, index) => value(index));
  let step = 2 ** 52;
  const columns = [
    column(() => random() * 0.2 + 0.9),
    column(() => Math.fround(random() * 0.2 + 0.9)),
    column((index) => (index % 97 === 0 ? Number.NaN : Math.fround(1 / (1 + (index % 50))))),
    column((index) => 1e12 + index * 20),
    column(() => {
      step += Math.floor(random() * 300);
      return step;
    }),
    column(() => -Math.floor(random() * 15)),
    column((index) => (index % 2 === 0 ? Number.MAX_SAFE_INTEGER : Number.MIN_SAFE_INTEGER)),
    column((index) => (index === 5 ? -0 : 0)),
  ];
  expect(unpackColumns(packColumns(columns)).map(bits)).toEqual(columns.map(bits));
  for (const one of columns) expect(bits(unpackColumns(packColumns([one]))[0]!)).toEqual(bits(one));
});

test("steps that rise evenly take no more room the more there are", () => {
  const even = (length: number) => packColumns([Float64Array.from({ length }, (_, index) => 7 + index * 10)]).length;
  expect(even(2720)).toBe(even(2));
});

test("packed columns come back to the bit", () => {
  fc.assert(
    fc.property(fc.array(column, { minLength: 1, maxLength: 8 }), (columns) => {
      expect(unpackColumns(packColumns(columns)).map(bits)).toEqual(columns.map(bits));
    }),
    { seed: 3 },
  );
});

test("columns of another version are refused", () => {
  const pack = packColumns([Float64Array.of(1, 2)]);
  pack[0] = 9;
  expect(() => unpackColumns(pack)).toThrow("version 9");
});
