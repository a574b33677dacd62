/** By how much luck lifts the best of several candidates. Pure. */
import { normalQuantile } from "../statistics/distributions/normal.ts";
import { expectedMaximum } from "../statistics/selection/expected-maximum.ts";
import type { Claim } from "../wire/champions.ts";

/**
 * s m_N (RIGOUR 4.7) in the metric's unit, were all N candidates equally good. s is the standard error that the interval of the
 * claim's own number shows; candidates on the same samples differ by less, so that luck is at most this.
 */
export function luckOf({ candidates, evidence, rule }: Pick<Claim, "candidates" | "evidence" | "rule">): number | null {
  const seen = evidence.find(({ split }) => split === rule.split);
  const number = seen?.metrics?.find(({ metric }) => metric === rule.metric);
  if (candidates <= 1 || !seen || !number || "undefined" in number.interval) return null;
  const { low, high, method } = number.interval;
  if (method === "one-sided") return null;
  const z = normalQuantile(1 - (1 - seen.confidence) / 2);
  return ((high - low) / (2 * z)) * expectedMaximum(candidates);
}
