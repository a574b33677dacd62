/** Every combination of evenly spaced values. Pure. */
import { InputError } from "../statistics/inputs.ts";
import { type Assignment, isActive, type Parameter, type Space, valuesAt } from "./space.ts";

const POINTS_MAX = 100_000;

/**
 * The combinations in order, the last parameter turning first; conditions that don't hold make no copies. `steps`: values of
 * each range, both ends among them; a categorical has all its choices, an integer no more than it has values.
 */
export function gridOf(space: Space, steps: number): Assignment[] {
  if (!Number.isInteger(steps) || steps < 2) throw new InputError(`${steps} values a range: from 2 on is right`);
  let points: { point: number[]; values: Assignment }[] = [{ point: [], values: {} }];
  for (const parameter of space) {
    points = points.flatMap(({ point, values }) =>
      (isActive(parameter, values) ? coordinatesOf(parameter, steps) : [0]).map((at) => {
        const next = [...point, at];
        return { point: next, values: valuesAt(space.slice(0, next.length), next) };
      }),
    );
    if (points.length > POINTS_MAX)
      throw new InputError(`a grid of more than ${POINTS_MAX} trials: search at random, or fewer values`);
  }
  return points.map(({ values }) => values);
}

function coordinatesOf(parameter: Parameter, steps: number): number[] {
  if (parameter.kind === "categorical") return evenly(parameter.choices.length);
  const { kind, low, high } = parameter;
  if (kind === "integer" && high - low + 1 <= steps) return evenly(high - low + 1);
  return Array.from({ length: steps }, (_, step) => step / (steps - 1));
}

/** The middles of equal parts. */
const evenly = (parts: number): number[] => Array.from({ length: parts }, (_, part) => (part + 0.5) / parts);
