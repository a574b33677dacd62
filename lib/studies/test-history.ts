/** Histories of tuning for tests, planted with what a check should see. */
import { scrambledHaltonPoint } from "../search/halton.ts";
import { valuesAt } from "../search/space.ts";
import { seededNormal, seededRandom } from "../statistics/resampling/random.ts";
import type { StudyAssignment, StudyParameter } from "../wire/studies/parameters.ts";
import type { Study } from "../wire/studies/studies.ts";
import { type Curve, factsOf, type StudyRead } from "./facts/facts.ts";
import { configOf, toSpace } from "./plan.ts";
import type { TrialResult } from "./results.ts";

export const rate: StudyParameter = {
  kind: "float",
  path: "optimizer.learningRate",
  role: "nuisance",
  low: 1e-4,
  high: 1,
  scale: "log",
};
export const decay: StudyParameter = {
  kind: "float",
  path: "weightDecay",
  role: "nuisance",
  low: 1e-5,
  high: 1e-1,
  scale: "log",
};

export const plannedStudy = (changes: Partial<Study> = {}): Study =>
  ({
    id: "study",
    number: 3,
    title: "Planted",
    stage: "other",
    mode: "explore",
    base: { optimizer: { name: "adam", learningRate: 0.01 }, weightDecay: 0.001, epochs: 5 },
    space: [rate, decay],
    objective: { metric: "loss", split: "validation", direction: "min" },
    search: { method: "quasi-random", seed: 1, steps: 4 },
    smallestDifference: null,
    stepsBudget: null,
    manifest: null,
    decision: null,
    chosenTrial: null,
    chosenRun: null,
    ...changes,
  }) as unknown as Study;

/** One trial with its evaluations; `infeasible` instead of a value where it broke. */
export type Planted = {
  values: StudyAssignment;
  /** Losses at evaluations that are 10 steps apart. */
  losses?: number[];
  value?: number;
  infeasible?: string;
  number?: number;
  replicate?: number;
};

/** Values of the space's first quasi-random points. */
export const points = (space: StudyParameter[], count: number): StudyAssignment[] =>
  Array.from({ length: count }, (_, at) => valuesAt(toSpace(space), scrambledHaltonPoint(at + 1, space.length, 1)));

const EVALUATIONS = 40;

/** Falls to `end` and stays there, but for noise. */
export function settlingCurve(end: number, seed: number, noise = 0.0005): number[] {
  const normal = seededNormal(seededRandom(seed));
  return Array.from({ length: EVALUATIONS }, (_, at) => end + 0.5 * Math.exp(-at / 5) + noise * normal());
}

const STEPS_APART = 10;

export function factsOfHistory(study: Study, planted: readonly Planted[], read: Partial<StudyRead> = {}) {
  const results = planted.map((one, at) => resultOf(study, one, at));
  const curves = planted.map((one, at) => [results[at]!.runId, curvesOf(study, one)] as const);
  return factsOf({
    study,
    results,
    summaries: new Map(),
    curves: new Map(curves),
    runs: new Map(),
    manifest: null,
    looks: [],
    ancestors: [],
    adopted: null,
    predictions: new Map(),
    ...read,
  });
}

function curvesOf({ objective }: Study, { losses }: Planted): Map<string, Curve> {
  if (!losses) return new Map();
  const steps = losses.map((_, at) => (at + 1) * STEPS_APART);
  return new Map([[`${objective.split}/${objective.metric}`, { steps, values: losses, hasNonFinite: false }]]);
}

function resultOf(study: Study, one: Planted, at: number): TrialResult {
  const { values, losses, infeasible = null, replicate = 0 } = one;
  const value = infeasible ? null : (one.value ?? Math.min(...losses!));
  return {
    id: `trial ${at}`,
    number: one.number ?? at + 1,
    replicate,
    origin: replicate > 0 ? "replicate" : "search",
    status: infeasible ? "failed" : "finished",
    values,
    runId: `run ${at}`,
    run: {
      id: `run ${at}`,
      name: `run ${at}`,
      status: infeasible ? "failed" : "finished",
      seed: replicate,
      config: configOf(study.base, study.space, values),
      isDeleted: false,
      codeDigest: null,
    },
    value,
    bestStep: losses ? (losses.indexOf(value!) + 1) * STEPS_APART : null,
    lastStep: losses ? losses.length * STEPS_APART : null,
    infeasible,
    stoppedBy: null,
    createdAt: new Date(Date.UTC(2026, 0, 5, 8, at)).toISOString(),
    endedAt: null,
    seconds: 60,
  };
}
