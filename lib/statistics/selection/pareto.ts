/** The runs that no other beats in everything. Pure. */
import { refuseSetting, refuseUnequalLengths } from "../inputs.ts";

export type Towards = "min" | "max";

/**
 * The places of the points that no other dominates, ascending. A point dominates another where it is no worse in every
 * objective and better in one (as Optuna's `Study.best_trials` has it), so equal points stand there together. A point
 * with a value that isn't finite neither dominates nor stands there. `objectives`: a column each, with its direction.
 */
export function paretoFront(objectives: readonly { values: ArrayLike<number>; towards: Towards }[]): number[] {
  refuseSetting(objectives.length > 0, "a Pareto front takes at least one objective");
  const n = objectives[0]!.values.length;
  for (const { values } of objectives) refuseUnequalLengths(values, objectives[0]!.values, "objectives");
  const costs = Array.from({ length: n }, (_, at) =>
    objectives.map(({ values, towards }) => (towards === "min" ? values[at]! : -values[at]!)),
  );
  // whatever dominates a point comes before it in this order
  const order = [...costs.keys()].filter((at) => costs[at]!.every(Number.isFinite)).sort(byCosts(costs));
  const front: number[] = [];
  for (const at of order) if (!front.some((other) => dominates(costs[other]!, costs[at]!))) front.push(at);
  return front.sort((a, b) => a - b);
}

const byCosts =
  (costs: number[][]) =>
  (a: number, b: number): number => {
    const differing = costs[a]!.findIndex((cost, at) => cost !== costs[b]![at]);
    return differing < 0 ? a - b : costs[a]![differing]! - costs[b]![differing]!;
  };

const dominates = (a: readonly number[], b: readonly number[]): boolean =>
  a.every((cost, at) => cost <= b[at]!) && a.some((cost, at) => cost < b[at]!);
