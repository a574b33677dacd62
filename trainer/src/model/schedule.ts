/** The learning rate over a training, and when to stop it. Pure: a resumed training asks with the same numbers. */
import type { EarlyStoppingConfig, ScheduleConfig } from "../config/training.ts";

/**
 * The learning rate of a step, counted from 0, of `total`. Over the warm-up it rises from 0 in a straight line to `base`;
 * the rest follows the schedule, whose own steps begin there. `watched` are the validation losses so far, which `plateau`
 * answers to. Cosine and exponential are Keras's CosineDecay and ExponentialDecay.
 */
export function learningRateAt(
  schedule: ScheduleConfig,
  { base, total, step, watched = [] }: { base: number; total: number; step: number; watched?: number[] },
): number {
  const { warmupSteps } = schedule;
  if (step < warmupSteps) return (base * step) / warmupSteps;
  const at = step - warmupSteps;
  const progress = Math.min(1, at / Math.max(1, total - warmupSteps));
  switch (schedule.name) {
    case "constant":
      return base;
    case "step":
      return base * schedule.factor ** Math.floor(at / schedule.everySteps);
    case "exponential":
      return base * schedule.rate ** (at / schedule.everySteps);
    case "linear":
      return base * (1 - (1 - schedule.floor) * progress);
    case "cosine":
      return base * ((1 - schedule.floor) * 0.5 * (1 + Math.cos(Math.PI * progress)) + schedule.floor);
    case "plateau":
      return base * Math.max(schedule.floor, schedule.factor ** countPlateaus(watched, schedule));
  }
}

/** How often the values, of which less is better, went `patience` evaluations without a new best. */
function countPlateaus(values: number[], { patience, minDelta }: { patience: number; minDelta: number }): number {
  let [best, waited, plateaus] = [Number.POSITIVE_INFINITY, 0, 0];
  for (const value of values) {
    if (value < best - minDelta) [best, waited] = [value, 0];
    else if (++waited >= patience) [waited, plateaus] = [0, plateaus + 1];
  }
  return plateaus;
}

/**
 * Which evaluation, counted from 0, is the last, and which was the best until then: training ends when `patience`
 * evaluations in a row brought nothing better than the best by more than `minDelta`. `stoppedAt` null: it goes on.
 */
export function earlyStop(
  values: number[],
  { direction, patience, minDelta }: Pick<EarlyStoppingConfig, "direction" | "patience" | "minDelta">,
): { stoppedAt: number | null; bestAt: number } {
  const sign = direction === "min" ? -1 : 1;
  let [best, bestAt, waited] = [Number.NEGATIVE_INFINITY, 0, 0];
  for (const [at, value] of values.entries()) {
    if (sign * value > best + minDelta) [best, bestAt, waited] = [sign * value, at, 0];
    else if (++waited >= patience) return { stoppedAt: at, bestAt };
  }
  return { stoppedAt: null, bestAt };
}

/** The mean over all samples of what was averaged batch by batch: the last batch may be smaller than the others. */
export function batchWeightedMean(means: number[], sizes: number[]): number {
  const total = sizes.reduce((sum, size) => sum + size, 0);
  return means.reduce((sum, mean, at) => sum + mean * sizes[at]!, 0) / total;
}
