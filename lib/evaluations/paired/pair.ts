/** What every way to compare two models answers. Pure. */
import { InputError } from "../../statistics/inputs.ts";
import type { Measured, MeasuredInterval, Undefined } from "../../wire/evaluations/measured.ts";
import type { pairedTests } from "../../wire/evaluations/paired.ts";
import type { Classified, Evaluated } from "../measures/evaluated.ts";

export type PairedDifference = {
  /** Of the model. */
  value: Measured;
  /** Model less baseline. */
  difference: Measured;
  interval: MeasuredInterval;
  test: { kind: (typeof pairedTests)[number]; p: number } | Undefined;
};

export type PairedEngine = {
  /** The metric of the baseline. */
  baseline: Measured;
  /** Whether the share of discordant answers says how small a difference can be told. */
  isDiscordance: boolean;
  against: (model: Evaluated, seed: number) => PairedDifference;
};

export function scoresOf({ probabilities }: Classified): ArrayLike<number>[] {
  if (probabilities === null) throw new InputError("an evaluation came without probabilities");
  return probabilities;
}
