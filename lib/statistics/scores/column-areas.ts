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

/** The sorted scores in blocks of equal ones, with how many of each class lie below. */
type Walk = { below: Float64Array; block: Float64Array; belowAll: number };

/** In one pass. Where a class is missing the areas are undefined, and the influences are 0. */
export function areasOfColumn(truths: Truths, column: SortedColumn, into: Influences): ColumnAreas {
  const { wanted, order, scores } = column;
  const { truth, support } = truths;
  const n = order.length;
  const [own, rest] = [support[wanted]!, n - support[wanted]!];
  const wins = new Float64Array(support.length);
  const reason = own === 0 ? "class-without-sample" : rest === 0 ? "class-alone" : null;
  if (reason !== null) {
    into.auc.fill(0);
    into.averagePrecision.fill(0);
    const none = because(reason);
    return { auc: none, averagePrecision: own === 0 ? none : 1, trapezoid: own === 0 ? none : 1, wins };
  }
  const walk: Walk = { below: new Float64Array(support.length), block: new Float64Array(support.length), belowAll: 0 };
  const curve = newCurve();
  for (let start = 0; start < n; ) {
    const end = endOfBlock(scores, order, start);
    for (let at = start; at < end; at++) walk.block[truth[order[at]!]!]!++;
    const precision = curveStep(curve, { ups: own - walk.below[wanted]!, all: n - start, block: walk.block[wanted]! });
    for (let at = start; at < end; at++)
      placeSample(order[at]!, { truths, wanted, walk, wins, into, precision, curve, rest });
    for (let at = start; at < end; at++) {
      const label = truth[order[at]!]!;
      if (walk.block[label] === 0) continue;
      walk.below[label]! += walk.block[label]!;
      walk.block[label] = 0;
    }
    walk.belowAll = end;
    start = end;
  }
  const auc = wins.reduce((a, b) => a + b, 0) / own / rest;
  const averagePrecision = curve.sum / own;
  centre(truths, wanted, { auc, averagePrecision }, into);
  return { auc, averagePrecision, trapezoid: trapezoidOf(curve, own), wins };
}

function endOfBlock(scores: ArrayLike<number>, order: Uint32Array, start: number): number {
  const score = scores[order[start]!];
  let end = start + 1;
  while (end < order.length && scores[order[end]!] === score) end++;
  return end;
}

/** Sums over the PR curve from its lowest threshold up. */
type Curve = {
  /** Σ of precision over positives so far. */
  sum: number;
  /** Σ over positives so far of 1/N, and of precision/N, N being the samples from their score on. */
  inverse: number;
  weighted: number;
  trapezoid: number;
  before: { ups: number; precision: number } | null;
};

const newCurve = (): Curve => ({ sum: 0, inverse: 0, weighted: 0, trapezoid: 0, before: null });

/** One distinct score: `ups` positives of `all` samples have it or a higher one, `block` positives have it. */
function curveStep(curve: Curve, { ups, all, block }: { ups: number; all: number; block: number }): number {
  const precision = ups / all;
  curve.sum += block * precision;
  curve.inverse += block / all;
  curve.weighted += (block * precision) / all;
  if (curve.before) curve.trapezoid += ((curve.before.ups - ups) * (curve.before.precision + precision)) / 2;
  curve.before = { ups, precision };
  return precision;
}

const trapezoidOf = ({ trapezoid, before }: Curve, own: number): number =>
  (trapezoid + (before ? (before.ups * (before.precision + 1)) / 2 : 0)) / own;

type Placing = {
  truths: Truths;
  wanted: number;
  walk: Walk;
  wins: Float64Array;
  into: Influences;
  precision: number;
  curve: Curve;
  rest: number;
};

/** Writes what one sample says before the areas are known: its share of pairs won, and its part of the PR curve. */
function placeSample(sample: number, { truths, wanted, walk, wins, into, precision, curve, rest }: Placing): void {
  const { truth, support } = truths;
  const label = truth[sample]!;
  if (label !== wanted) {
    const above = support[wanted]! - walk.below[wanted]! - walk.block[wanted]! / 2;
    into.auc[sample] = above / support[wanted]!;
    into.averagePrecision[sample] = -curve.weighted;
    if (into.pairs) into.pairs[sample]! += above / support[wanted]! / support[label]!;
    return;
  }
  let [won, shares] = [0, 0];
  for (let other = 0; other < support.length; other++) {
    if (other === wanted || support[other] === 0) continue;
    const below = walk.below[other]! + walk.block[other]! / 2;
    wins[other]! += below;
    won += below;
    shares += below / support[other]!;
  }
  into.auc[sample] = won / rest;
  into.averagePrecision[sample] = precision + curve.inverse - curve.weighted;
  if (into.pairs) into.pairs[sample]! += shares / support[wanted]!;
}

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
  const [up, down] = [scale(own), scale(n - own)];
  for (let at = 0; at < n; at++) {
    const positive = truth[at] === wanted;
    into.auc[at] = (into.auc[at]! - auc) * (positive ? up : down);
    into.averagePrecision[at] = (into.averagePrecision[at]! - (positive ? averagePrecision : 0)) * (n / own);
  }
}
