/** Numbers of a report for people: values, intervals, and why there is none. Pure. */
import type { EvaluatedSplit } from "../wire/evaluations/evaluations.ts";
import type { Interval, Measured, MeasuredInterval, Undefined } from "../wire/evaluations/measured.ts";
import { type MetricName, metricFacts } from "../wire/evaluations/metrics.ts";
import type { ReportSection } from "../wire/report-sections.ts";
import { countWords, decimalWords, significantWords } from "./numbers.ts";
import * as sentences from "./sentences.ts";

export const metricTitle = (metric: MetricName, k?: number): string =>
  k === undefined ? sentences.metricTitles[metric] : sentences.metricTitles[metric].replace("k", String(k));

export const sectionWords = (section: ReportSection) => sentences.sections[section];

/** `undefined: no sample is of the class`. */
export const undefinedWords = ({ undefined: kind }: Undefined): string => `undefined: ${sentences.undefineds[kind]}`;

/** Shares and correlations with four decimals, `0.9312`; numbers in a target's unit with four digits. */
export function scaledWords(value: number, metric: MetricName): string {
  const { scale } = metricFacts[metric];
  const isTarget = scale === "target" || scale === "target-squared";
  return (isTarget ? significantWords(value, 4) : decimalWords(value, 4)).replace("-", "−");
}

export const measuredWords = (value: Measured, metric: MetricName): string =>
  typeof value === "number" ? scaledWords(value, metric) : undefinedWords(value);

/** `0.9021–0.9512`; a bound from below is `≥ 0.9021`. */
export function intervalWords(interval: MeasuredInterval, metric: MetricName): string {
  if (isUndefined(interval)) return undefinedWords(interval);
  if (interval.method === "one-sided") return `≥ ${scaledWords(interval.low, metric)}`;
  return `${scaledWords(interval.low, metric)} to ${scaledWords(interval.high, metric)}`;
}

export const isUndefined = (value: Measured | MeasuredInterval): value is Undefined =>
  typeof value === "object" && "undefined" in value;

/** `bootstrap, BCa, 2,000 draws`; resamples without a value are said. */
export function methodWords({ method, resamples }: Interval): string {
  if (!resamples) return sentences.intervalMethods[method];
  const lost = resamples.undefined > 0 ? `, undefined in ${resamples.undefined}` : "";
  return `${sentences.intervalMethods[method]}, ${countWords(resamples.drawn, "draw")}${lost}`;
}

/** `93.1 %`. */
export const percentWords = (share: number, decimals = 1): string => `${decimalWords(share * 100, decimals)} %`;

export const confidenceWords = (confidence: number): string => `${Math.round(confidence * 100)} %`;

/** `the test split, 1,000 samples`. */
export const splitWords = (split: EvaluatedSplit, samples: number): string =>
  `the ${split} split, ${countWords(samples, "sample")}`;
