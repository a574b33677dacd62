/** The samples of an evaluation in the order of their loss: what a gallery turns over. */
import { BoundedMap } from "../../bounded-map.ts";
import { meanIou } from "../../statistics/segmentation/overlap.ts";
import type { EvaluationRecord } from "../evaluations.ts";
import type { Classified, Cut, Evaluated } from "../measures/evaluated.ts";
import { readEvaluated } from "../read-evaluated.ts";

/** Samples stand in the order of their keys' UTF-8 bytes; about 24 bytes of memory each. */
export type Ranking = {
  task: Evaluated["task"];
  classes: string[] | null;
  /** Indexes of classes, or numbers; null: masks. */
  truth: ArrayLike<number> | null;
  predicted: ArrayLike<number> | null;
  /** Probability of the answer; null: no scores came. */
  confidence: Float32Array | null;
  loss: Float32Array;
  /** Places of the samples, the highest loss first, equal ones by place. */
  order: Uint32Array;
  cuts: Cut[];
};

/** Evaluations that somebody turns over now. */
const REMEMBERED_MAX = 3;
const remembered = new BoundedMap<string, Promise<Ranking>>(REMEMBERED_MAX);

/** Predictions of a complete evaluation never change, so what was ranked is kept for the next click. */
export function readRanking(evaluation: EvaluationRecord, file: string): Promise<Ranking> {
  const known = remembered.get(evaluation.id);
  if (known) return known;
  const reading = readEvaluated(evaluation, file).then(rankingOf);
  remembered.set(evaluation.id, reading);
  reading.catch(() => remembered.delete(evaluation.id));
  return reading;
}

export function rankingOf(evaluated: Evaluated): Ranking {
  const { task, cuts } = evaluated;
  if (task === "segmentation") {
    // an image without a pixel of any class overlaps with nothing
    const loss = Float32Array.from(evaluated.images, ({ pixels }) => {
      const value = meanIou(pixels);
      return typeof value === "number" ? 1 - value : 0;
    });
    return {
      task,
      cuts,
      classes: evaluated.classes,
      truth: null,
      predicted: null,
      confidence: null,
      loss,
      order: orderOf(loss),
    };
  }
  const { truth, predicted } = evaluated;
  if (task === "regression") {
    const loss = Float32Array.from(truth, (target, at) => Math.abs(predicted[at]! - target));
    return { task, cuts, classes: null, truth, predicted, confidence: null, loss, order: orderOf(loss) };
  }
  const loss = lossOf(evaluated);
  const { classes, probabilities } = evaluated;
  const confidence = probabilities === null ? null : Float32Array.from(predicted, (of, at) => probabilities[of]![at]!);
  return { task, cuts, classes, truth, predicted, confidence, loss, order: orderOf(loss) };
}

/** −ln of the true class's probability; of classes alone 1 where the answer is wrong, else 0. */
function lossOf({ truth, predicted, probabilities }: Classified): Float32Array {
  if (probabilities === null) return Float32Array.from(truth, (of, at) => (of === predicted[at] ? 0 : 1));
  return Float32Array.from(truth, (of, at) => -Math.log(Math.max(probabilities[of]![at]!, Number.MIN_VALUE)));
}

/** Bits of a place: with the 31 of a loss they are exact in a float64. */
const PLACE_BITS = 22;

/**
 * By the bits of a float32 that isn't negative, which sort as the number does: each sample is one number, its loss upside
 * down and then its place. A typed array sorts a million of those in a tenth of a second, and by a function in two.
 */
function orderOf(loss: Float32Array): Uint32Array {
  if (loss.length > 2 ** PLACE_BITS) return Uint32Array.from(loss.keys()).sort((a, b) => loss[b]! - loss[a]! || a - b);
  const bits = new Uint32Array(Float32Array.from(loss, (one) => (one > 0 ? one : 0)).buffer);
  const keys = Float64Array.from(bits, (one, at) => (0x7fffffff - one) * 2 ** PLACE_BITS + at).sort();
  return Uint32Array.from(keys, (key) => key % 2 ** PLACE_BITS);
}
