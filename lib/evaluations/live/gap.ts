/** One checkpoint on validation and on test, side by side. Pure. */
import { independentDifference } from "../../statistics/intervals/independent.ts";
import type { Evaluation } from "../../wire/evaluations/evaluations.ts";
import type { HeadlineMetric } from "../../wire/evaluations/headline.ts";
import type { ListedEvaluation } from "./listed.ts";

export type Gap = {
  rows: { split: "validation" | "test"; id: string; lead: HeadlineMetric }[];
  /** Test less validation; null where one of them is undefined. */
  gap: { difference: number; low: number; high: number } | null;
};

/** Null where the checkpoint was measured on one split alone. */
export function gapOf(evaluation: Evaluation, beside: ListedEvaluation[]): Gap | null {
  const of = (split: "validation" | "test") =>
    evaluation.split === split
      ? beside.find(({ id }) => id === evaluation.id)
      : beside.find(
          (one) => one.split === split && one.run === evaluation.run && one.step === evaluation.checkpoint.step,
        );
  const [validation, test] = [of("validation"), of("test")];
  if (!validation?.lead || !test?.lead || validation.lead.metric !== test.lead.metric) return null;
  const [a, b] = [estimated(test.lead), estimated(validation.lead)];
  const found = a && b ? independentDifference(a, b) : null;
  return {
    rows: [
      { split: "validation", id: validation.id, lead: validation.lead },
      { split: "test", id: test.id, lead: test.lead },
    ],
    gap: found && { difference: found.difference, low: found.interval[0], high: found.interval[1] },
  };
}

function estimated({ value, interval }: HeadlineMetric) {
  if (typeof value !== "number" || "undefined" in interval) return null;
  return { value, interval: [interval.low, interval.high] as [number, number] };
}
