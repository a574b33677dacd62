/** Rows of `chunks` and `axes`, read and written for the compactor. */
import { createHash } from "node:crypto";
import { and, asc, eq, inArray, notExists, type SQL, sql } from "drizzle-orm";
import type { Executor } from "../../db/connection.ts";
import { axes, chunks } from "../../db/schema/series.ts";
import { packColumns, unpackColumns } from "./points/pack-columns.ts";
import { type Entries, type Points, sumOf } from "./points/pyramid.ts";

/** What one row holds: points at level 0, entries above. */
export type Chunk = { level: 0; points: Points } | { level: number; entries: Entries };
/** A chunk as the database has it; its first step is its key among the series' rows of that level. */
export type StoredChunk = { series: number; stepFirst: number; stepLast: number; axis: string; chunk: Chunk };

export const isPoints = (chunk: Chunk): chunk is { level: 0; points: Points } => chunk.level === 0;
export const stepFirstOf = (chunk: Chunk): number =>
  isPoints(chunk) ? chunk.points.steps[0]! : chunk.entries.stepFirst[0]!;
export const stepLastOf = (chunk: Chunk): number =>
  isPoints(chunk) ? chunk.points.steps.at(-1)! : chunk.entries.stepLast.at(-1)!;
export const lengthOf = (chunk: Chunk): number =>
  isPoints(chunk) ? chunk.points.steps.length : chunk.entries.stepFirst.length;

function axisColumns(chunk: Chunk): Float64Array[] {
  if (isPoints(chunk)) return [chunk.points.steps, chunk.points.times, chunk.points.writers];
  const { stepFirst, stepLast, timeFirst, timeLast, count } = chunk.entries;
  return [stepFirst, stepLast, timeFirst, timeLast, count];
}

function dataColumns(chunk: Chunk): Float64Array[] {
  if (isPoints(chunk)) return [chunk.points.values];
  const { min, minOffset, max, maxOffset, mean, nonFinite, gap, gapOffset } = chunk.entries;
  return [min, minOffset, max, maxOffset, mean, nonFinite, gap, gapOffset];
}

/** The chunk of a row's `data` and its axis' `data`. */
export const unpackChunk = (level: number, axis: Uint8Array, data: Uint8Array): Chunk =>
  chunkOf(level, unpackColumns(axis), unpackColumns(data));

/** The chunk of the columns of its axis and of its row. */
export function chunkOf(level: number, along: Float64Array[], columns: Float64Array[]): Chunk {
  if (level === 0) {
    const [steps, times, writers] = along as [Column, Column, Column];
    return { level: 0, points: { steps, times, writers, values: columns[0]! } };
  }
  const [stepFirst, stepLast, timeFirst, timeLast, count] = along as Five;
  const [min, minOffset, max, maxOffset, mean, nonFinite, gap, gapOffset] = columns as Eight;
  const extremes = { min, minOffset, max, maxOffset, mean, nonFinite, gap, gapOffset };
  return { level, entries: { stepFirst, stepLast, timeFirst, timeLast, count, ...extremes } };
}

type Column = Float64Array;
type Five = [Column, Column, Column, Column, Column];
type Eight = [Column, Column, Column, Column, Column, Column, Column, Column];

const stored = {
  series: chunks.series,
  level: chunks.level,
  stepFirst: chunks.stepFirst,
  stepLast: chunks.stepLast,
  axis: chunks.axis,
  data: chunks.data,
  axisData: axes.data,
};
const select = (tx: Executor) =>
  tx
    .select(stored)
    .from(chunks)
    .innerJoin(axes, and(eq(axes.runId, chunks.runId), eq(axes.id, chunks.axis)));

type Row = { level: number; axisData: Uint8Array; data: Uint8Array } & Omit<StoredChunk, "chunk">;
const toStored = ({ level, axisData, data, ...place }: Row): StoredChunk => ({
  ...place,
  chunk: unpackChunk(level, axisData, data),
});

/** The highest level that rows may have: 16 to this power is more points than there are steps. */
const LEVEL_MAX = 13;

/** The last row of each level of each of the series. */
export async function readLastChunks(tx: Executor, runId: string, series: number[]): Promise<StoredChunk[]> {
  if (series.length === 0) return [];
  const rows = await select(tx).where(
    and(
      eq(chunks.runId, runId),
      sql`(${chunks.series}, ${chunks.level}, ${chunks.stepFirst}) in (
        select w.series, w.level, last.step_first from
          (select s as series, l as level from unnest(${sql.param(series)}::int[]) s, generate_series(0, ${LEVEL_MAX}::int) l) w
          cross join lateral (select c.step_first from chunks c where c.run_id = ${runId} and c.series = w.series
            and c.level = w.level order by c.step_first desc limit 1) last)`,
    ),
  );
  return rows.map(toStored);
}

/** The rows of one level that hold any step from `from` to `to`. */
export async function readChunksWithin(
  tx: Executor,
  runId: string,
  place: { series: number; level: number; from: number; to: number },
): Promise<StoredChunk[]> {
  const { series, level, from, to } = place;
  const rows = await select(tx)
    .where(
      and(
        eq(chunks.runId, runId),
        eq(chunks.series, series),
        eq(chunks.level, level),
        sql`${chunks.stepFirst} <= ${to} and ${chunks.stepLast} >= ${from}`,
        // rows don't overlap, so none before this one reaches `from`: the index finds it, and reads no others
        sql`${chunks.stepFirst} >= coalesce((select max(c.step_first) from chunks c where c.run_id = ${runId}
          and c.series = ${series} and c.level = ${level} and c.step_first <= ${from}), 0)`,
      ),
    )
    .orderBy(asc(chunks.stepFirst));
  return rows.map(toStored);
}

/** The rows of level 0 in which new points at these steps belong: the last that begins at or before each, else the first. */
export async function readChunksFor(
  tx: Executor,
  runId: string,
  series: number,
  steps: Float64Array,
): Promise<StoredChunk[]> {
  const at = (order: SQL) =>
    sql`select c.step_first from chunks c where c.run_id = ${runId} and c.series = ${series} and c.level = 0 ${order}`;
  const rows = await select(tx)
    .where(
      and(
        eq(chunks.runId, runId),
        eq(chunks.series, series),
        eq(chunks.level, 0),
        sql`${chunks.stepFirst} in (
          select coalesce((${at(sql`and c.step_first <= s order by c.step_first desc limit 1`)}),
            (${at(sql`order by c.step_first limit 1`)}))
          from unnest(${sql.param([...steps])}::bigint[]) s)`,
      ),
    )
    .orderBy(asc(chunks.stepFirst));
  return rows.map(toStored);
}

export type ChunkWrites = {
  put: { series: number; chunk: Chunk }[];
  /** Rows that are gone, or written again under the same key. */
  dropped: StoredChunk[];
};

const ROWS_A_STATEMENT = 500;

/** Replaces rows; an axis that no row needs any longer goes with them. */
export async function writeChunks(tx: Executor, runId: string, { put, dropped }: ChunkWrites): Promise<void> {
  for (let at = 0; at < dropped.length; at += ROWS_A_STATEMENT) {
    const some = dropped.slice(at, at + ROWS_A_STATEMENT);
    await tx.delete(chunks).where(
      and(
        eq(chunks.runId, runId),
        sql`(${chunks.series}, ${chunks.level}, ${chunks.stepFirst}) in (
          select * from unnest(${sql.param(some.map(({ series }) => series))}::int[],
            ${sql.param(some.map(({ chunk }) => chunk.level))}::smallint[],
            ${sql.param(some.map(({ stepFirst }) => stepFirst))}::bigint[]))`,
      ),
    );
  }
  const rowOf = rowsOf(runId);
  const rows = put.map(({ series, chunk }) => rowOf(series, chunk));
  for (let at = 0; at < rows.length; at += ROWS_A_STATEMENT) {
    const some = rows.slice(at, at + ROWS_A_STATEMENT);
    const along = new Map(some.map(({ axisData, ...row }) => [row.axis, { runId, id: row.axis, data: axisData }]));
    await tx
      .insert(axes)
      .values([...along.values()])
      .onConflictDoNothing();
    await tx.insert(chunks).values(some.map(({ axisData: _, ...row }) => row));
  }
  const unneeded = [...new Set(dropped.map(({ axis }) => axis))];
  const inUse = tx
    .select({ axis: chunks.axis })
    .from(chunks)
    .where(and(eq(chunks.runId, runId), eq(chunks.axis, axes.id)));
  for (let at = 0; at < unneeded.length; at += ROWS_A_STATEMENT)
    await tx
      .delete(axes)
      .where(and(eq(axes.runId, runId), inArray(axes.id, unneeded.slice(at, at + ROWS_A_STATEMENT)), notExists(inUse)));
}

/** Packs chunks as rows, an axis that many share once. */
function rowsOf(runId: string) {
  const known = new Map<string, { id: string; data: Buffer }>();
  return (series: number, chunk: Chunk) => {
    const hash = createHash("sha256");
    for (const column of axisColumns(chunk))
      hash.update(new Uint8Array(column.buffer, column.byteOffset, column.byteLength));
    const key = hash.digest("base64");
    const axis = known.get(key) ?? axisOf(chunk);
    known.set(key, axis);
    return {
      runId,
      series,
      level: chunk.level,
      stepFirst: stepFirstOf(chunk),
      stepLast: stepLastOf(chunk),
      entries: lengthOf(chunk),
      sum: isPoints(chunk) ? sumOf(chunk.points.values) : null,
      axis: axis.id,
      axisData: axis.data,
      data: packColumns(dataColumns(chunk)),
    };
  };
}

function axisOf(chunk: Chunk): { id: string; data: Buffer } {
  const data = packColumns(axisColumns(chunk));
  const id = createHash("sha256").update(data).digest("hex").slice(0, 32);
  return { id: id.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5"), data };
}
