/** What of a training can be looked at: its samples as the model sees them, the first layer's filters, its predictions. */
import type { LayersModel, Tensor } from "@tensorflow/tfjs";
import type { RunHandle } from "../client/client.ts";
import { gridOf } from "../client/images.ts";
import { sizeOf } from "../data/data.ts";
import type { Learner } from "./learner.ts";
import { truthsOf } from "./task.ts";

type ImageShape = [height: number, width: number, channels: number];

const SAMPLES = 16;
const FILTERS = 64;
const PREDICTIONS = 8;
/** Filters are drawn at least this high, in pixels. */
const FILTER_HEIGHT = 32;

/** Null for what isn't an image. */
const imageShapeOf = ({ set: { inputShape } }: Learner): ImageShape | null =>
  inputShape.length === 3 ? (inputShape as ImageShape) : null;

/** Some training samples, preprocessed and augmented as the first epoch has them. */
export async function pictureSamples(run: RunHandle, learner: Learner, samples: Uint32Array): Promise<void> {
  const shape = imageShapeOf(learner);
  if (!shape) return;
  const { inputs, targets } = learner.batchOf(samples.subarray(0, SAMPLES), 0);
  run.image("samples", 0, gridOf(await inputs.data(), shape, { columns: 8 }));
  learner.tf.dispose([inputs, targets]);
}

/** The first layer's filters, where it looks at pixels: recurrent layers look at rows. */
export async function pictureFilters(run: RunHandle, learner: Learner, step: number): Promise<void> {
  const input = imageShapeOf(learner);
  const kernel = firstKernel(learner.model);
  if (!input || !kernel || (kernel.rank === 2 && kernel.shape[0] !== sizeOf(input))) return;
  const shape = kernel.rank === 4 ? (kernel.shape.slice(0, 3) as ImageShape) : input;
  const values = await learner.tf.tidy(() => filtersOf(kernel, input)).data();
  const zoom = Math.max(1, Math.floor(FILTER_HEIGHT / shape[0]));
  run.image("filters", step, gridOf(values.slice(0, FILTERS * sizeOf(shape)), shape, { columns: 8, zoom }));
}

/** In segmentation: images, below each the true mask, below that the one that is told. */
export async function picturePredictions(
  run: RunHandle,
  learner: Learner,
  samples: Uint32Array,
  step: number,
): Promise<void> {
  const { tf, model, set } = learner;
  if (set.task !== "segmentation") return;
  const some = samples.subarray(0, PREDICTIONS);
  const { inputs, targets } = learner.batchOf(some, null);
  const [height, width] = set.inputShape as ImageShape;
  const last = set.classes.length - 1;
  const told = tf.tidy(() => tf.argMax(model.predict(inputs) as Tensor, -1));
  const grey = tf.tidy(() => {
    const image = inputs.mean(-1);
    const least = image.min();
    return image.sub(least).div(image.max().sub(least)).mul(last);
  });
  const rows = [await grey.data(), truthsOf(set, some), await told.data()].flatMap((values) => [...values]);
  tf.dispose([inputs, targets, told, grey]);
  run.image("predictions", step, gridOf(rows, [height, width, 1], { columns: 8, range: [0, last], zoom: 2 }));
}

/** The kernel of the first layer that has one. */
function firstKernel(model: LayersModel): Tensor | null {
  const weight = model.weights.find(({ originalName }) => originalName.endsWith("/kernel"));
  return weight ? weight.read() : null;
}

/** Filters `[n, height, width, channels]` of a kernel `[height, width, channels, n]`, or `[height·width·channels, n]`. */
const filtersOf = (kernel: Tensor, input: ImageShape): Tensor =>
  kernel.rank === 4 ? kernel.transpose([3, 0, 1, 2]) : kernel.transpose().reshape([-1, ...input]);
