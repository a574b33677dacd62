/** What the panels of a study are made of: read once, and judged once. Pure. */
import type { Parameter, Space } from "../../search/space.ts";
import { wilsonInterval } from "../../statistics/intervals/proportion.ts";
import { isUndefined } from "../../statistics/measured.ts";
import { ascending, quantile } from "../../statistics/moments.ts";
import { type NoiseFloor, noiseFloor } from "../../statistics/replicates/noise-floor.ts";
import type { Config } from "../../wire/base/config.ts";
import type { LookKind } from "../../wire/evaluations/looks.ts";
import type { TrialName } from "../../wire/studies/flags.ts";
import type { Study } from "../../wire/studies/studies.ts";
import type { AdoptedRun } from "../adopted.ts";
import { toSpace } from "../plan.ts";
import { type Configuration, configurationsOf, hasResult, type TrialResult } from "../results.ts";

/** Finite points of a series in the order of their steps: all, or of each part of the run the mean. */
export type Curve = { steps: readonly number[]; values: readonly number[]; hasNonFinite: boolean };
export type SeriesSummary = {
  count: number;
  nonFinite: number;
  last: number | null;
  min: number | null;
  max: number | null;
  mean: number | null;
};
/** What of a run stands beside its trial. */
export type RunFacts = {
  notes: string;
  /** The command line that began it; null: nothing was captured. */
  command: string | null;
  /** Whether changes were uncommitted; null: nobody knows. */
  isDirty: boolean | null;
  parent: { run: string; name: string | null; checkpoint: string | null } | null;
};

/** A study that this one's base came from, with what it adopted. */
export type Ancestor = {
  number: number;
  title: string;
  stage: Study["stage"];
  base: Config;
  space: Study["space"];
  objective: Study["objective"];
  manifest: string | null;
  stepsBudget: number | null;
  decision: Study["decision"];
  /** Of the configuration that was chosen, with the results of its seeds; of a loop's incumbent without a number. Null: none was. */
  chosen: { number: number | null; config: Config; results: number[] } | null;
};

/** What was read of a study. Curves and summaries are by run, then by the series' key. */
export type StudyRead = {
  study: Study;
  results: readonly TrialResult[];
  summaries: ReadonlyMap<string, ReadonlyMap<string, SeriesSummary>>;
  curves: ReadonlyMap<string, ReadonlyMap<string, Curve>>;
  runs: ReadonlyMap<string, RunFacts>;
  manifest: { id: string; name: string; validation: number; test: number } | null;
  /** The looks at that test split, the oldest first; a member learns of those of all projects. */
  looks: readonly { at: string; kind: LookKind }[];
  /** The oldest first. */
  ancestors: readonly Ancestor[];
  /** What it adopted of its loop; null: nothing. */
  adopted: AdoptedRun | null;
  /** Predictions on validation that are stored, by run. */
  predictions: ReadonlyMap<string, number>;
};

/** Within how much of the best a result is as good, and what says so. */
export type Tolerance = { value: number; by: "seeds" | "samples" | "smallest" };

export type StudyFacts = StudyRead & {
  space: Space;
  configurations: readonly Configuration[];
  /** Configurations with a value that counts, the best first. */
  ranked: readonly (Configuration & { value: number })[];
  /** Configurations that crashed, diverged, or ended absurdly. */
  lost: readonly Configuration[];
  /** Of the study's own seeds. */
  noise: NoiseFloor;
  /** The standard deviation of a result between seeds; null: nobody knows. */
  noiseSd: number | null;
  tolerance: Tolerance | null;
  /** Lower is better. */
  costOf: (value: number) => number;
};

/** A loss so far above the middle one, in mean absolute deviations from it, says that something broke (RIGOUR P31). */
const ABSURD = 10;

export function factsOf(read: StudyRead): StudyFacts {
  const { study, results } = read;
  const costOf = study.objective.direction === "min" ? (value: number) => value : (value: number) => -value;
  const configurations = configurationsOf(results);
  const isAbsurd = absurdOf(configurations, costOf);
  const isLost = (one: Configuration) => one.infeasible !== null || (one.value !== null && isAbsurd(one.value));
  const ranked = configurations
    .filter((one): one is Configuration & { value: number } => one.value !== null && !isLost(one))
    .sort((a, b) => costOf(a.value) - costOf(b.value) || a.number - b.number);
  const noise = noiseFloor(
    [...configurations].reverse().map(({ trials }) => {
      const ended = trials.filter(hasResult);
      return {
        values: ended.map(({ value }) => value),
        seeds: ended.map(({ run, replicate }) => run?.seed ?? `replicate ${replicate}`),
      };
    }),
    { incumbentRuns: ranked[0]?.results.length ?? 0 },
  );
  const noiseSd = isUndefined(noise.sd) ? null : noise.sd;
  return {
    ...read,
    space: toSpace(study.space),
    configurations,
    ranked,
    lost: configurations.filter(isLost),
    noise,
    noiseSd,
    tolerance: toleranceOf(read, ranked[0]?.value ?? null, noiseSd),
    costOf,
  };
}

function absurdOf(
  configurations: readonly Configuration[],
  costOf: (value: number) => number,
): (value: number) => boolean {
  const costs = ascending(configurations.flatMap(({ value }) => (value === null ? [] : [costOf(value)])));
  if (costs.length === 0) return () => false;
  const middle = quantile(costs, 0.5);
  const deviation = quantile(ascending(costs.map((cost) => Math.abs(cost - middle))), 0.5);
  return (value) => deviation > 0 && costOf(value) > middle + ABSURD * deviation;
}

/** The larger of two spreads of a seed and half an interval of a share on the validation split (RIGOUR P30). */
function toleranceOf({ study, manifest }: StudyRead, best: number | null, noiseSd: number | null): Tolerance | null {
  const half = best === null ? null : halfWidthOf(study.objective.metric, best, manifest?.validation ?? 0);
  const known: Tolerance[] = [];
  if (noiseSd !== null && noiseSd > 0) known.push({ value: 2 * noiseSd, by: "seeds" });
  if (half !== null) known.push({ value: half, by: "samples" });
  if (known.length > 0) return known.reduce((a, b) => (b.value > a.value ? b : a));
  return study.smallestDifference === null ? null : { value: study.smallestDifference, by: "smallest" };
}

/** Half of Wilson's interval of an accuracy on so many samples; null: the metric is no share of samples. */
export function halfWidthOf(metric: string, value: number, samples: number): number | null {
  if (!/(^|[^a-z])acc(uracy)?$/i.test(metric) || samples === 0 || value < 0 || value > 1) return null;
  const [low, high] = wilsonInterval(Math.round(value * samples), samples);
  return (high - low) / 2;
}

/** The series that a study is judged by, as `seriesKey` writes it. */
export const objectiveKey = ({ objective }: Study): string => `${objective.split}/${objective.metric}`;

export const trialName = ({ number, replicate }: TrialResult): TrialName => ({ number, replicate });

/** The trial of a configuration whose value is best. */
export const bestTrialOf = ({ trials }: Configuration, { costOf }: StudyFacts): TrialResult | undefined =>
  trials.filter(hasResult).sort((a, b) => costOf(a.value!) - costOf(b.value!))[0];

export const scientificOf = ({ study, space }: StudyFacts): Parameter[] =>
  space.filter((_, at) => study.space[at]!.role === "scientific");

/** The parameters that set a learning rate, by the last word of their path. */
export const ratesOf = ({ space }: StudyFacts): Parameter[] => space.filter(({ name }) => isRate(name));
export const isRate = (name: string): boolean => /(^|[./_])(lr|(base_?)?learning_?rate)$/i.test(name);
export const isBatchSize = (name: string): boolean => /(^|[./_])batch_?size$/i.test(name);

/** What a difference must reach to be told from noise: a seed's deviation, or half an interval; null: nobody knows. */
export const resolutionOf = ({ tolerance }: StudyFacts): number | null =>
  tolerance === null ? null : tolerance.by === "seeds" ? tolerance.value / 2 : tolerance.value;
