/** How a report was measured, for people. Pure. */
import type { Evaluation, EvaluationStatus, EvaluationTask } from "../../wire/evaluations/evaluations.ts";
import { type MetricName, metricFacts } from "../../wire/evaluations/metrics.ts";
import * as sentences from "./sentences.ts";

/** `classes`: how many; null: of numbers. */
export const taskWords = (task: EvaluationTask, classes: number | null): string => sentences.tasks[task](classes ?? 0);

export const betterWords = (metric: MetricName): string => sentences.betters[metricFacts[metric].better];

export const scoringWords = ({ form, scoresAre }: Pick<Evaluation, "form" | "scoresAre">): string =>
  sentences.scorings[form === "scores" ? (scoresAre ?? "probabilities") : form];

export const evaluationStatusWords = (status: Exclude<EvaluationStatus, "done">): string =>
  sentences.evaluationStatuses[status];
