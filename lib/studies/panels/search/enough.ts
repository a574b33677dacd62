/** Whether more search would help: the best of k trials, and what it is expected to be (RIGOUR P76, P85). Pure. */
import { bestOfQuantiles, expectedBest } from "../../../statistics/selection/expected-best.ts";
import type { StudyFlag } from "../../../wire/studies/flags.ts";
import { resolutionOf, type StudyFacts } from "../../facts/facts.ts";
import type { PanelMaker } from "../../facts/panel.ts";

export type EnoughData = {
  trials: number;
  /** Quantiles of the best of k, for k that grow to all trials; of the objective's own numbers. */
  boxes: { k: number; low: number; first: number; middle: number; third: number; high: number }[];
  /** Expected of the best of the first n drawn, for n that grow to all. */
  expected: { n: number; best: number }[];
  /** Between the quartiles of the best of all, and a seed's deviation, or what else tells noise; null: nothing does. */
  spread: number;
  noise: number | null;
  /** What the second half of the trials is worth. */
  gain: number;
};

const TRIALS_MIN = 5;
const KS = [1, 2, 3, 6, 10, 20, 50, 100, 200, 500, 1_000, 2_000, 5_000, 10_000];
/** So many are drawn of a longer curve, and of so many trials at most: it takes their square. */
const CURVE_POINTS = 60;
const CURVE_TRIALS_MAX = 1_000;
const QUANTILES = [0.05, 0.25, 0.5, 0.75, 0.95];

export const makeEnough: PanelMaker<EnoughData> = (facts) => {
  const { ranked, study } = facts;
  if (ranked.length < TRIALS_MIN) return { missing: ranked.length === 0 ? "no-result" : "few-results" };
  const better = study.objective.direction;
  const values = ranked.map(({ value }) => value);
  const n = values.length;
  const boxes = [...KS.filter((k) => k < n), n].map((k) => {
    const [low, first, middle, third, high] = bestOfQuantiles(values, { k, quantiles: QUANTILES, better });
    return { k, low: low!, first: first!, middle: middle!, third: third!, high: high! };
  });
  const curve = expectedBest(evenly(values, CURVE_TRIALS_MAX), better).unbiased;
  const last = boxes.at(-1)!;
  const spread = Math.abs(last.third - last.first);
  const gain = Math.abs(curve.at(-1)! - curve[Math.floor(curve.length / 2) - 1]!);
  const noise = resolutionOf(facts);
  return {
    data: { trials: n, boxes, expected: pointsOf(curve), spread, noise, gain },
    flags: flagsOf(facts, { n, spread, gain, noise }),
  };
};

function flagsOf(
  { noiseSd }: StudyFacts,
  { n, spread, gain, noise }: { n: number; spread: number; gain: number; noise: number | null },
): StudyFlag[] {
  if (noise === null) return [];
  if (spread > noise) return [{ kind: "too-few-trials", trials: n, spread, noise }];
  return noiseSd !== null && gain < noiseSd ? [{ kind: "tuning-saturated", gain, noise: noiseSd }] : [];
}

function pointsOf(curve: readonly number[]): EnoughData["expected"] {
  const every = Math.max(1, Math.ceil(curve.length / CURVE_POINTS));
  return curve
    .map((best, at) => ({ n: at + 1, best }))
    .filter(({ n }) => n === 1 || n === curve.length || n % every === 0);
}

/** As many of a longer list, spread over it. */
const evenly = (values: readonly number[], most: number): number[] =>
  values.length <= most
    ? [...values]
    : Array.from({ length: most }, (_, at) => values[Math.floor((at * values.length) / most)]!);
