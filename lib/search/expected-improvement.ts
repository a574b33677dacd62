/** How much better than the best a point is to be expected, as a logarithm. Pure. */
import { normalDensity, normalTail } from "../statistics/distributions/normal.ts";
import { exp, ln } from "../statistics/special/elementary.ts";

const HALF_LOG_TWO_PI = ln(2 * Math.PI) / 2;
/** Below it the tail's series is to 1e-8 of itself, and above it the difference of nearly equal numbers is. */
const FAR = -25;

/**
 * ln(φ(z) + z Φ(z)) (Ament et al. 2023, equation 9): finite wherever z is, so that points can be told apart where the
 * improvement itself underflows.
 */
export function logImprovement(z: number): number {
  if (z > -1) return ln(normalDensity(z) + z * (1 - normalTail(z)));
  const square = z * z;
  const density = -square / 2 - HALF_LOG_TWO_PI;
  // 1 − |z| Φ(z) ÷ φ(z), by Mills' ratio and its series
  const left =
    z > FAR
      ? 1 + z * normalTail(-z) * exp(-density)
      : (1 - (3 / square) * (1 - (5 / square) * (1 - 7 / square))) / square;
  return density + ln(left);
}

/** Of the smallest value. `best`: the smallest so far. Of a variance of 0 the certain one. */
export function logExpectedImprovement({ mean, variance }: { mean: number; variance: number }, best: number): number {
  if (variance <= 0) return ln(Math.max(0, best - mean));
  const deviation = Math.sqrt(variance);
  return ln(deviation) + logImprovement((best - mean) / deviation);
}
