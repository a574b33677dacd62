/** Precision, recall and F1 of each class, and their means. Pure. */
import { counted, type MeasuredOrCounted, ratio } from "../measured.ts";
import { type Counts, type Margins, marginsOf } from "./confusion.ts";

export type ClassScores = {
  /** TP/(TP + FP); undefined, and counted as 0, where nothing was predicted as the class. */
  precision: MeasuredOrCounted;
  /** TP/(TP + FN); undefined, and counted as 0, where no sample is of the class. */
  recall: MeasuredOrCounted;
  /** 2TP/(2TP + FP + FN); undefined, and counted as 0, where the class is neither true nor predicted anywhere. */
  f1: MeasuredOrCounted;
  /** Samples of the class. */
  support: number;
  /** Samples that were predicted as it. */
  predicted: number;
  /** Of these, the right ones: with `support` and `predicted` what a Wilson interval takes. */
  right: number;
};

export function classScores({ rows, columns, diagonal }: Margins, of: number): ClassScores {
  const [right, support, predicted] = [diagonal[of]!, rows[of]!, columns[of]!];
  return {
    precision: ratio(right, predicted, "class-never-predicted"),
    recall: ratio(right, support, "class-without-sample"),
    f1: ratio(2 * right, support + predicted, "class-nowhere"),
    support,
    predicted,
    right,
  };
}

/** By class, in the order of the matrix (van Rijsbergen 1979, Information Retrieval). */
export function scoresByClass(counts: Counts): ClassScores[] {
  const margins = marginsOf(counts);
  return Array.from(margins.rows, (_, of) => classScores(margins, of));
}

export type AverageScores = { precision: MeasuredOrCounted; recall: MeasuredOrCounted; f1: MeasuredOrCounted };

export type Averages = {
  /** The plain mean over all declared classes, undefined ones counted as 0. */
  macro: AverageScores;
  /** Weighted by support; undefined ones counted as 0. */
  weighted: AverageScores;
  /** TP, FP and FN summed over the classes: with one label a sample all three are the accuracy. */
  micro: AverageScores;
  /** The classes of which a part was undefined: which were counted as 0 in macro is said beside it. */
  countedAsZero: number[];
};

/** Means over the classes, as scikit-learn's `precision_recall_fscore_support` with `zero_division=0`. */
export function averagesOf(counts: Counts): Averages {
  const byClass = scoresByClass(counts);
  const total = byClass.reduce((sum, { support }) => sum + support, 0);
  const right = byClass.reduce((sum, one) => sum + one.right, 0);
  const mean = (name: keyof AverageScores, weigh: (one: ClassScores) => number, of: number) =>
    ratio(
      byClass.reduce((sum, one) => sum + weigh(one) * counted(one[name]), 0),
      of,
      "no-sample",
    );
  const averages = (weigh: (one: ClassScores) => number, of: number): AverageScores => ({
    precision: mean("precision", weigh, of),
    recall: mean("recall", weigh, of),
    f1: mean("f1", weigh, of),
  });
  const micro = ratio(right, total, "no-sample");
  return {
    macro: averages(() => 1, byClass.length),
    weighted: averages(({ support }) => support, total),
    micro: { precision: micro, recall: micro, f1: micro },
    countedAsZero: [...byClass.entries()]
      .filter(([, one]) => [one.precision, one.recall, one.f1].some((value) => typeof value !== "number"))
      .map(([at]) => at),
  };
}

/** The plain mean of F1 over all declared classes, undefined ones counted as 0: cheap enough for each of 2,000 resamples. */
export function macroF1(counts: Counts): number {
  const { rows, columns, diagonal } = marginsOf(counts);
  let sum = 0;
  for (let at = 0; at < rows.length; at++) {
    const both = rows[at]! + columns[at]!;
    if (both > 0) sum += (2 * diagonal[at]!) / both;
  }
  return sum / rows.length;
}

/** The mean of F1 weighted by support, undefined ones counted as 0. */
export function weightedF1(counts: Counts): MeasuredOrCounted {
  const { rows, columns, diagonal, total } = marginsOf(counts);
  let sum = 0;
  for (let at = 0; at < rows.length; at++) {
    const both = rows[at]! + columns[at]!;
    if (both > 0) sum += (rows[at]! * 2 * diagonal[at]!) / both;
  }
  return ratio(sum, total, "no-sample");
}
