/** Each parameter against the objective: whether its range was wide enough, and where the good region lies. Pure. */
import { crowdedEdge } from "../../../search/boundary.ts";
import { isActive, type Parameter } from "../../../search/space.ts";
import type { StudyFlag } from "../../../wire/studies/flags.ts";
import type { StudyFacts } from "../../facts/facts.ts";
import type { PanelMaker } from "../../facts/panel.ts";
import { outcomeOf } from "../../results.ts";
import { type Importance, importanceOf } from "./importance.ts";

export type Axis = {
  name: string;
  /** The places of its values in the columns of the trials. */
  at: number;
  role: "scientific" | "nuisance";
  scale: "linear" | "log" | "choices";
  low: number;
  high: number;
  choices: (string | number | boolean)[];
  /** The value of the best trial. */
  best: number | string | boolean | null;
  edge: "low" | "high" | null;
  /** Of each fifth of the axis, or each choice: how many configurations, and how many of them are infeasible. */
  buckets: { label: string; of: number; lost: number }[];
};

export type AxesData = {
  axes: Axis[];
  /** Configurations within noise of the best; null: the noise isn't known. */
  good: { count: number; of: number; within: number; by: "seeds" | "samples" | "smallest" } | null;
  lost: { count: number; of: number };
  importance: Importance;
};

const LOST_WARNING = 0.3;
const LOST_ALARM = 0.6;
const GOOD_MIN = 3;
const FIFTHS = 5;

export const makeAxes: PanelMaker<AxesData> = (facts) => {
  const { space, ranked, configurations, lost, tolerance, costOf } = facts;
  if (space.length === 0) return { missing: "no-parameter" };
  const ended = configurations.filter(({ value, infeasible }) => value !== null || infeasible !== null);
  if (ended.length === 0) return { missing: "no-result" };
  const axes = space.map((parameter, at) => axisOf(facts, parameter, at));
  const best = ranked[0];
  const near = best && tolerance && ranked.filter(({ value }) => costOf(value) - costOf(best.value) <= tolerance.value);
  const good = near ? { count: near.length, of: ended.length, within: tolerance.value, by: tolerance.by } : null;
  const share = lost.length / ended.length;
  const importance = importanceOf(facts);
  return {
    data: { axes, good, lost: { count: lost.length, of: ended.length }, importance },
    flags: [
      ...axes.flatMap((axis, at) => boundaryFlag(axis, space[at]!)),
      ...(good && good.count < GOOD_MIN ? [{ kind: "few-good" as const, good: good.count, of: good.of }] : []),
      ...lostFlag(share, ended.length),
      ...(importance.isAdaptive ? [{ kind: "adaptive-search" as const }] : []),
    ],
  };
};

/** One configuration that crashed of two is no sign yet. */
const LOST_OF_MIN = 5;

function lostFlag(share: number, of: number): StudyFlag[] {
  if (share < LOST_WARNING || of < LOST_OF_MIN) return [];
  return [{ kind: share >= LOST_ALARM ? "mostly-infeasible" : "infeasible", share, of }];
}

function boundaryFlag({ edge, name }: Axis, parameter: Parameter): StudyFlag[] {
  if (edge === null || parameter.kind === "categorical") return [];
  const { low, high, scale, kind } = parameter;
  const widened = scale === "log" ? { low: low / 10, high: high * 10 } : { low: 2 * low - high, high: 2 * high - low };
  // where a number is never below 0, its range isn't either
  const to = edge === "low" && low >= 0 ? Math.max(0, widened.low) : widened[edge];
  if (to === (edge === "low" ? low : high)) return [];
  return [
    { kind: "boundary", parameter: name, edge, to: kind === "integer" ? Math.round(to) : Number(to.toPrecision(6)) },
  ];
}

function axisOf(facts: StudyFacts, parameter: Parameter, at: number): Axis {
  const { study, configurations, ranked } = facts;
  const { name } = parameter;
  // what is lost counts as infeasible, as it does everywhere on the page
  const isLost = new Set(facts.lost.map(({ number }) => number));
  const history = configurations.map((one) => ({
    values: one.values,
    outcome: isLost.has(one.number) ? ("infeasible" as const) : outcomeOf(one),
  }));
  const isRange = parameter.kind !== "categorical";
  return {
    name,
    at,
    role: study.space[at]!.role,
    scale: isRange ? parameter.scale : "choices",
    low: isRange ? parameter.low : 0,
    high: isRange ? parameter.high : 0,
    choices: isRange ? [] : [...parameter.choices],
    best: ranked.find(({ values }) => isActive(parameter, values))?.values[name] ?? null,
    edge: crowdedEdge(parameter, history, study.objective.direction),
    buckets: bucketsOf(facts, parameter, isLost),
  };
}

function bucketsOf({ configurations }: StudyFacts, parameter: Parameter, isLost: Set<number>): Axis["buckets"] {
  const having = configurations.filter(
    ({ values, value, infeasible }) => parameter.name in values && (value !== null || infeasible !== null),
  );
  const labels = parameter.kind === "categorical" ? parameter.choices.map(String) : fifthsOf(parameter);
  const placeOf = (value: number | string | boolean): number =>
    parameter.kind === "categorical"
      ? parameter.choices.indexOf(value)
      : Math.min(FIFTHS - 1, Math.max(0, Math.floor(shareOf(parameter, Number(value)) * FIFTHS)));
  return labels.map((label, at) => {
    const here = having.filter(({ values }) => placeOf(values[parameter.name]!) === at);
    return { label, of: here.length, lost: here.filter(({ number }) => isLost.has(number)).length };
  });
}

type Range = { low: number; high: number; scale: "linear" | "log" };

const shareOf = ({ low, high, scale }: Range, value: number): number =>
  scale === "log" ? Math.log(value / low) / Math.log(high / low) : (value - low) / (high - low);

function fifthsOf({ low, high, scale }: Range): string[] {
  const end = (at: number) =>
    scale === "log" ? low * (high / low) ** (at / FIFTHS) : low + ((high - low) * at) / FIFTHS;
  return Array.from({ length: FIFTHS }, (_, at) => `${short(end(at))} to ${short(end(at + 1))}`);
}

const short = (value: number): string => String(Number(value.toPrecision(3)));
