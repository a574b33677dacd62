/** The bootstrap of the expected calibration error. Pure. */
import { bootstrapUnits, type Resampling } from "../resampling/bootstrap.ts";
import { drawCounts } from "../resampling/multinomial-draw.ts";
import { seededRandom } from "../resampling/random.ts";
import { binOf, PARTS, refuseCalibration } from "./calibration.ts";

type Groups = { of: ArrayLike<number>; count: number };

/**
 * Replicates of the error over `bins` equal widths, closed on the right. Samples are drawn as counts of (part of a bin, right
 * or wrong), each with the mean confidence of its cell; where they come in groups, whole groups are drawn. Biased upwards as
 * the error is. Assumes independent samples, or groups.
 */
export function bootstrapCalibration(
  confidence: ArrayLike<number>,
  correct: ArrayLike<number>,
  { bins = 15, resamples, seed, groups = null }: Resampling & { bins?: number; groups?: Groups | null },
): Float64Array {
  refuseCalibration(confidence, correct, bins);
  const parts = bins * PARTS;
  const cellOf = new Uint32Array(confidence.length);
  const counts = new Float64Array(2 * parts);
  const confidences = new Float64Array(2 * parts);
  for (let at = 0; at < confidence.length; at++) {
    const cell = 2 * binOf(confidence[at]!, parts, "right") + correct[at]!;
    cellOf[at] = cell;
    counts[cell]!++;
    confidences[cell]! += confidence[at]!;
  }
  const excess = (cell: number) => (counts[cell] === 0 ? 0 : (cell & 1) - confidences[cell]! / counts[cell]!);
  const gaps = Float64Array.from(counts, (_, cell) => excess(cell));
  const drawn = new Float64Array(2 * parts);
  if (confidence.length === 0) return new Float64Array(0);
  if (groups !== null)
    return bootstrapUnits(groups.count, { resamples, seed }, (weights) => {
      drawn.fill(0);
      for (let at = 0; at < cellOf.length; at++) drawn[cellOf[at]!]! += weights[groups.of[at]!]!;
      return errorOf(drawn, gaps, bins);
    });
  const random = seededRandom(seed);
  return Float64Array.from({ length: resamples }, () => {
    drawCounts(counts, random, drawn);
    return errorOf(drawn, gaps, bins);
  });
}

/** Σ over bins of |Σ over its cells of count · (right − confidence)| ÷ all. */
function errorOf(drawn: Float64Array, gaps: Float64Array, bins: number): number {
  const width = drawn.length / bins;
  let [all, sum] = [0, 0];
  for (let bin = 0; bin < bins; bin++) {
    let gap = 0;
    for (let cell = bin * width; cell < (bin + 1) * width; cell++) {
      all += drawn[cell]!;
      gap += drawn[cell]! * gaps[cell]!;
    }
    sum += Math.abs(gap);
  }
  return all === 0 ? Number.NaN : sum / all;
}
