/** Batches that the compactor has not reached: the newest points of a run, read and decoded for each use. */
import { sql } from "drizzle-orm";
import type { Executor } from "../../db/connection.ts";
import { type Batch, decodeStoredBatch } from "../wire/points/batch.ts";
import type { PointColumns } from "../wire/points/points.ts";
import { seriesKey } from "../wire/points/series-name.ts";
import { joinPoints, lowerBound, mergePoints, type Points, slicePoints } from "./points/pyramid.ts";

export type HotBatch = { writer: number; sequence: number; hash: Uint8Array; data: Uint8Array };

/**
 * The run's batches that are in no chunk, by writer and sequence; a dead row is none of them. `pointsMax`: only the
 * first, up to the one with which they hold so many points.
 */
export async function readHotBatches(tx: Executor, runId: string, pointsMax = 2 ** 52): Promise<HotBatch[]> {
  const rows = await tx.execute<{ writer: number; sequence: string; hash: Buffer; data: Buffer }>(sql`
    select writer, sequence, hash, data from (
      select b.writer, b.sequence, b.hash, b.data, b.points, sum(b.points) over (order by b.writer, b.sequence) as total
      from batches b join writers w on w.run_id = b.run_id and w.number = b.writer and b.sequence > w.done_sequence
      where b.run_id = ${runId}
    ) b where total - points < ${pointsMax} order by writer, sequence`);
  return rows.map(({ sequence, ...row }) => ({ ...row, sequence: Number(sequence) }));
}

/** One series' points by step, and how many writes a later write to the same step replaced. */
export type ResolvedPoints = { points: Points; overwritten: { count: number; nonFinite: number } };

/**
 * The points of each series of these batches, which come by writer and sequence; only of `wanted` where it is given.
 * Of several writes to a step the last by (writer, sequence, position) holds. (Writers are numbered in the order of their
 * attempts, so the attempt need not be asked.)
 */
export const resolveBatches = (
  hot: Pick<HotBatch, "writer" | "data">[],
  wanted?: Set<string>,
): Map<string, ResolvedPoints> =>
  resolvePoints(
    hot.map(({ writer, data }) => ({ writer, batch: decodeStoredBatch(data) })),
    wanted,
  );

/** As `resolveBatches`, of batches that are decoded. `writer`: its number in the run. */
export function resolvePoints(
  given: Iterable<{ writer: number; batch: Batch }>,
  wanted?: Set<string>,
): Map<string, ResolvedPoints> {
  const parts = new Map<string, Points[]>();
  for (const { writer, batch } of given)
    for (const [key, columns] of partsOf(batch)) {
      if (wanted && !wanted.has(key)) continue;
      const points = columns.map((part) => ({ ...part, writers: new Float64Array(part.steps.length).fill(writer) }));
      const known = parts.get(key);
      if (known) known.push(...points);
      else parts.set(key, points);
    }
  return new Map([...parts].map(([key, all]) => [key, resolveParts(all)]));
}

/** The parts of each series of one batch, in their order, by `seriesKey`. */
function partsOf(batch: Batch): Map<string, PointColumns[]> {
  const parts = new Map<string, PointColumns[]>();
  for (const { split, steps, times, metrics } of batch.groups)
    for (const [metric, values] of metrics) {
      const key = seriesKey({ split, metric });
      const known = parts.get(key);
      if (known) known.push({ steps, times, values });
      else parts.set(key, [{ steps, times, values }]);
    }
  return parts;
}

/** One series from its parts in the order of writing; none of them empty, and at least one. */
export function resolveParts(parts: Points[]): ResolvedPoints {
  const overwritten = { count: 0, nonFinite: 0 };
  const add = (points: Points, more: { count: number; nonFinite: number }): Points => {
    overwritten.count += more.count;
    overwritten.nonFinite += more.nonFinite;
    return points;
  };
  const rising = parts.map((points) => {
    const sorted = sortByStep(points);
    return add(sorted.points, sorted.overwritten);
  });
  // in pairs, so that many small parts are merged in few passes
  let level = joinRising(rising);
  while (level.length > 1) {
    const next: Points[] = [];
    for (let at = 0; at < level.length; at += 2) {
      const [left, right] = [level[at]!, level[at + 1]];
      if (!right) next.push(left);
      else {
        const merged = mergePoints(left, right);
        next.push(add(merged.points, merged.overwritten));
      }
    }
    level = next;
  }
  return { points: level[0]!, overwritten };
}

/** Neighbouring parts of which each begins after the one before ends become one. */
function joinRising(parts: Points[]): Points[] {
  const runs: Points[][] = [];
  for (const part of parts) {
    const before = runs.at(-1)?.at(-1);
    if (before && before.steps.at(-1)! < part.steps[0]!) runs.at(-1)!.push(part);
    else runs.push([part]);
  }
  return runs.map(joinPoints);
}

/** One part by strictly rising step: of two points of a step the later in the part holds. */
function sortByStep(points: Points): ResolvedPoints {
  const { steps, values } = points;
  const overwritten = { count: 0, nonFinite: 0 };
  let rises = true;
  for (let index = 1; index < steps.length && rises; index++) rises = steps[index]! > steps[index - 1]!;
  if (rises) return { points, overwritten };
  const order = Uint32Array.from(steps, (_, index) => index).sort((a, b) => steps[a]! - steps[b]! || a - b);
  const kept = order.filter((index, place) => {
    const holds = place === order.length - 1 || steps[order[place + 1]!] !== steps[index];
    if (!holds) {
      overwritten.count++;
      if (!Number.isFinite(values[index]!)) overwritten.nonFinite++;
    }
    return holds;
  });
  const pick = (column: Float64Array) => Float64Array.from(kept, (index) => column[index]!);
  return {
    points: { steps: pick(steps), times: pick(points.times), values: pick(values), writers: pick(points.writers) },
    overwritten,
  };
}

/** The points from step `from` to step `to`, both included. */
export function pointsWithin(points: Points, from: number, to: number): Points {
  return slicePoints(points, lowerBound(points.steps, from), lowerBound(points.steps, to + 1));
}
