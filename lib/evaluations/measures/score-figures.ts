/** All that panels need of sorted probabilities, while each column is sorted once. Pure. */
import { classwiseGap } from "../../statistics/classification/equal-mass-calibration.ts";
import { filled } from "../../statistics/filled.ts";
import { seedOf } from "../../statistics/resampling/random.ts";
import type { SortedColumn, Truths } from "../../statistics/scores/column-areas.ts";
import { type CurveBands, curveBands, type GroupedRanges } from "../../statistics/scores/curve-bands.ts";
import { type CurveCounts, countCurve, rangesOfSamples } from "../../statistics/scores/curve-counts.ts";
import { RESAMPLES } from "./estimates.ts";
import { type Classified, groupsOf } from "./evaluated.ts";
import { type ScoreAreas, sweepScores } from "./score-areas.ts";

export type ClassCurve = { positive: number; counts: CurveCounts; bands: CurveBands | null };

export type ScoreFigures = {
  areas: ScoreAreas;
  curves: ClassCurve[];
  /** Nixon's adaptive calibration error over all classes; null: there are fewer samples than its ranges. */
  classwise: number | null;
};

/** Curves of so many classes are drawn, of those with the most samples. */
const CURVES_MAX = 30;
/** Points of a curve: of two classes, and of one among many. */
const POINTS = 200;
const POINTS_OF_MANY = 100;
const RANGES = 15;

export function scoreFigures(evaluated: Classified, probabilities: ArrayLike<number>[], seed: number): ScoreFigures {
  const { classes, samples } = evaluated;
  const groups = groupsOf(evaluated);
  const curves: ClassCurve[] = [];
  let [gaps, shown]: [number, Set<number> | null] = [0, null];
  const { byClass, means } = sweepScores(evaluated, probabilities, (column, truths) => {
    shown ??= shownClasses(truths);
    if (samples >= RANGES) gaps += classwiseGap(evaluated.truth, { ...column, confidence: column.scores }, RANGES);
    if (!shown.has(column.wanted)) return;
    const counts = countCurve(column, truths, classes.length === 2 ? POINTS : POINTS_OF_MANY);
    const grouped = groups && groupedRanges(column, counts, { truth: evaluated.truth, groups });
    const bands = curveBands(counts, {
      resamples: RESAMPLES,
      seed: seedOf(seed, `curve-${column.wanted}`),
      grouped,
    });
    curves.push({ positive: column.wanted, counts, bands: "undefined" in bands ? null : bands });
  });
  const classwise = samples >= RANGES ? gaps / (classes.length * RANGES) : null;
  return { areas: { byClass, means }, curves, classwise };
}

function shownClasses({ support }: Truths): Set<number> {
  if (support.length === 2) return new Set([1]);
  const fullest = [...support.keys()].sort((a, b) => support[b]! - support[a]! || a - b);
  return new Set(fullest.slice(0, CURVES_MAX));
}

function groupedRanges(
  column: SortedColumn,
  counts: CurveCounts,
  { truth, groups }: { truth: Int32Array; groups: { of: Int32Array; count: number } },
): GroupedRanges {
  const positive = filled(new Uint8Array(truth.length), (at) => (truth[at] === column.wanted ? 1 : 0));
  return { group: groups.of, groups: groups.count, ranges: rangesOfSamples(column, counts), positive };
}
