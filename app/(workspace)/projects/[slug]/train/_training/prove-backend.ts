/** Whether a backend computes what it should: a short training whose numbers are known. */
import { browserDefaults } from "@/lib/runs/browser-settings.ts";
import type { Progress } from "./messages.ts";
import { type Tf, train } from "./train.ts";

const settings = {
  ...browserDefaults,
  optimizer: "adam",
  learningRate: 0.01,
  hiddenUnits: 4,
  epochs: 1,
  seed: 1,
} as const;
/** Made by the backend of plain JavaScript: training loss of the first and last of its 20 updates, and validation loss after them. */
const known = { first: 0.686379, last: 0.554437, validation: 0.622472 };
/** Backends add up in orders of their own, and differ in the last digits of single precision. */
const TOLERANCE = 1e-4;

/** Trains for one epoch by the backend that is set. Throws, and says what differs, where its numbers are others or it can't. */
export async function proveBackend(tf: Tf): Promise<void> {
  const seen: Progress[] = [];
  await train(tf, settings, { onProgress: (one) => seen.push(one), rest: async () => {}, whyStop: () => null });
  const last = seen.at(-1)!;
  const came = { first: seen[0]!.train.loss, last: last.train.loss, validation: last.validation?.loss ?? Number.NaN };
  for (const name of ["first", "last", "validation"] as const)
    if (!(Math.abs(came[name] - known[name]) <= TOLERANCE))
      throw new Error(`it computes wrongly: the ${name} loss of a known training is ${came[name]}, not ${known[name]}`);
}
