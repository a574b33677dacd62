/** Whether an instability keeps the learning rate down (RIGOUR P77 to P82). Pure. */
import { clippingOf } from "../../../playbook/gradients.ts";
import { flattenConfig } from "../../../runs/flatten.ts";
import { coordinateOf, type Parameter } from "../../../search/space.ts";
import type { StudyFlag, TrialName } from "../../../wire/studies/flags.ts";
import { bestTrialOf, type Curve, ratesOf, type StudyFacts, trialName } from "../../facts/facts.ts";
import type { PanelMaker } from "../../facts/panel.ts";
import type { TrialResult } from "../../results.ts";

export type RateEdge = {
  parameter: string;
  best: number | null;
  /** The lowest rate from which on every trial failed; null: none. */
  fails: number | null;
};
export type Norms = {
  trial: TrialName;
  steps: number[];
  values: number[];
  /** Bins of the norms by their logarithm. */
  bins: { from: number; to: number; count: number }[];
  p90: number;
  /** The threshold of the config, and the share of updates above it; null: nothing is clipped. */
  threshold: number | null;
  share: number | null;
};
export type StabilityData = { edges: RateEdge[]; norms: Norms | null; isUnstable: boolean };

/** Failing rates that one trial saw may be chance. */
const FAILS_MIN = 2;
const EARLY = 0.1;
const EARLY_RATIO = 1.5;
const RISE = 1.2;
const RISE_STEPS = 10;
const SMOOTHED = 5;
const PLOTTED = 400;
const BINS = 30;

export const makeStability: PanelMaker<StabilityData> = (facts) => {
  const edges = ratesOf(facts).map((parameter) => edgeOf(facts, parameter));
  const norms = normsOf(facts);
  const flags = [
    ...ratesOf(facts).flatMap((parameter, at) => edgeFlags(facts, parameter, edges[at]!)),
    ...earlyFlags(facts),
    ...(norms?.share && norms.share > 0.5
      ? [{ kind: "clipped" as const, trial: norms.trial, share: norms.share }]
      : []),
    ...warmupFlag(facts),
  ];
  if (edges.length === 0 && norms === null) return { missing: "no-rate", flags };
  const unstable = new Set(["rate-at-edge", "rate-unstable", "early-unstable"]);
  return { data: { edges, norms, isUnstable: flags.some(({ kind }) => unstable.has(kind)) }, flags };
};

function edgeOf({ ranked, lost }: StudyFacts, { name }: Parameter): RateEdge {
  const rates = (of: readonly { values: Record<string, unknown> }[]) =>
    of.flatMap(({ values }) => (name in values ? [Number(values[name])] : []));
  const works = Math.max(Number.NEGATIVE_INFINITY, ...rates(ranked));
  const failing = rates(lost).filter((rate) => rate > works);
  const best = ranked.find(({ values }) => name in values)?.values[name];
  return {
    parameter: name,
    best: best === undefined ? null : Number(best),
    fails: failing.length < FAILS_MIN ? null : Math.min(...failing),
  };
}

function edgeFlags(facts: StudyFacts, parameter: Parameter, { best, fails }: RateEdge): StudyFlag[] {
  if (best === null || parameter.kind === "categorical") return [];
  const isBeside =
    fails !== null && coordinateOf(parameter, fails) - coordinateOf(parameter, best) <= stepOf(facts, parameter);
  const above = facts.configurations
    .flatMap(({ trials, values }) => trials.map((trial) => ({ trial, rate: Number(values[parameter.name]) })))
    .filter(({ rate }) => rate > best && rate <= 10 * best)
    .sort((a, b) => a.rate - b.rate);
  const unstable = above.find(({ trial }) => risesAgain(facts, trial));
  return [
    ...(isBeside ? [{ kind: "rate-at-edge" as const, rate: best, fails }] : []),
    ...(unstable ? [{ kind: "rate-unstable" as const, trial: trialName(unstable.trial), rate: unstable.rate }] : []),
  ];
}

/** A step of the grid, or what lies between so many values in the mean; of the whole axis. */
const stepOf = ({ study, configurations }: StudyFacts, { name }: Parameter): number => {
  const distinct = new Set(configurations.map(({ values }) => values[name])).size;
  return 1.001 / Math.max(1, Math.min(study.search.method === "grid" ? study.search.steps : distinct, 20) - 1);
};

/** The smoothed training loss rises by more than a fifth for ten steps or more, after it fell. */
function risesAgain({ curves }: StudyFacts, { runId }: TrialResult): boolean {
  const loss = curves.get(runId)?.get("train/loss");
  if (!loss || loss.values.length < 3 * SMOOTHED || loss.values[0]! <= 0) return false;
  const smooth = smoothed(loss.values);
  let [lowest, since] = [smooth[0]!, null as number | null];
  for (const [at, value] of smooth.entries()) {
    lowest = Math.min(lowest, value);
    if (lowest >= smooth[0]! || value <= RISE * lowest) since = null;
    else since ??= loss.steps[at]!;
    if (since !== null && loss.steps[at]! - since >= RISE_STEPS) return true;
  }
  return false;
}

/** Means of five before and at each. */
const smoothed = (values: readonly number[]): number[] =>
  values.map((_, at) => {
    const part = values.slice(Math.max(0, at - SMOOTHED + 1), at + 1);
    return part.reduce((sum, value) => sum + value, 0) / part.length;
  });

function earlyFlags(facts: StudyFacts): StudyFlag[] {
  const [best] = facts.ranked;
  const trial = best && bestTrialOf(best, facts);
  const loss = trial && facts.curves.get(trial.runId)?.get("train/loss");
  if (!trial || !loss || loss.values.length < 10 || loss.values[0]! <= 0) return [];
  const until = loss.steps.at(-1)! * EARLY;
  const early = loss.values.filter((_, at) => loss.steps[at]! <= until);
  const ratio = Math.max(...early) / loss.values[0]!;
  return ratio > EARLY_RATIO ? [{ kind: "early-unstable", trial: trialName(trial), ratio }] : [];
}

function warmupFlag(facts: StudyFacts): StudyFlag[] {
  const [best] = facts.ranked;
  const trial = best && bestTrialOf(best, facts);
  if (!trial?.run || !trial.lastStep) return [];
  const flat = flattenConfig(trial.run.config);
  const warmup = Object.entries(flat).find(([key]) => /(^|[._])warm_?up(_?steps)?$/i.test(key))?.[1];
  const share = typeof warmup === "number" && warmup >= 1 ? warmup / trial.lastStep : 0;
  return share > 0.05 ? [{ kind: "warmup-long", share }] : [];
}

function normsOf(facts: StudyFacts): Norms | null {
  for (const one of facts.ranked) {
    const trial = bestTrialOf(one, facts);
    const curve = trial && facts.curves.get(trial.runId)?.get("-/gradient_norm");
    if (!curve || curve.values.length < 2) continue;
    const flat = Object.entries(flattenConfig(trial.run?.config ?? {}));
    const clip = flat.find(([key, value]) => /clip/i.test(key) && typeof value === "number" && value > 0)?.[1] as
      | number
      | undefined;
    const { p90, share } = clippingOf(curve.values, clip ?? Number.POSITIVE_INFINITY);
    return {
      trial: trialName(trial),
      ...plotted(curve),
      bins: binsOf(curve.values),
      p90,
      threshold: clip ?? null,
      share: clip === undefined ? null : share,
    };
  }
  return null;
}

/** Of each part of the run the largest norm. */
function plotted({ steps, values }: Curve): { steps: number[]; values: number[] } {
  const every = Math.ceil(values.length / PLOTTED);
  const parts = Array.from({ length: Math.ceil(values.length / every) }, (_, at) => at * every);
  return {
    steps: parts.map((from) => steps[from]!),
    values: parts.map((from) => Math.max(...values.slice(from, from + every))),
  };
}

function binsOf(values: readonly number[]): Norms["bins"] {
  const logs = values.filter((value) => value > 0).map(Math.log10);
  if (logs.length === 0) return [];
  const [low, high] = [logs.reduce((a, b) => Math.min(a, b)), logs.reduce((a, b) => Math.max(a, b))];
  const width = (high - low || 1) / BINS;
  const counts = new Array<number>(BINS).fill(0);
  for (const log of logs) counts[Math.min(BINS - 1, Math.floor((log - low) / width))]!++;
  return counts.map((count, at) => ({ from: 10 ** (low + at * width), to: 10 ** (low + (at + 1) * width), count }));
}
