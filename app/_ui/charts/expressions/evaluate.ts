/** From the points of series to those of an expression of them. Pure. */
import type { Split } from "@/lib/wire/base/words.ts";
import type { PointColumns, PointSeries } from "@/lib/wire/points/points.ts";
import { type Expression, type FunctionName, type MetricNode, metricsIn, type Sign, seriesFor } from "./tree.ts";

/** An expression as it was written, and what it says. */
export type NamedExpression = { text: string; tree: Expression };

/** A curve of an expression; NaN where it has no value. */
export type EvaluatedSeries = PointSeries & {
  /** At how many of its steps one of the metrics has no point, and is read on the line between its neighbours. */
  between: number;
};

/**
 * A curve for each run, and for each split where a metric is named without one. It has a value at the steps of the metric
 * that has the fewest points, as far as all of them go: others are read at that step, or on the straight line between
 * their points round it. Of an envelope each pixel's mean is taken. A division by 0, a logarithm or a root of what has none,
 * NaN and infinities give NaN.
 */
export function evaluatePoints(
  expression: Expression,
  text: string,
  points: readonly PointSeries[],
): EvaluatedSeries[] {
  const nodes = metricsIn(expression);
  const runs = [...new Set(points.map(({ run }) => run))];
  return runs.flatMap((run) => {
    const own = points.filter((one) => one.run === run && one.steps.length > 0);
    return splitsOf(nodes, own).flatMap((split) => {
      const inputs = nodes.map((node) => pointsFor(node, split, own));
      if (inputs.some((input) => input === null)) return [];
      return evaluateAligned(expression, inputs as PointSeries[], { run, split, metric: text });
    });
  });
}

/** The splits to be drawn: those of metrics that are named without one. */
function splitsOf(nodes: MetricNode[], own: PointSeries[]): (Split | null)[] {
  const splits = nodes
    .filter(({ split }) => split === "each")
    .flatMap((node) => seriesFor(node, own).flatMap(({ split }) => split ?? []));
  return splits.length === 0 ? [null] : [...new Set(splits)];
}

/** Of every split: that of the curve, else what belongs to none. */
function pointsFor(node: MetricNode, split: Split | null, own: PointSeries[]): PointSeries | null {
  const found = seriesFor(node, own);
  if (node.split !== "each") return found[0] ?? null;
  return found.find((one) => one.split === split) ?? found.find((one) => one.split === null) ?? null;
}

type CurveName = Pick<PointSeries, "run" | "split" | "metric">;

/** `inputs`: in the order of the metrics in the expression. */
function evaluateAligned(expression: Expression, inputs: PointSeries[], name: CurveName): EvaluatedSeries[] {
  const columns = inputs.map((one) => one.means ?? one);
  const sparsest = columns.reduce((least, one) => (one.steps.length < least.steps.length ? one : least));
  const from = Math.max(...columns.map(({ steps }) => steps[0]!));
  const to = Math.min(...columns.map(({ steps }) => steps.at(-1)!));
  const kept = Array.from(sparsest.steps.keys()).filter(
    (at) => sparsest.steps[at]! >= from && sparsest.steps[at]! <= to,
  );
  if (kept.length === 0) return [];
  const steps = Float64Array.from(kept, (at) => sparsest.steps[at]!);
  const read = columns.map((one) => readAt(one, steps));
  const values = valuesOf(expression, { read, next: 0 }, steps.length);
  const isBetween = (at: number) => read.some(({ isOwn }) => isOwn[at] === 0);
  return [
    {
      ...name,
      kind: inputs.some(({ kind }) => kind === "envelope") ? "envelope" : "raw",
      count: steps.length,
      nonFiniteCount: values.reduce((count, value) => count + Number(Number.isNaN(value)), 0),
      overwrittenCount: 0,
      steps,
      times: Float64Array.from(kept, (at) => sparsest.times[at]!),
      values,
      means: null,
      between: kept.filter((_, at) => isBetween(at)).length,
    },
  ];
}

type Read = { values: Float64Array; isOwn: Uint8Array };

/** The steps lie within those that are known. */
function readAt({ steps: known, values }: PointColumns, steps: Float64Array): Read {
  const isOwn = new Uint8Array(steps.length);
  let right = 0;
  const read = steps.map((step, at) => {
    while (known[right]! < step) right++;
    if (known[right] === step) {
      isOwn[at] = 1;
      return values[right]!;
    }
    const share = (step - known[right - 1]!) / (known[right]! - known[right - 1]!);
    return values[right - 1]! + share * (values[right]! - values[right - 1]!);
  });
  return { values: read, isOwn };
}

const operations: Record<Sign, (left: number, right: number) => number> = {
  "+": (left, right) => left + right,
  "−": (left, right) => left - right,
  "×": (left, right) => left * right,
  "÷": (left, right) => left / right,
};
const functions: Record<FunctionName, (...values: number[]) => number> = {
  abs: Math.abs,
  log: Math.log,
  exp: Math.exp,
  sqrt: Math.sqrt,
  min: Math.min,
  max: Math.max,
};

/** What was read of the metrics, in their order; `next` is the first that wasn't met yet. */
type Inputs = { read: Read[]; next: number };

/** The value at each of `length` steps; NaN where a part of it has none, as 1 ÷ (1 ÷ 0) has none. */
function valuesOf(expression: Expression, inputs: Inputs, length: number): Float64Array {
  if (expression.kind === "number") return new Float64Array(length).fill(expression.value);
  if (expression.kind === "metric") return inputs.read[inputs.next++]!.values.map(defined);
  if (expression.kind === "negative") return valuesOf(expression.of, inputs, length).map((value) => -value);
  if (expression.kind === "operation") {
    const left = valuesOf(expression.left, inputs, length);
    const right = valuesOf(expression.right, inputs, length);
    const apply = operations[expression.sign];
    return left.map((value, at) => defined(apply(value, right[at]!)));
  }
  const parts = expression.of.map((part) => valuesOf(part, inputs, length));
  const apply = functions[expression.name];
  return parts[0]!.map((_, at) => defined(apply(...parts.map((part) => part[at]!))));
}

const defined = (value: number): number => (Number.isFinite(value) ? value : Number.NaN);
