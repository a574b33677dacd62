/** The difference of two estimates on different samples, from the interval of each. Pure. */
import type { Interval } from "../measured.ts";

type Estimated = { value: number; interval: Interval };

/**
 * a − b by squares of the distances to the limits (Zou and Donner 2008, MOVER; of two proportions with Wilson's limits it is
 * Newcombe's method 10 of 1998). Assumes that the two samples are independent, and has the level of the two intervals.
 */
export function independentDifference(a: Estimated, b: Estimated): { difference: number; interval: Interval } {
  const difference = a.value - b.value;
  const [[lowA, highA], [lowB, highB]] = [a.interval, b.interval];
  return {
    difference,
    interval: [
      difference - Math.hypot(a.value - lowA, highB - b.value),
      difference + Math.hypot(highA - a.value, b.value - lowB),
    ],
  };
}
