/** What a search may choose: parameters with their ranges, as a point of the unit cube and as values. Pure. */
import { InputError } from "../statistics/inputs.ts";

export type Value = number | string | boolean;

/** Of integers both ends belong to the range; `log` searches alike over factors, and needs a range above 0. */
type Range = { low: number; high: number; scale: "linear" | "log" };
export type Parameter = {
  /** A flat key of the config; under a condition `optimizer=adam/learningRate`, so that two never share an axis. */
  name: string;
  /** It is chosen only where an earlier categorical parameter has one of these values. */
  when?: { name: string; is: readonly Value[] };
} & (({ kind: "float" } & Range) | ({ kind: "integer" } & Range) | { kind: "categorical"; choices: readonly Value[] });
export type Space = readonly Parameter[];

/** A value for each parameter whose condition holds. */
export type Assignment = { [name: string]: Value };

/** A coordinate for each parameter, in [0, 1). */
export type Point = number[];

/** Throws `InputError` that names the parameter, what is wrong with it and what would be right. */
export function requireSpace(space: Space): void {
  if (space.length === 0) throw new InputError("the search space is empty: name a parameter");
  const before = new Map<string, Parameter>();
  for (const parameter of space) {
    const { name, when } = parameter;
    if (before.has(name)) throw new InputError(`${name} stands there twice`);
    if (parameter.kind === "categorical") requireChoices(parameter);
    else requireRange(parameter);
    if (when) requireCondition(name, when, before.get(when.name));
    before.set(name, parameter);
  }
}

function requireChoices({ name, choices }: { name: string; choices: readonly Value[] }): void {
  if (choices.length === 0) throw new InputError(`${name} has no choice`);
  if (new Set(choices).size < choices.length) throw new InputError(`${name} has a choice twice`);
}

function requireRange({ name, kind, low, high, scale }: { name: string; kind: string } & Range): void {
  if (!Number.isFinite(low) || !Number.isFinite(high) || low >= high)
    throw new InputError(`${name} goes from ${low} to ${high}: the first must be below the second`);
  if (kind === "integer" && !(Number.isSafeInteger(low) && Number.isSafeInteger(high)))
    throw new InputError(`${name} is an integer from ${low} to ${high}: both must be integers`);
  if (scale === "log" && low <= 0)
    throw new InputError(`${name} is searched by factors from ${low}: a range above 0 is right`);
  if (!Number.isFinite(scale === "log" ? high / low : high - low))
    throw new InputError(`${name} goes from ${low} to ${high}: too far apart to be searched`);
}

function requireCondition(name: string, when: NonNullable<Parameter["when"]>, above: Parameter | undefined): void {
  if (above?.kind !== "categorical")
    throw new InputError(`${name} hangs on ${when.name}, which is no categorical parameter that stands before it`);
  const stranger = when.is.find((value) => !above.choices.includes(value));
  if (when.is.length === 0 || stranger !== undefined)
    throw new InputError(
      `${name} hangs on ${when.name} being ${JSON.stringify(stranger ?? null)}: one of ${JSON.stringify(above.choices)} is right`,
    );
}

export const isActive = ({ when }: Parameter, values: Assignment): boolean =>
  when === undefined || (Object.hasOwn(values, when.name) && when.is.includes(values[when.name]!));

/** The values at a point. Equal parts of an axis go to the choices of a categorical and to the integers of a linear range. */
export function valuesAt(space: Space, point: readonly number[]): Assignment {
  const values: Assignment = {};
  for (const [axis, parameter] of space.entries())
    if (isActive(parameter, values)) values[parameter.name] = valueAt(parameter, point[axis]!);
  return values;
}

/** The value of a parameter at a coordinate. */
export function valueAt(parameter: Parameter, at: number): Value {
  if (parameter.kind === "categorical")
    return parameter.choices[Math.min(parameter.choices.length - 1, Math.floor(at * parameter.choices.length))]!;
  const { kind, low, high, scale } = parameter;
  // half a step beyond both ends of an integer, so that each has as much of the axis as the others
  const [from, to] = kind === "integer" ? [low - 0.5, high + 0.5] : [low, high];
  const value = scale === "log" ? from * (to / from) ** at : from + at * (to - from);
  const whole = kind === "integer" ? Math.round(value) : value;
  return Math.min(high, Math.max(low, whole));
}

/** The point of values; null on the axis of a parameter that has none. */
export const pointOf = (space: Space, values: Assignment): (number | null)[] =>
  space.map((parameter) =>
    isActive(parameter, values) && Object.hasOwn(values, parameter.name)
      ? coordinateOf(parameter, values[parameter.name]!)
      : null,
  );

/** Where a value lies on its axis, in [0, 1]: 0.5 is the middle of the range, of factors where those are searched. */
export function coordinateOf(parameter: Parameter, value: Value): number {
  if (parameter.kind === "categorical")
    return (parameter.choices.indexOf(value) + 0.5) / Math.max(1, parameter.choices.length);
  const { kind, low, high, scale } = parameter;
  const [from, to] = kind === "integer" ? [low - 0.5, high + 0.5] : [low, high];
  const at =
    scale === "log" ? Math.log(Number(value) / from) / Math.log(to / from) : (Number(value) - from) / (to - from);
  return Math.min(1, Math.max(0, at));
}
