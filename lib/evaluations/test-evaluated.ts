/** Predictions of planted models, for tests of what is made of them. */
import { seededNormal, seededRandom } from "../statistics/resampling/random.ts";
import type { Classified } from "./measures/evaluated.ts";

/** Of classes alone. */
export function classifiedOf(truth: number[], predicted: number[], classes: number): Classified {
  return {
    task: "classification",
    samples: truth.length,
    units: null,
    cuts: [],
    classes: Array.from({ length: classes }, (_, at) => `class ${at}`),
    truth: Int32Array.from(truth),
    predicted: Int32Array.from(predicted),
    probabilities: null,
    logits: null,
  };
}

/** Of probabilities by class; the first of the highest is predicted. */
export function scoredOf(truth: number[], probabilities: ArrayLike<number>[]): Classified {
  const predicted = truth.map((_, at) => {
    let best = 0;
    for (let of = 1; of < probabilities.length; of++)
      if (probabilities[of]![at]! > probabilities[best]![at]!) best = of;
    return best;
  });
  return { ...classifiedOf(truth, predicted, probabilities.length), probabilities };
}

/** `signal` is how far the score of the true class lies above the others, in standard deviations of their noise. */
export function plantedScores(
  samples: number,
  { classes, signal, seed }: { classes: number; signal: number; seed: number },
) {
  const random = seededRandom(seed);
  const normal = seededNormal(random);
  const truth = Array.from({ length: samples }, () => Math.floor(random() * classes));
  const columns = Array.from({ length: classes }, () => new Float32Array(samples));
  const row = new Float64Array(classes);
  for (let at = 0; at < samples; at++) {
    let mass = 0;
    for (let of = 0; of < classes; of++) {
      row[of] = Math.exp(normal() + (truth[at] === of ? signal : 0));
      mass += row[of]!;
    }
    for (let of = 0; of < classes; of++) columns[of]![at] = row[of]! / mass;
  }
  return scoredOf(truth, columns);
}
