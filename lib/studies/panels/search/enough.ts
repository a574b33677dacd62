/** Whether more search would help: the best of k trials, and what it is expected to be (RIGOUR P76, P85). Pure. */
import { bestOfQuantiles, expectedBestOf } from "../../../statistics/selection/expected-best.ts";
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
/** So many points are drawn of a longer curve. */
const CURVE_POINTS = 60;
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
  const half = Math.max(1, Math.floor(n / 2));
  const drawn = [...new Set([...pointsOf(n), half, n])];
  const best = new Map(expectedBestOf(values, drawn, better).map((value, at) => [drawn[at]!, value]));
  const last = boxes.at(-1)!;
  const spread = Math.abs(last.third - last.first);
  const gain = Math.abs(best.get(n)! - best.get(half)!);
  const noise = resolutionOf(facts);
  return {
    data: { trials: n, boxes, expected: pointsOf(n).map((n) => ({ n, best: best.get(n)! })), spread, noise, gain },
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

/** From 1 to all, evenly. */
function pointsOf(n: number): number[] {
  const every = Math.max(1, Math.ceil(n / CURVE_POINTS));
  return Array.from({ length: n }, (_, at) => at + 1).filter((one) => one === 1 || one === n || one % every === 0);
}
