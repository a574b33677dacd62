/** A run against the champion before it, sample by sample, by the metric of a rule. */
import { BoundedMap } from "../bounded-map.ts";
import { RESAMPLES } from "../evaluations/measures/estimates.ts";
import { type Classified, type Evaluated, groupsOf, type Regressed } from "../evaluations/measures/evaluated.ts";
import { labelMetrics } from "../evaluations/measures/label-metrics.ts";
import { brierTerms, logLossTerms } from "../evaluations/measures/probability-terms.ts";
import { readEvaluated } from "../evaluations/read-evaluated.ts";
import { bootstrapIntervals } from "../statistics/intervals/bootstrap.ts";
import { influenceVariance, normalInterval } from "../statistics/intervals/influence.ts";
import { newcombeInterval, type PairedCounts } from "../statistics/intervals/paired-proportions.ts";
import { isUndefined, type MeasuredInterval } from "../statistics/measured.ts";
import { mean } from "../statistics/moments.ts";
import { bootstrapPairedConfusion, marginsOfBoth, pairedConfusionOf } from "../statistics/paired/paired-confusion.ts";
import type { ChampionComparison } from "../wire/champions.ts";
import type { MetricName } from "../wire/evaluations/metrics.ts";
import type { Reported } from "./evidence.ts";

/** New less old; without an interval the difference decides nothing. */
type Difference = { difference: number; interval: MeasuredInterval };

const cache = new BoundedMap<string, ChampionComparison | null>(200);

/**
 * The metric of `one` less that of `other`, on the same samples. Null where the two aren't of the same samples, or this
 * metric's difference has no interval here. Both evaluations are final, so it is computed once.
 */
export async function compareReported(
  metric: MetricName,
  one: Reported,
  other: Reported,
): Promise<ChampionComparison | null> {
  if (one.evaluation.splitDigest !== other.evaluation.splitDigest) return null;
  const key = `${metric} ${one.evaluation.id} ${other.evaluation.id}`;
  const known = cache.get(key);
  if (known !== undefined) return known;
  const [a, b] = await Promise.all([one, other].map(({ evaluation, file }) => readEvaluated(evaluation, file)));
  const found = differenceOf(metric, a!, b!);
  const compared =
    found === null || isUndefined(found.interval)
      ? null
      : {
          with: other.evaluation.id,
          difference: found.difference,
          low: found.interval[0],
          high: found.interval[1],
          samples: one.evaluation.samples,
        };
  cache.set(key, compared);
  return compared;
}

function differenceOf(metric: MetricName, a: Evaluated, b: Evaluated): Difference | null {
  if (a.task === "regression" && b.task === "regression")
    return byTerms(a, errorTerms(metric, a), errorTerms(metric, b));
  if (a.task !== "classification" || b.task !== "classification") return null;
  if (a.classes.join("\0") !== b.classes.join("\0")) return null;
  if (metric === "accuracy") return byAnswers(a, b);
  if (metric in labelMetrics) return byResamples(metric as keyof typeof labelMetrics, a, b);
  return byTerms(a, probabilityTerms(metric, a), probabilityTerms(metric, b));
}

function byAnswers(a: Classified, b: Classified): Difference {
  const right = ({ truth, predicted }: Classified) =>
    Float64Array.from(truth, (of, at) => (of === predicted[at] ? 1 : 0));
  const [ofA, ofB] = [right(a), right(b)];
  if (a.units !== null) return byTerms(a, ofA, ofB)!;
  const counts: PairedCounts = { bothRight: 0, onlyA: 0, onlyB: 0, bothWrong: 0 };
  for (let at = 0; at < a.samples; at++) {
    const [isA, isB] = [ofA[at] === 1, ofB[at] === 1];
    counts[isA ? (isB ? "bothRight" : "onlyA") : isB ? "onlyB" : "bothWrong"]++;
  }
  return { difference: mean(ofA) - mean(ofB), interval: newcombeInterval(counts) };
}

/** The seed is fixed: the same two evaluations give the same interval everywhere. */
const SEED = 1;

function byResamples(metric: keyof typeof labelMetrics, a: Classified, b: Classified): Difference | null {
  if (a.units !== null) return null;
  const paired = pairedConfusionOf(a.truth, { a: a.predicted, b: b.predicted }, a.classes.length);
  const [ofA, ofB] = marginsOfBoth(paired).map((margins) => labelMetrics[metric](margins));
  if (typeof ofA !== "number" || typeof ofB !== "number") return null;
  const [replicates] = bootstrapPairedConfusion(paired, { resamples: RESAMPLES, seed: SEED }, [labelMetrics[metric]]);
  const difference = ofA - ofB;
  return { difference, interval: bootstrapIntervals({ estimate: difference, replicates: replicates! }).percentile };
}

/** The difference of two means over the same samples, and its standard error; groups are taken whole. */
function byTerms(of: Evaluated, a: Float64Array | null, b: Float64Array | null): Difference | null {
  if (a === null || b === null || of.samples < 2) return null;
  const differences = a.map((value, at) => value - b[at]!);
  const difference = mean(differences);
  const groups = of.units === null ? null : groupsOf(of);
  const variance = influenceVariance(
    differences.map((value) => value - difference),
    groups,
  );
  return { difference, interval: normalInterval(difference, variance) };
}

function errorTerms(metric: MetricName, { truth, predicted }: Regressed): Float64Array | null {
  if (metric === "mae") return truth.map((value, at) => Math.abs(value - predicted[at]!));
  return metric === "mse" ? truth.map((value, at) => (value - predicted[at]!) ** 2) : null;
}

function probabilityTerms(metric: MetricName, { truth, probabilities }: Classified): Float64Array | null {
  if (probabilities === null) return null;
  if (metric === "log-loss") return logLossTerms(truth, probabilities);
  return metric === "brier" ? brierTerms(truth, probabilities) : null;
}
