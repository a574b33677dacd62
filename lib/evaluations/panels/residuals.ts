/** What pattern the errors of numbers have. Pure. */
import { normalQuantile } from "../../statistics/distributions/normal.ts";
import { ascending, mean, quantile, standardDeviation } from "../../statistics/moments.ts";
import { orderOf } from "../../statistics/order.ts";
import { seedOf } from "../../statistics/resampling/random.ts";
import type { Residuals } from "../../wire/evaluations/residuals.ts";
import { groupsAmong, groupsOf, type Regressed } from "../measures/evaluated.ts";
import { estimateMeans } from "../measures/mean-metrics.ts";
import { panelOf } from "./panel.ts";

const MARKS_MAX = 400;
/** A grid of 20 × 20 has as many cells as there may be marks. */
const GRID = 20;
const QUANTILES_MAX = 200;
const RANGES = 10;

export const residuals = panelOf({
  name: "residuals",
  needs: ["regression"],
  make: (evaluated, { seed }): Residuals => {
    const { truth, predicted, samples } = evaluated;
    const errors = truth.map((target, at) => predicted[at]! - target);
    const few = samples < 2;
    return {
      ...marksOf(predicted, errors),
      quantiles: quantilesOf(errors),
      mean: samples === 0 ? { undefined: "no-sample" } : mean(errors),
      sd: few ? { undefined: samples === 0 ? "no-sample" : "one-sample" } : standardDeviation(errors),
      ranges: rangesOf(evaluated, errors, seedOf(seed, "ranges")),
    };
  },
});

function marksOf(predicted: Float64Array, errors: Float64Array): Pick<Residuals, "marks" | "binned"> {
  if (predicted.length <= MARKS_MAX)
    return {
      marks: { predicted: [...predicted], residual: [...errors], samples: new Array(predicted.length).fill(1) },
      binned: false,
    };
  const [column, row] = [placesIn(predicted), placesIn(errors)];
  const sums = { predicted: new Float64Array(GRID ** 2), residual: new Float64Array(GRID ** 2) };
  const counts = new Float64Array(GRID ** 2);
  for (let at = 0; at < predicted.length; at++) {
    const cell = row(errors[at]!) * GRID + column(predicted[at]!);
    sums.predicted[cell]! += predicted[at]!;
    sums.residual[cell]! += errors[at]!;
    counts[cell]!++;
  }
  const held = [...counts.keys()].filter((cell) => counts[cell]! > 0);
  return {
    marks: {
      predicted: held.map((cell) => sums.predicted[cell]! / counts[cell]!),
      residual: held.map((cell) => sums.residual[cell]! / counts[cell]!),
      samples: held.map((cell) => counts[cell]!),
    },
    binned: true,
  };
}

/** In which of the grid's lines of equal width a value lies. */
function placesIn(values: Float64Array): (value: number) => number {
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const value of values) {
    if (value < low) low = value;
    if (value > high) high = value;
  }
  return (value) => (high === low ? 0 : Math.min(GRID - 1, Math.floor(((value - low) / (high - low)) * GRID)));
}

/** At the middles of equal shares (Hazen 1914), of all residuals or of 200 of their quantiles. */
function quantilesOf(errors: Float64Array): Residuals["quantiles"] {
  const sd = errors.length < 2 ? 0 : standardDeviation(errors);
  if (sd === 0) return { normal: [], residual: [] };
  const count = Math.min(errors.length, QUANTILES_MAX);
  const sorted = ascending(errors);
  const centre = mean(errors);
  const shares = Array.from({ length: count }, (_, at) => (at + 0.5) / count);
  return {
    normal: shares.map((share) => centre + sd * normalQuantile(share)),
    residual: count === errors.length ? [...sorted] : shares.map((share) => quantile(sorted, share)),
  };
}

/** Equal targets stay together, so that a range may hold more than its part. */
function rangesOf(evaluated: Regressed, errors: Float64Array, seed: number): Residuals["ranges"] {
  const { truth, samples } = evaluated;
  const groups = groupsOf(evaluated);
  const order = orderOf(truth);
  const ranges: Residuals["ranges"] = [];
  for (let start = 0, part = 1; start < samples; part++) {
    let end = Math.max(start + 1, Math.round((part * samples) / RANGES));
    while (end < samples && truth[order[end]!] === truth[order[end - 1]!]) end++;
    const members = order.subarray(start, end);
    const own = Float64Array.from(members, (at) => errors[at]!);
    const units = groupsAmong(members, groups);
    const [mae, bias] = estimateMeans([own.map(Math.abs), own], units, seedOf(seed, String(part)));
    const from = start === 0 ? truth[order[0]!]! : truth[order[start - 1]!]!;
    ranges.push({ from, to: truth[order[end - 1]!]!, samples: end - start, mae: mae!, bias: bias! });
    start = end;
  }
  return ranges;
}
