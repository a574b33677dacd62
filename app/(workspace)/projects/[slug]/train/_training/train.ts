/** The training: a network of two hidden layers, one epoch after another. Knows no page and no server. */
import type * as Core from "@tensorflow/tfjs-core";
import type * as Layers from "@tensorflow/tfjs-layers";
import { BROWSER_BATCH, type BrowserSettings } from "@/lib/runs/browser-settings.ts";
import { seededRandom, seedOf } from "@/lib/statistics/resampling/random.ts";
import type { Ending, Measured, Progress } from "./messages.ts";
import { makeSpirals, pick, type Samples, shuffled } from "./spirals.ts";

export type Tf = { core: typeof Core; layers: typeof Layers };

export type Watch = {
  /** After each update, and with `validation` after the last one of each epoch. */
  onProgress: (progress: Progress) => void;
  /** Lets timers and requests go on. */
  rest: () => Promise<void>;
  /** Why the training is to end now; null: it isn't. */
  whyStop: () => string | null;
};

const MOMENTUM = 0.9;

/** Trains as the settings say. The same settings and backend give the same numbers. */
export async function train(tf: Tf, settings: BrowserSettings, { onProgress, rest, whyStop }: Watch): Promise<Ending> {
  const [samples, validation] = [makeSpirals("train"), makeSpirals("validation")];
  const model = build(tf, settings);
  const optimizer = optimizerOf(tf, settings);
  const random = seededRandom(seedOf(settings.seed, "order"));
  try {
    let step = 0;
    for (let epoch = 1; epoch <= settings.epochs; epoch++) {
      const order = shuffled(samples.count, random);
      for (let from = 0; from < samples.count; from += BROWSER_BATCH, step++) {
        const batch = pick(samples, order.subarray(from, from + BROWSER_BATCH));
        const measured = await update(tf, model, optimizer, batch);
        const isLast = from + BROWSER_BATCH >= samples.count;
        const validated = isLast ? await measure(tf, model, validation) : null;
        onProgress({ epoch, step, train: measured, validation: validated });
        if (!Number.isFinite(measured.loss))
          return { outcome: "failed", why: `the loss is ${measured.loss} at step ${step}` };
        await rest();
        const why = whyStop();
        if (why !== null) return { outcome: "stopped", why };
      }
    }
    return { outcome: "finished", why: "" };
  } finally {
    model.dispose();
    optimizer.dispose();
  }
}

/** Inputs `[n, 2]`, two hidden layers with ReLU, logits `[n, 2]`. Each layer's weights are drawn from a seed of its own. */
function build({ layers }: Tf, { hiddenUnits: units, seed }: BrowserSettings): Layers.LayersModel {
  const { dense } = layers.layers;
  const he = (layer: string) => layers.initializers.heNormal({ seed: seedOf(seed, layer) });
  const logits = layers.initializers.glorotNormal({ seed: seedOf(seed, "logits") });
  return layers.sequential({
    layers: [
      dense({ name: "hidden1", units, inputShape: [2], activation: "relu", kernelInitializer: he("hidden1") }),
      dense({ name: "hidden2", units, activation: "relu", kernelInitializer: he("hidden2") }),
      dense({ name: "logits", units: 2, kernelInitializer: logits }),
    ],
  });
}

function optimizerOf({ core }: Tf, { optimizer, learningRate }: BrowserSettings): Core.Optimizer {
  switch (optimizer) {
    case "adam":
      return core.train.adam(learningRate);
    case "momentum":
      return core.train.momentum(learningRate, MOMENTUM);
    case "sgd":
      return core.train.sgd(learningRate);
  }
}

/** One update of the weights. What it measures is of the weights before it. */
async function update(tf: Tf, model: Layers.LayersModel, optimizer: Core.Optimizer, batch: Samples): Promise<Measured> {
  const { core } = tf;
  const [loss, right] = core.tidy(() => {
    const [inputs, truth] = tensorsOf(tf, batch);
    let share: Core.Scalar | null = null;
    const cost = optimizer.minimize(() => {
      const logits = model.apply(inputs, { training: true }) as Core.Tensor2D;
      share = core.keep(shareRight(tf, logits, truth));
      return core.losses.softmaxCrossEntropy(core.oneHot(truth, 2), logits) as Core.Scalar;
    }, true);
    return [cost!, share!] as [Core.Scalar, Core.Scalar];
  });
  return read(loss, right);
}

/** Loss and accuracy over all samples at once. */
async function measure(tf: Tf, model: Layers.LayersModel, samples: Samples): Promise<Measured> {
  const { core } = tf;
  const [loss, right] = core.tidy(() => {
    const [inputs, truth] = tensorsOf(tf, samples);
    const logits = model.apply(inputs, { training: false }) as Core.Tensor2D;
    const cost = core.losses.softmaxCrossEntropy(core.oneHot(truth, 2), logits) as Core.Scalar;
    return [cost, shareRight(tf, logits, truth)] as [Core.Scalar, Core.Scalar];
  });
  return read(loss, right);
}

const tensorsOf = ({ core }: Tf, { count, inputs, classes }: Samples): [Core.Tensor2D, Core.Tensor1D] => [
  core.tensor2d(inputs, [count, 2]),
  core.tensor1d(classes, "int32"),
];

const shareRight = ({ core }: Tf, logits: Core.Tensor2D, truth: Core.Tensor1D): Core.Scalar =>
  core.mean(core.cast(core.equal(core.argMax(logits, 1), truth), "float32")) as Core.Scalar;

async function read(loss: Core.Scalar, accuracy: Core.Scalar): Promise<Measured> {
  const [[lossValue], [accuracyValue]] = await Promise.all([loss.data(), accuracy.data()]);
  loss.dispose();
  accuracy.dispose();
  return { loss: lossValue!, accuracy: accuracyValue! };
}
