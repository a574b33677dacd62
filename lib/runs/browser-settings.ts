/** What a training in the browser can be told, and what it learns from. Known to the page, to its worker and to the server. */
import { z } from "zod";
import type { Config } from "../wire/base/config.ts";

export const browserOptimizers = ["adam", "momentum", "sgd"] as const;

const whole = (from: number, to: number) => {
  const words = `a whole number from ${from} to ${to}`;
  return z.coerce.number(words).int(words).min(from, words).max(to, words);
};
const rate = "a number above 0, and at most 10";

export const browserSettingsSchema = z.object({
  learningRate: z.coerce.number(rate).gt(0, rate).max(10, rate),
  /** Of each of the two hidden layers. */
  hiddenUnits: whole(1, 256),
  epochs: whole(1, 500),
  optimizer: z.enum(browserOptimizers),
  /** Of weights and order; the samples are the same for every run, so that runs can be compared. */
  seed: whole(0, 2_147_483_647),
});

export type BrowserSettings = z.infer<typeof browserSettingsSchema>;

export const browserDefaults: BrowserSettings = {
  learningRate: 0.01,
  hiddenUnits: 32,
  epochs: 30,
  optimizer: "adam",
  seed: 1,
};

/** Two arms of a spiral, one a class, that no straight line divides. `noise`: standard deviation in both directions. */
export const spirals = {
  name: "two spirals",
  seed: 1,
  turns: 1.25,
  noise: 0.08,
  train: 1000,
  validation: 400,
} as const;

export const BROWSER_BATCH = 50;

/** What the run's config says of a training. */
export const browserConfig = ({ learningRate, hiddenUnits, epochs, optimizer }: BrowserSettings): Config => ({
  family: "mlp",
  units: [hiddenUnits, hiddenUnits],
  activation: "relu",
  epochs,
  batchSize: BROWSER_BATCH,
  optimizer: { name: optimizer, learningRate },
  data: { ...spirals },
});
