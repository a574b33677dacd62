/** The headline metrics, each with its interval. Pure. */
import { confusionOf } from "../../statistics/classification/confusion.ts";
import { averagesOf } from "../../statistics/classification/per-class.ts";
import { LOG_LOSS_EPSILON } from "../../statistics/classification/probability-scores.ts";
import { topK } from "../../statistics/classification/top-k.ts";
import { seedOf } from "../../statistics/resampling/random.ts";
import type { Headline, HeadlineMetric } from "../../wire/evaluations/headline.ts";
import type { Estimate } from "../../wire/evaluations/measured.ts";
import type { MetricName } from "../../wire/evaluations/metrics.ts";
import { measured, shareOf } from "../measures/estimates.ts";
import { type Classified, type Evaluated, groupsOf } from "../measures/evaluated.ts";
import { estimateByLabel } from "../measures/label-metrics.ts";
import { estimateMasks } from "../measures/mask-metrics.ts";
import { estimateMeans } from "../measures/mean-metrics.ts";
import { estimateNumbers } from "../measures/number-metrics.ts";
import { brierTerms, logLossTerms, topKTerms } from "../measures/probability-terms.ts";
import { areaMetrics, areaOf, type ScoreAreas } from "../measures/score-areas.ts";
import { panelOf, type Shared } from "./panel.ts";

export const headline = panelOf({
  name: "headline",
  needs: ["classification", "regression", "segmentation"],
  make: (evaluated: Evaluated, shared): Headline => {
    if (evaluated.task === "classification") return ofClasses(evaluated, shared);
    const found: Partial<Record<MetricName, Estimate>> =
      evaluated.task === "regression"
        ? estimateNumbers(evaluated, seedOf(shared.seed, "numbers"))
        : estimateMasks(evaluated, shared.seed);
    const rows = Object.entries(found) as [MetricName, Estimate][];
    return {
      metrics: rows.map(([metric, estimate]) => ({ metric, ...estimate, samples: evaluated.samples })),
      countedAsZero: [],
      logLossEpsilon: null,
    };
  },
});

function ofClasses(evaluated: Classified, shared: Shared): Headline {
  const { samples, probabilities, truth, predicted, classes } = evaluated;
  const row = ([metric, estimate]: [MetricName, Estimate]): HeadlineMetric => ({ metric, ...estimate, samples });
  const rows = (Object.entries(estimateByLabel(evaluated, shared.seed)) as [MetricName, Estimate][]).map(row);
  if (probabilities !== null) rows.push(...ofProbabilities(evaluated, probabilities, shared).map(row));
  if (probabilities !== null && classes.length > 2) rows.push(topKRow(evaluated, probabilities, shared));
  return {
    metrics: rows,
    countedAsZero: averagesOf(confusionOf(truth, predicted, classes.length)).countedAsZero,
    logLossEpsilon: probabilities === null ? null : LOG_LOSS_EPSILON,
  };
}

function ofProbabilities(
  evaluated: Classified,
  probabilities: ArrayLike<number>[],
  { seed, scores: figures }: Shared,
): [MetricName, Estimate][] {
  const terms = [logLossTerms(evaluated.truth, probabilities), brierTerms(evaluated.truth, probabilities)];
  const [logLoss, brier] = estimateMeans(terms, groupsOf(evaluated), seedOf(seed, "probability-scores"));
  const scores: [MetricName, Estimate][] = [
    ["log-loss", logLoss!],
    [probabilities.length === 2 ? "binary-brier" : "brier", brier!],
  ];
  return figures === null ? scores : [...scores, ...ofAreas(figures.areas)];
}

const ofAreas = (areas: ScoreAreas): [MetricName, Estimate][] =>
  areaMetrics.flatMap((metric): [MetricName, Estimate][] => {
    const found = areaOf(areas, metric);
    return found === null ? [] : [[metric, found]];
  });

function topKRow(
  evaluated: Classified,
  probabilities: ArrayLike<number>[],
  { topK: wanted, seed }: Shared,
): HeadlineMetric {
  const k = Math.min(wanted, evaluated.classes.length - 1);
  const found = topK(evaluated.truth, probabilities, k);
  const hits = topKTerms(evaluated.truth, probabilities, k);
  const groups = groupsOf(evaluated);
  const { value, interval } =
    groups === null
      ? shareOf(
          hits.reduce((a, b) => a + b, 0),
          hits.length,
        )
      : estimateMeans([hits], groups, seedOf(seed, "top-k"))[0]!;
  return {
    metric: "top-k",
    value,
    interval,
    samples: evaluated.samples,
    topK: { k, expected: measured(found.expected), ties: found.ties },
  };
}
