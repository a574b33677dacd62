/** How much of a difference between two recipes is owed to which samples are in the validation set. Pure. */
import { InputError, refuseNonFinite } from "../inputs.ts";
import { because, type Undefined } from "../measured.ts";
import { mean, variance } from "../moments.ts";

export type SampleVariance = {
  /** Mean of the candidate less mean of the incumbent. */
  difference: number;
  /** The variance of the samples' differences ÷ n, run-to-run noise included. */
  raw: number;
  /** That noise, from sides with two replicates or more; a side with one subtracts nothing, and the answer is too large. */
  subtract: number;
  /** max(0, raw − subtract): more seeds don't shrink it. */
  variance: number;
  n: number;
};

/**
 * `candidate[r][i]` and `incumbent[r][i]` are replicate r's score on the i-th of the same n validation samples, 0/1 or any.
 * Undefined below two samples, or without a replicate. Assumes independent samples.
 */
export function validationSampleVariance(
  candidate: ArrayLike<number>[],
  incumbent: ArrayLike<number>[],
): SampleVariance | Undefined {
  const n = candidate[0]?.length ?? 0;
  if (candidate.length === 0 || incumbent.length === 0) return because("side-empty");
  if (n < 2) return because("one-sample");
  for (const scores of [...candidate, ...incumbent]) {
    if (scores.length !== n) throw new InputError(`a replicate has ${scores.length} scores, the first ${n}`);
    refuseNonFinite(scores, "scores");
  }
  const column = (side: ArrayLike<number>[], at: number) => side.map((scores) => scores[at]!);
  const differences = Float64Array.from(
    { length: n },
    (_, at) => mean(column(candidate, at)) - mean(column(incumbent, at)),
  );
  const noise = (side: ArrayLike<number>[]) =>
    side.length < 2
      ? 0
      : mean(Float64Array.from({ length: n }, (_, at) => variance(column(side, at)))) / (side.length * n);
  const raw = variance(differences) / n;
  const subtract = noise(candidate) + noise(incumbent);
  return { difference: mean(differences), raw, subtract, variance: Math.max(0, raw - subtract), n };
}
