/** The bootstrap of the area under the ROC curve, of one model or of several on the same samples. Pure. */
import { refuseSetting } from "../inputs.ts";
import { orderOf } from "../order.ts";
import { bootstrapUnits, type Resampling, type Weights } from "../resampling/bootstrap.ts";
import { refuseScores } from "./ranking.ts";

/** Samples in the order of one model's scores. */
type Sorted = {
  /** By place in that order, where the sample stands in the first model's. */
  place: Uint32Array;
  positive: Uint8Array;
  /** 1 where the next sample has another score. */
  last: Uint8Array;
};

/**
 * Replicates by model, in the order given; the same samples are drawn for all, so that differences are paired. `truth` is 0
 * or 1. Each model is sorted once; a resample is weights on that order. NaN where a class wasn't drawn, which `stratified`
 * excludes by keeping the number of samples of each class. Assumes independent samples.
 */
export function bootstrapRocAuc(
  truth: ArrayLike<number>,
  models: ArrayLike<number>[],
  { resamples, seed, stratified = false }: Resampling & { stratified?: boolean },
): Float64Array[] {
  refuseSetting(models.length > 0, "a bootstrap needs a model");
  for (const scores of models) refuseScores(truth, scores);
  const first = orderOf(models[0]!);
  const place = new Uint32Array(first.length);
  for (let at = 0; at < first.length; at++) place[first[at]!] = at;
  const sorted = models.map((scores) => sortedOf(truth, scores, place));
  const replicates = models.map(() => new Float64Array(resamples));
  let at = 0;
  const strata = stratified ? sorted[0]!.positive : undefined;
  bootstrapUnits(first.length, { resamples, seed, strata }, (weights) => {
    for (const [model, one] of sorted.entries()) replicates[model]![at] = weightedAuc(one, weights);
    at++;
    return 0;
  });
  return replicates;
}

function sortedOf(truth: ArrayLike<number>, scores: ArrayLike<number>, place: Uint32Array): Sorted {
  const order = orderOf(scores);
  return {
    place: order.map((at) => place[at]!),
    positive: Uint8Array.from(order, (at) => truth[at]!),
    last: Uint8Array.from(order, (at, rank) => (scores[at] === scores[order[rank + 1]!] ? 0 : 1)),
  };
}

/** Each sample counts as often as it was drawn. */
function weightedAuc({ place, positive, last }: Sorted, weights: Weights): number {
  let [won, below, above, up, down] = [0, 0, 0, 0, 0];
  for (let at = 0; at < place.length; at++) {
    const weight = weights[place[at]!]!;
    if (positive[at] === 1) up += weight;
    else down += weight;
    if (last[at] === 0) continue;
    won += up * (below + down / 2);
    below += down;
    above += up;
    up = 0;
    down = 0;
  }
  return below === 0 || above === 0 ? Number.NaN : won / below / above;
}
