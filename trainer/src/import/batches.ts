/** The points of a run as numbered batches: always the same ones for the same points, so that a batch sent again is known. */
import { type Batch, type BatchGroup, encodeBatch } from "../../../lib/wire/points/batch.ts";
import type { Series } from "./series.ts";

const POINTS_MAX = 50_000;
/** Most groups of a batch on the wire. */
const GROUPS_MAX = 1000;

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
  for (const one of series)
    for (const group of groupsOf(one)) {
      if (points + group.steps.length > POINTS_MAX || groups.length === GROUPS_MAX) yield numbered();
      groups.push(group);
      points += group.steps.length;
    }
  if (groups.length > 0) yield numbered();
}

/** Within a group steps ascend: a step that is written again goes to a later group, whose value is the one that counts. */
function* groupsOf({ split, metric, columns }: Series): Generator<BatchGroup> {
  const { steps, times, values } = columns();
  let start = 0;
  for (let at = 1; at <= steps.length; at++) {
    if (at < steps.length && steps[at]! > steps[at - 1]! && at - start < POINTS_MAX) continue;
    yield {
      split,
      steps: steps.subarray(start, at),
      times: times.subarray(start, at),
      metrics: new Map([[metric, values.subarray(start, at)]]),
    };
    start = at;
  }
}
