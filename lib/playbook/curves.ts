/** What a validation curve says of its run, by the tuning playbook. Pure. Lower is better; turn an accuracy round first. */
import { tTail } from "../statistics/distributions/student-t.ts";
import { InputError } from "../statistics/inputs.ts";

export type CurveSigns = {
  /** Of the first lowest value, from 0, and how far through the run it lies, in (0, 1]. */
  bestIndex: number;
  bestFraction: number;
  /** How far the last value lies above the lowest. */
  overfitGap: number;
  /** Points of the late window: the last fifth, three at least. */
  lateWindow: number;
  /** A line through them: its slope an evaluation, and the spread around it (two degrees of freedom are the line's). */
  lateSlope: number;
  lateSpread: number;
  /** Of the first value within `tolerance` of the lowest. */
  plateauIndex: number;
  /** The best lies in the first tenth: the run was far too long (P49). */
  isTooLong: boolean;
  /** It lies in the last quarter: a longer run would be better. */
  wantsLonger: boolean;
};

const LATE = 0.2;
const LATE_MIN = 3;
const TOO_LONG = 0.1;
const WANTS_LONGER = 0.75;

/** Of finite values at evaluations that are equally far apart, three or more. Throws `InputError`. */
export function readCurve(values: readonly number[], { tolerance }: { tolerance: number }): CurveSigns {
  if (values.length < LATE_MIN || !values.every(Number.isFinite))
    throw new InputError(`a curve of ${values.length} values: ${LATE_MIN} finite ones or more say something`);
  const lowest = Math.min(...values);
  const bestIndex = values.indexOf(lowest);
  const bestFraction = (bestIndex + 1) / values.length;
  const lateWindow = Math.max(LATE_MIN, Math.ceil(LATE * values.length));
  const late = values.slice(-lateWindow);
  return {
    bestIndex,
    bestFraction,
    overfitGap: values.at(-1)! - lowest,
    lateWindow,
    ...lineThrough(late),
    plateauIndex: values.findIndex((value) => value <= lowest + tolerance),
    isTooLong: bestFraction <= TOO_LONG,
    wantsLonger: bestFraction > WANTS_LONGER,
  };
}

const IMPROVES_P = 0.01;
const MORE = 0.25;

/**
 * What a quarter more steps would gain, by the t test of the late slope (P37). Null: it isn't told from standing still, or is
 * no more than `resolution`; null of that: than the late spread. `points`: of the curve.
 */
export function lateGain(
  { lateSlope, lateSpread, lateWindow }: CurveSigns,
  points: number,
  resolution: number | null,
): number | null {
  if (lateSlope >= 0) return null;
  const across = (lateWindow * (lateWindow ** 2 - 1)) / 12;
  const error = lateSpread / Math.sqrt(across);
  const p = error === 0 ? 0 : tTail(-lateSlope / error, lateWindow - 2);
  const gain = -lateSlope * MORE * points;
  return p < IMPROVES_P && gain > (resolution ?? lateSpread) ? gain : null;
}

/** Least squares over 0, 1, 2, … */
function lineThrough(values: readonly number[]): { lateSlope: number; lateSpread: number } {
  const n = values.length;
  const [middle, height] = [(n - 1) / 2, values.reduce((sum, value) => sum + value, 0) / n];
  const across = values.reduce((sum, _, at) => sum + (at - middle) ** 2, 0);
  const lateSlope = values.reduce((sum, value, at) => sum + (at - middle) * (value - height), 0) / across;
  const squares = values.reduce((sum, value, at) => sum + (value - height - lateSlope * (at - middle)) ** 2, 0);
  return { lateSlope, lateSpread: Math.sqrt(squares / (n - 2)) };
}

/**
 * Whether a validation curve comes back with the epoch (P59), which hints at missing shuffling: the autocorrelation of the curve
 * without its line, at one epoch or a step beside it, above 2/√T. Null: there are fewer than two epochs.
 */
export function isPeriodic(values: readonly number[], evaluationsAnEpoch: number): boolean | null {
  const lag = Math.round(evaluationsAnEpoch);
  if (lag < 2 || values.length < 2 * lag + 2) return null;
  const { lateSlope: slope } = lineThrough(values);
  const middle = (values.length - 1) / 2;
  const height = values.reduce((sum, value) => sum + value, 0) / values.length;
  const rest = values.map((value, at) => value - height - slope * (at - middle));
  const whole = rest.reduce((sum, value) => sum + value ** 2, 0);
  if (whole === 0) return false;
  const at = (by: number) => rest.slice(by).reduce((sum, value, index) => sum + value * rest[index]!, 0) / whole;
  return Math.max(at(lag - 1), at(lag), at(lag + 1)) > 2 / Math.sqrt(values.length);
}
