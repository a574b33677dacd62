/** Some of an evaluation's samples. Pure. */
import type { Evaluated } from "../measures/evaluated.ts";

/** The samples at `places`, which ascend. Slices aren't kept: what is compared has none. */
export function subsetOf(evaluated: Evaluated, places: number[]): Evaluated {
  const units = evaluated.units && Int32Array.from(places, (at) => evaluated.units![at]!);
  const base = { samples: places.length, units: units && renumbered(units), cuts: [] };
  if (evaluated.task === "segmentation")
    return { ...evaluated, ...base, images: places.map((at) => evaluated.images[at]!) };
  const { predicted } = evaluated;
  if (evaluated.task === "regression")
    return {
      ...evaluated,
      ...base,
      truth: Float64Array.from(places, (at) => evaluated.truth[at]!),
      predicted: Float64Array.from(places, (at) => predicted[at]!),
    };
  const columns = (of: ArrayLike<number>[]) => of.map((column) => Float32Array.from(places, (at) => column[at]!));
  return {
    ...evaluated,
    ...base,
    truth: Int32Array.from(places, (at) => evaluated.truth[at]!),
    predicted: Int32Array.from(places, (at) => predicted[at]!),
    probabilities: evaluated.probabilities && columns(evaluated.probabilities),
    logits: evaluated.logits && columns(evaluated.logits),
  };
}

/** The same groups numbered from 0 without a gap. */
function renumbered(units: Int32Array): Int32Array {
  const numbers = new Map<number, number>();
  return units.map((unit) => {
    const known = numbers.get(unit) ?? numbers.size;
    numbers.set(unit, known);
    return known;
  });
}
