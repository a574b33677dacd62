/** What the plot of a parameter against the objective shows. Pure. */
import type { FigureTable } from "@/app/_ui/figures/figure.tsx";
import type { Mark, Axis as PlotAxis, Point } from "@/app/_ui/figures/plot.tsx";
import { spanOf, ticksOf } from "@/app/_ui/figures/scale.ts";
import type { Axis } from "@/lib/studies/panels/search/axes.ts";
import type { TrialColumns } from "@/lib/studies/panels/trials.ts";

export type Objective = {
  metric: string;
  direction: "min" | "max";
  /** How far from the best is as good; null: nobody knows. */
  within: number | null;
};

const OUTER = 0.1;
/** Trials of one choice stand beside each other, on so much of its place. */
const SPREAD = 0.5;

type AxisPlot = { x: PlotAxis; y: PlotAxis; marks: Mark[]; points: number; table: FigureTable };

export function axisPlotOf(axis: Axis, columns: TrialColumns, { metric, direction, within }: Objective): AxisPlot {
  const values = columns.values[axis.at]!;
  const there = [...values.keys()].filter((at) => values[at] !== null);
  const counts = there.filter((at) => columns.value[at] !== null && isResult(columns.state[at]!));
  const lost = there.filter((at) => columns.state[at] === "infeasible" || columns.state[at] === "failed");
  const scores = counts.map((at) => columns.value[at]!);
  const y = { ...spanOf(scores, 4), label: metric };
  const best = direction === "min" ? Math.min(...scores) : Math.max(...scores);
  const xOf = placeOf(axis, values);
  const pointsOf = (places: number[]): Point[] => places.map((at) => [xOf(at), columns.value[at]!]);
  const isGood = (at: number) => within !== null && Math.abs(columns.value[at]! - best) <= within;
  const worst = direction === "min" ? y.to : y.from;
  const top = counts.filter((at) => columns.value[at] === best).slice(0, 1);
  return {
    x: xAxisOf(axis),
    y,
    marks: [
      ...edgeMark(axis),
      { kind: "points", points: lost.map((at): Point => [xOf(at), worst]), shape: "cross", color: "var(--failed)" },
      { kind: "points", points: pointsOf(counts.filter((at) => !isGood(at))), opacity: 0.55 },
      { kind: "points", points: pointsOf(counts.filter(isGood)), color: "var(--finished)", radius: 3 },
      { kind: "dots", points: pointsOf(top), color: "var(--text)", radius: 4, titles: ["the best"] },
    ],
    points: counts.length + lost.length,
    table: {
      columns: [axis.name, metric, "trial", "state"],
      rows: there.map((at) => [
        typeof values[at] === "number" ? values[at] : String(values[at]),
        columns.value[at] ?? "",
        columns.number[at]!,
        columns.state[at]!,
      ]),
    },
  };
}

const isResult = (state: TrialColumns["state"][number]): boolean => state === "finished" || state === "stopped";

function placeOf({ scale, choices }: Axis, values: TrialColumns["values"][number]): (at: number) => number {
  if (scale === "log") return (at) => Math.log10(Number(values[at]));
  if (scale === "linear") return (at) => Number(values[at]);
  return (at) => choices.indexOf(values[at]!) + SPREAD * (((at * 0.618) % 1) - 0.5);
}

const LABEL_MAX = 10;

function xAxisOf({ name, scale, low, high, choices }: Axis): PlotAxis {
  if (scale === "choices")
    return {
      from: -0.5,
      to: choices.length - 0.5,
      label: name,
      ticks: choices.length > 8 ? [] : choices.map((_, at) => at),
      format: (at) => String(choices[at]).slice(0, LABEL_MAX),
    };
  if (scale === "linear") return { from: low, to: high, label: name };
  const [from, to] = [Math.log10(low), Math.log10(high)];
  const whole = ticksOf({ from, to }, 5).filter(Number.isInteger);
  return { from, to, label: `${name} (log)`, ticks: whole.length < 2 ? [from, to] : whole, format: powerWords };
}

const powerWords = (log: number): string => {
  const value = Number((10 ** log).toPrecision(2));
  return value >= 1e-3 && value < 1e5 ? String(value) : value.toExponential(0).replace("e+", "e").replace("-", "−");
};

function edgeMark(axis: Axis): Mark[] {
  if (axis.edge === null) return [];
  const { from, to } = xAxisOf(axis);
  const width = OUTER * (to - from);
  const [left, right] = axis.edge === "low" ? [from, from + width] : [to - width, to];
  return [{ kind: "region", from: left, to: right, color: "var(--warning)" }];
}
