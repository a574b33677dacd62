/** What a report's number comes to, in plain sentences. Pure. */

import type { Ledger } from "../../wire/evaluations/looks.ts";
import type { Measured, MeasuredInterval } from "../../wire/evaluations/measured.ts";
import { type MetricName, metricFacts } from "../../wire/evaluations/metrics.ts";
import { lookNumberWords } from "../look-words.ts";
import { confidenceWords, intervalWords, isUndefined, measuredWords } from "../report-words.ts";
import * as sentences from "./sentences.ts";

type Lead = {
  metric: MetricName;
  value: Measured;
  interval: MeasuredInterval;
  samples: number;
  confidence: number;
};

/** One sentence of the number and its interval. */
export function leadWords({ metric, value, interval, samples, confidence }: Lead): string {
  if (typeof value !== "number") return sentences.leadUndefined(measuredWords(value, metric));
  if (isUndefined(interval)) return sentences.leadAlone(samples);
  const ends = intervalWords(interval, metric);
  return metric === "accuracy"
    ? sentences.leadAccuracy({
        right: Math.round(value * samples),
        samples,
        ends,
        confidence: confidenceWords(confidence),
      })
    : sentences.leadMetric({ ends, confidence: confidenceWords(confidence), better: metricFacts[metric].better });
}

type Against = { baseline: { class: string; share: number }; low: number; high: number };

export const baselineWords = ({ baseline, low, high }: Against): string =>
  sentences.baselines[low > baseline.share ? "above" : high < baseline.share ? "below" : "within"](
    baseline.class,
    baseline.share,
  );

/** `look 2 of 3`; of validation that looks are free. */
export const lookPlaceWords = (ledger: Ledger | null, evaluation: string): string => {
  if (ledger === null) return sentences.freeLook;
  const look = ledger.looks.find((one) => one.evaluation === evaluation);
  return lookNumberWords(look?.number ?? ledger.count, ledger);
};
