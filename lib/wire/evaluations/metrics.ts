/** The metrics of a report: of which task each is, which way is better, and on which scale it stands. */

/** `share`: 0–1; `correlation`: −1 … 1; `nats`; `squares`: 0–2 over all classes; `target`: in the unit of the target. */
export type MetricScale = "share" | "correlation" | "nats" | "squares" | "target" | "target-squared";

type MetricFacts = {
  task: "classification" | "segmentation" | "regression";
  better: "max" | "min" | "zero";
  scale: MetricScale;
};

export const metricFacts = {
  accuracy: { task: "classification", better: "max", scale: "share" },
  "balanced-accuracy": { task: "classification", better: "max", scale: "share" },
  "macro-f1": { task: "classification", better: "max", scale: "share" },
  "weighted-f1": { task: "classification", better: "max", scale: "share" },
  matthews: { task: "classification", better: "max", scale: "correlation" },
  kappa: { task: "classification", better: "max", scale: "correlation" },
  "top-k": { task: "classification", better: "max", scale: "share" },
  "log-loss": { task: "classification", better: "min", scale: "nats" },
  brier: { task: "classification", better: "min", scale: "squares" },
  "binary-brier": { task: "classification", better: "min", scale: "share" },
  "roc-auc": { task: "classification", better: "max", scale: "share" },
  "roc-auc-ovr": { task: "classification", better: "max", scale: "share" },
  "roc-auc-ovr-weighted": { task: "classification", better: "max", scale: "share" },
  "roc-auc-ovo": { task: "classification", better: "max", scale: "share" },
  "average-precision": { task: "classification", better: "max", scale: "share" },
  "average-precision-macro": { task: "classification", better: "max", scale: "share" },
  mae: { task: "regression", better: "min", scale: "target" },
  mse: { task: "regression", better: "min", scale: "target-squared" },
  rmse: { task: "regression", better: "min", scale: "target" },
  "median-absolute-error": { task: "regression", better: "min", scale: "target" },
  "max-error": { task: "regression", better: "min", scale: "target" },
  bias: { task: "regression", better: "zero", scale: "target" },
  "r-squared": { task: "regression", better: "max", scale: "correlation" },
  "explained-variance": { task: "regression", better: "max", scale: "correlation" },
  pearson: { task: "regression", better: "max", scale: "correlation" },
  spearman: { task: "regression", better: "max", scale: "correlation" },
  "mean-iou": { task: "segmentation", better: "max", scale: "share" },
  "image-mean-iou": { task: "segmentation", better: "max", scale: "share" },
  "weighted-iou": { task: "segmentation", better: "max", scale: "share" },
  "mean-dice": { task: "segmentation", better: "max", scale: "share" },
  "pixel-accuracy": { task: "segmentation", better: "max", scale: "share" },
  "class-accuracy": { task: "segmentation", better: "max", scale: "share" },
  "boundary-f1": { task: "segmentation", better: "max", scale: "share" },
  "boundary-iou": { task: "segmentation", better: "max", scale: "share" },
} as const satisfies Record<string, MetricFacts>;

export type MetricName = keyof typeof metricFacts;

export const metricNames = Object.keys(metricFacts) as [MetricName, ...MetricName[]];
