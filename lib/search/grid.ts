/** Every combination of evenly spaced values. Pure. */
import { InputError } from "../statistics/inputs.ts";
import { type Assignment, isActive, type Parameter, type Space, valueAt } from "./space.ts";

const POINTS_MAX = 100_000;

/**
 * The combination of that number, from 0, the last parameter turning first; null: there are no so many. Conditions that don't
 * hold make no copies. `steps`: values of each range, both ends among them; a categorical has all its choices, an integer no
 * more than it has values.
 */
export function gridAt(space: Space, steps: number, index: number): Assignment | null {
  let [at, found] = [0, null as Assignment | null];
  visit(space, steps, (values) => {
    if (at++ < index) return true;
    const names = space.map(({ name }) => name).filter((name) => Object.hasOwn(values, name));
    found = Object.fromEntries(names.map((name) => [name, values[name]!]));
    return false;
  });
  return found;
}

/** How many combinations there are. Throws `InputError` beyond 100,000: counted, not made, as they may be 100 to the 50th. */
export function gridSize(space: Space, steps: number): number {
  let size = 0;
  visit(space, steps, () => ++size <= POINTS_MAX);
  if (size > POINTS_MAX)
    throw new InputError(`a grid of more than ${POINTS_MAX} trials: search at random, or fewer values`);
  return size;
}

/** Goes through the combinations, one at a time in memory, until `next` is false. */
function visit(space: Space, steps: number, next: (values: Readonly<Assignment>) => boolean): void {
  if (!Number.isInteger(steps) || steps < 2) throw new InputError(`${steps} values a range: from 2 on is right`);
  const axes = space.map((parameter) => coordinatesOf(parameter, steps).map((at) => valueAt(parameter, at)));
  const values: Assignment = {};
  const visitFrom = (axis: number): boolean => {
    const parameter = space[axis];
    if (!parameter) return next(values);
    if (isActive(parameter, values))
      return axes[axis]!.every((value) => {
        values[parameter.name] = value;
        return visitFrom(axis + 1);
      });
    // of another branch
    delete values[parameter.name];
    return visitFrom(axis + 1);
  };
  visitFrom(0);
}

function coordinatesOf(parameter: Parameter, steps: number): number[] {
  if (parameter.kind === "categorical") return evenly(parameter.choices.length);
  const { kind, low, high } = parameter;
  if (kind === "integer" && high - low + 1 <= steps) return evenly(high - low + 1);
  return Array.from({ length: steps }, (_, step) => step / (steps - 1));
}

/** The middles of equal parts. */
const evenly = (parts: number): number[] => Array.from({ length: parts }, (_, part) => (part + 0.5) / parts);
