/** The interval of a median, through the share of values below it. Pure. */
import { normalQuantile } from "../distributions/normal.ts";
import { because, type MeasuredInterval } from "../measured.ts";
import { quantile } from "../moments.ts";
import { type Groups, influenceVariance } from "./influence.ts";

/**
 * Woodruff's interval (1952): the quantiles at ½ ± z standard errors of the share below the median, which groups widen.
 * Undefined below two units.
 */
export function medianInterval(
  values: ArrayLike<number>,
  groups: Groups | null = null,
  alpha = 0.05,
): MeasuredInterval {
  const n = values.length;
  if (n < 2) return because(n === 0 ? "no-sample" : "one-sample");
  const sorted = Float64Array.from(values).sort();
  const median = quantile(sorted, 0.5);
  const below = Float64Array.from(values, (value) => (value < median ? 0.5 : value > median ? -0.5 : 0));
  const variance = groups === null ? 0.25 / n : influenceVariance(below, groups);
  if (Number.isNaN(variance)) return because("one-group");
  const half = normalQuantile(1 - alpha / 2) * Math.sqrt(variance);
  return [quantile(sorted, Math.max(0, 0.5 - half)), quantile(sorted, Math.min(1, 0.5 + half))];
}
