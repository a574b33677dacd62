/** Exact summaries of series. Pure. */
import type { PointColumns } from "../../wire/points/points.ts";

export type Summary = {
  /** Points, overwritten ones counted once. */
  count: number;
  nonFiniteCount: number;
  /** Writes that a later write to the same step replaced. */
  overwrittenCount: number;
  /** −1 while there is no point. */
  stepLast: number;
  /** The value at the largest step; NaN while there is no point. */
  last: number;
  /** Of the finite values, at their first step; null where there is none. */
  min: number | null;
  minStep: number | null;
  max: number | null;
  maxStep: number | null;
  /** Sum of the finite values. */
  sum: number;
};

export const emptySummary: Summary = {
  count: 0,
  nonFiniteCount: 0,
  overwrittenCount: 0,
  stepLast: -1,
  last: Number.NaN,
  min: null,
  minStep: null,
  max: null,
  maxStep: null,
  sum: 0,
};

/** The summary of a series after `columns`, which come by rising step, the first beyond its last. */
export function extendSummary(before: Summary, { steps, values }: PointColumns): Summary {
  const after = { ...before, count: before.count + steps.length };
  for (let index = 0; index < values.length; index++) {
    const value = values[index]!;
    const step = steps[index]!;
    if (!Number.isFinite(value)) {
      after.nonFiniteCount++;
      continue;
    }
    after.sum += value;
    if (after.min === null || value < after.min) [after.min, after.minStep] = [value, step];
    if (after.max === null || value > after.max) [after.max, after.maxStep] = [value, step];
  }
  if (steps.length > 0) [after.stepLast, after.last] = [steps.at(-1)!, values.at(-1)!];
  return after;
}
