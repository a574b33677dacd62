/** What a study plans: its space for the search, its objective, and the config that values make. Pure. */
import { quarantineOf } from "../metrics/add-series.ts";
import { invalid } from "../problem.ts";
import { type Parameter, requireSpace, type Space } from "../search/space.ts";
import { InputError } from "../statistics/inputs.ts";
import type { Config, Json } from "../wire/base/config.ts";
import { seriesKey } from "../wire/points/series-name.ts";
import { parameterName, type StudyAssignment, type StudyParameter } from "../wire/studies/parameters.ts";
import type { Objective, StudyPlan } from "../wire/studies/studies.ts";

/** The parameters as the search has them: each by its `parameterName`. */
export const toSpace = (parameters: readonly StudyParameter[]): Space =>
  parameters.map((parameter): Parameter => {
    const { path: _, role: __, when, ...rest } = parameter;
    const above = when && parameters.find(({ path }) => path === when.path);
    const name = parameterName(parameter);
    return { ...rest, name, ...(when && { when: { name: above ? parameterName(above) : when.path, is: when.is } }) };
  });

/** Throws `invalid` that names what of a plan can't be. */
export function requirePlan(plan: Pick<StudyPlan, "space" | "objective" | "stopping">): void {
  requireObjective(plan.objective);
  if (plan.space.length > 0) requireSearchable(plan.space);
  const { stopping } = plan;
  if (stopping.rule === "halving" && stopping.first >= stopping.last)
    throw invalid(
      "stopping.first",
      `the first look is before the last step, received ${stopping.first} and ${stopping.last}`,
    );
}

/** A test number is no objective: what is tuned by it can't be tested by it. */
export function requireObjective({ split, metric }: Pick<Objective, "split" | "metric">): void {
  if (quarantineOf(seriesKey({ split, metric }), []) === null) return;
  throw invalid(
    "objective.metric",
    `${metric} names a test number, which no study is tuned by; take a metric of validation`,
  );
}

function requireSearchable(parameters: readonly StudyParameter[]): void {
  try {
    requireSpace(toSpace(parameters));
  } catch (error) {
    if (error instanceof InputError) throw invalid("space", error.message);
    throw error;
  }
  const paths = parameters.filter(({ when }) => !when).map(({ path }) => path);
  const inner = paths.find((path) => paths.some((other) => path !== other && path.startsWith(`${other}.`)));
  if (inner !== undefined) throw invalid("space", `${inner} lies within another parameter's path`);
}

/** The config that values make of the base: each is put at its parameter's path. */
export function configOf(base: Config, parameters: readonly StudyParameter[], values: StudyAssignment): Config {
  const config = structuredClone(base);
  for (const parameter of parameters) {
    const value = values[parameterName(parameter)];
    if (value !== undefined) putAt(config, parameter.path, value);
  }
  return config;
}

/** Puts a value at a path with dots; a key that has dots itself, and stands there, is taken as it is. */
function putAt(config: Config, path: string, value: Json): void {
  if (Object.hasOwn(config, path) || !path.includes(".")) {
    config[path] = value;
    return;
  }
  const heads = path.split(".").map((_, at, parts) => parts.slice(0, at + 1).join("."));
  const there = heads.find((head) => isPlain(config[head])) ?? heads[0]!;
  const inner = isPlain(config[there]) ? (config[there] as Config) : {};
  config[there] = inner;
  putAt(inner, path.slice(there.length + 1), value);
}

const isPlain = (value: Json | undefined): boolean =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** Throws `invalid` unless the values are of the space: each active parameter's, within its range, and no others. */
export function requireValues(parameters: readonly StudyParameter[], values: StudyAssignment): void {
  const known = new Map(parameters.map((parameter) => [parameterName(parameter), parameter]));
  for (const [name, value] of Object.entries(values)) {
    const parameter = known.get(name);
    if (!parameter)
      throw invalid(`values.${name}`, `is no parameter of this study, which has ${[...known.keys()].join(", ")}`);
    if (!isWithin(parameter, value))
      throw invalid(`values.${name}`, `expected ${rangeWords(parameter)}, received ${JSON.stringify(value)}`);
  }
  for (const [name, parameter] of known) {
    const isActive = isChosen(parameter, parameters, values);
    if (isActive && !Object.hasOwn(values, name))
      throw invalid(`values.${name}`, `is missing: ${rangeWords(parameter)}`);
    if (!isActive && Object.hasOwn(values, name))
      throw invalid(`values.${name}`, "has no meaning with these values of the others");
  }
}

function isChosen({ when }: StudyParameter, parameters: readonly StudyParameter[], values: StudyAssignment): boolean {
  if (!when) return true;
  const above = parameters.find(({ path }) => path === when.path);
  const value = above && values[parameterName(above)];
  return value !== undefined && when.is.includes(value);
}

function isWithin(parameter: StudyParameter, value: unknown): boolean {
  if (parameter.kind === "categorical") return parameter.choices.includes(value as never);
  const isNumber = parameter.kind === "integer" ? Number.isSafeInteger(value) : typeof value === "number";
  return isNumber && (value as number) >= parameter.low && (value as number) <= parameter.high;
}

const rangeWords = (parameter: StudyParameter): string =>
  parameter.kind === "categorical"
    ? `one of ${JSON.stringify(parameter.choices)}`
    : `${parameter.kind === "integer" ? "an integer" : "a number"} from ${parameter.low} to ${parameter.high}`;
