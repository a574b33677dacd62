/** Metrics that are means over samples, with their intervals. Pure. */
import { skewedInterval } from "../../statistics/intervals/skewed.ts";
import { mean } from "../../statistics/moments.ts";
import { bootstrapMeans, jackknifeMeans, unitSums } from "../../statistics/resampling/means.ts";
import type { Estimate } from "../../wire/evaluations/measured.ts";
import { interval, RESAMPLES, resampledInterval } from "./estimates.ts";

/**
 * Beyond so many units the interval is that of the mean and its standard error, corrected for skewness: what a bootstrap adds
 * is of the order 1/n there, and it would cost 2,000 passes.
 */
export const BOOTSTRAPPED_MAX = 5_000;

type Groups = { of: Int32Array; count: number } | null;

/** One estimate a column of values by sample; whole groups are drawn where there are any. */
export function estimateMeans(columns: Float64Array[], groups: Groups, seed: number): Estimate[] {
  const n = columns[0]?.length ?? 0;
  if (n === 0) return columns.map(() => ({ value: { undefined: "no-sample" }, interval: { undefined: "no-sample" } }));
  const units = groups?.count ?? n;
  if (units < 2) {
    const kind = groups === null ? "one-sample" : "one-group";
    return columns.map((column) => ({ value: mean(column), interval: { undefined: kind } }));
  }
  if (units > BOOTSTRAPPED_MAX) return columns.map((column) => normalEstimate(column, groups));
  const sums = unitSums(columns, groups);
  const replicates = bootstrapMeans(sums, { resamples: RESAMPLES, seed });
  const without = jackknifeMeans(sums);
  return columns.map((column, at) => {
    const value = mean(column);
    return { value, interval: resampledInterval(value, replicates[at]!, { values: without[at]! }) };
  });
}

function normalEstimate(column: Float64Array, groups: Groups): Estimate {
  const value = mean(column);
  const deviations = column.map((one) => one - value);
  return {
    value,
    interval: interval(skewedInterval(value, unitSums([deviations], groups).sums[0]!, column.length), "normal"),
  };
}
