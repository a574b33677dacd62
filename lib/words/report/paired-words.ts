/** What a comparison of evaluations comes to, in plain sentences. Pure. */

import { type MetricName, metricFacts } from "../../wire/evaluations/metrics.ts";
import type { PairedData, PairedDecision, PairedRow } from "../../wire/evaluations/paired.ts";
import { significantWords } from "../numbers.ts";
import { isUndefined, measuredWords, metricTitle, scaledWords } from "../report-words.ts";
import * as sentences from "./sentences.ts";
import { differenceWords } from "./value-words.ts";

type Names = { metric: MetricName; smallest: number | null; model: string; baseline: string };

/** The difference with its interval first, then the decision. */
export function pairedWords(row: PairedRow, { metric, smallest, model, baseline }: Names): string {
  const { difference, interval, decision, detectable } = row;
  const told =
    typeof difference === "number" && !isUndefined(interval)
      ? differenceWords({ difference, low: interval.low, high: interval.high }, metric)
      : measuredWords(difference, metric);
  return sentences.paired[decision]({
    metric: metricTitle(metric),
    difference: told,
    model,
    baseline,
    detectable: typeof detectable === "number" ? scaledWords(detectable, metric) : null,
    smallest: smallest === null ? null : scaledWords(smallest, metric),
    better: metricFacts[metric].better === "min" ? "lower" : "higher",
  });
}

export const pairTestWords = {
  decision: (decision: PairedDecision): string => sentences.pairedDecisions[decision],
  test: (kind: Extract<PairedRow["test"], { kind: unknown }>["kind"]): string => sentences.pairedTests[kind],
};

export const pWords = (p: number): string => (p < 1e-4 ? "< 0.0001" : significantWords(p, 3));

export const familyWords = (facts: Pick<PairedData, "metric" | "samples" | "groups" | "family">): string =>
  sentences.pairedFamily({ ...facts, metric: metricTitle(facts.metric) });
