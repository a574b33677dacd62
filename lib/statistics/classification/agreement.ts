/** How far truth and prediction agree beyond what their shares alone would bring. Pure. */
import { because, type Measured, type MeasuredOrCounted } from "../measured.ts";
import { type Counts, marginsOf } from "./confusion.ts";

const dot = (a: Float64Array, b: Float64Array): number => {
  let sum = 0;
  for (let at = 0; at < a.length; at++) sum += a[at]! * b[at]!;
  return sum;
};

/**
 * Matthews' correlation for any number of classes, R_K (Gorodkin 2004), −1 … 1. Undefined, and counted as 0, where truth
 * or prediction has one class alone.
 */
export function matthews(counts: Counts): MeasuredOrCounted {
  const { rows, columns, total, right } = marginsOf(counts);
  const ofTruth = total * total - dot(rows, rows);
  const ofPrediction = total * total - dot(columns, columns);
  if (total === 0) return { undefined: "no-sample", countsAs: 0 };
  if (ofTruth === 0) return { undefined: "one-true-class", countsAs: 0 };
  if (ofPrediction === 0) return { undefined: "one-predicted-class", countsAs: 0 };
  return (total * right - dot(rows, columns)) / (Math.sqrt(ofTruth) * Math.sqrt(ofPrediction));
}

/** Cohen's κ (1960), at most 1. Undefined where the shares alone already bring full agreement. */
export function cohensKappa(counts: Counts): Measured {
  const { rows, columns, total, right } = marginsOf(counts);
  if (total === 0) return because("no-sample");
  const byChance = dot(rows, columns);
  if (byChance === total * total) return because("one-class-alone");
  return (right * total - byChance) / (total * total - byChance);
}
