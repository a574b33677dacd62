/** Smoothing of a series for the eye. Pure; raw values are never replaced, only drawn beside. */

/** Into how many parts the range of x is cut; a weight is what one part keeps of the average before it. */
const PARTS = 1000;

/**
 * Time-weighted exponential moving average, debiased: a point counts by its distance in x, so uneven steps and an
 * envelope's gaps don't bend the line. `weight` in 0–1: 0 returns `values` as they are, near 1 the average of all
 * before. `x` rises. NaN and infinities stay gaps, and leave the average as it was. Same length as `values`.
 */
export function smooth(x: ArrayLike<number>, values: ArrayLike<number>, weight: number): number[] {
  if (weight <= 0 || values.length < 3) return Array.from(values);
  const kept = Math.min(Math.sqrt(weight), 0.999);
  const part = (x[x.length - 1]! - x[0]!) / PARTS || 1;
  let average = 0;
  let mass = 0;
  let last = x[0]!;
  return Array.from(values, (value, index) => {
    if (!Number.isFinite(value)) return Number.NaN;
    const fade = kept ** Math.max(0, (x[index]! - last) / part);
    last = x[index]!;
    const before = mass * fade;
    mass = before + 1;
    // as a step from the average, so that a constant stays exactly constant
    average += (value - average) / mass;
    return average;
  });
}

/** Beyond so many standard deviations a point's weight is below 1e-4 of the nearest one's. */
const REACH = 4.3;

/**
 * Gaussian smoothing over x: each point becomes the mean of its neighbours, weighted by a normal kernel whose standard
 * deviation is `width` (0–1) of a tenth of x's range; weights are made to add up to one at the ends and beside gaps. `x`
 * rises. NaN and infinities stay gaps, and weigh nothing. Same length as `values`.
 */
export function smoothGaussian(x: ArrayLike<number>, values: ArrayLike<number>, width: number): number[] {
  const sigma = ((x[x.length - 1]! - x[0]!) / 10) * width;
  if (!(sigma > 0) || values.length < 3) return Array.from(values);
  let start = 0;
  return Array.from(values, (value, index) => {
    if (!Number.isFinite(value)) return Number.NaN;
    while (x[index]! - x[start]! > REACH * sigma) start++;
    let [sum, mass] = [0, 0];
    for (let other = start; other < values.length && x[other]! - x[index]! <= REACH * sigma; other++) {
      if (!Number.isFinite(values[other]!)) continue;
      const weight = Math.exp(-0.5 * ((x[other]! - x[index]!) / sigma) ** 2);
      mass += weight;
      // as a step from the mean, so that a constant stays exactly constant
      sum += (values[other]! - sum) * (weight / mass);
    }
    return sum;
  });
}
