/** A small CNN's training that logs each step, and the same logging without the training: what each costs in CPU. */
import { rm } from "node:fs/promises";
import { setTimeout as delay, setImmediate as turn } from "node:timers/promises";
import type { Scalar } from "@tensorflow/tfjs";
import { loadBackend } from "../../trainer/src/backend/backend.ts";
import { createRun, type RunHandle } from "../../trainer/src/client/client.ts";
import { trainingSchema } from "../../trainer/src/config/training.ts";
import { createModel } from "../../trainer/src/model/models.ts";
import { createOptimizer } from "../../trainer/src/model/optimizer.ts";
import { answer } from "../child.ts";
import type { LoopQuestion, LoopTimes } from "../rows/log.ts";
import { entryOf } from "./log-entry.ts";

answer<LoopQuestion>(async ({ steps, idleMs, spoolDir, ...options }): Promise<LoopTimes> => {
  const run = await createRun({ ...options, spoolDir, config: {}, code: false, name: "a small CNN" });
  const { stepMs, stepCpuMs, insideMs, backend } = await train(run, steps);
  const pairs: [number, number][] = [];
  let step = steps * 2;
  // what the training left to collect and to compile is done before it is counted
  await idleCpuMs(Math.ceil(idleMs / stepMs), stepMs, () => run.log(entryOf(step++)));
  for (let pair = 0; pair < 5; pair++) {
    const count = Math.max(1, Math.round(idleMs / stepMs));
    pairs.push([
      await idleCpuMs(count, stepMs, () => run.log(entryOf(step++))),
      await idleCpuMs(count, stepMs, () => {}),
    ]);
  }
  await run.finish({ timeoutMs: 10_000 });
  await rm(spoolDir, { recursive: true, force: true });
  return {
    backend,
    stepMs,
    inside: insideMs.map((ms) => ms / stepMs),
    all: pairs.map(
      ([logging, nothing]) => (logging - nothing) / (Math.max(1, Math.round(idleMs / stepMs)) * stepCpuMs),
    ),
  };
});

/** Optimizer steps on images `[64, 28, 28, 1]` of noise: what they teach doesn't matter, what they cost does. */
async function train(run: RunHandle, steps: number) {
  const { tf, name: backend } = await loadBackend();
  const config = trainingSchema.parse({ family: "cnn", filters: [16, 32], batchNorm: true });
  const model = createModel(tf, config, [28, 28, 1], 10);
  const optimizer = createOptimizer(tf, config.optimizer);
  const images = tf.randomUniform([64, 28, 28, 1], 0, 1, "float32", 1);
  const labels = tf.oneHot(tf.range(0, 64, 1, "int32").mod(tf.scalar(10, "int32")), 10).toFloat();
  const warmUp = Math.ceil(steps / 5);
  const insideMs: number[] = [];
  let startedAt = 0;
  let cpu = process.cpuUsage();
  for (let step = 0; step < steps + warmUp; step++) {
    if (step === warmUp) {
      startedAt = performance.now();
      cpu = process.cpuUsage();
    }
    const cost = optimizer.minimize(
      () => tf.losses.softmaxCrossEntropy(labels, model.apply(images, { training: true }) as typeof labels) as Scalar,
      true,
    )!;
    await cost.data();
    cost.dispose();
    const entry = entryOf(step);
    const before = performance.now();
    run.log(entry);
    if (step >= warmUp) insideMs.push(performance.now() - before);
    // as the trainer does: on WebAssembly nothing else lets timers and the network have their turn
    await turn();
  }
  const stepMs = (performance.now() - startedAt) / steps;
  const { user, system } = process.cpuUsage(cpu);
  // five stretches, so that there is a range
  const stretch = Math.ceil(steps / 5);
  const means = Array.from({ length: 5 }, (_, at) => insideMs.slice(at * stretch, (at + 1) * stretch)).map(
    (part) => part.reduce((sum, ms) => sum + ms, 0) / part.length,
  );
  return { backend, stepMs, stepCpuMs: (user + system) / 1000 / steps, insideMs: means };
}

/** CPU of the whole process, its threads and its delivery included, for so many steps of waiting. */
async function idleCpuMs(count: number, stepMs: number, act: () => void): Promise<number> {
  const before = process.cpuUsage();
  for (let step = 0; step < count; step++) {
    act();
    await delay(stepMs);
  }
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}
