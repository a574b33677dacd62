/** An expression of metrics, and how it is written. Pure. */
import type { Split } from "@/lib/wire/base/words.ts";
import { type SeriesName, seriesWords } from "@/lib/wire/points/series-name.ts";

/** A split of `each`: the expression is drawn for every split that the metric has. */
export type MetricNode = { kind: "metric"; split: Split | null | "each"; metric: string };
export type Sign = "+" | "−" | "×" | "÷";
export const functionNames = ["abs", "log", "exp", "sqrt", "min", "max"] as const;
export type FunctionName = (typeof functionNames)[number];

export type Expression =
  | { kind: "number"; value: number }
  | MetricNode
  | { kind: "negative"; of: Expression }
  | { kind: "operation"; sign: Sign; left: Expression; right: Expression }
  | { kind: "call"; name: FunctionName; of: Expression[] };

/** Every metric that an expression names, in its order; some stand there twice. */
export function metricsIn(expression: Expression): MetricNode[] {
  if (expression.kind === "metric") return [expression];
  if (expression.kind === "number") return [];
  if (expression.kind === "operation") return [...metricsIn(expression.left), ...metricsIn(expression.right)];
  return [expression.of].flat().flatMap(metricsIn);
}

/** The series that a metric of an expression may stand for. */
export const seriesFor = <Name extends SeriesName>({ split, metric }: MetricNode, known: readonly Name[]): Name[] =>
  known.filter((one) => one.metric === metric && (split === "each" || one.split === split));

const strength: Record<Sign, number> = { "+": 1, "−": 1, "×": 2, "÷": 2 };

/** In as few parentheses as say the same; names stand in quotes. */
export function printExpression(expression: Expression): string {
  switch (expression.kind) {
    case "number":
      return String(expression.value);
    case "metric": {
      const { split, metric } = expression;
      const name = split === "each" ? metric : split === null ? `-/${metric}` : seriesWords({ split, metric });
      return `"${name.replace(/["\\]/g, "\\$&")}"`;
    }
    case "negative":
      return `−${within(expression.of, 3)}`;
    case "call":
      return `${expression.name}(${expression.of.map(printExpression).join(", ")})`;
    case "operation": {
      const { sign, left, right } = expression;
      // a − (b − c) isn't a − b − c
      return `${within(left, strength[sign])} ${sign} ${within(right, strength[sign] + 1)}`;
    }
  }
}

function within(part: Expression, least: number): string {
  const own = part.kind === "operation" ? strength[part.sign] : part.kind === "negative" ? 3 : 4;
  return own < least ? `(${printExpression(part)})` : printExpression(part);
}
