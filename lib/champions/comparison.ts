/** A run against the champion before it, sample by sample, by the metric of a rule. */
import { pairEvaluations } from "../evaluations/live/pairing.ts";
import { asProblem } from "../problem.ts";
import type { ChampionComparison } from "../wire/champions.ts";
import type { MetricName } from "../wire/evaluations/metrics.ts";
import type { Reported } from "./evidence.ts";

/**
 * The metric of `one` less that of `other`, on the same samples. Null where the two aren't of the same samples, or this
 * metric's difference has no interval.
 */
export async function compareReported(
  metric: MetricName,
  one: Reported,
  other: Reported,
): Promise<ChampionComparison | null> {
  if (one.evaluation.splitDigest !== other.evaluation.splitDigest) return null;
  const records = [other.evaluation, one.evaluation];
  const paired = await pairEvaluations(records, { metric, smallest: null }, { field: "rule.metric" }).catch(
    (error: unknown) => {
      if (asProblem(error)?.kind !== "invalid") throw error;
      return null;
    },
  );
  const [found] = paired?.data.comparisons ?? [];
  if (!found || typeof found.difference !== "number" || "undefined" in found.interval) return null;
  const { low, high } = found.interval;
  return { with: other.evaluation.id, difference: found.difference, low, high, samples: one.evaluation.samples };
}
