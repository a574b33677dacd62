/** What each sample adds to the scores that reward honest probabilities. Pure. */
import { LOG_LOSS_EPSILON } from "../../statistics/classification/probability-scores.ts";

/** −ln p of the true class, clipped, by sample: their mean is the log loss. */
export function logLossTerms(truth: ArrayLike<number>, probabilities: ArrayLike<number>[]): Float64Array {
  const terms = new Float64Array(truth.length);
  for (let at = 0; at < truth.length; at++) {
    const p = probabilities[truth[at]!]![at]!;
    terms[at] = -Math.log(Math.min(1 - LOG_LOSS_EPSILON, Math.max(LOG_LOSS_EPSILON, p)));
  }
  return terms;
}

/** Σ_k (p_k − 1[y = k])² by sample, 0–2: their mean is the Brier score; of two classes half of it, 0–1. */
export function brierTerms(truth: ArrayLike<number>, probabilities: ArrayLike<number>[]): Float64Array {
  const terms = new Float64Array(truth.length);
  const scale = probabilities.length === 2 ? 0.5 : 1;
  for (const [wanted, column] of probabilities.entries())
    for (let at = 0; at < truth.length; at++) terms[at]! += scale * (column[at]! - (truth[at] === wanted ? 1 : 0)) ** 2;
  return terms;
}

/** As many classes as a report of top-k takes, where there are more. */
export const TOP_K = 5;

/** 1 where the true class is among the k highest, of ties the higher class first; their mean is the top-k accuracy. */
export function topKTerms(truth: ArrayLike<number>, probabilities: ArrayLike<number>[], k: number): Float64Array {
  const terms = new Float64Array(truth.length);
  for (let at = 0; at < truth.length; at++) {
    const wanted = truth[at]!;
    const own = probabilities[wanted]![at]!;
    let before = 0;
    for (let other = 0; other < probabilities.length; other++) {
      const score = probabilities[other]![at]!;
      if (score > own || (score === own && other > wanted)) before++;
    }
    terms[at] = before < k ? 1 : 0;
  }
  return terms;
}
