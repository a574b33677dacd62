/** The proof that a model predicts in inference mode: neither chance nor the rest of a batch has a say. */
import type { LayersModel, Scalar, Tensor } from "@tensorflow/tfjs";
import type { Tf } from "../backend/tf.ts";

/** Relative; what float32 may differ by where sums are taken in another order. */
const DIFFERENCE_MAX = 1e-4;

export type InferenceDifference = {
  /** Between two passes over the same batch. Dropout that is on would make it large. */
  repeat: number;
  /** Between the whole batch and its pieces. Statistics of the batch instead of running ones would make it large. */
  batchSize: number;
};

/**
 * How far passes over some inputs `[n, …]` are apart, as shares of the larger of an output and 1. Throws where that is more
 * than rounding.
 */
export async function inferenceDifference(tf: Tf, model: LayersModel, inputs: Tensor): Promise<InferenceDifference> {
  const [again, pieces] = tf.tidy(() => {
    const whole = model.predict(inputs) as Tensor;
    const apart = (other: Tensor): Scalar => tf.max(tf.abs(tf.sub(whole, other)).div(tf.maximum(tf.abs(whole), 1)));
    const inPieces = tf.concat([
      model.predict(inputs.slice(0, 1)) as Tensor,
      ...(inputs.shape[0]! > 1 ? [model.predict(inputs.slice(1)) as Tensor] : []),
    ]);
    return [apart(model.predict(inputs) as Tensor), apart(inPieces)];
  });
  const [repeat = Number.NaN] = await again!.data();
  const [batchSize = Number.NaN] = await pieces!.data();
  tf.dispose([again!, pieces!]);
  const difference = Math.max(repeat, batchSize);
  if (difference > DIFFERENCE_MAX)
    throw new Error(`two passes in inference mode are ${difference} apart: a layer acts as in training`);
  return { repeat, batchSize };
}
