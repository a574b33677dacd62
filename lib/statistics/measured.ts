/** What a statistic answers where its formula has no value. Pure. */

/** Why there is no value. What people read of it stands in `lib/words`. */
export type UndefinedKind =
  | "no-sample"
  | "one-sample"
  | "too-few-samples"
  // the largest of a sample says nothing of its own spread
  | "extreme"
  | "no-value"
  | "one-value"
  | "no-pair"
  // of classes, and of the two that a score tells apart
  | "class-without-sample"
  | "class-never-predicted"
  | "class-nowhere"
  | "class-alone"
  | "one-class-alone"
  | "one-true-class"
  | "one-predicted-class"
  | "no-positive"
  | "one-positive"
  | "no-negative"
  | "one-negative"
  | "not-separated"
  | "no-best-temperature"
  // of masks
  | "no-pixel"
  | "masks-empty"
  | "no-boundary"
  | "prediction-without-boundary"
  | "truth-without-boundary"
  // of numbers, and of differences
  | "targets-same"
  | "predictions-same"
  | "no-variance"
  | "differences-zero"
  | "differences-same"
  | "no-discordance"
  | "side-empty"
  | "side-below-two"
  | "side-undefined"
  | "one-split"
  // of resamples
  | "no-replicate"
  | "every-resample-undefined"
  | "many-resamples-undefined"
  | "resamples-same"
  | "resamples-one-sided"
  | "no-jackknife"
  | "undefined-without-unit"
  | "unit-changes-nothing"
  | "unit-too-heavy"
  // of recipes and choices
  | "no-repeated-recipe"
  | "one-group"
  | "group-without-spread"
  | "no-candidate"
  | "no-choice"
  | "no-bag";

export type Undefined = { undefined: UndefinedKind };

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

export const because = (reason: UndefinedKind): Undefined => ({ undefined: reason });

export const isUndefined = (value: Measured | MeasuredInterval): value is Undefined =>
  typeof value === "object" && !Array.isArray(value);

/** The number; or what the convention counts it as. */
export const counted = (value: MeasuredOrCounted): number => (typeof value === "number" ? value : value.countsAs);

/** a ÷ b; where b is 0, undefined for `reason`, and counted as 0. */
export const ratio = (a: number, b: number, reason: UndefinedKind): MeasuredOrCounted =>
  b === 0 ? { undefined: reason, countsAs: 0 } : a / b;
