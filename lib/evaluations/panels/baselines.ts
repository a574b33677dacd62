/** What one gets without a model. Pure. */
import { confusionOf, type Margins, marginsOf } from "../../statistics/classification/confusion.ts";
import { betterThanMajority } from "../../statistics/intervals/proportion.ts";
import { ascending, mean, quantile } from "../../statistics/moments.ts";
import { regressionErrors } from "../../statistics/regression/errors.ts";
import { meanIou } from "../../statistics/segmentation/overlap.ts";
import type { Baselines } from "../../wire/evaluations/baselines.ts";
import { measured } from "../measures/estimates.ts";
import { type Classified, type Evaluated, groupsOf, type Regressed, type Segmented } from "../measures/evaluated.ts";
import { labelMetrics } from "../measures/label-metrics.ts";
import { allPixels } from "../measures/mask-metrics.ts";
import { panelOf } from "./panel.ts";

export const baselines = panelOf({
  name: "baselines",
  needs: ["classification", "regression", "segmentation"],
  make: (evaluated: Evaluated): Baselines =>
    evaluated.task === "classification"
      ? ofClasses(evaluated)
      : evaluated.task === "regression"
        ? ofNumbers(evaluated)
        : ofMasks(evaluated),
});

function majorityOf({ rows }: Margins): { prediction: number; margins: Margins } {
  let prediction = 0;
  for (let of = 0; of < rows.length; of++) if (rows[of]! > rows[prediction]!) prediction = of;
  const total = rows.reduce((a, b) => a + b, 0);
  const right = rows[prediction]!;
  const alone = (count: number) => rows.map((_, of) => (of === prediction ? count : 0));
  return { prediction, margins: { rows, columns: alone(total), diagonal: alone(right), total, right } };
}

function ofClasses(evaluated: Classified): Baselines {
  const { truth, predicted, classes, samples } = evaluated;
  const margins = marginsOf(confusionOf(truth, predicted, classes.length));
  const majority = majorityOf(margins);
  const names = ["accuracy", "balanced-accuracy", "macro-f1", "weighted-f1"] as const;
  const share = (of: number) => margins.rows[of]! / Math.max(1, samples);
  const proportional = classes.reduce((sum, _, of) => sum + share(of) ** 2, 0);
  // of groups Wilson's interval says too much
  const judged = samples > 0 && groupsOf(evaluated) === null;
  return {
    baselines: [
      {
        kind: "majority",
        prediction: majority.prediction,
        metrics: names.map((metric) => ({ metric, value: measured(labelMetrics[metric](majority.margins)) })),
      },
      { kind: "uniform", prediction: null, metrics: [{ metric: "accuracy", value: 1 / classes.length }] },
      { kind: "proportional", prediction: null, metrics: [{ metric: "accuracy", value: proportional }] },
    ],
    beatsMajority: judged ? betterThanMajority(margins.right, samples, share(majority.prediction)).pass : null,
  };
}

/** The best constants there are, known only to who has seen these targets: a model that loses to them is worth nothing. */
function ofNumbers({ truth }: Regressed): Baselines {
  if (truth.length === 0) return { baselines: [], beatsMajority: null };
  const constant = (kind: "mean" | "median", prediction: number) => {
    const { mae, rmse } = regressionErrors(truth, new Float64Array(truth.length).fill(prediction));
    const metrics = [
      { metric: "mae" as const, value: measured(mae) },
      { metric: "rmse" as const, value: measured(rmse) },
    ];
    return { kind, prediction, metrics };
  };
  return {
    baselines: [constant("mean", mean(truth)), constant("median", quantile(ascending(truth), 0.5))],
    beatsMajority: null,
  };
}

function ofMasks(evaluated: Segmented): Baselines {
  const { prediction, margins } = majorityOf(marginsOf(allPixels(evaluated)));
  return {
    baselines: [
      {
        kind: "majority",
        prediction,
        metrics: [
          { metric: "pixel-accuracy", value: measured(labelMetrics.accuracy(margins)) },
          { metric: "mean-iou", value: measured(meanIou(margins)) },
        ],
      },
    ],
    beatsMajority: null,
  };
}
