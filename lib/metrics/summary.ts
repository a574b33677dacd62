/** Exact summaries of series, and which of several writes to one step holds. Pure. */

/** Columns of one length. `steps` are integers from 0 to 2⁵³−1, `times` milliseconds since 1970. */
export type Columns = { steps: Float64Array; times: Float64Array; values: Float64Array };

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

/** Whether `columns` continue a series: steps strictly rising, the first beyond `after`. */
export function continues(after: number, { steps }: Columns): boolean {
  let previous = after;
  for (const step of steps) {
    if (step <= previous) return false;
    previous = step;
  }
  return true;
}

/** The summary of a series after `columns`, which must continue it (`continues(before.stepLast, columns)`). */
export function extendSummary(before: Summary, { steps, values }: Columns): Summary {
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

/**
 * One series from its parts in order of writing (attempt, writer's number, sequence, position): sorted by step, and of
 * several writes to one step the last holds. `overwrittenCount` says how many were replaced.
 */
export function resolve(parts: Columns[]): Columns & { overwrittenCount: number } {
  const all = join(parts);
  if (continues(-1, all)) return { ...all, overwrittenCount: 0 };
  const { steps } = all;
  // sorting indexes by (step, position of writing) puts the write that holds last among its equals
  const order = Uint32Array.from(steps, (_, index) => index).sort((a, b) => steps[a]! - steps[b]! || a - b);
  const kept = order.filter((index, place) => place === order.length - 1 || steps[order[place + 1]!] !== steps[index]);
  const pick = (column: Float64Array) => Float64Array.from(kept, (index) => column[index]!);
  return {
    steps: pick(all.steps),
    times: pick(all.times),
    values: pick(all.values),
    overwrittenCount: steps.length - kept.length,
  };
}

function join(parts: Columns[]): Columns {
  const length = parts.reduce((sum, part) => sum + part.steps.length, 0);
  const joined = { steps: new Float64Array(length), times: new Float64Array(length), values: new Float64Array(length) };
  let offset = 0;
  for (const part of parts) {
    joined.steps.set(part.steps, offset);
    joined.times.set(part.times, offset);
    joined.values.set(part.values, offset);
    offset += part.steps.length;
  }
  return joined;
}
