import type { LogEntry } from "../../trainer/src/client/client.ts";

/** As a training writes it: an object of its own each step. */
export function entryOf(step: number): LogEntry {
  const value = 1 / (step + 1);
  return {
    split: "train",
    step,
    metrics: {
      loss: value,
      accuracy: 1 - value,
      "gradient/norm": value * 3,
      "gradient/max": value * 5,
      learningRate: 0.001,
      "loss/head": value / 2,
      "loss/body": value / 4,
      throughput: 1000 + value,
      "memory/heap": 1e8 + step,
      "memory/tensors": 1e6 + step,
    },
  };
}
