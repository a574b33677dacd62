/** What the tuning playbook says of a plan, before anything is trained. Pure: the form asks it at each letter. */
import type { Config } from "../wire/base/config.ts";
import { isAdaptive, type StudyParameter, type StudyValue } from "../wire/studies/parameters.ts";
import type { StudyPlan } from "../wire/studies/studies.ts";
import type { GateItem, PlanWarning } from "../wire/studies/warnings.ts";
import { type Category, categoryOf, leavesOf } from "./categories.ts";

/** What is looked at; `metric` is empty while nobody has named one. */
export type WarnedPlan = Pick<StudyPlan, "base" | "space" | "mode" | "search" | "trialsBudget" | "manifest"> & {
  objective: { metric: string; split: string; direction: string };
};

/** `parentBase`: the config that the parent study chose; null: there is no parent, or it chose nothing. */
export type PlanContext = { parentBase: Config | null };

/** Below ten trials two of the optimizer's are enough (P5); of Adam's settings see P72. */
const FEW_TRIALS = 10;
const SETTINGS_MAX = 2;
/** Adam by budget: up from here beta1, epsilon too, and "well above 25" is taken as twice that (P72). */
const ADAM_BETA1 = 10;
const ADAM_EPSILON = 25;
const ADAM_BETA2 = 50;
/** Fewer say nothing of a value but luck; below two different values an axis isn't searched (P27, proposed here). */
const PER_VALUE_MIN = 5;
const PER_AXIS_MIN = 2;
const GRID_DIMENSIONS_MAX = 2;

/** The warnings of a plan, the gravest kind first. */
export function planWarnings(plan: WarnedPlan, { parentBase }: PlanContext): PlanWarning[] {
  const of = parametersBy(plan.space);
  return [
    ...gate(plan),
    ...batch(plan, of),
    ...of("length").map(({ path }): PlanWarning => ({ kind: "length-searched", parameter: path })),
    ...fixedRate(plan, of),
    ...fixedDecay(plan, of),
    ...optimizerSettings(plan, of),
    ...adamSettings(plan, of),
    ...manyScientific(plan),
    ...density(plan),
    ...search(plan),
    ...parentsBatch(plan, parentBase),
    ...accumulation(plan, of),
  ];
}

type ParametersOf = (...wanted: Category[]) => StudyParameter[];

const parametersBy =
  (space: readonly StudyParameter[]): ParametersOf =>
  (...wanted) =>
    space.filter(({ path }) => wanted.includes(categoryOf(path)));

const pathsOf = (parameters: readonly StudyParameter[]): string[] => [...new Set(parameters.map(({ path }) => path))];
const isScientific = ({ role }: StudyParameter): boolean => role === "scientific";

/** Which of what P1 asks for stands there. */
export function gateOf({ objective, manifest }: Pick<WarnedPlan, "objective" | "manifest">): Record<GateItem, boolean> {
  return {
    metric: objective.metric.trim() !== "",
    direction: objective.direction === "min" || objective.direction === "max",
    split: objective.split === "train" || objective.split === "validation",
    manifest: manifest !== null,
  };
}

function gate(plan: WarnedPlan): PlanWarning[] {
  const there = gateOf(plan);
  const missing = (Object.keys(there) as GateItem[]).filter((item) => !there[item]);
  return [
    ...(missing.length > 0 ? [{ kind: "gate", missing } as const] : []),
    ...(plan.space.length === 0 && plan.mode !== "loop" ? [{ kind: "nothing-searched" } as const] : []),
  ];
}

/** A batch size is chosen by throughput: by validation alone where each has its own learning rate (P6, D1). */
function batch({ objective }: WarnedPlan, of: ParametersOf): PlanWarning[] {
  const [size] = of("batch-size");
  if (!size || objective.split !== "validation" || of("learning-rate").length > 0) return [];
  return [{ kind: "batch-for-validation", parameter: size.path, metric: objective.metric }];
}

/** Each architecture, optimizer and batch size has a learning rate of its own (P24). */
function fixedRate(_: WarnedPlan, of: ParametersOf): PlanWarning[] {
  const scientific = of("architecture", "model-size", "optimizer", "batch-size").filter(isScientific);
  if (scientific.length === 0) return [];
  const rates = of("learning-rate");
  const uncovered = rates.length === 0 ? [] : scientific.flatMap((one) => uncoveredBy(one, rates));
  if (rates.length > 0 && uncovered.length === 0) return [];
  return [{ kind: "rate-fixed", scientific: pathsOf(scientific), uncovered }];
}

/** The choices of a parameter under which none of `others` is chosen. */
function uncoveredBy(parameter: StudyParameter, others: readonly StudyParameter[]): string[] {
  if (parameter.kind !== "categorical") return [];
  const isCovered = (choice: StudyValue) =>
    others.some(({ when }) => !when || when.path !== parameter.path || when.is.includes(choice));
  return parameter.choices.filter((choice) => !isCovered(choice)).map(String);
}

/** A larger model wants another weight decay (P24); without one in the config there is nothing to tune. */
function fixedDecay({ base }: WarnedPlan, of: ParametersOf): PlanWarning[] {
  const scientific = of("model-size").filter(isScientific);
  const isThere = leavesOf(base).some(({ path, value }) => categoryOf(path) === "weight-decay" && value !== 0);
  if (scientific.length === 0 || !isThere || of("weight-decay").length > 0) return [];
  return [{ kind: "decay-fixed", scientific: pathsOf(scientific) }];
}

function optimizerSettings({ trialsBudget: trials }: WarnedPlan, of: ParametersOf): PlanWarning[] {
  const parameters = pathsOf(of("learning-rate", "optimizer-setting", "weight-decay"));
  if (trials >= FEW_TRIALS || parameters.length <= SETTINGS_MAX) return [];
  return [{ kind: "many-optimizer-settings", parameters, trials }];
}

const adamOrder: [name: string, word: RegExp, from: number][] = [
  ["beta1", /beta_?1$/i, ADAM_BETA1],
  ["epsilon", /eps(ilon)?$/i, ADAM_EPSILON],
  ["beta2", /beta_?2$/i, ADAM_BETA2],
];

function adamSettings({ base, space, trialsBudget: trials }: WarnedPlan, of: ParametersOf): PlanWarning[] {
  const isAdam = (value: StudyValue) => /adam/i.test(String(value));
  const chosen = space.flatMap((one) =>
    one.kind === "categorical" && categoryOf(one.path) === "optimizer" ? one.choices : [],
  );
  const fixed = leavesOf(base).flatMap(({ path, value }) => (categoryOf(path) === "optimizer" ? [value] : []));
  if (!(chosen.length > 0 ? chosen : fixed).some(isAdam)) return [];
  const tuned = of("optimizer-setting").filter(({ when }) => !when || when.is.some(isAdam));
  const beyond = tuned.filter(({ path }) => adamOrder.some(([, word, from]) => word.test(path) && trials < from));
  const allowed = adamOrder.flatMap(([name, , from]) => (trials >= from ? [name] : []));
  return beyond.length === 0 ? [] : [{ kind: "adam-settings", beyond: pathsOf(beyond), allowed, trials }];
}

function manyScientific({ space, search: { method } }: WarnedPlan): PlanWarning[] {
  const parameters = pathsOf(space.filter(isScientific));
  // a grid tries each of one with each of the other
  return parameters.length > 1 && method !== "grid" ? [{ kind: "many-scientific", parameters }] : [];
}

export type Gauges = {
  trials: number;
  /** Values that the study asks about; null: none is named, or one of them is a range. */
  values: number | null;
  perValue: number | null;
  /** Axes that are tuned for each of them. */
  dimensions: number;
  /** N^(1/d): different values of each axis; null: no axis. */
  perAxis: number | null;
};

/** How densely a budget fills what is searched (P27). */
export function gaugesOf({ space, trialsBudget: trials }: Pick<WarnedPlan, "space" | "trialsBudget">): Gauges {
  const scientific = space.filter(isScientific);
  const counts = scientific.map((one) => (one.kind === "categorical" ? one.choices.length : null));
  const isCounted = counts.length > 0 && counts.every((count) => count !== null);
  const values = isCounted ? counts.reduce<number>((product, count) => product * count!, 1) : null;
  // ranges are axes; of those that hang on a condition only those under one value are searched at once
  const axes = space.filter(({ kind, role }) => role === "nuisance" || kind !== "categorical");
  const dimensions = new Set(axes.map(({ path }) => path)).size;
  const perValue = values === null ? null : trials / values;
  return {
    trials,
    values,
    perValue,
    dimensions,
    perAxis: dimensions === 0 ? null : (perValue ?? trials) ** (1 / dimensions),
  };
}

function density(plan: WarnedPlan): PlanWarning[] {
  const { trials, values, perValue, dimensions, perAxis } = gaugesOf(plan);
  const isFilled = plan.search.method === "grid";
  const few = values !== null && perValue! < PER_VALUE_MIN && dimensions > 0;
  const thin = perAxis !== null && perAxis < PER_AXIS_MIN && !isFilled;
  return [
    ...(few ? [{ kind: "few-a-value", trials, values, perValue: perValue! } as const] : []),
    ...(thin ? [{ kind: "few-an-axis", trials, dimensions, perAxis } as const] : []),
  ];
}

function search({ space, mode, search: { method, steps }, trialsBudget: trials }: WarnedPlan): PlanWarning[] {
  const dimensions = new Set(space.map(({ path }) => path)).size;
  if (method === "grid" && dimensions > GRID_DIMENSIONS_MAX) {
    const sizes = space.map((one) => (one.kind === "categorical" ? one.choices.length : steps));
    const points = space.some(({ when }) => when) ? null : sizes.reduce((product, size) => product * size, 1);
    return [{ kind: "grid-of-many", dimensions, points, trials }];
  }
  if (mode !== "explore" || (method !== "random" && !isAdaptive(method))) return [];
  return [{ kind: "random-while-exploring", method }];
}

/** What was tuned for a batch size, and belongs to it (P15). */
const ofBatch: Category[] = [
  "learning-rate",
  "optimizer-setting",
  "weight-decay",
  "regulariser-strength",
  "schedule",
  "length",
];

function parentsBatch({ base, space }: WarnedPlan, parentBase: Config | null): PlanWarning[] {
  const [from, to] = [parentBase && batchOf(parentBase), batchOf(base)];
  if (from === null || to === null || from === to) return [];
  const searched = new Set(space.map(({ path }) => path));
  const retune = leavesOf(base)
    .map(({ path }) => path)
    .filter((path) => ofBatch.includes(categoryOf(path)) && !searched.has(path));
  return [{ kind: "batch-of-parent", from, to, isMore: to > from, retune }];
}

function batchOf(config: Config): number | null {
  const found = leavesOf(config).find(({ path }) => categoryOf(path) === "batch-size")?.value;
  return typeof found === "number" ? found : null;
}

function accumulation({ base }: WarnedPlan, of: ParametersOf): PlanWarning[] {
  const [searched] = of("accumulation");
  if (searched) return [{ kind: "accumulation", key: searched.path, steps: null }];
  const fixed = leavesOf(base).find(({ path }) => categoryOf(path) === "accumulation");
  return typeof fixed?.value === "number" && fixed.value > 1
    ? [{ kind: "accumulation", key: fixed.path, steps: fixed.value }]
    : [];
}
