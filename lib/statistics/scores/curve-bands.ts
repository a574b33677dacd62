/** Bands of the ROC and the PR curve, by the bootstrap. Pure. */
import { type GroupedCells, groupedCells } from "../classification/confusion-bootstrap.ts";
import { because, type Undefined } from "../measured.ts";
import { quantileOf } from "../moments.ts";
import { bootstrapUnits, type Resampling } from "../resampling/bootstrap.ts";
import { drawCounts } from "../resampling/multinomial-draw.ts";
import { seededRandom } from "../resampling/random.ts";
import type { CurveCounts } from "./curve-counts.ts";

/** At each `at`, what 1 − alpha of the resamples lie between: point by point, not for the whole curve at once. */
export type Band = { at: Float64Array; low: Float64Array; high: Float64Array };

/** Points of the grid, both ends included. */
const POINTS = 101;

export type CurveBands = { roc: Band; precisionRecall: Band };

/** Which group each sample is in, its range of scores, and whether it is of the class. */
export type GroupedRanges = {
  group: ArrayLike<number>;
  groups: number;
  ranges: ArrayLike<number>;
  positive: ArrayLike<number>;
};

/**
 * True positive rate by false positive rate (between points in a straight line), and precision by recall (of the highest
 * threshold that reaches it), on a grid of 0, .01 … 1. Samples are drawn as counts of their ranges: each class keeps its
 * number, so no resample lacks one. Assumes independent samples, or, where `grouped`, independent groups, which are drawn
 * whole. Undefined where a class is missing.
 */
export function curveBands(
  counts: CurveCounts,
  { resamples, seed, alpha = 0.05, grouped = null }: Resampling & { alpha?: number; grouped?: GroupedRanges | null },
): CurveBands | Undefined {
  const total = (values: Float64Array) => values.reduce((a, b) => a + b, 0);
  if (total(counts.ups) === 0) return because("no-positive");
  if (total(counts.downs) === 0) return because("no-negative");
  const rates = new Float64Array(resamples * POINTS).fill(Number.NaN);
  const precisions = new Float64Array(resamples * POINTS).fill(Number.NaN);
  const drawn: CurveCounts = { ...counts, ups: counts.ups.slice(), downs: counts.downs.slice() };
  const read = (row: number) =>
    readCurves(drawn, {
      rates: rates.subarray(row * POINTS, (row + 1) * POINTS),
      precisions: precisions.subarray(row * POINTS, (row + 1) * POINTS),
    });
  if (grouped) drawGroups(grouped, drawn, { resamples, seed, read });
  else {
    const random = seededRandom(seed);
    for (let row = 0; row < resamples; row++) {
      drawCounts(counts.ups, random, drawn.ups);
      drawCounts(counts.downs, random, drawn.downs);
      read(row);
    }
  }
  return { roc: bandOf(rates, resamples, alpha), precisionRecall: bandOf(precisions, resamples, alpha) };
}

function drawGroups(
  { group, groups, ranges, positive }: GroupedRanges,
  drawn: CurveCounts,
  { resamples, seed, read }: Resampling & { read: (row: number) => void },
): void {
  const classes = Math.max(2, drawn.ups.length);
  const cells = groupedCells(positive, ranges, { group, groups, classes });
  let row = 0;
  bootstrapUnits(groups, { resamples, seed }, (weights) => {
    drawn.ups.fill(0);
    drawn.downs.fill(0);
    for (let one = 0; one < groups; one++)
      if (weights[one]! > 0) addRanges(cells, one, { times: weights[one]!, drawn });
    read(row);
    row++;
    return 0;
  });
}

function addRanges(cells: GroupedCells, group: number, { times, drawn }: { times: number; drawn: CurveCounts }): void {
  for (let cell = cells.starts[group]!; cell < cells.starts[group + 1]!; cell++) {
    const into = cells.rows[cell] === 1 ? drawn.ups : drawn.downs;
    into[cells.columns[cell]!]! += times * cells.counts[cell]!;
  }
}

type Grid = { rates: Float64Array; precisions: Float64Array };

/** Walks from the highest score down, and fills the grid as the rates pass its points. A resample without a class fills none. */
function readCurves({ ups, downs }: CurveCounts, { rates, precisions }: Grid): void {
  let [ofUps, ofDowns] = [0, 0];
  for (let at = 0; at < ups.length; at++) {
    ofUps += ups[at]!;
    ofDowns += downs[at]!;
  }
  if (ofUps === 0 || ofDowns === 0) return;
  let [up, down, rate, recall] = [0, 0, 0, 0];
  for (let at = 0; at < ups.length; at++) {
    if (ups[at] === 0 && downs[at] === 0) continue;
    const [upBefore, downBefore] = [up, down];
    up += ups[at]!;
    down += downs[at]!;
    for (; rate < POINTS && (rate / (POINTS - 1)) * ofDowns <= down; rate++) {
      const wanted = (rate / (POINTS - 1)) * ofDowns;
      const share = down === downBefore ? 1 : (wanted - downBefore) / (down - downBefore);
      rates[rate] = (upBefore + share * (up - upBefore)) / ofUps;
    }
    // where the curve rises straight up, its upper end holds
    if (down === downBefore && rate > 0 && ((rate - 1) / (POINTS - 1)) * ofDowns === down) rates[rate - 1] = up / ofUps;
    for (; recall < POINTS && (recall / (POINTS - 1)) * ofUps <= up && up > 0; recall++)
      precisions[recall] = up / (up + down);
  }
}

/** Over the resamples that have both classes. */
function bandOf(values: Float64Array, resamples: number, alpha: number): Band {
  const band = {
    at: Float64Array.from({ length: POINTS }, (_, at) => at / (POINTS - 1)),
    low: new Float64Array(POINTS),
    high: new Float64Array(POINTS),
  };
  const column = new Float64Array(resamples);
  for (let point = 0; point < POINTS; point++) {
    for (let row = 0; row < resamples; row++) column[row] = values[row * POINTS + point]!;
    let defined = 0;
    for (const value of column) if (!Number.isNaN(value)) column[defined++] = value;
    band.low[point] = quantileOf(column.subarray(0, defined), alpha / 2);
    band.high[point] = quantileOf(column.subarray(0, defined), 1 - alpha / 2);
  }
  return band;
}
