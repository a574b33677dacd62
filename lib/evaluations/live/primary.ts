/** Which headline metric a report leads with. Pure. */
import type { HeadlineMetric } from "../../wire/evaluations/headline.ts";
import type { MetricName } from "../../wire/evaluations/metrics.ts";

/** What trainers call them, without signs between the letters. */
const loggedAs: Record<string, MetricName[]> = {
  acc: ["accuracy"],
  f1: ["macro-f1"],
  f1macro: ["macro-f1"],
  f1weighted: ["weighted-f1"],
  mcc: ["matthews"],
  auc: ["roc-auc", "roc-auc-ovr"],
  rocauc: ["roc-auc", "roc-auc-ovr"],
  ap: ["average-precision", "average-precision-macro"],
  loss: ["log-loss", "mse"],
  crossentropy: ["log-loss"],
  nll: ["log-loss"],
  miou: ["mean-iou"],
  iou: ["mean-iou"],
  dice: ["mean-dice"],
  r2: ["r-squared"],
};

const lettersOf = (name: string): string => name.toLowerCase().replaceAll(/[^a-z0-9]/g, "");

/** The one that the project calls its primary metric, else the first of the task. */
export function primaryOf(metrics: readonly HeadlineMetric[], projectMetric: string | null): HeadlineMetric | null {
  const letters = lettersOf(projectMetric?.split("/").at(-1) ?? "");
  const wanted = loggedAs[letters] ?? [];
  const named = metrics.find(({ metric }) => wanted.includes(metric) || lettersOf(metric) === letters);
  return named ?? metrics[0] ?? null;
}

/** Whether it is k right of n: what bounds for an accuracy hold for. */
export const isProportion = (metric: MetricName): boolean => metric === "accuracy" || metric === "top-k";
