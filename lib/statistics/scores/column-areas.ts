/** The areas under the ROC and the PR curve of one class against the rest, and what each sample moves them. Pure. */
import { because, type Measured } from "../measured.ts";

/** One class's scores, and the samples from the smallest of them to the largest. */
export type SortedColumn = {
  wanted: number;
  scores: ArrayLike<number>;
  /** Of `orderOf(scores)`. */
  order: Uint32Array;
};

/** What is true of the samples. */
export type Truths = {
  truth: ArrayLike<number>;
  /** Samples by class. */
  support: Float64Array;
};

export function truthsOf(truth: ArrayLike<number>, classes: number): Truths {
  const support = new Float64Array(classes);
  for (let at = 0; at < truth.length; at++) support[truth[at]!]!++;
  return { truth, support };
}

export type ColumnAreas = {
  auc: Measured;
  /** Σ (R_n − R_n−1) P_n over distinct scores. */
  averagePrecision: Measured;
  /** The trapezoid under the PR curve from recall 0 with precision 1: another number. */
  trapezoid: Measured;
  /** By other class c: pairs of a sample of this class and one of c in which this one's score is higher, ties half. */
  wins: Float64Array;
};

/** By sample, n times the derivative by its weight; written anew for each column. */
export type Influences = {
  auc: Float64Array;
  averagePrecision: Float64Array;
  /** Not centred; Σ over columns, and centred within classes, it is that of the mean over pairs of classes. Added to. */
  pairs: Float64Array | null;
};

/** In one pass. Where a class is missing the areas are undefined, and the influences are 0. */
export function areasOfColumn(truths: Truths, column: SortedColumn, into: Influences): ColumnAreas {
  const { wanted, order } = column;
  const { support } = truths;
  const own = support[wanted]!;
  const reason = own === 0 ? "class-without-sample" : own === order.length ? "class-alone" : null;
  if (reason !== null) {
    into.auc.fill(0);
    into.averagePrecision.fill(0);
    const none = because(reason);
    const certain = own === 0 ? none : 1;
    return { auc: none, averagePrecision: certain, trapezoid: certain, wins: new Float64Array(support.length) };
  }
  const walk = new ColumnWalk(truths, column, into);
  for (let start = 0; start < order.length; ) start = walk.takeBlock(start);
  const { wins, curve } = walk;
  const auc = wins.reduce((a, b) => a + b, 0) / own / (order.length - own);
  const averagePrecision = curve.sum / own;
  centre(truths, wanted, { auc, averagePrecision }, into);
  return { auc, averagePrecision, trapezoid: trapezoidOf(curve, own), wins };
}

/** From the smallest score up, in blocks of equal ones. Fields instead of arguments: it is called ten million times. */
class ColumnWalk {
  readonly wins: Float64Array;
  readonly curve = { sum: 0, inverse: 0, weighted: 0, trapezoid: 0, upsBefore: -1, precisionBefore: 0 };
  readonly #truth: ArrayLike<number>;
  readonly #support: Float64Array;
  readonly #column: SortedColumn;
  readonly #into: Influences;
  /** Samples of each class below the block, and in it. */
  readonly #below: Float64Array;
  readonly #block: Float64Array;

  constructor({ truth, support }: Truths, column: SortedColumn, into: Influences) {
    this.#truth = truth;
    this.#support = support;
    this.#column = column;
    this.#into = into;
    this.wins = new Float64Array(support.length);
    this.#below = new Float64Array(support.length);
    this.#block = new Float64Array(support.length);
  }

  /** Returns where the next block begins. */
  takeBlock(start: number): number {
    const { order, scores, wanted } = this.#column;
    const score = scores[order[start]!]!;
    let end = start;
    while (end < order.length && scores[order[end]!] === score) this.#block[this.#truth[order[end++]!]!]!++;
    const precision = this.#curveStep(this.#support[wanted]! - this.#below[wanted]!, order.length - start);
    for (let at = start; at < end; at++) this.#placeSample(order[at]!, precision);
    for (let at = start; at < end; at++) {
      const label = this.#truth[order[at]!]!;
      this.#below[label]! += this.#block[label]!;
      this.#block[label] = 0;
    }
    return end;
  }

  /** `ups` positives of `all` samples have the score of the block or a higher one. */
  #curveStep(ups: number, all: number): number {
    const { curve } = this;
    const block = this.#block[this.#column.wanted]!;
    const precision = ups / all;
    curve.sum += block * precision;
    curve.inverse += block / all;
    curve.weighted += (block * precision) / all;
    if (curve.upsBefore >= 0) curve.trapezoid += ((curve.upsBefore - ups) * (curve.precisionBefore + precision)) / 2;
    curve.upsBefore = ups;
    curve.precisionBefore = precision;
    return precision;
  }

  /** Writes what one sample says before the areas are known: its share of pairs won, and its part of the PR curve. */
  #placeSample(sample: number, precision: number): void {
    const [support, into, { wanted }] = [this.#support, this.#into, this.#column];
    const own = support[wanted]!;
    const label = this.#truth[sample]!;
    if (label !== wanted) {
      const above = (own - this.#below[wanted]! - this.#block[wanted]! / 2) / own;
      into.auc[sample] = above;
      into.averagePrecision[sample] = -this.curve.weighted;
      if (into.pairs) into.pairs[sample]! += above / support[label]!;
      return;
    }
    let [won, shares] = [0, 0];
    for (let other = 0; other < support.length; other++) {
      if (other === wanted || support[other] === 0) continue;
      const below = this.#below[other]! + this.#block[other]! / 2;
      this.wins[other]! += below;
      won += below;
      shares += below / support[other]!;
    }
    into.auc[sample] = won / (this.#truth.length - own);
    into.averagePrecision[sample] = precision + this.curve.inverse - this.curve.weighted;
    if (into.pairs) into.pairs[sample]! += shares / own;
  }
}

const trapezoidOf = ({ trapezoid, upsBefore, precisionBefore }: ColumnWalk["curve"], own: number): number =>
  (trapezoid + (upsBefore * (precisionBefore + 1)) / 2) / own;

/** DeLong's variances have m − 1 where an influence has m; so has this. */
function centre(
  { truth, support }: Truths,
  wanted: number,
  { auc, averagePrecision }: { auc: number; averagePrecision: number },
  into: Influences,
): void {
  const n = truth.length;
  const own = support[wanted]!;
  const scale = (count: number) => n / Math.sqrt(count * Math.max(1, count - 1));
  const [up, down, precise] = [scale(own), scale(n - own), n / own];
  for (let at = 0; at < n; at++) {
    const positive = truth[at] === wanted;
    into.auc[at] = (into.auc[at]! - auc) * (positive ? up : down);
    into.averagePrecision[at] = (into.averagePrecision[at]! - (positive ? averagePrecision : 0)) * precise;
  }
}
