/** When a trial is hopeless. Pure. A stopped trial is worth what it reached, and is never compared at a step it didn't see. */
import type { Goal } from "./history.ts";

/** The objective of a trial over its steps, in their order; NaN counts as nothing. */
export type Curve = readonly { step: number; value: number }[];

const betterOf = (goal: Goal, a: number, b: number): number => (goal === "min" ? Math.min(a, b) : Math.max(a, b));
const isBehind = (goal: Goal, a: number, b: number): boolean => (goal === "min" ? a > b : a < b);

/** The best value up to a step; null: none is finite. */
export function bestBy(curve: Curve, step: number, goal: Goal): number | null {
  let best: number | null = null;
  for (const { step: at, value } of curve)
    if (at <= step && Number.isFinite(value)) best = best === null ? value : betterOf(goal, best, value);
  return best;
}

/**
 * The median rule (Golovin et al. 2017): at `step` a trial stops whose best so far is behind the median, over the trials that
 * ended, of the mean of their values up to that step. Not before `trialsMin` have ended nor before `warmUp` steps.
 */
export function isBelowMedian(
  trial: Curve,
  ended: readonly Curve[],
  { step, goal, trialsMin = 5, warmUp = 0 }: { step: number; goal: Goal; trialsMin?: number; warmUp?: number },
): boolean {
  const best = bestBy(trial, step, goal);
  const means = ended.flatMap((curve) => meanBy(curve, step) ?? []).sort((a, b) => a - b);
  if (best === null || step < warmUp || means.length < trialsMin) return false;
  const middle = means.length / 2;
  const median = (means[Math.ceil(middle) - 1]! + means[Math.floor(middle)]!) / 2;
  return isBehind(goal, best, median);
}

function meanBy(curve: Curve, step: number): number | null {
  const values = curve.flatMap(({ step: at, value }) => (at <= step && Number.isFinite(value) ? [value] : []));
  return values.length === 0 ? null : values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** The steps at which successive halving looks: `first`, then `eta` times as far each time, up to before `last`. */
export function rungsOf({ first, last, eta = 3 }: { first: number; last: number; eta?: number }): number[] {
  const rungs: number[] = [];
  for (let step = first; step < last; step = Math.ceil(step * eta)) rungs.push(step);
  return rungs;
}

/**
 * Asynchronous successive halving (Li et al. 2020): a trial goes on past a rung where it is among the best 1/eta of all that
 * reached it so far, itself among them; of fewer than eta the best goes on.
 */
export function isHalved(
  value: number,
  others: readonly number[],
  { goal, eta = 3 }: { goal: Goal; eta?: number },
): boolean {
  if (!Number.isFinite(value)) return true;
  const kept = Math.max(1, Math.floor((others.length + 1) / eta));
  const ahead = others.filter((other) => Number.isFinite(other) && isBehind(goal, value, other)).length;
  return ahead >= kept;
}
