/** Evaluations on the same samples compared in pairs: the difference with its interval, a test, and one decision. Pure. */
import { adjustP } from "../../statistics/corrections/adjust-p.ts";
import { normalQuantile } from "../../statistics/distributions/normal.ts";
import { detectableDifference } from "../../statistics/hypothesis-tests/detectable-difference.ts";
import { InputError } from "../../statistics/inputs.ts";
import { seedOf } from "../../statistics/resampling/random.ts";
import type { Measured } from "../../wire/evaluations/measured.ts";
import { type MetricName, metricFacts } from "../../wire/evaluations/metrics.ts";
import { COMPARED_MAX, type PairedData, type PairedDecision, type PairedRow } from "../../wire/evaluations/paired.ts";
import { ALPHA } from "../measures/estimates.ts";
import { type Evaluated, groupsOf } from "../measures/evaluated.ts";
import { agreementWith, gainedAndLost } from "./differing.ts";
import { pairedEngine } from "./engines.ts";
import type { PairedDifference, PairedEngine } from "./pair.ts";

export type PairedInputs = {
  metric: MetricName;
  /** The smallest difference of interest, in the metric's unit; null: the project says none. */
  smallest: number | null;
  seed: number;
  /** How many comparisons were looked at, where these are the best of them: p-values are adjusted for all. */
  looked?: number;
};

/** Each model against the first, on the same samples in the same order. Throws `InputError` where they aren't the same. */
export function comparePaired(models: Evaluated[], { metric, smallest, seed, looked = 0 }: PairedInputs): PairedData {
  refuseOthers(models, metric);
  const [baseline, ...others] = models as [Evaluated, ...Evaluated[]];
  const engine = pairedEngine(metric, baseline);
  const found = others.map((model, at) => engine.against(model, seedOf(seed, `pair-${at + 1}`)));
  const family = Math.max(looked, found.filter(({ test }) => "p" in test).length);
  const adjusted = adjustedFor(found, family);
  return {
    task: baseline.task,
    metric,
    samples: baseline.samples,
    groups: groupsOf(baseline)?.count ?? null,
    confidence: 1 - ALPHA,
    smallest,
    values: [engine.baseline, ...found.map(({ value }) => value)],
    family,
    comparisons: others.map((model, at): PairedRow => {
      const { difference, interval, test } = found[at]!;
      const holm = adjusted[at]!;
      const agreement = agreementWith(baseline, model);
      return {
        model: at + 1,
        difference,
        interval,
        test: "p" in test ? { ...test, holm: holm! } : test,
        agreement,
        detectable: detectableOf(found[at]!, { agreement, samples: baseline.samples, engine }),
        decision: decide(found[at]!, { holm, smallest, metric }),
        ...gainedAndLost(baseline, model),
      };
    }),
  };
}

function refuseOthers(models: Evaluated[], metric: MetricName): void {
  if (models.length < 2 || models.length > COMPARED_MAX)
    throw new InputError(`${models.length} evaluations: a comparison takes 2–${COMPARED_MAX}`);
  const [first, ...others] = models as [Evaluated, ...Evaluated[]];
  if (metricFacts[metric].task !== first.task || metricFacts[metric].better === "zero")
    throw new InputError(`${metric} doesn't rank evaluations of ${first.task}`);
  for (const [at, model] of others.entries()) {
    if (model.task !== first.task) throw new InputError(`evaluation ${at + 1} is of ${model.task}, not ${first.task}`);
    if (model.samples !== first.samples)
      throw new InputError(`evaluation ${at + 1} has ${model.samples} samples, the first ${first.samples}`);
    if ("classes" in model && "classes" in first && model.classes.join("\0") !== first.classes.join("\0"))
      throw new InputError(`evaluation ${at + 1} has other classes than the first`);
    if ("truth" in model && "truth" in first && model.truth.some((label, sample) => label !== first.truth[sample]))
      throw new InputError(`evaluation ${at + 1} has other labels than the first`);
  }
}

/** Comparisons that were looked at and aren't shown are no smaller than 1: Holm's for these. */
function adjustedFor(found: PairedDifference[], family: number): (number | null)[] {
  const shown = found.flatMap(({ test }) => ("p" in test ? [test.p] : []));
  const holm = adjustP([...shown, ...new Array<number>(family - shown.length).fill(1)], "holm");
  let at = 0;
  return found.map(({ test }) => ("p" in test ? holm[at++]! : null));
}

function detectableOf(
  { interval }: PairedDifference,
  { agreement, samples, engine }: { agreement: PairedRow["agreement"]; samples: number; engine: PairedEngine },
): Measured {
  if (agreement !== null && engine.isDiscordance)
    return detectableDifference(samples, (agreement.onlyBaseline + agreement.onlyModel) / samples);
  if ("undefined" in interval) return { undefined: interval.undefined };
  // the interval is 2 z standard errors wide
  const z = normalQuantile(1 - ALPHA / 2);
  return ((interval.high - interval.low) / (2 * z)) * (z + normalQuantile(0.8));
}

function decide(
  { difference, interval }: PairedDifference,
  { holm, smallest, metric }: { holm: number | null; smallest: number | null; metric: MetricName },
): PairedDecision {
  if (typeof difference !== "number" || "undefined" in interval) return "not-distinguishable";
  if (smallest !== null && interval.low > -smallest && interval.high < smallest) return "practically-equal";
  const excludesZero = interval.low > 0 || interval.high < 0;
  const isLarge = Math.abs(difference) >= (smallest ?? 0);
  if (!excludesZero || !isLarge || holm === null || holm > ALPHA) return "not-distinguishable";
  return difference > 0 === (metricFacts[metric].better === "max") ? "better" : "worse";
}
