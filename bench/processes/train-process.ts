/** Optimizer steps of a small CNN on WebAssembly, with the trainer's own kernels or with the missing one alone. */
import type { Scalar, Tensor4D } from "@tensorflow/tfjs";
import { registerKernels } from "../../trainer/src/backend/wasm-kernels.ts";
import { parseSettings } from "../../trainer/src/config/settings.ts";
import { createModel } from "../../trainer/src/model/models.ts";
import { createOptimizer } from "../../trainer/src/model/optimizer.ts";
import { answer } from "../child.ts";
import type { TrainQuestion, TrainTimes } from "../rows/trainer.ts";

const BATCH = 64;
const WARM_UP_STEPS = 5;

answer<TrainQuestion>(async ({ kernels, steps }): Promise<TrainTimes> => {
  const tf = await import("@tensorflow/tfjs");
  await import("@tensorflow/tfjs-backend-wasm");
  tf.enableProdMode();
  await tf.setBackend("wasm");
  registerKernels(tf, kernels);
  const { training } = parseSettings({ family: "cnn", filters: [16, 32], batchNorm: true, batchSize: BATCH });
  const model = createModel(tf, training, [28, 28, 1], 10);
  const optimizer = createOptimizer(tf, training.optimizer);
  const images = tf.randomNormal([BATCH, 28, 28, 1], 0, 1, "float32", 1) as Tensor4D;
  const classes = Int32Array.from({ length: BATCH }, (_, index) => index % 10);
  const labels = tf.oneHot(tf.tensor1d(classes, "int32"), 10).toFloat();
  const step = async () => {
    const { value, grads } = tf.variableGrads(() => {
      const logits = model.apply(images, { training: true });
      return tf.losses.softmaxCrossEntropy(labels, logits as Tensor4D) as Scalar;
    });
    optimizer.applyGradients(grads);
    await value.data();
    tf.dispose([value, grads]);
  };
  for (let warm = 0; warm < WARM_UP_STEPS; warm++) await step();
  const startedAt = performance.now();
  for (let one = 0; one < steps; one++) await step();
  return { imagesPerSecond: (steps * BATCH) / ((performance.now() - startedAt) / 1000) };
});
