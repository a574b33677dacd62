/** The bootstrap of the area under the ROC curve, of one model or of several on the same samples. Pure. */
import { refuseSetting } from "../inputs.ts";
import { bootstrapUnits, type Resampling, type Weights } from "../resampling/bootstrap.ts";
import { refuseScores } from "./ranking.ts";
import { placesOf, type SortedSamples, sortedOf } from "./sorted-samples.ts";

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
  const place = placesOf(models[0]!);
  const sorted = models.map((scores) => sortedOf(truth, scores, place));
  const replicates = models.map(() => new Float64Array(resamples));
  let at = 0;
  const strata = stratified ? sorted[0]!.positive : undefined;
  bootstrapUnits(truth.length, { resamples, seed, strata }, (weights) => {
    for (const [model, one] of sorted.entries()) replicates[model]![at] = weightedAuc(one, weights);
    at++;
    return 0;
  });
  return replicates;
}

/** Each sample counts as often as it was drawn. Without a branch on the class, which no processor foresees. */
function weightedAuc({ place, positive, last }: SortedSamples, weights: Weights): number {
  let [won, below, above, up, all] = [0, 0, 0, 0, 0];
  for (let at = 0; at < place.length; at++) {
    const weight = weights[place[at]!]!;
    up += weight * positive[at]!;
    all += weight;
    if (last[at] === 0) continue;
    const down = all - up;
    won += up * (below + down / 2);
    below += down;
    above += up;
    up = 0;
    all = 0;
  }
  return below === 0 || above === 0 ? Number.NaN : won / below / above;
}
