/** How each metric's difference is found: by answers, by means, by margins, or by what samples move an area. Pure. */
import { InputError } from "../../statistics/inputs.ts";
import { pearson, spearman } from "../../statistics/regression/correlation.ts";
import { regressionErrors } from "../../statistics/regression/errors.ts";
import { explainedVariance } from "../../statistics/regression/explained.ts";
import {
  medianInfluences,
  pearsonInfluences,
  spearmanInfluences,
  unexplainedInfluences,
} from "../../statistics/regression/influences.ts";
import type { MetricName } from "../../wire/evaluations/metrics.ts";
import type { Classified, Evaluated, Regressed, Segmented } from "../measures/evaluated.ts";
import { labelMetrics } from "../measures/label-metrics.ts";
import { imageIous, imageMean, pixelMetrics } from "../measures/mask-metrics.ts";
import { brierTerms, logLossTerms, TOP_K, topKTerms } from "../measures/probability-terms.ts";
import { type AreaMetric, areaMetrics } from "../measures/score-areas.ts";
import { areasEngine } from "./by-areas.ts";
import { influenceEngine, type NumberStatistic } from "./by-influence.ts";
import { answersEngine, labelsEngine, pixelsEngine } from "./by-margins.ts";
import { spreadEngine } from "./by-spread.ts";
import { termsEngine } from "./by-terms.ts";
import { type PairedEngine, scoresOf } from "./pair.ts";

export function pairedEngine(metric: MetricName, baseline: Evaluated): PairedEngine {
  const found =
    baseline.task === "classification"
      ? ofClasses(metric, baseline)
      : baseline.task === "regression"
        ? ofNumbers(metric, baseline)
        : ofMasks(metric, baseline);
  if (found === null) throw new InputError(`${metric} of these predictions can't be compared in pairs`);
  return found;
}

function ofClasses(metric: MetricName, baseline: Classified): PairedEngine | null {
  if (metric === "accuracy" && baseline.units === null) return answersEngine(baseline);
  if (metric === "accuracy")
    return termsEngine<Classified>(baseline, ({ truth, predicted }) =>
      Float64Array.from(truth, (label, at) => (label === predicted[at] ? 1 : 0)),
    );
  if (metric in labelMetrics) return labelsEngine(baseline, labelMetrics[metric as keyof typeof labelMetrics]);
  if (baseline.probabilities === null) return null;
  if (metric === "top-k" && baseline.classes.length > 2)
    return termsEngine<Classified>(baseline, (of) =>
      topKTerms(of.truth, scoresOf(of), Math.min(TOP_K, of.classes.length - 1)),
    );
  if (metric === "log-loss") return termsEngine<Classified>(baseline, (of) => logLossTerms(of.truth, scoresOf(of)));
  if (metric === (baseline.classes.length === 2 ? "binary-brier" : "brier"))
    return termsEngine<Classified>(baseline, (of) => brierTerms(of.truth, scoresOf(of)));
  return areaMetrics.includes(metric as AreaMetric) ? areasEngine(baseline, metric as AreaMetric) : null;
}

const squares = ({ truth, predicted }: Regressed) => truth.map((target, at) => (predicted[at]! - target) ** 2);

function ofNumbers(metric: MetricName, baseline: Regressed): PairedEngine | null {
  if (metric === "mae")
    return termsEngine<Regressed>(baseline, ({ truth, predicted }) =>
      truth.map((target, at) => Math.abs(predicted[at]! - target)),
    );
  if (metric === "mse") return termsEngine(baseline, squares);
  if (metric === "rmse") return termsEngine(baseline, squares, Math.sqrt);
  if (metric === "r-squared") return spreadEngine(baseline);
  const statistic = numberStatistics[metric as keyof typeof numberStatistics];
  // the largest error says nothing of its own spread
  return statistic ? influenceEngine(baseline, statistic) : null;
}

const sizesOf = (truth: Float64Array, predicted: Float64Array) =>
  truth.map((target, at) => Math.abs(predicted[at]! - target));

const numberStatistics = {
  "median-absolute-error": {
    of: (truth, predicted) => regressionErrors(truth, predicted).medianAe,
    influences: (truth, predicted) => medianInfluences(sizesOf(truth, predicted)),
  },
  "explained-variance": {
    of: explainedVariance,
    influences: (truth, predicted) => unexplainedInfluences(truth, predicted).map((one) => -one),
  },
  pearson: { of: pearson, influences: pearsonInfluences },
  spearman: { of: spearman, influences: spearmanInfluences },
} satisfies Partial<Record<MetricName, NumberStatistic>>;

function ofMasks(metric: MetricName, baseline: Segmented): PairedEngine | null {
  const terms = (value: (of: Segmented) => (image: number) => number) =>
    termsEngine<Segmented>(baseline, (of) => Float64Array.from(of.images, (_, image) => value(of)(image)));
  if (metric === "image-mean-iou") return terms(imageIous);
  if (metric === "boundary-f1") return terms((of) => (image) => imageMean(of.images[image]!.boundaryF1));
  if (metric === "boundary-iou") return terms((of) => (image) => imageMean(of.images[image]!.boundaryIou));
  return metric in pixelMetrics ? pixelsEngine(baseline, pixelMetrics[metric as keyof typeof pixelMetrics]) : null;
}
