/** Measures that are means over samples, by sample. Pure. */
import { mean } from "../../statistics/moments.ts";
import { type Evaluated, groupsOf } from "./evaluated.ts";
import { lossesOf } from "./losses.ts";
import { brierTerms, logLossTerms } from "./probability-terms.ts";

type Measure = (of: Evaluated) => Float64Array | null;

const ofProbabilities =
  (terms: typeof logLossTerms): Measure =>
  (of) =>
    of.task === "classification" && of.probabilities ? terms(of.truth, of.probabilities) : null;

const measures = {
  right: (of) => (of.task === "classification" ? lossesOf(of).map((loss) => 1 - loss) : null),
  wrong: (of) => (of.task === "classification" ? lossesOf(of) : null),
  "log-loss": ofProbabilities(logLossTerms),
  brier: ofProbabilities(brierTerms),
  "absolute-error": (of) =>
    of.task === "regression" ? of.truth.map((value, at) => Math.abs(value - of.predicted[at]!)) : null,
  "squared-error": (of) => (of.task === "regression" ? lossesOf(of) : null),
} satisfies Record<string, Measure>;

export type SampleMeasure = keyof typeof measures;
export const sampleMeasures = Object.keys(measures) as SampleMeasure[];

/** A trainer adds up in 32 bits. */
const SLACK = 1e-4;

/**
 * What each sample came to by a measure, where the measure's mean is `value`: so a value that was logged by whatever name is
 * known again. Null: it is another measure's, or another checkpoint's.
 */
export function scoresBehind(of: Evaluated, measure: SampleMeasure, value: number): Float64Array | null {
  const scores = measures[measure](of);
  return scores && Math.abs(mean(scores) - value) <= SLACK * Math.max(Math.abs(value), SLACK) ? scores : null;
}

/** One number for each independent unit, with the mean of `scores`: groups of samples are one unit each. */
export function byUnit(of: Evaluated, scores: Float64Array): Float64Array {
  const groups = groupsOf(of);
  if (groups === null) return scores;
  const sums = new Float64Array(groups.count);
  for (const [at, score] of scores.entries()) sums[groups.of[at]!]! += (score * groups.count) / scores.length;
  return sums;
}
