/**
 * What each sample moves a statistic of predicted numbers that is no mean over samples: n times its derivative by the
 * sample's weight (Hampel 1974), as `influenceVariance` takes it. Pure.
 */
import { ascending, mean, quantile } from "../moments.ts";
import { midRanks, orderOf } from "../order.ts";

/** Of var(y − ŷ)/var(y), the share that isn't explained. `truth` varies. */
export function unexplainedInfluences(truth: Float64Array, predicted: Float64Array): Float64Array {
  const errors = squaredDistances(truth.map((target, at) => predicted[at]! - target));
  const spread = squaredDistances(truth);
  const [left, all] = [mean(errors), mean(spread)];
  return errors.map((one, at) => (one - left) / all - (left / all) * (spread[at]! / all - 1));
}

/** Of Pearson's correlation: z z′ − r (z² + z′²)/2 of standardised values. Both sides vary. */
export function pearsonInfluences(truth: ArrayLike<number>, predicted: ArrayLike<number>): Float64Array {
  const [x, y] = [standardised(truth), standardised(predicted)];
  const r = mean(x.map((one, at) => one * y[at]!));
  return x.map((one, at) => one * y[at]! - (r / 2) * (one * one + y[at]! ** 2));
}

/**
 * Of Spearman's: that of Pearson's of the ranks, and what a sample moves the ranks of the others (Croux and Dehon 2010).
 * Both sides vary.
 */
export function spearmanInfluences(truth: ArrayLike<number>, predicted: ArrayLike<number>): Float64Array {
  const [x, y] = [midRanks(truth), midRanks(predicted)];
  const own = pearsonInfluences(x, y);
  const [u, v] = [standardised(x), standardised(y)];
  // ranks are n times the share below: in standard deviations of them
  const n = x.length;
  const [scaleX, scaleY] = [n / deviation(x), n / deviation(y)];
  const r = mean(u.map((one, at) => one * v[at]!));
  const [movedX, movedY] = [movedRanks(x, u, v, r), movedRanks(y, v, u, r)];
  return own.map((one, at) => one + scaleX * movedX[at]! + scaleY * movedY[at]!);
}

/**
 * What weight on sample i adds to r through the ranks of the samples above it: the mean over samples above i (half of those
 * that tie) of how r grows with their rank, in units of 1/n, less its mean over all i.
 */
function movedRanks(ranks: Float64Array, u: Float64Array, v: Float64Array, r: number): Float64Array {
  const slopes = u.map((one, at) => v[at]! - r * one);
  const order = orderOf(ranks);
  const moved = new Float64Array(ranks.length);
  let above = 0;
  for (let end = order.length; end > 0; ) {
    let start = end - 1;
    while (start > 0 && ranks[order[start - 1]!] === ranks[order[end - 1]!]) start--;
    let tied = 0;
    for (let at = start; at < end; at++) tied += slopes[order[at]!]!;
    for (let at = start; at < end; at++) moved[order[at]!] = (above + tied / 2) / ranks.length;
    above += tied;
    end = start;
  }
  const centre = mean(moved);
  return moved.map((one) => one - centre);
}

/**
 * Of the median: which half a value is in, over the density at the median, which is read from the quantiles at ½ ± 1/√n
 * (Siddiqui 1960). All 0 where those are the same.
 */
export function medianInfluences(values: Float64Array): Float64Array {
  const sorted = ascending(values);
  const half = Math.min(0.5, 1 / Math.sqrt(values.length));
  const width = quantile(sorted, 0.5 + half) - quantile(sorted, 0.5 - half);
  const median = quantile(sorted, 0.5);
  return values.map((value) => (Math.sign(value - median) / 2) * (width / (2 * half)));
}

function squaredDistances(values: Float64Array): Float64Array {
  const centre = mean(values);
  return values.map((value) => (value - centre) ** 2);
}

function deviation(values: Float64Array): number {
  return Math.sqrt(mean(squaredDistances(values)));
}

function standardised(values: ArrayLike<number>): Float64Array {
  const own = Float64Array.from(values);
  const [centre, scale] = [mean(own), deviation(own)];
  return own.map((value) => (value - centre) / scale);
}
