/** The ladder: a test score is shown only where it beats the best one by more than chance (Blum and Hardt 2015). Pure. */
import { refuseNonFinite, refuseSetting, refuseUnequalLengths } from "../inputs.ts";
import { mean, standardDeviation } from "../moments.ts";

/** A gain of one sample of 0/1 losses makes both sides of the rule equal, and isn't enough. */
const MARGIN = 1e-12;

export type Rung = {
  /** Whether it beat the best so far: then it is the best, and its loss is shown. */
  accepted: boolean;
  /** The mean loss that is shown: its own where accepted, else the best one's. */
  released: number;
};

/**
 * The parameter-free ladder: accepted where mean(best) − mean(losses) > s/√n, s being the standard deviation (n − 1) of the
 * samples' differences. `losses` are per sample, lower better, at least two; `best` those of the best so far, null before the
 * first, which is always accepted. Assumes independent samples.
 */
export function parameterFreeRung(losses: ArrayLike<number>, best: ArrayLike<number> | null): Rung {
  refuseNonFinite(losses, "losses");
  refuseSetting(losses.length >= 2, "a ladder needs two samples");
  const own = mean(losses);
  if (best === null) return { accepted: true, released: own };
  refuseUnequalLengths(losses, best, "the losses and the best's");
  refuseNonFinite(best, "the best's losses");
  const differences = Float64Array.from(losses, (loss, at) => loss - best[at]!);
  const bar = standardDeviation(differences) / Math.sqrt(losses.length);
  const accepted = mean(best) - own > bar + MARGIN;
  return { accepted, released: accepted ? own : mean(best) };
}

/** The ladder of several submissions in their order. */
export function parameterFreeLadder(submissions: ArrayLike<number>[]): Rung[] {
  let best: ArrayLike<number> | null = null;
  return submissions.map((losses) => {
    const rung = parameterFreeRung(losses, best);
    if (rung.accepted) best = losses;
    return rung;
  });
}

/**
 * The ladder with a fixed step (Algorithm 1): a mean loss that is more than `step` below the last one shown is shown, rounded
 * to a multiple of it; else that is shown again. In the order of the submissions.
 */
export function fixedLadder(losses: ArrayLike<number>, step: number): number[] {
  refuseNonFinite(losses, "losses");
  refuseSetting(step > 0, `the step is ${step}: it must be above 0`);
  let released = Number.POSITIVE_INFINITY;
  return Array.from(losses, (loss) => {
    if (loss < released - step) released = Math.round(loss / step) * step;
    return released;
  });
}
