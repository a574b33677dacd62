/** Metrics of predicted numbers, with their intervals. Pure. */
import { influenceVariance, normalInterval } from "../../statistics/intervals/influence.ts";
import { medianInterval } from "../../statistics/intervals/median.ts";
import { rankCorrelationInterval } from "../../statistics/intervals/rank-correlation.ts";
import type { Measured as Found, MeasuredOrCounted } from "../../statistics/measured.ts";
import { mean } from "../../statistics/moments.ts";
import { pearson, spearman } from "../../statistics/regression/correlation.ts";
import { regressionErrors } from "../../statistics/regression/errors.ts";
import { explainedVariance, rSquared } from "../../statistics/regression/explained.ts";
import { bootstrapMeans, jackknifeMeans, unitSums } from "../../statistics/resampling/means.ts";
import type { Estimate, MeasuredInterval } from "../../wire/evaluations/measured.ts";
import { ALPHA, interval, measured, RESAMPLES, resampledInterval } from "./estimates.ts";
import { groupsOf, type Regressed } from "./evaluated.ts";
import { BOOTSTRAPPED_MAX, estimateMeans } from "./mean-metrics.ts";

/** Means over samples that all these metrics are functions of. Truth and predictions are taken from their own mean. */
const columns = ["size", "square", "error", "truth", "truthSquare", "predicted", "predictedSquare", "product"] as const;
type Means = Record<(typeof columns)[number], number>;

const spreadOf = (m: Means) => m.truthSquare - m.truth ** 2;
/** NaN where a resample has no variation. */
const ratio = (a: number, b: number) => (b > 0 ? a / b : Number.NaN);

const functions = {
  mae: (m: Means) => m.size,
  mse: (m: Means) => m.square,
  rmse: (m: Means) => Math.sqrt(m.square),
  bias: (m: Means) => m.error,
  "r-squared": (m: Means) => 1 - ratio(m.square, spreadOf(m)),
  "explained-variance": (m: Means) => 1 - ratio(m.square - m.error ** 2, spreadOf(m)),
  pearson: (m: Means) =>
    ratio(m.product - m.truth * m.predicted, Math.sqrt(spreadOf(m) * (m.predictedSquare - m.predicted ** 2))),
};
type FunctionOfMeans = keyof typeof functions;

export type NumberMetric = FunctionOfMeans | "median-absolute-error" | "max-error" | "spearman";

export function estimateNumbers(evaluated: Regressed, seed: number): Record<NumberMetric, Estimate> {
  const { truth, predicted, samples } = evaluated;
  const errors = regressionErrors(truth, predicted);
  const values: Record<NumberMetric, Found | MeasuredOrCounted> = {
    mae: errors.mae,
    mse: errors.mse,
    rmse: errors.rmse,
    "median-absolute-error": errors.medianAe,
    "max-error": errors.maxError,
    bias: errors.bias,
    "r-squared": rSquared(truth, predicted),
    "explained-variance": explainedVariance(truth, predicted),
    pearson: pearson(truth, predicted),
    spearman: spearman(truth, predicted),
  };
  const groups = groupsOf(evaluated);
  const intervals = {
    ...intervalsOfMeans(evaluated, values, seed),
    "median-absolute-error": interval(
      medianInterval(
        truth.map((target, at) => Math.abs(predicted[at]! - target)),
        groups,
        ALPHA,
      ),
      "woodruff",
    ),
    "max-error": { undefined: "extreme" as const },
    // as if each group were one sample: too wide rather than too narrow
    spearman:
      typeof values.spearman === "number"
        ? interval(rankCorrelationInterval(values.spearman, groups?.count ?? samples, ALPHA), "fisher")
        : values.spearman,
  };
  return Object.fromEntries(
    (Object.keys(values) as NumberMetric[]).map((name): [NumberMetric, Estimate] => {
      const value = values[name];
      const found: MeasuredInterval = typeof value === "number" ? intervals[name] : { undefined: value.undefined };
      return [name, { value: measured(value), interval: found }];
    }),
  ) as Record<NumberMetric, Estimate>;
}

type Values = Record<FunctionOfMeans, Found | MeasuredOrCounted>;

function intervalsOfMeans(
  evaluated: Regressed,
  values: Values,
  seed: number,
): Record<FunctionOfMeans, MeasuredInterval> {
  const table = columnsOf(evaluated);
  const groups = groupsOf(evaluated);
  const names = Object.keys(functions) as FunctionOfMeans[];
  const of = (make: (name: FunctionOfMeans) => MeasuredInterval) =>
    Object.fromEntries(names.map((name) => [name, make(name)])) as Record<FunctionOfMeans, MeasuredInterval>;
  const units = groups?.count ?? evaluated.samples;
  if (units < 2) return of(() => ({ undefined: groups === null ? "one-sample" : "one-group" }));
  if (units > BOOTSTRAPPED_MAX) return largeIntervals(table, evaluated, values, of);
  const sums = unitSums(table, groups);
  const replicates = bootstrapMeans(sums, { resamples: RESAMPLES, seed });
  const without = jackknifeMeans(sums);
  const along = (rows: Float64Array[], name: FunctionOfMeans) =>
    Float64Array.from(rows[0]!, (_, at) => functions[name](meansAt(rows, at)));
  return of((name) => resampledInterval(values[name], along(replicates, name), { values: along(without, name) }));
}

function columnsOf({ truth, predicted }: Regressed): Float64Array[] {
  const [truthMean, predictedMean] = [mean(truth), mean(predicted)];
  const errors = truth.map((target, at) => predicted[at]! - target);
  const [y, p] = [truth.map((value) => value - truthMean), predicted.map((value) => value - predictedMean)];
  return [
    errors.map(Math.abs),
    errors.map((error) => error * error),
    errors,
    y,
    y.map((value) => value * value),
    p,
    p.map((value) => value * value),
    y.map((value, at) => value * p[at]!),
  ];
}

const meansAt = (rows: ArrayLike<number>[], at: number): Means =>
  Object.fromEntries(columns.map((name, row) => [name, rows[row]![at]!])) as Means;

/** Means by their standard error and skewness; the others by what each sample moves them. */
function largeIntervals(
  table: Float64Array[],
  evaluated: Regressed,
  values: Values,
  of: (make: (name: FunctionOfMeans) => MeasuredInterval) => Record<FunctionOfMeans, MeasuredInterval>,
): Record<FunctionOfMeans, MeasuredInterval> {
  const groups = groupsOf(evaluated);
  const [mae, mse, bias] = estimateMeans(table.slice(0, 3), groups, 0).map(({ interval }) => interval);
  const rooted = "low" in mse! ? { ...mse, low: Math.sqrt(Math.max(0, mse.low)), high: Math.sqrt(mse.high) } : mse!;
  const plain: Partial<Record<FunctionOfMeans, MeasuredInterval>> = { mae, mse, bias, rmse: rooted };
  return of((name) => {
    const value = values[name];
    const known = plain[name];
    if (known || typeof value !== "number")
      return known ?? { undefined: (value as { undefined: "no-sample" }).undefined };
    const variance = influenceVariance(influencesOf(table, functions[name]), groups);
    return variance > 0 ? interval(normalInterval(value, variance, ALPHA), "normal") : { undefined: "no-variance" };
  });
}

/** The gradient at the means, by small steps, along each sample's distance from them. */
function influencesOf(table: Float64Array[], of: (means: Means) => number): Float64Array {
  const means = table.map(mean);
  const at = (moved: number[]) =>
    of(
      meansAt(
        moved.map((value) => [value]),
        0,
      ),
    );
  const influences = new Float64Array(table[0]!.length);
  for (const [row, column] of table.entries()) {
    const step = 1e-6 * Math.sqrt(mean(column.map((value) => (value - means[row]!) ** 2)));
    if (step === 0) continue;
    const shifted = (by: number) => at(means.map((value, other) => (other === row ? value + by : value)));
    const slope = (shifted(step) - shifted(-step)) / (2 * step);
    for (let sample = 0; sample < column.length; sample++)
      influences[sample]! += slope * (column[sample]! - means[row]!);
  }
  return influences;
}
