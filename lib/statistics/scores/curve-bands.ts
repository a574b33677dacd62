/** Bands of the ROC and the PR curve, by the bootstrap. Pure. */
import { because, type Undefined } from "../measured.ts";
import { quantile } from "../moments.ts";
import { bootstrapUnits, type Resampling, type Weights } from "../resampling/bootstrap.ts";
import { refuseScores } from "./ranking.ts";
import { placesOf, type SortedSamples, sortedOf } from "./sorted-samples.ts";

/** At each `at`, what 1 − alpha of the resamples lie between: point by point, not for the whole curve at once. */
export type Band = { at: Float64Array; low: Float64Array; high: Float64Array };

/** Points of the grid, both ends included. */
const POINTS = 101;

/**
 * True positive rate by false positive rate (between points in a straight line), and precision by recall (of the highest
 * threshold that reaches it), on a grid of 0, .01 … 1. `truth` is 0 or 1; each class keeps its number of samples, so no
 * resample lacks one. Assumes independent samples. Undefined where a class is missing.
 */
export function curveBands(
  truth: ArrayLike<number>,
  scores: ArrayLike<number>,
  { resamples, seed, alpha = 0.05 }: Resampling & { alpha?: number },
): { roc: Band; precisionRecall: Band } | Undefined {
  refuseScores(truth, scores);
  const sorted = sortedOf(truth, scores, placesOf(scores));
  const ups = sorted.positive.reduce((sum, one) => sum + one, 0);
  if (ups === 0 || ups === truth.length) return because(ups === 0 ? "no-positive" : "no-negative");
  const rates = new Float64Array(resamples * POINTS);
  const precisions = new Float64Array(resamples * POINTS);
  let row = 0;
  bootstrapUnits(truth.length, { resamples, seed, strata: sorted.positive }, (weights) => {
    const from = row * POINTS;
    readCurves(sorted, weights, {
      rates: rates.subarray(from, from + POINTS),
      precisions: precisions.subarray(from, from + POINTS),
      totals: [ups, truth.length - ups],
    });
    row++;
    return 0;
  });
  return { roc: bandOf(rates, resamples, alpha), precisionRecall: bandOf(precisions, resamples, alpha) };
}

type Grid = { rates: Float64Array; precisions: Float64Array; totals: [positives: number, negatives: number] };

/** Walks from the highest score down, and fills the grid as the rates pass its points. */
function readCurves({ place, positive, last }: SortedSamples, weights: Weights, grid: Grid): void {
  const { rates, precisions, totals } = grid;
  let [up, down, upBefore, downBefore, rate, recall] = [0, 0, 0, 0, 0, 0];
  for (let at = place.length - 1; at >= 0; at--) {
    const weight = weights[place[at]!]!;
    if (positive[at] === 1) up += weight;
    else down += weight;
    // a block of equal scores ends where the next lower one begins
    if (at > 0 && last[at - 1] === 0) continue;
    if (up === upBefore && down === downBefore) continue;
    for (; rate < POINTS && (rate / (POINTS - 1)) * totals[1] <= down; rate++) {
      const wanted = (rate / (POINTS - 1)) * totals[1];
      const share = down === downBefore ? 1 : (wanted - downBefore) / (down - downBefore);
      rates[rate] = (upBefore + share * (up - upBefore)) / totals[0];
    }
    // where the curve rises straight up, its upper end holds
    if (down === downBefore && rate > 0 && ((rate - 1) / (POINTS - 1)) * totals[1] === down)
      rates[rate - 1] = up / totals[0];
    for (; recall < POINTS && (recall / (POINTS - 1)) * totals[0] <= up && up > 0; recall++)
      precisions[recall] = up / (up + down);
    [upBefore, downBefore] = [up, down];
  }
}

function bandOf(values: Float64Array, resamples: number, alpha: number): Band {
  const band = {
    at: Float64Array.from({ length: POINTS }, (_, at) => at / (POINTS - 1)),
    low: new Float64Array(POINTS),
    high: new Float64Array(POINTS),
  };
  const column = new Float64Array(resamples);
  for (let point = 0; point < POINTS; point++) {
    for (let row = 0; row < resamples; row++) column[row] = values[row * POINTS + point]!;
    column.sort();
    band.low[point] = quantile(column, alpha / 2);
    band.high[point] = quantile(column, 1 - alpha / 2);
  }
  return band;
}
