/** From the chunks and new points of a series to what a chart shows of it. Pure. */

import type { PointColumns, PointSeries } from "../wire/points/points.ts";
import { type Chunk, isPoints } from "./chunk-rows.ts";
import { envelope } from "./points/envelope.ts";
import { type Entries, lowerBound, mergePoints, noPoints, type Points } from "./points/pyramid.ts";
import type { StoredSeries } from "./query-chart.ts";
import { pointsWithin, type ResolvedPoints } from "./uncompacted-batches.ts";

export type DrawnPoints = Pick<
  PointSeries,
  "kind" | "count" | "nonFiniteCount" | "overwrittenCount" | "means" | "steps" | "times" | "values"
>;
export type Range = { from: number; to: number };

/** New points that lie among or before those in chunks can't be laid behind them. */
export function isLate({ compacted }: StoredSeries, added: ResolvedPoints | undefined): boolean {
  return added !== undefined && added.points.steps.length > 0 && added.points.steps[0]! <= compacted.stepLast;
}

/**
 * What `px` pixels show of a series in a range of steps: raw points where there are at most four a pixel, else for each
 * pixel real points with its extremes among them, beside its mean. `added` must not be late unless all points are given.
 */
export function drawSeries(
  series: StoredSeries | null,
  added: ResolvedPoints | undefined,
  range: Range,
  px: number,
): DrawnPoints {
  const sketch = new Sketch(range);
  const late = series !== null && isLate(series, added);
  if (series && late) sketch.points(mergePoints(joinedPoints(series), added!.points).points);
  else {
    if (series) sketch.series(series);
    if (added) sketch.points(added.points);
  }
  const overwrittenCount = (series?.compacted.overwrittenCount ?? 0) + (added?.overwritten.count ?? 0);
  return { ...sketch.drawn(px), overwrittenCount };
}

function joinedPoints({ chunks }: StoredSeries): Points {
  const parts = chunks.filter(isPoints).map(({ points }) => points);
  return parts.reduce((all, points) => mergePoints(all, points).points, noPoints());
}

type GrowingColumns = { steps: number[]; times: number[]; values: number[] };

function push({ steps, times, values }: GrowingColumns, step: number, time: number, value: number): void {
  steps.push(step);
  times.push(time);
  values.push(value);
}

const asColumns = ({ steps, times, values }: GrowingColumns): PointColumns => ({
  steps: Float64Array.from(steps),
  times: Float64Array.from(times),
  values: Float64Array.from(values),
});

/** Points in order of steps, and weighted means beside them, as they are found. */
class Sketch {
  readonly #range: Range;
  #count = 0;
  #nonFinite = 0;
  #isRaw = true;
  readonly #shown: GrowingColumns = { steps: [], times: [], values: [] };
  readonly #means: GrowingColumns = { steps: [], times: [], values: [] };
  /** Of how many values each mean is. */
  readonly #weights: number[] = [];

  constructor(range: Range) {
    this.#range = range;
  }

  series({ chunks, level, compacted }: StoredSeries): void {
    const byLevel = (wanted: number) => chunks.filter((chunk) => chunk.level === wanted);
    for (const chunk of byLevel(level)) this.#chunk(chunk, byLevel, this.#range);
    // the line ends where the series does, not at the last extreme
    const { stepLast, last } = compacted;
    const { from, to } = this.#range;
    const { steps, times } = this.#shown;
    if (steps.length === 0 || stepLast < from || stepLast > to || steps.at(-1) === stepLast) return;
    push(this.#shown, stepLast, this.#means.times.at(-1) ?? times.at(-1)!, last);
  }

  points(points: Points): void {
    const { steps, times, values } = pointsWithin(points, this.#range.from, this.#range.to);
    for (let at = 0; at < steps.length; at++) {
      this.#count++;
      push(this.#shown, steps[at]!, times[at]!, values[at]!);
      if (Number.isFinite(values[at]!)) this.#pushMean(steps[at]!, times[at]!, values[at]!, 1);
      else this.#nonFinite++;
    }
  }

  /** What of a chunk lies in `within`; an entry on the edge of the range is replaced by what lies below it. */
  #chunk(chunk: Chunk, below: (level: number) => Chunk[], within: Range): void {
    if (isPoints(chunk)) {
      this.points(pointsWithin(chunk.points, within.from, within.to));
      return;
    }
    const { entries, level } = chunk;
    const { from, to } = this.#range;
    const start = lowerBound(entries.stepLast, Math.max(from, within.from));
    const end = lowerBound(entries.stepFirst, Math.min(to, within.to) + 1);
    for (let at = start; at < end; at++) {
      const [first, last] = [entries.stepFirst[at]!, entries.stepLast[at]!];
      if (first >= from && last <= to) this.#entry(entries, at);
      else for (const finer of below(level - 1)) this.#chunk(finer, below, { from: first, to: last });
    }
  }

  #entry(entries: Entries, at: number): void {
    const [first, last] = [entries.stepFirst[at]!, entries.stepLast[at]!];
    const [start, end] = [entries.timeFirst[at]!, entries.timeLast[at]!];
    const [count, nonFinite] = [entries.count[at]!, entries.nonFinite[at]!];
    this.#isRaw = false;
    this.#count += count;
    this.#nonFinite += nonFinite;
    const gap = nonFinite > 0 ? entries.gapOffset[at]! : Number.POSITIVE_INFINITY;
    if (count === nonFinite) {
      this.#pushOf(entries, at, gap, entries.gap);
      return;
    }
    this.#pushMean((first + last) / 2, (start + end) / 2, entries.mean[at]!, count - nonFinite);
    const isRising = entries.minOffset[at]! <= entries.maxOffset[at]!;
    const [left, right] = isRising ? [entries.min, entries.max] : [entries.max, entries.min];
    const early = (isRising ? entries.minOffset : entries.maxOffset)[at]!;
    const late = (isRising ? entries.maxOffset : entries.minOffset)[at]!;
    if (gap < early) this.#pushOf(entries, at, gap, entries.gap);
    this.#pushOf(entries, at, early, left);
    if (early < gap && gap < late) this.#pushOf(entries, at, gap, entries.gap);
    if (early < late) this.#pushOf(entries, at, late, right);
    if (late < gap && nonFinite > 0) this.#pushOf(entries, at, gap, entries.gap);
  }

  /** One value of an entry, at a time between its first and its last. */
  #pushOf(entries: Entries, at: number, offset: number, column: Float64Array): void {
    const span = entries.stepLast[at]! - entries.stepFirst[at]!;
    const start = entries.timeFirst[at]!;
    const time = span > 0 ? start + ((entries.timeLast[at]! - start) * offset) / span : start;
    push(this.#shown, entries.stepFirst[at]! + offset, time, column[at]!);
  }

  #pushMean(step: number, time: number, mean: number, weight: number): void {
    push(this.#means, step, time, mean);
    this.#weights.push(weight);
  }

  drawn(px: number): Omit<DrawnPoints, "overwrittenCount"> {
    const all = asColumns(this.#shown);
    const shown = envelope(all, px);
    const isRaw = this.#isRaw && shown.steps.length === all.steps.length;
    return {
      kind: isRaw ? "raw" : "envelope",
      count: this.#count,
      nonFiniteCount: this.#nonFinite,
      ...shown,
      means: isRaw ? null : this.#meansOf(px),
    };
  }

  /** For each of `px` equal parts of the steps the mean of the finite values in it, at the middle of what it is of. */
  #meansOf(px: number): PointColumns {
    const { steps, times, values } = this.#means;
    const first = steps[0] ?? 0;
    const width = ((steps.at(-1) ?? 0) - first) / px || 1;
    const means: GrowingColumns = { steps: [], times: [], values: [] };
    for (let start = 0, end = 0; start < steps.length; start = end) {
      const beyond = first + (Math.min(px - 1, Math.floor((steps[start]! - first) / width)) + 1) * width;
      let [total, mean] = [0, 0];
      for (end = start; end < steps.length && (end === start || steps[end]! < beyond); end++) {
        total += this.#weights[end]!;
        mean += (values[end]! - mean) * (this.#weights[end]! / total);
      }
      push(means, (steps[start]! + steps[end - 1]!) / 2, (times[start]! + times[end - 1]!) / 2, mean);
    }
    return asColumns(means);
  }
}
