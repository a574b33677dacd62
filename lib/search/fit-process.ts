/** The hyperparameters of a Gaussian process that explain its values best. Pure. */
import { exp, ln } from "../statistics/special/elementary.ts";
import {
  type Axes,
  conditionOn,
  type Hyperparameters,
  likelihoodSlopes,
  logLikelihood,
  type Points,
} from "./gaussian-process.ts";

/** Of values with variance 1. Along an axis of ten lengths nothing changes; below a twentieth each trial stands for itself alone. */
const bounds = { length: [0.05, 10], signal: [0.05, 20], noise: [1e-6, 1] } as const;
/** Where the search begins: lengths in units of the cube's half diagonal, and the noise. */
const starts = [
  { length: 0.4, noise: 1e-4 },
  { length: 1, noise: 1e-2 },
] as const;
const ROUNDS = 30;
/** Rprop's own (Riedmiller and Braun 1993), on logarithms. */
const step = { first: 0.2, grow: 1.2, shrink: 0.5, min: 1e-3, max: 1 } as const;

/**
 * By maximum marginal likelihood, from each start by Rprop: steps go by the signs of the derivatives alone, and end at the bounds
 * (Blum and Riedmiller 2013 find it as good for this as conjugate gradients). `values` have mean 0 and variance 1.
 */
export function fitProcess(axes: Axes, points: Points, values: readonly number[]): Hyperparameters {
  const low = [...axes.map(() => bounds.length[0]), bounds.signal[0], bounds.noise[0]].map(ln);
  const high = [...axes.map(() => bounds.length[1]), bounds.signal[1], bounds.noise[1]].map(ln);
  let best = { likelihood: Number.NEGATIVE_INFINITY, kept: hyperparametersOf(low) };
  for (const { length, noise } of starts) {
    const at = [...axes.map(() => ln((length * Math.sqrt(axes.length)) / 2)), 0, ln(noise)];
    const steps = at.map<number>(() => step.first);
    let before = new Float64Array(at.length);
    for (let round = 0; round < ROUNDS; round++) {
      const kept = hyperparametersOf(at);
      const process = conditionOn(axes, points, { values, kept });
      const likelihood = logLikelihood(process);
      if (likelihood > best.likelihood) best = { likelihood, kept };
      const slopes = likelihoodSlopes(process);
      for (const [which, slope] of slopes.entries()) {
        const turned = slope * before[which]!;
        if (turned > 0) steps[which] = Math.min(step.max, steps[which]! * step.grow);
        if (turned < 0) steps[which] = Math.max(step.min, steps[which]! * step.shrink);
        // after a turn it waits a round
        if (turned < 0) slopes[which] = 0;
        else at[which] = Math.min(high[which]!, Math.max(low[which]!, at[which]! + Math.sign(slope) * steps[which]!));
      }
      before = slopes as Float64Array<ArrayBuffer>;
    }
  }
  return best.kept;
}

const hyperparametersOf = (logarithms: readonly number[]): Hyperparameters => {
  const all = logarithms.map(exp);
  return { lengths: all.slice(0, -2), signal: all.at(-2)!, noise: all.at(-1)! };
};
