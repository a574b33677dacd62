/** What answers a reference case of training: each `fn` by the trainer's own code. */
import type { Scalar } from "@tensorflow/tfjs";
import { loadBackend } from "./backend/backend.ts";
import { earlyStoppingSchema, type OptimizerConfig, optimizerSchema, scheduleSchema } from "./config/training.ts";
import { applyGradients, createOptimizer } from "./model/optimizer.ts";
import { batchWeightedMean, earlyStop, learningRateAt } from "./model/schedule.ts";

// biome-ignore lint/suspicious/noExplicitAny: each case has a shape of its own
type Adapter = (input: any, params: any) => unknown;

/** Answers by `fn`. One throws where the case must be refused. */
export const trainingAdapters: Record<string, Adapter> = {
  optimizer_trace: async ({ kind }, params) => ({ x: await traceOf(optimizerOf(kind, params)) }),
  lr_schedule: ({ steps }, { kind, base, total, warm = 0, alpha = 0, rate, decay_steps, factor }) => {
    const given = { name: kind, warmupSteps: warm, floor: alpha, rate, everySteps: decay_steps, factor };
    const { shape } = scheduleSchema.options.find(({ shape }) => shape.name.value === kind)!;
    const schedule = scheduleSchema.parse(Object.fromEntries(Object.entries(given).filter(([name]) => name in shape)));
    return { lr: steps.map((step: number) => learningRateAt(schedule, { base, total, step })) };
  },
  early_stopping_trace: ({ val }, { patience, min_delta, mode = "min" }) => {
    const given = { metric: "loss", direction: mode, patience, minDelta: min_delta };
    const { stoppedAt, bestAt } = earlyStop(val, earlyStoppingSchema.parse(given));
    return { stopped_epoch: stoppedAt, best_epoch: bestAt };
  },
  batch_weighted_mean: ({ batch_mean, batch_size }) => ({
    correct: batchWeightedMean(batch_mean, batch_size),
    naive: batchWeightedMean(
      batch_mean,
      batch_mean.map(() => 1),
    ),
  }),
};

function optimizerOf(kind: string, params: Record<string, number>): OptimizerConfig {
  const { lr, gamma, beta1, beta2, eps, rho, wd } = params;
  const given: Record<string, object> = {
    momentum: { momentum: gamma },
    nesterov: { name: "momentum", momentum: gamma, nesterov: true },
    rmsprop: { decay: rho, epsilon: eps },
    adam: { beta1, beta2, epsilon: eps },
    adamw: { beta1, beta2, epsilon: eps, weightDecay: wd },
  };
  return optimizerSchema.parse({ name: kind, learningRate: lr, ...given[kind] });
}

/** Where x goes in four updates from 1, down the slope of x²/2. */
async function traceOf(config: OptimizerConfig): Promise<number[]> {
  const { tf } = await loadBackend("cpu");
  const x = tf.variable(tf.scalar(1), true, `traced ${config.name}`);
  const optimizer = createOptimizer(tf, config);
  const trace: number[] = [];
  for (let step = 0; step < 4; step++) {
    const { value, grads } = tf.variableGrads(() => tf.square(x).div(2) as Scalar, [x]);
    await applyGradients(tf, optimizer, config, grads, { learningRate: config.learningRate, clipNorm: null });
    tf.dispose([value, grads]);
    trace.push((await x.data())[0]!);
  }
  x.dispose();
  optimizer.dispose();
  return trace;
}
