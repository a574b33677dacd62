/** Whether confidence means what it says: expected calibration error over equal widths. Pure. */
import { refuseNonBinary, refuseNonProbability, refuseSetting, refuseUnequalLengths } from "../inputs.ts";
import { because, type Measured } from "../measured.ts";
import { quantile } from "../moments.ts";
import { drawBinomial } from "../resampling/binomial-draw.ts";
import { seededRandom } from "../resampling/random.ts";

export type CalibrationBin = {
  /** From 0. */
  index: number;
  count: number;
  /** The mean of the confidences in it. */
  confidence: number;
  /** The share that is right. */
  accuracy: number;
};

export type Calibration = {
  /** Σ (n_b/n) |accuracy_b − confidence_b|, 0–1. Biased upwards where n is small: show the calibrated model's beside it. */
  ece: Measured;
  /** The largest |accuracy_b − confidence_b|. */
  mce: Measured;
  /** Those that hold a sample. */
  bins: CalibrationBin[];
};

export type BinRule = {
  bins?: number;
  /**
   * `right`: ((m − 1)/M, m/M], 0 in the first (Guo et al. 2017). `left`: [(m − 1)/M, m/M), 1 in a bin of its own, as
   * torchmetrics has it.
   */
  closed?: "right" | "left";
};

/**
 * `confidence` is the top label's probability in 0–1, `correct` whether that label is right, 0 or 1. Confidences are taken as
 * float64: in float32 those at an edge move.
 */
export function calibrationError(
  confidence: ArrayLike<number>,
  correct: ArrayLike<number>,
  { bins = 15, closed = "right" }: BinRule = {},
): Calibration {
  refuseCalibration(confidence, correct, bins);
  const counts = new Float64Array(bins + 1);
  const confidences = new Float64Array(bins + 1);
  const right = new Float64Array(bins + 1);
  for (let at = 0; at < confidence.length; at++) {
    const bin = binOf(confidence[at]!, bins, closed);
    counts[bin]!++;
    confidences[bin]! += confidence[at]!;
    right[bin]! += correct[at]!;
  }
  return calibrationOf({ counts, confidences, right });
}

export function refuseCalibration(confidence: ArrayLike<number>, correct: ArrayLike<number>, bins: number): void {
  refuseSetting(Number.isInteger(bins) && bins > 0, `${bins} bins: it must be a whole number above 0`);
  refuseUnequalLengths(confidence, correct, "confidence and correct");
  refuseNonProbability(confidence, "confidences");
  refuseNonBinary(correct, "right or wrong");
}

/** The product may round across an edge, so the edges decide. */
export function binOf(confidence: number, bins: number, closed: "right" | "left"): number {
  if (closed === "left") {
    let bin = Math.floor(confidence * bins);
    while (bin < bins && confidence >= (bin + 1) / bins) bin++;
    while (bin > 0 && confidence < bin / bins) bin--;
    return bin;
  }
  let bin = Math.max(0, Math.ceil(confidence * bins) - 1);
  while (bin > 0 && confidence <= bin / bins) bin--;
  while (bin < bins - 1 && confidence > (bin + 1) / bins) bin++;
  return bin;
}

/** Sums by bin. */
type Sums = { counts: Float64Array; confidences: Float64Array; right: Float64Array };

export function calibrationOf({ counts, confidences, right }: Sums): Calibration {
  const bins = [...counts.entries()]
    .filter(([, count]) => count > 0)
    .map(([index, count]) => ({
      index,
      count,
      confidence: confidences[index]! / count,
      accuracy: right[index]! / count,
    }));
  if (bins.length === 0) return { ece: because("no-sample"), mce: because("no-sample"), bins };
  const total = bins.reduce((sum, { count }) => sum + count, 0);
  const gap = (bin: CalibrationBin) => Math.abs(bin.accuracy - bin.confidence);
  const ece = bins.reduce((sum, bin) => sum + (bin.count / total) * gap(bin), 0);
  return { ece, mce: bins.reduce((most, bin) => Math.max(most, gap(bin)), 0), bins };
}

/** Parts of a bin: confidences of one part differ by less than 1/240, which changes a draw's variance by less than 1e-5. */
export const PARTS = 16;

/**
 * What the error comes to for a model that is perfectly calibrated: each sample is drawn as right with its own confidence,
 * `draws` times, samples of nearly equal confidence together. The mean, and what it exceeds once in twenty times. Bins are
 * closed on the right. Assumes independent samples.
 */
export function calibratedNull(
  confidence: ArrayLike<number>,
  { bins = 15, draws = 200, seed }: { bins?: number; draws?: number; seed: number },
): { mean: Measured; p95: Measured } {
  const n = confidence.length;
  if (n === 0) return { mean: because("no-sample"), p95: because("no-sample") };
  refuseSetting(Number.isInteger(bins) && bins > 0, `${bins} bins: it must be a whole number above 0`);
  refuseNonProbability(confidence, "confidences");
  const random = seededRandom(seed);
  const counts = new Float64Array(bins * PARTS);
  const sums = new Float64Array(bins * PARTS);
  for (let at = 0; at < n; at++) {
    const part = binOf(confidence[at]!, bins * PARTS, "right");
    counts[part]!++;
    sums[part]! += confidence[at]!;
  }
  const errors = Float64Array.from({ length: draws }, () => {
    let error = 0;
    for (let bin = 0; bin < bins; bin++) {
      let excess = 0;
      for (let part = bin * PARTS; part < (bin + 1) * PARTS; part++)
        excess += drawBinomial(counts[part]!, sums[part]! / counts[part]!, random) - sums[part]!;
      error += Math.abs(excess);
    }
    return error / n;
  });
  return { mean: errors.reduce((a, b) => a + b, 0) / draws, p95: quantile(errors.sort(), 0.95) };
}
