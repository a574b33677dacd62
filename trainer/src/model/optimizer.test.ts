import { beforeAll, expect, test } from "vitest";
import { type Backend, loadBackend } from "../backend/backend.ts";
import { type OptimizerConfig, optimizerSchema } from "../config/training.ts";
import { applyGradients, createOptimizer, type Update } from "./optimizer.ts";

let backend: Backend;
beforeAll(async () => {
  backend = await loadBackend("cpu");
});

/** Two weights after a step for each of these gradients, and the norms that were told. */
async function descend(optimizer: object, gradients: [number, number][], update: Partial<Update> = {}) {
  const { tf } = backend;
  const config: OptimizerConfig = optimizerSchema.parse({ learningRate: 0.1, ...optimizer });
  const [a, b] = ["a", "b"].map((name) => tf.variable(tf.scalar(1), true, `${name} ${Math.random()}`));
  const made = createOptimizer(tf, config);
  const norms: number[] = [];
  const before = tf.memory().numTensors;
  for (const [da, db] of gradients) {
    const grads = { [a!.name]: tf.scalar(da), [b!.name]: tf.scalar(db) };
    norms.push(await applyGradients(tf, made, config, grads, { learningRate: 0.1, clipNorm: null, ...update }));
    tf.dispose(grads);
  }
  const weights = [(await a!.data())[0]!, (await b!.data())[0]!];
  const kept = tf.memory().numTensors - before;
  made.dispose();
  tf.dispose([a!, b!]);
  return { weights, norms, kept };
}

test("gradients above the norm are scaled down to it together, and told as they were", async () => {
  const clipped = await descend({ name: "sgd" }, [[3, 4]], { clipNorm: 1 });
  expect(clipped.norms).toEqual([5]);
  expect(clipped.weights[0]).toBeCloseTo(1 - 0.1 * 0.6, 6);
  expect(clipped.weights[1]).toBeCloseTo(1 - 0.1 * 0.8, 6);
  const below = await descend({ name: "sgd" }, [[3, 4]], { clipNorm: 6 });
  expect(below.weights).toEqual((await descend({ name: "sgd" }, [[3, 4]])).weights);
});

test("AdamW takes its decay off the weights, not through the moments", async () => {
  const gradients: [number, number][] = [
    [0.5, -2],
    [0.1, 1],
    [-0.3, 0.2],
  ];
  const decayed = await descend({ name: "adamw", weightDecay: 0.5 }, gradients);
  // by its definition, in float64
  const model = [0, 1].map((which) => {
    let [x, m, v] = [1, 0, 0];
    for (const [step, gradient] of gradients.entries()) {
      const g = gradient[which]!;
      x *= 1 - 0.1 * 0.5;
      m = 0.9 * m + 0.1 * g;
      v = 0.999 * v + 0.001 * g * g;
      x -= (0.1 * (m / (1 - 0.9 ** (step + 1)))) / (Math.sqrt(v / (1 - 0.999 ** (step + 1))) + 1e-7);
    }
    return x;
  });
  for (const which of [0, 1]) expect(decayed.weights[which]).toBeCloseTo(model[which]!, 5);
  const without = await descend({ name: "adamw", weightDecay: 0 }, gradients);
  expect(without.weights).toEqual((await descend({ name: "adam" }, gradients)).weights);
});

test.each(["sgd", "momentum", "rmsprop", "adam", "adamw"])(
  "%s follows a learning rate that changes, and leaves no tensor behind",
  async (name) => {
    const still = await descend({ name }, [[1, 1]], { learningRate: 0 });
    expect(still.weights).toEqual([1, 1]);
    const once = await descend({ name }, [[1, 1]]);
    const often = await descend({ name }, Array(20).fill([1, 1]), { clipNorm: 0.1 });
    expect(often.kept).toBe(once.kept);
  },
);
