/** What a statistic answers where its formula has no value. Pure. */

/** Why there is no value, in words that stand after 'undefined, because'. At most 200 characters. */
export type Undefined = { undefined: string };

/** A number, or why there is none. Never 0 and never blank for want of one. */
export type Measured = number | Undefined;

/**
 * A number, or why there is none, and what a mean over classes counts it as. It is shown as undefined; scikit-learn and
 * others print the number, so a comparison with them takes `counted`.
 */
export type MeasuredOrCounted = number | (Undefined & { countsAs: number });

/** Both ends belong to it; low ≤ high. */
export type Interval = [low: number, high: number];

export type MeasuredInterval = Interval | Undefined;

export const because = (reason: string): Undefined => ({ undefined: reason });

export const isUndefined = (value: Measured | MeasuredInterval): value is Undefined =>
  typeof value === "object" && !Array.isArray(value);

/** The number; or what the convention counts it as. */
export const counted = (value: MeasuredOrCounted): number => (typeof value === "number" ? value : value.countsAs);

/** a ÷ b; where b is 0, undefined for `reason`, and counted as 0. */
export const ratio = (a: number, b: number, reason: string): MeasuredOrCounted =>
  b === 0 ? { undefined: reason, countsAs: 0 } : a / b;
