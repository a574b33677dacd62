/** A ranking of scores thinned to few thresholds, without losing a sample: what a curve is drawn and drawn anew from. Pure. */
import type { SortedColumn, Truths } from "./column-areas.ts";

/** Ranges of scores from the highest down. Those from a threshold on hold all samples of the ranges up to its own. */
export type CurveCounts = {
  /** The lowest score in each range. */
  thresholds: Float64Array;
  /** Samples of the class, and of all others, in each range. */
  ups: Float64Array;
  downs: Float64Array;
};

/**
 * At most about `points` ranges: each ends where it has held its part of the class or of the rest, so that both rates are
 * drawn evenly. Equal scores stay together; where there are fewer distinct scores each is a range.
 */
export function countCurve(
  { wanted, scores, order }: SortedColumn,
  { truth, support }: Truths,
  points: number,
): CurveCounts {
  const own = support[wanted]!;
  const [upQuota, downQuota] = [own / (points / 2), (order.length - own) / (points / 2)];
  const thresholds: number[] = [];
  const ups: number[] = [];
  const downs: number[] = [];
  let [up, down] = [0, 0];
  for (let at = order.length - 1; at >= 0; at--) {
    const sample = order[at]!;
    if (truth[sample] === wanted) up++;
    else down++;
    const isLastOfScore = at === 0 || scores[order[at - 1]!] !== scores[sample];
    if (!isLastOfScore || (at > 0 && up < upQuota && down < downQuota)) continue;
    thresholds.push(scores[sample]!);
    ups.push(up);
    downs.push(down);
    [up, down] = [0, 0];
  }
  return { thresholds: Float64Array.from(thresholds), ups: Float64Array.from(ups), downs: Float64Array.from(downs) };
}

/** The range that each sample falls into, by sample. */
export function rangesOfSamples({ scores, order }: SortedColumn, { thresholds }: CurveCounts): Uint32Array {
  const ranges = new Uint32Array(order.length);
  let range = thresholds.length - 1;
  for (const sample of order) {
    while (range > 0 && scores[sample]! >= thresholds[range - 1]!) range--;
    ranges[sample] = range;
  }
  return ranges;
}
