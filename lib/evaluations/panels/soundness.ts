/** What the predictions themselves say of whether their numbers can be what they seem. Pure. */
import { truthsOf } from "../../statistics/scores/column-areas.ts";
import type { SoundnessData } from "../../wire/evaluations/soundness.ts";
import type { Classified, Evaluated } from "../measures/evaluated.ts";
import { panelOf } from "./panel.ts";

export const soundness = panelOf({
  name: "soundness",
  needs: ["classification", "regression", "segmentation"],
  make: (evaluated: Evaluated): SoundnessData => {
    const whole = { predictions: evaluated.samples, missing: 0, notFinite: 0 } as const;
    if (evaluated.task === "classification") return { ...whole, ...ofClasses(evaluated) };
    if (evaluated.task === "regression") {
      const distinct = new Set(evaluated.predicted).size;
      return { ...whole, distinct, withoutSample: null, neverPredicted: null, probabilities: null };
    }
    const classes = evaluated.classes.map((_, at) => at);
    const has = (count: (image: number, of: number) => number) =>
      classes.filter((of) => !evaluated.images.some((_, image) => count(image, of) > 0));
    const sum = (image: number, cells: (at: number) => number) =>
      classes.reduce((total, at) => total + evaluated.images[image]!.pixels.cells[cells(at)]!, 0);
    const withoutSample = has((image, of) => sum(image, (at) => of * classes.length + at));
    const neverPredicted = has((image, of) => sum(image, (at) => at * classes.length + of));
    const distinct = classes.length - neverPredicted.length;
    return { ...whole, distinct, withoutSample, neverPredicted, probabilities: null };
  },
});

function ofClasses({ truth, predicted, classes, probabilities }: Classified) {
  const empty = (support: Float64Array) => [...support.keys()].filter((of) => support[of] === 0);
  const neverPredicted = empty(truthsOf(predicted, classes.length).support);
  return {
    distinct: classes.length - neverPredicted.length,
    withoutSample: empty(truthsOf(truth, classes.length).support),
    neverPredicted,
    probabilities: probabilities === null ? null : ofProbabilities(truth, probabilities),
  };
}

function ofProbabilities(truth: Int32Array, probabilities: ArrayLike<number>[]) {
  const found = { ties: 0, certain: 0, impossible: 0, sumError: 0 };
  for (let at = 0; at < truth.length; at++) {
    let [best, shared, sum] = [-1, 0, 0];
    for (const column of probabilities) {
      const p = column[at]!;
      sum += p;
      if (p > best) [best, shared] = [p, 1];
      else if (p === best) shared++;
    }
    if (shared > 1) found.ties++;
    if (best === 1) found.certain++;
    if (probabilities[truth[at]!]![at] === 0) found.impossible++;
    found.sumError = Math.max(found.sumError, Math.abs(sum - 1));
  }
  return found;
}
