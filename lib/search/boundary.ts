/** Whether the best lies at the edge of what was searched. Pure. */
import type { Goal, Trial } from "./history.ts";
import { ranked } from "./history.ts";
import { coordinateOf, type Parameter } from "./space.ts";

/** Within so much of an end the best is at the edge; so many of the five best within the outer part are, too (RIGOUR P29). */
const EDGE = 0.05;
const OUTER = 0.1;
const BEST = 5;
const BEST_OUTSIDE = 3;

export type Edge = "low" | "high";

/** The edge that a coordinate in [0, 1] lies at; null: none. */
export const edgeAt = (at: number, margin = EDGE): Edge | null =>
  at < margin ? "low" : at > 1 - margin ? "high" : null;

/**
 * The end of a range that should be moved outwards: the best lies within a twentieth of it, or three of the five best within a
 * tenth. Null: neither, or a categorical, which has no ends.
 */
export function crowdedEdge(parameter: Parameter, history: readonly Trial[], goal: Goal): Edge | null {
  if (parameter.kind === "categorical") return null;
  const having = ranked(history, goal).filter(({ values }) => Object.hasOwn(values, parameter.name));
  const best = having.slice(0, BEST).map(({ values }) => coordinateOf(parameter, values[parameter.name]!));
  if (best.length === 0) return null;
  const edges = best.map((at) => edgeAt(at, OUTER));
  const outside = (edge: Edge) => edges.filter((one) => one === edge).length >= BEST_OUTSIDE;
  return edgeAt(best[0]!) ?? (outside("low") ? "low" : outside("high") ? "high" : null);
}
