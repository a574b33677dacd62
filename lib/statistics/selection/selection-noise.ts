/** The noise of a choice among models that were measured on the same samples. Pure. */
import { InputError, refuseNonBinary } from "../inputs.ts";
import { because, type Undefined } from "../measured.ts";
import { mean } from "../moments.ts";
import { expectedMaximum } from "./expected-maximum.ts";

export type SelectionNoise = {
  /** The mean over pairs of models of the share of samples on which exactly one is right. */
  disagreement: number;
  /** √(disagreement/2n): the part of the noise that the models don't share. */
  noise: number;
  /** noise · m_N: the luck of the best where all are equally good. */
  optimism: number;
  /** √(p̄(1 − p̄)/n), which ignores that samples are shared: too large, shown for comparison. */
  naiveNoise: number;
  /** The best accuracy. */
  best: number;
};

/**
 * `correct[j][i]` is 1 where candidate j is right on sample i, else 0. Simulated to hold for models whose errors correlate
 * (see `winnersLuck` for what it corrects). Undefined below two candidates, or without a sample.
 */
export function selectionNoise(correct: ArrayLike<number>[]): SelectionNoise | Undefined {
  const candidates = correct.length;
  const n = correct[0]?.length ?? 0;
  if (candidates < 2) return because("no-choice");
  if (n === 0) return because("no-sample");
  const right = new Uint32Array(n);
  for (const [at, column] of correct.entries()) {
    if (column.length !== n) throw new InputError(`candidate ${at} has ${column.length} answers, the first ${n}`);
    refuseNonBinary(column, `answers of candidate ${at}`);
    for (let sample = 0; sample < n; sample++) right[sample]! += column[sample]!;
  }
  // of a sample that r are right on, r(N − r) pairs disagree
  const pairs = right.reduce((sum, count) => sum + count * (candidates - count), 0);
  const disagreement = pairs / ((candidates * (candidates - 1)) / 2) / n;
  const noise = Math.sqrt(disagreement / (2 * n));
  const overall = mean(right) / candidates;
  return {
    disagreement,
    noise,
    optimism: noise * expectedMaximum(candidates),
    naiveNoise: Math.sqrt((overall * (1 - overall)) / n),
    best: correct.reduce((most, column) => Math.max(most, mean(column)), 0),
  };
}
