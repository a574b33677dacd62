/** The points of a run as numbered batches: always the same ones for the same points, so that a batch sent again is known. */
import type { Split } from "../../../lib/wire/base/words.ts";
import { type Batch, type BatchGroup, encodeBatch } from "../../../lib/wire/points/batch.ts";
import type { Series } from "./series.ts";

const POINTS_MAX = 50_000;
/** Most groups of a batch on the wire. */
const GROUPS_MAX = 1000;
/** Most series of a group: with their steps and times, far fewer names than a batch may have. */
const SERIES_MAX = 500;

export type NumberedBatch = { sequence: number; points: number; bytes: () => Uint8Array };

/** In the order of their numbers, from 1. Encoded one at a time, when asked for. */
export function* batchesOf(writer: string, series: Series[]): Generator<NumberedBatch> {
  let sequence = 0;
  let groups: BatchGroup[] = [];
  let points = 0;
  const numbered = (): NumberedBatch => {
    const batch: Batch = { writer, sequence: ++sequence, groups };
    const whole = { sequence, points, bytes: () => encodeBatch(batch) };
    groups = [];
    points = 0;
    return whole;
  };
  for (const sheet of sheetsOf(series))
    for (const group of groupsOf(sheet)) {
      const size = group.steps.length * group.metrics.size;
      if (points + size > POINTS_MAX || groups.length === GROUPS_MAX) yield numbered();
      groups.push(group);
      points += size;
    }
  if (groups.length > 0) yield numbered();
}

/** Series that were logged together: they share their steps and times, which travel once. */
type Sheet = {
  split: Split | null;
  steps: Float64Array;
  times: Float64Array;
  metrics: Map<string, Float64Array>;
};

function sheetsOf(series: Series[]): Sheet[] {
  const sheets: Sheet[] = [];
  /** By what is seen at a glance: only such sheets are compared number by number. */
  const alike = new Map<string, Sheet[]>();
  for (const { split, metric, columns } of series) {
    const { steps, times, values } = columns();
    const glance = [split, steps.length, steps[0], steps.at(-1), times[0], times.at(-1)].join(" ");
    const known = alike.get(glance) ?? [];
    alike.set(glance, known);
    const isFree = ({ metrics }: Sheet) => metrics.size < SERIES_MAX && !metrics.has(metric);
    const shared = known.find((sheet) => isFree(sheet) && areSame(sheet.steps, steps) && areSame(sheet.times, times));
    if (shared) shared.metrics.set(metric, values);
    else {
      const sheet = { split, steps, times, metrics: new Map([[metric, values]]) };
      known.push(sheet);
      sheets.push(sheet);
    }
  }
  return sheets;
}

const areSame = (one: Float64Array, other: Float64Array): boolean =>
  one.length === other.length && one.every((value, at) => value === other[at]);

/** Within a group steps ascend: a step that is written again goes to a later group, whose value is the one that counts. */
function* groupsOf({ split, steps, times, metrics }: Sheet): Generator<BatchGroup> {
  const rowsMax = Math.max(1, Math.floor(POINTS_MAX / metrics.size));
  let start = 0;
  for (let at = 1; at <= steps.length; at++) {
    if (at < steps.length && steps[at]! > steps[at - 1]! && at - start < rowsMax) continue;
    yield {
      split,
      steps: steps.subarray(start, at),
      times: times.subarray(start, at),
      metrics: new Map([...metrics].map(([metric, values]) => [metric, values.subarray(start, at)])),
    };
    start = at;
  }
}
