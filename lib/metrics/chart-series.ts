/** From the chunks and new points of a series to what a chart shows of it. Pure. */
import type { ChartSeries } from "./chart-query.ts";
import { type Chunk, isPoints } from "./chunk-rows.ts";
import { envelope } from "./envelope.ts";
import { pointsWithin, type Resolved } from "./hot.ts";
import type { PointColumns, PointSeries } from "./points-codec.ts";
import { type Entries, mergePoints, noPoints, type Points } from "./pyramid.ts";

export type Drawn = Pick<
  PointSeries,
  "kind" | "count" | "nonFiniteCount" | "overwrittenCount" | "means" | "steps" | "times" | "values"
>;
export type Range = { from: number; to: number };

/** New points that lie among or before those in chunks can't be laid behind them. */
export function isLate({ compacted }: ChartSeries, added: Resolved | undefined): boolean {
  return added !== undefined && added.points.steps.length > 0 && added.points.steps[0]! <= compacted.stepLast;
}

/**
 * What `px` pixels show of a series in a range of steps: raw points where there are at most four a pixel, else for each
 * pixel real points with its extremes among them, beside its mean. `added` must not be late unless all points are given.
 */
export function drawSeries(series: ChartSeries | null, added: Resolved | undefined, range: Range, px: number): Drawn {
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

function joinedPoints({ chunks }: ChartSeries): Points {
  const parts = chunks.filter(isPoints).map(({ points }) => points);
  return parts.reduce((all, points) => mergePoints(all, points).points, noPoints());
}

/** Points in order of steps, and weighted means beside them, as they are found. */
class Sketch {
  readonly #range: Range;
  #count = 0;
  #nonFinite = 0;
  #isRaw = true;
  #steps: number[] = [];
  #times: number[] = [];
  #values: number[] = [];
  #means = { steps: [] as number[], times: [] as number[], values: [] as number[], weights: [] as number[] };

  constructor(range: Range) {
    this.#range = range;
  }

  series({ chunks, level, compacted }: ChartSeries): void {
    const byLevel = (wanted: number) => chunks.filter((chunk) => chunk.level === wanted);
    for (const chunk of byLevel(level)) this.#chunk(chunk, byLevel, this.#range);
    // the line ends where the series does, not at the last extreme
    const { stepLast, last } = compacted;
    const { from, to } = this.#range;
    if (this.#steps.length === 0 || stepLast < from || stepLast > to || this.#steps.at(-1) === stepLast) return;
    this.#push(stepLast, this.#means.times.at(-1) ?? this.#times.at(-1)!, last);
  }

  points(points: Points): void {
    const { steps, times, values } = pointsWithin(points, this.#range.from, this.#range.to);
    for (let at = 0; at < steps.length; at++) {
      this.#count++;
      this.#push(steps[at]!, times[at]!, values[at]!);
      if (Number.isFinite(values[at]!)) this.#mean(steps[at]!, times[at]!, values[at]!, 1);
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
    for (let at = 0; at < entries.count.length; at++) {
      const [first, last] = [entries.stepFirst[at]!, entries.stepLast[at]!];
      if (last < from || first > to || last < within.from || first > within.to) continue;
      if (first >= from && last <= to) this.#entry(entries, at);
      else for (const finer of below(level - 1)) this.#chunk(finer, below, { from: first, to: last });
    }
  }

  #entry(entries: Entries, at: number): void {
    const [first, last] = [entries.stepFirst[at]!, entries.stepLast[at]!];
    const [start, end] = [entries.timeFirst[at]!, entries.timeLast[at]!];
    const timeOf = (offset: number) => (last > first ? start + ((end - start) * offset) / (last - first) : start);
    const [count, nonFinite] = [entries.count[at]!, entries.nonFinite[at]!];
    this.#isRaw = false;
    this.#count += count;
    this.#nonFinite += nonFinite;
    const shown: [number, number][] = [];
    if (count > nonFinite) {
      shown.push([entries.minOffset[at]!, entries.min[at]!], [entries.maxOffset[at]!, entries.max[at]!]);
      this.#mean((first + last) / 2, (start + end) / 2, entries.mean[at]!, count - nonFinite);
    }
    if (nonFinite > 0) shown.push([entries.gapOffset[at]!, entries.gap[at]!]);
    shown.sort(([a], [b]) => a - b);
    for (const [index, [offset, value]] of shown.entries())
      if (index === 0 || offset !== shown[index - 1]![0]) this.#push(first + offset, timeOf(offset), value);
  }

  #push(step: number, time: number, value: number): void {
    this.#steps.push(step);
    this.#times.push(time);
    this.#values.push(value);
  }

  #mean(step: number, time: number, value: number, weight: number): void {
    const { steps, times, values, weights } = this.#means;
    steps.push(step);
    times.push(time);
    values.push(value);
    weights.push(weight);
  }

  drawn(px: number): Omit<Drawn, "overwrittenCount"> {
    const all = columnsOf(this.#steps, this.#times, this.#values);
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
    const { steps, times, values, weights } = this.#means;
    const first = steps[0] ?? 0;
    const width = ((steps.at(-1) ?? 0) - first) / px || 1;
    const partOf = (index: number) => Math.min(px - 1, Math.floor((steps[index]! - first) / width));
    const [at, time, mean]: [number[], number[], number[]] = [[], [], []];
    for (let start = 0, end = 0; start < steps.length; start = end) {
      let [total, part] = [0, 0];
      for (end = start; end < steps.length && partOf(end) === partOf(start); end++) {
        total += weights[end]!;
        part += (values[end]! - part) * (weights[end]! / total);
      }
      at.push((steps[start]! + steps[end - 1]!) / 2);
      time.push((times[start]! + times[end - 1]!) / 2);
      mean.push(part);
    }
    return columnsOf(at, time, mean);
  }
}

const columnsOf = (steps: number[], times: number[], values: number[]): PointColumns => ({
  steps: Float64Array.from(steps),
  times: Float64Array.from(times),
  values: Float64Array.from(values),
});
