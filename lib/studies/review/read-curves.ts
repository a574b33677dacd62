/** The curves that a study's panels read: the objective and the training loss of its trials, gradients of the best. */
import type { Actor } from "../../access/actor.ts";
import { readPoints } from "../../metrics/read-points.ts";
import type { PointSeries } from "../../wire/points/points.ts";
import { seriesKey } from "../../wire/points/series-name.ts";
import type { Study } from "../../wire/studies/studies.ts";
import { type Curve, objectiveKey } from "../facts/facts.ts";
import { hasResult, type TrialResult } from "../results.ts";

/** A curve of so many pixels: up to 256 evaluations are all of them. */
const PIXELS = 64;
/** Gradient norms are counted one by one. */
const NORM_PIXELS = 5_000;
/** Curves of more trials aren't read; the best of them are. */
const RUNS_MAX = 2_000;
const NORMS_OF = 3;

export const NORM_KEY = "-/gradient_norm";
export const RATE_KEY = "-/learning_rate";

/** Of the training split, beside the objective. */
export const trainKeys = ({ objective }: Study): string[] => [
  ...new Set(["train/loss", ...(objective.split === "train" ? [] : [`train/${objective.metric}`])]),
];

type Asked = { project: { id: string }; study: Study; runs: string[]; results: readonly TrialResult[] };

export async function readCurves(
  actor: Actor,
  { project, study, runs, results }: Asked,
): Promise<Map<string, Map<string, Curve>>> {
  const sign = study.objective.direction === "min" ? 1 : -1;
  const best = results
    .filter((one) => hasResult(one) && one.run?.isDeleted === false)
    .sort((a, b) => sign * (a.value! - b.value!))
    .map(({ runId }) => runId);
  const wanted = [...new Set([...best, ...runs])].slice(0, RUNS_MAX);
  if (wanted.length === 0) return new Map();
  const range = { project: project.id, from: 0 };
  const series = [objectiveKey(study), ...trainKeys(study), RATE_KEY];
  const [curves, norms] = await Promise.all([
    readPoints(actor, { ...range, runs: wanted, series, px: PIXELS }),
    best.length === 0
      ? []
      : readPoints(actor, { ...range, runs: best.slice(0, NORMS_OF), series: [NORM_KEY], px: NORM_PIXELS }),
  ]);
  const found = new Map<string, Map<string, Curve>>();
  for (const one of [...curves, ...norms]) {
    const ofRun = found.get(one.run) ?? new Map<string, Curve>();
    found.set(one.run, ofRun);
    ofRun.set(seriesKey(one), toCurve(one));
  }
  return found;
}

function toCurve({ nonFiniteCount, means, ...raw }: PointSeries): Curve {
  const { steps, values } = means ?? raw;
  const at = [...values.keys()].filter((index) => Number.isFinite(values[index]!));
  return {
    steps: at.map((index) => steps[index]!),
    values: at.map((index) => values[index]!),
    hasNonFinite: nonFiniteCount > 0,
  };
}
