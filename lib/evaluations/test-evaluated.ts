/** Predictions of planted models, for tests of what is made of them. */
import { seededNormal, seededRandom } from "../statistics/resampling/random.ts";
import type { Classified, Regressed, Segmented } from "./measures/evaluated.ts";

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

export const regressedOf = (truth: number[], predicted: number[]): Regressed => ({
  task: "regression",
  samples: truth.length,
  units: null,
  cuts: [],
  truth: Float64Array.from(truth),
  predicted: Float64Array.from(predicted),
});

export function plantedNumbers(samples: number, { noise, seed }: { noise: number; seed: number }): Regressed {
  const normal = seededNormal(seededRandom(seed));
  const truth = Array.from({ length: samples }, () => 100 + normal());
  return regressedOf(
    truth,
    truth.map((target) => target + noise * normal()),
  );
}

/** Images of pixels by class; each a matrix of true and predicted pixels, row after row. */
export const segmentedOf = (images: number[][], classes: number): Segmented => ({
  task: "segmentation",
  samples: images.length,
  units: null,
  cuts: [],
  classes: Array.from({ length: classes }, (_, at) => `class ${at}`),
  ignoredClass: null,
  images: images.map((cells) => {
    const of = Array.from({ length: classes }, (_, at) => at);
    const held = of.map((at) => of.some((other) => cells[at * classes + other]! + cells[other * classes + at]! > 0));
    const edges = held.map((isHeld) => (isHeld ? 0.5 : null));
    return { width: 8, height: 8, pixels: { classes, cells }, boundaryF1: edges, boundaryIou: edges };
  }),
});

export function plantedMasks(images: number, { right, seed }: { right: number; seed: number }): Segmented {
  const random = seededRandom(seed);
  const cellsOf = () => {
    const cells = [0, 0, 0, 0];
    const quality = right - 0.2 + 0.2 * random();
    for (let pixel = 0; pixel < 64; pixel++) {
      const truth = random() < 0.3 ? 1 : 0;
      cells[2 * truth + (random() < quality ? truth : 1 - truth)]!++;
    }
    return cells;
  };
  return segmentedOf(Array.from({ length: images }, cellsOf), 2);
}
