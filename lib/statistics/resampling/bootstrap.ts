/**
 * The bootstrap: a statistic of the sample again and again, of samples drawn with replacement from it (Efron 1979). A unit
 * is what is independent: an image, a patient; never a pixel, nor one of several rows of a patient. Pure.
 */
import { InputError, refuseSetting } from "../inputs.ts";
import { seededRandom } from "./random.ts";

export type Resampling = {
  /** How many resamples: 2,000 or more for an interval of 95 %. */
  resamples: number;
  /** Decides every draw: one seed, one answer. */
  seed: number;
};

/** How often each unit was drawn. It is used again for the next resample: copy what you keep. */
export type Weights = Uint32Array;

/**
 * One replicate a resample of `units` units; NaN where the statistic is undefined there. The statistic is of all units,
 * each counted `weights[unit]` times. For a comparison of two models it is their difference: both get the same weights.
 * `strata` (a stratum's number for each unit) keeps the size of each, for classes so small that one could vanish.
 */
export function bootstrapUnits(
  units: number,
  { resamples, seed, strata }: Resampling & { strata?: ArrayLike<number> },
  statistic: (weights: Weights) => number,
): Float64Array {
  refuseSetting(units > 0, "a bootstrap needs a unit");
  if (strata && strata.length !== units) throw new InputError(`${strata.length} strata for ${units} units`);
  const random = seededRandom(seed);
  const weights = new Uint32Array(units);
  const draw = strata ? stratifiedDraw(strata) : plainDraw;
  return Float64Array.from({ length: resamples }, () => {
    draw(weights, random);
    return statistic(weights);
  });
}

/** A unit's chance is off by less than units/2^32 of itself, as a draw has 32 bits. */
function plainDraw(weights: Weights, random: () => number): void {
  weights.fill(0);
  const n = weights.length;
  for (let at = 0; at < n; at++) weights[(random() * n) | 0]!++;
}

function stratifiedDraw(strata: ArrayLike<number>): (weights: Weights, random: () => number) => void {
  const members = new Map<number, number[]>();
  for (let unit = 0; unit < strata.length; unit++) {
    const known = members.get(strata[unit]!);
    if (known) known.push(unit);
    else members.set(strata[unit]!, [unit]);
  }
  const lists = [...members].sort(([a], [b]) => a - b).map(([, units]) => Uint32Array.from(units));
  return (weights, random) => {
    weights.fill(0);
    for (const list of lists) for (let at = 0; at < list.length; at++) weights[list[(random() * list.length) | 0]!]!++;
  };
}

/** The weights of samples whose groups were drawn: sample i counts as often as the group `groups[i]`. */
export function weightsOfGroups(groups: ArrayLike<number>, drawn: Weights, out: Weights): void {
  for (let at = 0; at < groups.length; at++) out[at] = drawn[groups[at]!]!;
}

/** Which units each of `bags` resamples drew, in the order of the draw. */
export function drawBags(units: number, { resamples, seed }: Resampling): Uint32Array[] {
  const random = seededRandom(seed);
  return Array.from({ length: resamples }, () => Uint32Array.from({ length: units }, () => (random() * units) | 0));
}
