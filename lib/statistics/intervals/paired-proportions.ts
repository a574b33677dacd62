/** Intervals of the difference of two accuracies on the same samples. Pure. */
import { normalQuantile } from "../distributions/normal.ts";
import { refuseSetting } from "../inputs.ts";
import type { Interval } from "../measured.ts";
import { wilsonInterval } from "./proportion.ts";

/** Samples by which of two models is right: both, A alone, B alone, none. Their sum is above 0. */
export type PairedCounts = { bothRight: number; onlyA: number; onlyB: number; bothWrong: number };

const totalOf = ({ bothRight, onlyA, onlyB, bothWrong }: PairedCounts): number => {
  const total = bothRight + onlyA + onlyB + bothWrong;
  refuseSetting(total > 0, "a comparison needs a sample");
  return total;
};

/** Accuracy of A less accuracy of B. */
export const accuracyDifference = (counts: PairedCounts): number => (counts.onlyA - counts.onlyB) / totalOf(counts);

/**
 * Newcombe's interval (1998, method 10): squares of the distances to both Wilson limits added, less what the correlation φ
 * (with its continuity correction) takes off. Never of width 0. Assumes independent samples.
 */
export function newcombeInterval(counts: PairedCounts, alpha = 0.05): Interval {
  const { bothRight, onlyA, onlyB, bothWrong } = counts;
  const n = totalOf(counts);
  const [right1, right2] = [bothRight + onlyA, bothRight + onlyB];
  const [p1, p2] = [right1 / n, right2 / n];
  const [low1, high1] = wilsonInterval(right1, n, alpha);
  const [low2, high2] = wilsonInterval(right2, n, alpha);
  const margins = right1 * (n - right1) * right2 * (n - right2);
  const product = bothRight * bothWrong - onlyA * onlyB;
  const corrected = product > 0 ? Math.max(0, product - n / 2) : product;
  const phi = margins === 0 ? 0 : corrected / Math.sqrt(margins);
  const added = (x: number, y: number) => Math.sqrt(Math.max(0, x * x - 2 * phi * x * y + y * y));
  const difference = (onlyA - onlyB) / n;
  return [difference - added(p1 - low1, high2 - p2), difference + added(p2 - low2, high1 - p1)];
}

/** Bonett and Price's interval (2012): Wald's with one success added to each discordant cell. Assumes independent samples. */
export function bonettPriceInterval(counts: PairedCounts, alpha = 0.05): Interval {
  const n = totalOf(counts) + 2;
  const [p12, p21] = [(counts.onlyA + 1) / n, (counts.onlyB + 1) / n];
  const half = normalQuantile(1 - alpha / 2) * Math.sqrt((p12 + p21 - (p12 - p21) ** 2) / n);
  return [Math.max(-1, p12 - p21 - half), Math.min(1, p12 - p21 + half)];
}
