/** Areas under curves of all classes, from one sort of each column of probabilities. Pure. */
import { influenceVariance, logitInterval } from "../../statistics/intervals/influence.ts";
import { orderOf } from "../../statistics/order.ts";
import {
  areasOfColumn,
  type ColumnAreas,
  type Influences,
  type SortedColumn,
  type Truths,
  truthsOf,
} from "../../statistics/scores/column-areas.ts";
import type { Estimate, Measured } from "../../wire/evaluations/measured.ts";
import { ALPHA, interval } from "./estimates.ts";
import { type Classified, groupsOf } from "./evaluated.ts";

/** The areas of one class against the rest. */
export type ClassAreas = { of: number; auc: Estimate; averagePrecision: Estimate; trapezoid: Measured };

export type ScoreAreas = {
  /** Of two classes the second alone. */
  byClass: ClassAreas[];
  /** Means over classes, and over pairs of classes; null where there are two classes or fewer. */
  means: { ovr: Estimate; ovrWeighted: Estimate; ovo: Estimate; averagePrecision: Estimate } | null;
};

/** By area, what each sample moves it; of two classes of the one, of more of the means over classes. */
export type AreaInfluences = Partial<Record<AreaMetric, Float64Array>>;

export const areaMetrics = [
  "roc-auc",
  "average-precision",
  "roc-auc-ovr",
  "roc-auc-ovr-weighted",
  "roc-auc-ovo",
  "average-precision-macro",
] as const;
export type AreaMetric = (typeof areaMetrics)[number];

export function areaOf({ byClass, means }: ScoreAreas, metric: AreaMetric): Estimate | null {
  if (means === null)
    return (
      { "roc-auc": byClass[0]?.auc, "average-precision": byClass[0]?.averagePrecision }[metric as "roc-auc"] ?? null
    );
  const found: Partial<Record<AreaMetric, Estimate>> = {
    "roc-auc-ovr": means.ovr,
    "roc-auc-ovr-weighted": means.ovrWeighted,
    "roc-auc-ovo": means.ovo,
    "average-precision-macro": means.averagePrecision,
  };
  return found[metric] ?? null;
}

type Groups = ReturnType<typeof groupsOf>;

/** `visit` is told each column in its order while it is there: one is sorted at a time. */
export function sweepScores(
  evaluated: Classified,
  probabilities: ArrayLike<number>[],
  visit: (column: SortedColumn, truths: Truths) => void = () => {},
): ScoreAreas & { influences: AreaInfluences } {
  const { samples, classes } = evaluated;
  const groups = groupsOf(evaluated);
  const truths = truthsOf(evaluated.truth, classes.length);
  const several = classes.length > 2;
  const sums = several ? new MeanInfluences(truths, samples) : null;
  const into: Influences = {
    auc: new Float64Array(samples),
    averagePrecision: new Float64Array(samples),
    pairs: sums?.pairs ?? null,
  };
  const byClass: ClassAreas[] = [];
  for (const [of, scores] of probabilities.entries()) {
    const column = { wanted: of, scores, order: orderOf(scores) };
    visit(column, truths);
    if (classes.length === 2 && of === 0) continue;
    const areas = areasOfColumn(truths, column, into);
    sums?.add(of, areas, into);
    byClass.push(classAreas(of, areas, { into, groups, truths }));
  }
  const means = sums?.estimates(groups) ?? null;
  const influences = sums?.influences() ?? { "roc-auc": into.auc, "average-precision": into.averagePrecision };
  return { byClass, means, influences };
}

function classAreas(
  of: number,
  { auc, averagePrecision, trapezoid }: ColumnAreas,
  { into, groups, truths }: { into: Influences; groups: Groups; truths: Truths },
): ClassAreas {
  const own = truths.support[of]!;
  const rest = truths.truth.length - own;
  const few = own === 1 ? "one-positive" : rest === 1 ? "one-negative" : null;
  const estimate = (
    value: ColumnAreas["auc"],
    influences: Float64Array,
    method: "delong-logit" | "influence-logit",
  ) => {
    if (typeof value !== "number") return { value, interval: value };
    if (few !== null) return { value, interval: { undefined: few } } as const;
    const found = interval(logitInterval(value, influenceVariance(influences, groups), ALPHA), method);
    return { value, interval: found };
  };
  const area: Estimate = estimate(auc, into.auc, "delong-logit");
  // where all pairs are ranked right, disjoint ones are trials that all succeeded: Clopper and Pearson's one-sided bound
  if (auc === 1 && few === null && groups === null)
    area.interval = { low: ALPHA ** (1 / Math.min(own, rest)), high: 1, method: "one-sided" };
  return {
    of,
    auc: area,
    averagePrecision: estimate(averagePrecision, into.averagePrecision, "influence-logit"),
    trapezoid,
  };
}

/** What each sample moves the means over classes, added up column by column. */
class MeanInfluences {
  readonly pairs: Float64Array;
  readonly #ovr: Float64Array;
  readonly #weighted: Float64Array;
  readonly #precision: Float64Array;
  readonly #truths: Truths;
  readonly #values = { ovr: 0, weighted: 0, ovo: 0, averagePrecision: 0 };
  readonly #areas: Float64Array;

  constructor(truths: Truths, samples: number) {
    this.#truths = truths;
    this.pairs = new Float64Array(samples);
    this.#ovr = new Float64Array(samples);
    this.#weighted = new Float64Array(samples);
    this.#precision = new Float64Array(samples);
    this.#areas = new Float64Array(truths.support.length);
  }

  add(of: number, { auc, averagePrecision, wins }: ColumnAreas, into: Influences): void {
    const { support, truth } = this.#truths;
    const classes = support.length;
    if (typeof auc !== "number" || typeof averagePrecision !== "number") return;
    const weight = support[of]! / truth.length;
    this.#areas[of] = auc;
    this.#values.ovr += auc / classes;
    this.#values.weighted += auc * weight;
    this.#values.averagePrecision += averagePrecision / classes;
    for (const [other, won] of wins.entries())
      if (other !== of) this.#values.ovo += won / support[of]! / support[other]! / (classes * (classes - 1));
    for (let at = 0; at < truth.length; at++) {
      this.#ovr[at]! += into.auc[at]! / classes;
      this.#weighted[at]! += into.auc[at]! * weight;
      this.#precision[at]! += into.averagePrecision[at]! / classes;
    }
  }

  estimates(groups: Groups): NonNullable<ScoreAreas["means"]> {
    const { support, truth } = this.#truths;
    const n = truth.length;
    const absent = support.find((count) => count === 0 || count === n);
    if (absent !== undefined) {
      const reason = { undefined: absent === 0 ? ("class-without-sample" as const) : ("class-alone" as const) };
      const none: Estimate = { value: reason, interval: reason };
      return { ovr: none, ovrWeighted: none, ovo: none, averagePrecision: none };
    }
    this.#centrePairs();
    // the shares of classes that weigh the areas are drawn too
    for (let at = 0; at < n; at++) this.#weighted[at]! += this.#areas[truth[at]!]! - this.#values.weighted;
    const few = support.some((count) => count < 2);
    const estimate = (value: number, influences: Float64Array): Estimate => ({
      value,
      interval: few
        ? { undefined: "one-positive" }
        : interval(logitInterval(value, influenceVariance(influences, groups), ALPHA), "influence-logit"),
    });
    return {
      ovr: estimate(this.#values.ovr, this.#ovr),
      ovrWeighted: estimate(this.#values.weighted, this.#weighted),
      ovo: estimate(this.#values.ovo, this.pairs),
      averagePrecision: estimate(this.#values.averagePrecision, this.#precision),
    };
  }

  /** Once the estimates were made. */
  influences(): AreaInfluences {
    return {
      "roc-auc-ovr": this.#ovr,
      "roc-auc-ovr-weighted": this.#weighted,
      "roc-auc-ovo": this.pairs,
      "average-precision-macro": this.#precision,
    };
  }

  #centrePairs(): void {
    const { support, truth } = this.#truths;
    const classes = support.length;
    const sums = new Float64Array(classes);
    for (let at = 0; at < truth.length; at++) sums[truth[at]!]! += this.pairs[at]!;
    for (let at = 0; at < truth.length; at++) {
      const count = support[truth[at]!]!;
      const scale = (truth.length * Math.sqrt(count / Math.max(1, count - 1))) / (classes * (classes - 1));
      this.pairs[at] = (this.pairs[at]! - sums[truth[at]!]! / count) * scale;
    }
  }
}
