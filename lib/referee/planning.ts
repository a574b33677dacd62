/** What a rule costs and gains before a loop begins. Pure. */
import { normalQuantile } from "../statistics/distributions/normal.ts";
import { InputError } from "../statistics/inputs.ts";
import { expectedMaximum } from "../statistics/selection/expected-maximum.ts";

type Wanted = {
  /** Standard deviation over seeds, and the gain that is to be seen, in the metric's unit. */
  noise: number;
  gain: number;
  /** One-sided. */
  alpha: number;
  power: number;
  /** What the validation samples add to the variance of the gain. */
  sampleVariance?: number;
  /** The incumbent has so many runs and gets no more; left out: both sides get as many. */
  incumbentRuns?: number;
};

const SEEDS_MAX = 1_000_000;

/**
 * The smallest number of seeds that shows a gain, null where no number does; and the gain that no number of seeds goes below.
 * By the normal law.
 */
export function minimumSeeds(wanted: Wanted): { seeds: number | null; smallestVisible: number } {
  const { noise, gain, alpha, power, sampleVariance = 0, incumbentRuns } = wanted;
  if (!(noise > 0) || !(gain > 0)) throw new InputError(`noise ${noise}, gain ${gain}: both must be above 0`);
  const z = normalQuantile(1 - alpha) + normalQuantile(power);
  const fixed = sampleVariance + (incumbentRuns === undefined ? 0 : noise ** 2 / incumbentRuns);
  const smallestVisible = z * Math.sqrt(fixed);
  const left = (gain / z) ** 2 - fixed;
  if (left <= 0) return { seeds: null, smallestVisible };
  const sides = incumbentRuns === undefined ? 2 : 1;
  // what the formula says, set right where rounding moved it past a whole number
  let seeds = Math.max(1, Math.ceil((sides * noise ** 2) / left - 1e-9));
  const isSeen = (n: number) => z * Math.sqrt((sides * noise ** 2) / n + fixed) <= gain;
  while (!isSeen(seeds)) seeds++;
  return { seeds: seeds > SEEDS_MAX ? null : seeds, smallestVisible };
}

export type FalseKeeps = {
  /** Of acceptance by one seed where nothing improves and the incumbent keeps its lucky value: Σ 1/i, whatever the noise. */
  greedyKeeps: number;
  /** What it then claims to have gained, in the metric's unit. */
  greedyClaim: number;
  /** Where the incumbent's value is known exactly. */
  greedyExact: number;
  /** Of a test at `alpha` a candidate. */
  testedFalse: number;
  testedTrue: number;
  testedShare: number;
  /** The probability of any false keep where nothing improves. */
  anyFalse: number;
};

/** What so many candidates lead to, of which `nullShare` (0–1) improve nothing. */
export function expectedFalseKeeps(
  { candidates, nullShare, noise }: { candidates: number; nullShare: number; noise: number },
  { alpha, power }: { alpha: number; power: number },
): FalseKeeps {
  let greedyKeeps = 0;
  for (let place = 2; place <= candidates + 1; place++) greedyKeeps += 1 / place;
  const [testedFalse, testedTrue] = [candidates * nullShare * alpha, candidates * (1 - nullShare) * power];
  return {
    greedyKeeps,
    greedyClaim: noise * expectedMaximum(candidates + 1),
    greedyExact: (candidates * nullShare) / 2,
    testedFalse,
    testedTrue,
    testedShare: testedFalse / (testedFalse + testedTrue),
    anyFalse: -Math.expm1(candidates * Math.log1p(-alpha)),
  };
}
