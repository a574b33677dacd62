/** What a study plans: its space for the search, its objective, and the config that values make. Pure. */
import { quarantineOf } from "../metrics/add-series.ts";
import { invalid } from "../problem.ts";
import { requireSearch } from "../search/ask.ts";
import type { Parameter, Space } from "../search/space.ts";
import { InputError } from "../statistics/inputs.ts";
import { type Config, configSchema, type Json } from "../wire/base/config.ts";
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
export function requirePlan(plan: StudyPlan): void {
  requireObjective(plan.objective);
  if (plan.space.length > 0) requireSearchable(plan);
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

/** What a worker asks for later has to be there: values by the plan's search, and a config of them that can be stored. */
function requireSearchable({ space: parameters, base, search, mode }: StudyPlan): void {
  try {
    // a loop's candidates are handed in
    requireSearch(toSpace(parameters), mode === "loop" ? { method: "random" } : search);
  } catch (error) {
    if (error instanceof InputError) throw invalid("space", error.message);
    throw error;
  }
  const paths = parameters.filter(({ when }) => !when).map(({ path }) => path);
  const inner = paths.find((path) => paths.some((other) => path !== other && path.startsWith(`${other}.`)));
  if (inner !== undefined) throw invalid("space", `${inner} lies within another parameter's path`);
  const values = parameters.map((one) => [parameterName(one), one.kind === "categorical" ? one.choices[0]! : one.low]);
  const made = configSchema.safeParse(configOf(base, parameters, Object.fromEntries(values)));
  if (!made.success) throw invalid("space", `its values make no config: ${made.error.issues[0]!.message}`);
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
  const there = heads.find((head) => objectAt(config, head)) ?? heads[0]!;
  const inner = objectAt(config, there) ?? {};
  config[there] = inner;
  putAt(inner, path.slice(there.length + 1), value);
}

/** The object that stands at a key itself: what every object inherits is nobody's config. */
function objectAt(config: Config, key: string): Config | null {
  const value = Object.hasOwn(config, key) ? config[key] : null;
  return typeof value === "object" && !Array.isArray(value) ? (value ?? null) : null;
}

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
