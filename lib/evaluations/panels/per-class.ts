/** Precision, recall and F1 of each class, with intervals. Pure. */
import { confusionOf, type Margins, marginsOf } from "../../statistics/classification/confusion.ts";
import {
  bootstrapGroupedConfusion,
  type ConfusionMetric,
  groupedCells,
  jackknifeGroupedConfusion,
} from "../../statistics/classification/confusion-bootstrap.ts";
import { type ClassScores, classScores, scoresByClass } from "../../statistics/classification/per-class.ts";
import type { MeasuredOrCounted } from "../../statistics/measured.ts";
import { drawCounts } from "../../statistics/resampling/multinomial-draw.ts";
import { seededRandom, seedOf } from "../../statistics/resampling/random.ts";
import type { Estimate } from "../../wire/evaluations/measured.ts";
import type { ClassRow } from "../../wire/evaluations/per-class.ts";
import { measured, RESAMPLES, resampledInterval, shareOf } from "../measures/estimates.ts";
import { type Classified, groupsOf } from "../measures/evaluated.ts";
import { panelOf } from "./panel.ts";

/** Below so many samples the interval of a recall is wider than .3: the count says more than a rate. */
const RARE_BELOW = 20;

export const perClass = panelOf({
  name: "perClass",
  needs: ["classification"],
  make: (evaluated, { seed }) => {
    const { truth, predicted, classes } = evaluated;
    const margins = marginsOf(confusionOf(truth, predicted, classes.length));
    const scores = scoresByClass(margins);
    const estimates = groupsOf(evaluated) === null ? ofCells(scores, margins, seed) : ofGroups(evaluated, scores, seed);
    return {
      rareBelow: RARE_BELOW,
      classes: scores.map(
        ({ support, predicted, right }, at): ClassRow => ({
          name: classes[at]!,
          ...estimates[at]!,
          support,
          predicted,
          right,
          rare: support < RARE_BELOW,
        }),
      ),
    };
  },
});

type Estimates = { precision: Estimate; recall: Estimate; f1: Estimate };
const undefinedOf = (value: MeasuredOrCounted): Estimate | null =>
  typeof value === "number" ? null : { value: measured(value), interval: { undefined: value.undefined } };

function ofCells(scores: ClassScores[], { total }: Margins, seed: number): Estimates[] {
  const random = seededRandom(seedOf(seed, "per-class"));
  return scores.map((one) => ({
    precision: undefinedOf(one.precision) ?? shareOf(one.right, one.predicted),
    recall: undefinedOf(one.recall) ?? shareOf(one.right, one.support),
    f1: undefinedOf(one.f1) ?? f1OfCells(one, total, random),
  }));
}

/** F1 is a function of three counts: right ones, wrong ones that have to do with the class, and all others. */
function f1OfCells({ f1, right, support, predicted }: ClassScores, total: number, random: () => number): Estimate {
  const wrong = support + predicted - 2 * right;
  const cells = [right, wrong, total - right - wrong];
  const of = (hits: number, misses: number) =>
    2 * hits + misses === 0 ? Number.NaN : (2 * hits) / (2 * hits + misses);
  const drawn = new Float64Array(3);
  const replicates = Float64Array.from({ length: RESAMPLES }, () => {
    drawCounts(cells, random, drawn);
    return of(drawn[0]!, drawn[1]!);
  });
  const values = cells.map((count, cell) =>
    count === 0 ? 0 : of(right - (cell === 0 ? 1 : 0), wrong - (cell === 1 ? 1 : 0)),
  );
  return { value: measured(f1), interval: resampledInterval(f1, replicates, { values, counts: cells }) };
}

const parts = ["precision", "recall", "f1"] as const;

/** Replicates of one class at a time: those of all would be 50 MB for a thousand classes. */
function ofGroups(evaluated: Classified, scores: ClassScores[], seed: number): Estimates[] {
  const groups = groupsOf(evaluated)!;
  const { truth, predicted, classes } = evaluated;
  const cells = groupedCells(truth, predicted, { group: groups.of, groups: groups.count, classes: classes.length });
  const draw = { resamples: RESAMPLES, seed: seedOf(seed, "per-class") };
  const metricsOf = (of: number): ConfusionMetric[] =>
    parts.map((part) => (margins) => resampledScore(margins, of)[part]);
  const all = scores.flatMap((_, of) => metricsOf(of));
  const replicates = bootstrapGroupedConfusion(cells, draw, all);
  return scores.map((one, of) => {
    const estimate = (part: number): Estimate => {
      const value = one[parts[part]!];
      if (typeof value !== "number") return undefinedOf(value)!;
      const at = of * parts.length + part;
      return { value, interval: resampledInterval(value, replicates[at]!, jackknifeGroupedConfusion(cells, all[at]!)) };
    };
    return { precision: estimate(0), recall: estimate(1), f1: estimate(2) };
  });
}

/** Undefined where a class vanished from the resample: that is counted, and is no 0. */
function resampledScore(margins: Margins, of: number) {
  const { precision, recall, f1 } = classScores(margins, of);
  const strict = (value: MeasuredOrCounted) => (typeof value === "number" ? value : { undefined: value.undefined });
  return { precision: strict(precision), recall: strict(recall), f1: strict(f1) };
}
