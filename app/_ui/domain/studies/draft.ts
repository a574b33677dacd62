/** A study's plan as it is typed: numbers are text until they are sent. Pure. */
import { type Leaf, leavesOf, suggestParameter } from "@/lib/studies/categories.ts";
import type { WarnedPlan } from "@/lib/studies/warnings.ts";
import type { Config } from "@/lib/wire/base/config.ts";
import type {
  ParameterRole,
  StudyParameter,
  StudySearch,
  StudyStopping,
  StudyValue,
} from "@/lib/wire/studies/parameters.ts";
import type { StudyPlan } from "@/lib/wire/studies/studies.ts";

export type ParameterDraft = {
  /** Tells it from the others while it is written. */
  key: number;
  path: string;
  role: ParameterRole;
  kind: StudyParameter["kind"];
  low: string;
  high: string;
  scale: "linear" | "log";
  choices: string;
  /** Empty: it is always chosen. */
  whenPath: string;
  whenIs: string;
};

export type Draft = Pick<StudyPlan, "title" | "question" | "hypothesis" | "stage" | "mode" | "parent"> & {
  manifest: string;
  /** JSON. */
  base: string;
  split: "train" | "validation";
  metric: string;
  direction: "min" | "max";
  parameters: ParameterDraft[];
  method: StudySearch["method"];
  seed: string;
  gridSteps: string;
  stopping: StudyStopping["rule"];
  warmUp: string;
  trialsMin: string;
  first: string;
  last: string;
  eta: string;
  trialsBudget: string;
  stepsBudget: string;
  replicates: string;
  smallestDifference: string;
  labels: string;
  memoryGib: string;
  priority: string;
};

const text = (value: number | null): string => (value === null ? "" : String(value));
/** NaN where it is none, which the server names. */
const number = (typed: string): number => (typed.trim() === "" ? Number.NaN : Number(typed));
const numberOrNull = (typed: string): number | null => (typed.trim() === "" ? null : Number(typed));

export function draftOf(plan: StudyPlan): Draft {
  const { stopping, search, objective } = plan;
  const [median, halving] = [stopping.rule === "median" && stopping, stopping.rule === "halving" && stopping];
  return {
    title: plan.title,
    question: plan.question,
    hypothesis: plan.hypothesis,
    stage: plan.stage,
    mode: plan.mode,
    parent: plan.parent,
    manifest: plan.manifest ?? "",
    base: JSON.stringify(plan.base, null, 2),
    ...objective,
    parameters: plan.space.map(parameterDraft),
    method: search.method,
    seed: text(search.seed),
    gridSteps: text(search.steps),
    stopping: stopping.rule,
    warmUp: median ? text(median.warmUp) : "0",
    trialsMin: median ? text(median.trialsMin) : "5",
    first: halving ? text(halving.first) : "",
    last: halving ? text(halving.last) : "",
    eta: halving ? text(halving.eta) : "3",
    trialsBudget: text(plan.trialsBudget),
    stepsBudget: text(plan.stepsBudget),
    replicates: text(plan.replicates),
    smallestDifference: text(plan.smallestDifference),
    labels: plan.labels.join(", "),
    memoryGib: text(plan.memoryGib),
    priority: text(plan.priority),
  };
}

let made = 0;

export function parameterDraft(parameter: StudyParameter): ParameterDraft {
  const isRange = parameter.kind !== "categorical";
  made += 1;
  return {
    key: made,
    path: parameter.path,
    role: parameter.role,
    kind: parameter.kind,
    low: isRange ? String(parameter.low) : "",
    high: isRange ? String(parameter.high) : "",
    scale: isRange ? parameter.scale : "linear",
    choices: isRange ? "" : parameter.choices.map(choiceText).join(", "),
    whenPath: parameter.when?.path ?? "",
    whenIs: parameter.when?.is.map(choiceText).join(", ") ?? "",
  };
}

/** A parameter for a key of the base, as the playbook suggests it. */
export const suggestedDraft = (leaf: Leaf): ParameterDraft => parameterDraft(suggestParameter(leaf));

/** Text that would be read as a number or a truth is quoted. */
const choiceText = (value: StudyValue): string =>
  typeof value === "string" && (typeof choiceOf(value) !== "string" || value.includes(","))
    ? JSON.stringify(value)
    : String(value);

/** `true`, a number, `"text"` or text. */
function choiceOf(typed: string): StudyValue {
  if (typed === "true" || typed === "false") return typed === "true";
  if (typed !== "" && Number.isFinite(Number(typed))) return Number(typed);
  return /^".*"$/.test(typed) ? typed.slice(1, -1) : typed;
}

const choicesOf = (typed: string): StudyValue[] =>
  [...typed.matchAll(/\s*("[^"]*"|[^,]+)\s*(?:,|$)/g)]
    .map(([, one]) => choiceOf(one!.trim()))
    .filter((one) => one !== "");

export function parameterOf(draft: ParameterDraft): StudyParameter {
  const { path, role, kind, scale } = draft;
  const when = draft.whenPath === "" ? {} : { when: { path: draft.whenPath, is: choicesOf(draft.whenIs) } };
  if (kind === "categorical") return { kind, path, role, ...when, choices: choicesOf(draft.choices) };
  return { kind, path, role, ...when, low: number(draft.low), high: number(draft.high), scale };
}

/** The base, or why the text is none. */
export function baseOf(typed: string): { base: Config; fault: string | null } {
  try {
    const base: unknown = JSON.parse(typed.trim() === "" ? "{}" : typed);
    if (typeof base === "object" && base !== null && !Array.isArray(base)) return { base: base as Config, fault: null };
    return { base: {}, fault: 'expected an object, as in {"optimizer": {"name": "adam"}}' };
  } catch (error) {
    return { base: {}, fault: `is no JSON: ${error instanceof Error ? error.message : "it can't be read"}` };
  }
}

function stoppingOf(draft: Draft): StudyStopping {
  if (draft.stopping === "median")
    return { rule: "median", warmUp: number(draft.warmUp), trialsMin: number(draft.trialsMin) };
  if (draft.stopping === "halving")
    return { rule: "halving", first: number(draft.first), last: number(draft.last), eta: number(draft.eta) };
  return { rule: "none" };
}

export function planOfDraft(draft: Draft): StudyPlan {
  return {
    title: draft.title,
    question: draft.question,
    hypothesis: draft.hypothesis,
    stage: draft.stage,
    mode: draft.mode,
    parent: draft.parent,
    manifest: draft.manifest || null,
    base: baseOf(draft.base).base,
    space: draft.parameters.map(parameterOf),
    objective: { metric: draft.metric, split: draft.split, direction: draft.direction },
    search: { method: draft.method, seed: number(draft.seed), steps: number(draft.gridSteps) },
    stopping: stoppingOf(draft),
    trialsBudget: number(draft.trialsBudget),
    stepsBudget: numberOrNull(draft.stepsBudget),
    replicates: number(draft.replicates),
    smallestDifference: numberOrNull(draft.smallestDifference),
    labels: draft.labels.split(/[\s,]+/).filter(Boolean),
    memoryGib: numberOrNull(draft.memoryGib),
    priority: number(draft.priority),
  };
}

/** What can be looked at while it is typed. */
export const warnedOf = (plan: StudyPlan): WarnedPlan => ({
  ...plan,
  trialsBudget: Number.isFinite(plan.trialsBudget) && plan.trialsBudget >= 1 ? plan.trialsBudget : 1,
});

/** Keys of the base that no parameter is of. */
export const freeLeaves = (base: Config, parameters: readonly ParameterDraft[]): Leaf[] =>
  leavesOf(base).filter(({ path }) => parameters.every((one) => one.path !== path));
