/** What can be said of a loss whose value says nothing: whether it came to rest. */

export type Convergence = "falling" | "level" | "rising" | "oscillating";

const BINS = 20;
const STEPS_MIN = 40;
/** Student's t with 18 degrees of freedom: two-sided p of 0.01, and of 0.001. */
const T_FALLING = 2.878;
const T_RISING = 3.922;

/**
 * By a straight line through 20 means over the last fifth of the steps: `falling`, where its slope is below zero (p < 0.01)
 * and would bring more in a quarter of the training than the means scatter; `rising`, where it is above (p < 0.001), which
 * usually is a fault; `oscillating`, where they scatter by more than half of what the whole training gained; else `level`.
 * Null for fewer than 40 steps in that fifth.
 */
export function convergenceOf(losses: number[]): Convergence | null {
  const last = losses.slice(Math.floor(losses.length * 0.8));
  if (last.length < STEPS_MIN || !last.every(Number.isFinite)) return null;
  const means = Array.from({ length: BINS }, (_, bin) =>
    meanOf(last.slice(Math.floor((bin * last.length) / BINS), Math.floor(((bin + 1) * last.length) / BINS))),
  );
  const centre = (BINS - 1) / 2;
  const level = meanOf(means);
  const spread = means.reduce((sum, _, bin) => sum + (bin - centre) ** 2, 0);
  const slope = means.reduce((sum, value, bin) => sum + (bin - centre) * (value - level), 0) / spread;
  const residuals = means.map((value, bin) => value - level - slope * (bin - centre));
  const scatter = Math.sqrt(residuals.reduce((sum, value) => sum + value * value, 0) / (BINS - 2));
  const t = scatter === 0 ? Math.sign(slope) * Number.POSITIVE_INFINITY || 0 : slope / (scatter / Math.sqrt(spread));
  const quarter = BINS * 1.25; // bins in a quarter of the whole training
  if (t < -T_FALLING && -slope * quarter > scatter) return "falling";
  if (t > T_RISING) return "rising";
  const gained = meanOf(losses.slice(0, Math.ceil(losses.length * 0.2))) - level;
  return scatter > 0.5 * Math.max(gained, 0) && scatter > 0 ? "oscillating" : "level";
}

const meanOf = (values: number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
