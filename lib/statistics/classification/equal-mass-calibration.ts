/** Calibration error over ranges that hold equally many samples. Pure. */
import { refuseNonClass, refuseNonProbability, refuseSetting, refuseUnequalLengths } from "../inputs.ts";
import { because, type Measured } from "../measured.ts";
import { orderOf } from "../order.ts";
import { type CalibrationBin, refuseCalibration } from "./calibration.ts";

/** Starts and ends of `ranges` contiguous parts of n; the first n mod `ranges` get one more. Empty ones are left out. */
function rangesOf(n: number, ranges: number): [start: number, end: number][] {
  const [size, more] = [Math.floor(n / ranges), n % ranges];
  const start = (at: number) => at * size + Math.min(at, more);
  return Array.from({ length: ranges }, (_, at): [number, number] => [start(at), start(at + 1)]).filter(
    ([from, to]) => to > from,
  );
}

/** The ranges of samples sorted by confidence; of ties the earlier sample comes first. */
function binsOf(confidence: ArrayLike<number>, isRight: (at: number) => number, ranges: number): CalibrationBin[] {
  return binsInOrder({ confidence, order: orderOf(confidence) }, isRight, ranges);
}

type Sorted = { confidence: ArrayLike<number>; order: Uint32Array };

function binsInOrder({ confidence, order }: Sorted, isRight: (at: number) => number, ranges: number): CalibrationBin[] {
  return rangesOf(order.length, ranges).map(([from, to], index) => {
    let [confidences, right] = [0, 0];
    for (let at = from; at < to; at++) {
      confidences += confidence[order[at]!]!;
      right += isRight(order[at]!);
    }
    const count = to - from;
    return { index, count, confidence: confidences / count, accuracy: right / count };
  });
}

/**
 * Adaptive calibration error of the top label: Σ (n_b/n) |accuracy_b − confidence_b| over `bins` ranges of equally many
 * samples, 0–1. `confidence` in 0–1, `correct` 0 or 1.
 */
export function equalMassCalibration(
  confidence: ArrayLike<number>,
  correct: ArrayLike<number>,
  bins = 15,
): { ece: Measured; bins: CalibrationBin[] } {
  refuseCalibration(confidence, correct, bins);
  const n = confidence.length;
  const found = binsOf(confidence, (at) => correct[at]!, bins);
  if (n === 0) return { ece: because("no-sample"), bins: found };
  const gap = (one: CalibrationBin) => (one.count / n) * Math.abs(one.accuracy - one.confidence);
  return { ece: found.reduce((sum, one) => sum + gap(one), 0), bins: found };
}

/**
 * Adaptive calibration error over all classes (Nixon et al. 2019): 1/(KR) ΣΣ |share of class k − mean probability| over R
 * ranges of equally many samples for each class, 0–1. `probabilities[k][i]` is class k's for sample i. Undefined where
 * there are fewer samples than ranges.
 */
export function adaptiveCalibrationError(
  truth: ArrayLike<number>,
  probabilities: ArrayLike<number>[],
  ranges = 15,
): Measured {
  refuseSetting(Number.isInteger(ranges) && ranges > 0, `${ranges} ranges: it must be a whole number above 0`);
  refuseNonClass(truth, probabilities.length, "true classes");
  if (truth.length < ranges) return because("too-few-samples");
  let sum = 0;
  for (const [wanted, column] of probabilities.entries()) {
    refuseUnequalLengths(truth, column, `truth and class ${wanted}'s probabilities`);
    refuseNonProbability(column, `probabilities of class ${wanted}`);
    sum += classwiseGap(truth, { wanted, confidence: column, order: orderOf(column) }, ranges);
  }
  return sum / (probabilities.length * ranges);
}

/** One class's part of it: Σ |share of class k − mean probability| over the ranges. `order` is that of the probabilities. */
export function classwiseGap(truth: ArrayLike<number>, column: Sorted & { wanted: number }, ranges = 15): number {
  const isRight = (at: number) => (truth[at] === column.wanted ? 1 : 0);
  return binsInOrder(column, isRight, ranges).reduce((sum, one) => sum + Math.abs(one.accuracy - one.confidence), 0);
}
