/** The state of the explorer, as the address holds it beside the comparison's own. Pure. */
import type { ScaleChoice } from "./axis-scale.ts";
import type { Brush } from "./brushes.ts";
import type { Towards } from "./columns.ts";

export type ExploreSettings = {
  /** In their order; null: those that were read where nobody chose. */
  axes: string[] | null;
  /** Null: the project's. */
  objective: string | null;
  /** Which way is better where the project doesn't say. */
  better: Towards | null;
  /** Of the scatter plot; null: what suits. */
  x: string | null;
  y: string | null;
  color: string | null;
  size: string | null;
  xBetter: Towards | null;
  yBetter: Towards | null;
  /** Hyperparameters of the contour; null: the two that explain most. */
  across: string | null;
  down: string | null;
  scales: Record<string, ScaleChoice>;
};
export type ExploreView = ExploreSettings & { brushes: Brush[] };

const oneOf = {
  objective: "objective",
  x: "sx",
  y: "sy",
  color: "scolor",
  size: "ssize",
  across: "cx",
  down: "cy",
} as const;
const waysOf = { better: "better", xBetter: "sxbest", yBetter: "sybest" } as const;
const lists = ["axis", "brush", "log", "linear"] as const;

const towards = (text: string | null): Towards | null => (text === "min" || text === "max" ? text : null);

export function readExploreView(query: URLSearchParams): ExploreView {
  const axes = query.getAll("axis");
  const single = (name: string) => query.get(name) || null;
  const scales: ExploreView["scales"] = {};
  for (const choice of ["log", "linear"] as const) for (const name of query.getAll(choice)) scales[name] = choice;
  return {
    axes: axes.length === 0 ? null : [...new Set(axes)],
    brushes: query.getAll("brush").flatMap((text) => readBrush(text) ?? []),
    objective: single(oneOf.objective),
    x: single(oneOf.x),
    y: single(oneOf.y),
    color: single(oneOf.color),
    size: single(oneOf.size),
    across: single(oneOf.across),
    down: single(oneOf.down),
    better: towards(query.get(waysOf.better)),
    xBetter: towards(query.get(waysOf.xBetter)),
    yBetter: towards(query.get(waysOf.yBetter)),
    scales,
  };
}

export function writeExploreView(view: ExploreView, query: URLSearchParams): void {
  for (const name of [...Object.values(oneOf), ...Object.values(waysOf), ...lists]) query.delete(name);
  for (const name of view.axes ?? []) query.append("axis", name);
  for (const brush of view.brushes) query.append("brush", brushText(brush));
  for (const [field, name] of Object.entries({ ...oneOf, ...waysOf })) {
    const value = view[field as keyof typeof oneOf | keyof typeof waysOf];
    if (value !== null) query.set(name, value);
  }
  for (const [column, choice] of Object.entries(view.scales)) query.append(choice, column);
}

/** `["config.lr",0.001,0.1]`, `["config.optimizer",["adam","sgd"]]`. */
const brushText = (brush: Brush): string =>
  JSON.stringify("names" in brush ? [brush.column, brush.names] : [brush.column, brush.from, brush.to]);

/** Null for what is none. */
function readBrush(text: string): Brush | null {
  let read: unknown;
  try {
    read = JSON.parse(text);
  } catch {
    return null;
  }
  if (!Array.isArray(read)) return null;
  const [column, first, last] = read as unknown[];
  if (typeof column !== "string") return null;
  if (typeof first === "number" && typeof last === "number") return { column, from: first, to: last };
  const isNames = Array.isArray(first) && first.every((name) => typeof name === "string");
  return isNames ? { column, names: first as string[] } : null;
}

/** Names of columns that a view needs beside those that are read anyway. */
export const columnsIn = (view: ExploreView): string[] => {
  const { axes, brushes, objective, x, y, color, size, across, down } = view;
  const single = [objective, x, y, color, size, across, down].flatMap((name) => name ?? []);
  return [...new Set([...(axes ?? []), ...brushes.map(({ column }) => column), ...single])];
};
